"""What the console calls things in Chinese: codes of rows in, words for agents out. No rules, no database."""

from __future__ import annotations

from collections.abc import Mapping

from cases.tables import TimelineEntry
from cases.types import ComplaintType, Complexity, Priority, Remedy, Stage

CHANNELS: Mapping[str, str] = {"telegram": "Telegram", "wechat": "微信", "shell": "命令行"}
ROLES: Mapping[str, str] = {"agent": "客服", "supervisor": "主管", "auditor": "审计", "admin": "管理员"}
FLOORS: Mapping[str, str] = {"bot": "机器人接待", "queue": "排队等人工", "agent": "人工接待"}

FLOOR_REASONS: Mapping[str, str] = {
    "asked": "用户要求人工",
    "emergency": "紧急情况",
    "turn_failed": "机器人没能处理",
    "agent_away": "客服暂时离开",
    "returned": "客服转回队列",
    "abuse": "情绪激动",
    "fallback": "机器人多次没听懂",
}

_FLOOR_REFUSED: Mapping[str, str] = {
    "taken": "晚了一步，这个会话已经由别的同事接手。",
    "not_yours": "这个会话现在由别的同事接待，您不能操作。",
    "not_taken": "还没有人接手这个会话，请先点「接手」。",
    "not_queued": "这个会话已经不在队列里了。",
}

OUTBOUND_STATES: Mapping[str, str] = {
    "queued": "排队中",
    "sending": "发送中",
    "sent": "已发送",
    "held": "等待对方再次联系",
    "failed": "发送失败",
    "superseded": "已作废",
}
_HELD: Mapping[str, str] = {
    "window": "已超过平台允许主动发送的时限，对方下次来消息时先发这条",
    "quota": "平台允许主动发送的条数已用完，对方下次来消息时先发这条",
    "not_allowed": "这个公众号不能主动发消息，对方下次来消息时先发这条",
    "blocked": "对方已屏蔽或取消关注，对方回来时再发",
}
INBOUND_STATES: Mapping[str, str] = {
    "fetching": "文件接收中",
    "pending": "处理中",
    "handled": "",
    "failed": "机器人没能处理",
}
MEDIA_KINDS: Mapping[str, str] = {"image": "图片", "audio": "录音", "video": "视频", "document": "文档"}
MEDIA_REFUSED: Mapping[str, str] = {
    "empty": "空文件",
    "too_large": "文件太大",
    "unsupported": "不支持的格式",
    "archive": "压缩包",
    "program": "程序或脚本",
    "damaged": "文件不完整或已损坏",
    "bomb": "展开后过大",
    "disguised": "夹带了别的内容",
    "locked": "文件有密码",
    "macros": "文档带有宏",
    "not_allowed": "平台不让取语音和视频",
    "gone": "平台上已过期",
    "unreachable": "没能从平台取下来",
    "channel_off": "渠道没有启用",
    "too_many": "凭证数量已满",
}
EVENTS: Mapping[str, str] = {
    "subscribe": "关注了公众号",
    "unsubscribe": "取消了关注",
    "blocked": "屏蔽了机器人",
    "unblocked": "解除了屏蔽",
    "menu": "点了菜单",
    "scan": "扫了二维码",
    "view": "打开了菜单链接",
    "handed_back": "会话交还给机器人",
}
MENU: Mapping[str, str] = {
    "file_complaint": "我要投诉",
    "query_status": "查询进度",
    "request_human": "转人工",
    "help": "帮助",
    "add_evidence": "补充凭证",
}

CLOCKS: Mapping[str, str] = {
    "receipt": "回执",
    "first_contact": "首次联系",
    "progress": "进展告知",
    "plan": "给出方案",
    "resolution": "办结",
    "carry_out": "落实方案",
    "contact_again": "再次联系",
    "confirm": "用户确认",
    "second_visit": "回访",
}
FACTS: Mapping[str, str] = {
    "complaint_type": "类型",
    "description": "经过",
    "order_no": "订单号",
    "merchant": "商家",
    "amount": "涉及金额",
    "remedy": "希望",
    "incident_time": "发生时间",
    "purchase_date": "购买日期",
    "phone": "联系电话",
}
SIDES: Mapping[str, str] = {"user": "用户", "company": "公司"}
ACTORS: Mapping[str, str] = {"user": "用户", "agent": "客服", "system": "系统"}
FLAGGED: Mapping[str, str] = {
    "same_case": "同一订单投诉过",
    "too_late": "已过一年",
    "outside_remit": "可能不属受理范围",
    "no_proof": "没有凭证",
    "voice": "语音投诉，待听写",
}


def flagged(grounds: str) -> str:
    """Why a case is to be looked at; several grounds are joined by commas."""
    return "、".join(FLAGGED.get(ground, ground) for ground in grounds.split(","))


def floor_refused(reason: str) -> str:
    """Why the floor was not to be had."""
    return _FLOOR_REFUSED.get(reason, "现在不能这样操作，请刷新后再看。")


def outbound_reason(state: str, code: str | None, error: str | None) -> str | None:
    """Why a message is where it is, where that is not plain from its state."""
    if state == "held":
        return _HELD.get(code or "", "平台现在不让发，对方下次来消息时先发这条")
    if state == "superseded":
        return "客服已接手，机器人这句没有发出"
    if state == "failed":
        detail = "，".join(filter(None, (error, code)))
        return f"平台的答复：{detail}" if detail else "平台没有接收"
    if state == "queued" and error:
        return f"上次没发出去，稍后自动再试（{error}）"
    return None


def media_refused(reason: str | None) -> str:
    """Why a file was not taken, for an agent."""
    return MEDIA_REFUSED.get(reason or "", "没能收下")


def fact(name: str, value: object) -> str:
    """A fact of a draft as it is read."""
    text = str(value)
    if name == "complaint_type":
        return _named(ComplaintType, text)
    if name == "remedy":
        return _named(Remedy, text)
    if name == "amount":
        return f"¥{text}"
    return text.replace("T", " ") if name == "incident_time" else text


def stage(code: str) -> str:
    """A stage's name."""
    return _named(Stage, code)


def type_of(code: str) -> str:
    """A complaint type's name."""
    return _named(ComplaintType, code)


def priority(code: str) -> str:
    """A priority's name."""
    return _named(Priority, code)


def complexity(code: str) -> str:
    """A complexity's name."""
    return _named(Complexity, code)


def remedy(code: str) -> str:
    """A remedy's name."""
    return _named(Remedy, code)


def happened(entry: TimelineEntry) -> str:
    """An entry of a timeline in a few words; its note is shown beside."""
    new = entry.new or ""
    if entry.what == "stage":
        old = f"{stage(entry.old)} → " if entry.old else ""
        return f"{old}{stage(new)}"
    if entry.what == "handler":
        return f"负责人：{entry.old or '无'} → {new or '无'}"
    if entry.what == "priority":
        return f"优先级：{priority(entry.old or '')} → {priority(new)}"
    if entry.what == "graded":
        rank, _, work = new.partition("/")
        return f"优先级：{priority(rank)}，复杂度：{complexity(work)}"
    if entry.what == "type":
        return f"类型：{type_of(entry.old or '')} → {type_of(new)}"
    if entry.what == "missed":
        return f"超时：{CLOCKS.get(new, new)}"
    if entry.what == "evidence":
        return f"补充了 {new} 份证据"
    if entry.what == "contact":
        return "电话联系了用户" if new == "call" else "在会话里联系了用户"
    return _HAPPENED.get(entry.what, entry.what)


_HAPPENED: Mapping[str, str] = {
    "filed": "提交投诉",
    "words": "补充说明",
    "urge": "催办",
    "note": "内部备注",
    "written_down": "语音已听写，原来的内容",
}


_Codes = type[ComplaintType] | type[Complexity] | type[Remedy] | type[Priority] | type[Stage]


def _named(codes: _Codes, code: str) -> str:
    """The name of a code; a code of a later version stays readable as itself."""
    return codes(code).shown if code in {item.value for item in codes} else code
