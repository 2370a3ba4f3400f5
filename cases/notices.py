"""What a complainant reads about his case: receipt, every change of stage, new handler, status. Texts only.

Short, warm, concrete: what happened, who has it, what comes next and by when. No promise without a date that
a clock stands behind. Simplified Chinese; times in the product's zone. Whether and how a text is sent is not
decided here.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from cases.clocks import Promise, Span, Step
from cases.lifecycle import Effect
from cases.phrases import before, moment, span_in_words, team_in_words
from cases.status import Act, Status
from cases.types import ComplaintType, Stage
from conversations.outbox import Option

APPEAL = "不同意的话，回复「人工」，同事会再看一遍"


@dataclass(frozen=True, slots=True)
class Told:
    """A text for the complainant, with the choices that go with it."""

    text: str
    options: tuple[Option, ...] = ()


def receipt(status: Status) -> str:
    """What a person reads when his complaint was filed: number, who has it, when he hears from whom."""
    lines = [f"投诉已提交，编号 {status.number}（{status.type_shown}）。"]
    if status.stage is Stage.ACCEPTED:
        lines[0] = f"投诉已受理，编号 {status.number}（{status.type_shown}）。"
        lines.append(f"由{_whom(status)}负责{_duty(status)}。")
    if status.evidence:
        lines.append(f"您发的 {status.evidence} 份凭证已经附上。")
    lines.append(f"下一步：{next_step(status)}。")
    if status.resolve_by is not None:
        lines.append(f"办结时间：最晚{moment(status.resolve_by, status.now, status.zone)}。")
    lines.append(f"想看进度，随时发「我的投诉进度」；{_contact(status)}。")
    return "\n".join(lines)


def status_text(status: Status) -> str:
    """The answer to 我的投诉进度 for one case."""
    since = f"（{moment(status.since, status.now, status.zone)}起）" if status.stage.is_open else ""
    lines = [
        f"投诉 {status.number}（{status.type_shown}）",
        f"现在：{status.stage.shown}{since}",
        f"负责：{_whom(status)}，{_contact(status)}",
    ]
    if status.last_act is not None:
        at = moment(status.last_act.at, status.now, status.zone)
        lines.append(f"最近：{at}，{act_in_words(status.last_act)}")
    lines.append(f"下一步：{next_step(status)}")
    lines.append("")
    for step in status.path:
        mark = {"done": "✓", "current": "●", "ahead": "○"}[step.state]
        at = f" {moment(step.at, status.now, status.zone)}" if step.at is not None else ""
        lines.append(f"{mark} {step.stage.shown}{at}")
    return "\n".join(lines)


def case_line(number: str, kind: ComplaintType, stage: Stage) -> str:
    """One case among several, for a choice."""
    return f"{number} {kind.shown} · {stage.shown}"


def next_step(status: Status) -> str:
    """What comes next and by when; where a time was missed, that it was, and what can be done now."""
    promise = status.promise
    wording = _NEXT[promise.step]
    if promise.by is None:
        return wording.undated
    if promise.overdue and promise.step not in _ON_THE_USER:
        missed = moment(promise.by, status.now, status.zone)
        return f"原定{missed}前{wording.act}，已经超时，很抱歉。回复「催办」，负责人会马上看到"
    return f"{before(promise.by, status.now, status.zone)}{wording.act}"


def stage_notice(
    status: Status,
    old: Stage,
    *,
    effect: Effect | None,
    note: str | None,
    by_user: bool,
    carry_out: Span,
) -> Told:
    """What the user reads when his case moves from `old` to the stage that `status` shows.

    `note` is what the agent wrote for him (or what he himself said); `carry_out` is how long doing what was
    agreed may take.
    """
    compose = _BY_STAGE[status.stage]
    return compose(_Change(status, old, effect, (note or "").strip(), by_user, carry_out))


def new_handler(status: Status) -> str:
    """What the user reads when another person or team has his case."""
    return f"您的投诉 {status.number} 现在由{_whom(status)}负责。前面的材料都已转交，您不用重复说。"


def written_down(number: str, kind: ComplaintType, account: str) -> str:
    """What a person reads whose spoken complaint was written down."""
    return (
        f"投诉 {number}：您的语音我们听过了，替您写成了这样（{kind.shown}）：\n{account}\n"
        f"有不对的或没说到的，直接在这里告诉我们，文字、语音都行。"
    )


def action_payload(intent: str, number: str) -> str:
    """A choice about one case, as Rasa writes it."""
    return f"/{intent}{json.dumps({'case_no': number}, separators=(',', ':'))}"


@dataclass(frozen=True, slots=True)
class _Wording:
    act: str
    undated: str


_NEXT = {
    Step.ASSIGN: _Wording("分派给负责的专员", "分派给负责的专员"),
    Step.FIRST_CONTACT: _Wording("专员会联系您", "专员联系您"),
    Step.CONTACT_AGAIN: _Wording("专员会再次联系您", "专员再次联系您"),
    Step.PLAN: _Wording("给您处理方案", "给您处理方案"),
    Step.PROGRESS: _Wording("告诉您最新进展", "告诉您最新进展"),
    Step.USER_ANSWERS: _Wording("请把要补充的材料发到这里", "请把要补充的材料发到这里"),
    Step.USER_CONSENTS: _Wording("请确认方案", "等您确认方案：同意，或者说说哪里不合适"),
    Step.CARRY_OUT: _Wording("按方案办好", "按方案办理"),
    Step.RESOLUTION: _Wording("办结", "办结"),
    Step.USER_CONFIRMS: _Wording("请告诉我们问题解决了没有", "请告诉我们问题解决了没有"),
    Step.SECOND_VISIT: _Wording("回访，问问有没有再出问题", "这件投诉已经结束，有新的问题随时告诉我"),
    Step.MAY_APPEAL: _Wording("", f"这件投诉没有受理。{APPEAL}"),
    Step.NOTHING: _Wording("", "这件投诉已经结束，有新的问题随时告诉我"),
}

_ON_THE_USER = frozenset({Step.USER_ANSWERS, Step.USER_CONSENTS, Step.USER_CONFIRMS})


@dataclass(frozen=True, slots=True)
class _Change:
    status: Status
    old: Stage
    effect: Effect | None
    note: str
    by_user: bool
    carry_out: Span

    @property
    def case(self) -> str:
        return f"您的投诉 {self.status.number}（{self.status.type_shown}）"

    @property
    def next(self) -> str:
        return f"下一步：{next_step(self.status)}。"

    def before(self, at: datetime) -> str:
        return before(at, self.status.now, self.status.zone)


def _whom(status: Status) -> str:
    if status.team is None:
        return status.handler or "值班同事"
    team = team_in_words(status.team)
    return f"{team}的{status.handler}" if status.handler else team


def _contact(status: Status) -> str:
    return status.contact or "有事回复「人工」"


def _duty(status: Status) -> str:
    if status.handler is not None or status.on_duty_from is None:
        return ""
    return f"，{moment(status.on_duty_from, status.now, status.zone)}上班"


def _lines(*lines: str) -> Told:
    return Told("\n".join(line for line in lines if line))


def _accepted(change: _Change) -> Told:
    again = "重新受理了" if change.effect is Effect.APPEAL else "已受理"
    return _lines(f"{change.case}{again}，由{_whom(change.status)}负责。", change.next)


def _rejected(change: _Change) -> Told:
    return _lines(f"{change.case}这次没能受理。", change.note, f"{APPEAL}。")


def _verifying(change: _Change) -> Told:
    if change.effect is Effect.REOPENING:
        first = f"{change.case}重新处理了。前面的材料都在，您不用重复说。"
        return _lines(first, "" if change.by_user else change.note, change.next)
    if change.old is Stage.WAITING_USER:
        if change.by_user:
            return _lines(f"谢谢，您补充的内容收到了，专员接着核实投诉 {change.status.number}。", change.next)
        return _lines(f"{change.case}接着核实了，您先不用再补充。", change.note, change.next)
    return _lines(f"{change.case}开始核实了。", change.note, change.next)


def _waiting(change: _Change) -> Told:
    by = change.status.promise.by
    when = f"请在{change.before(by)}发到这里" if by else "请发到这里"
    return _lines(
        f"{change.case}需要您补充一点材料：",
        change.note,
        f"{when}，文字、照片、文件都可以。等您的这段时间不计入处理时限。",
    )


def _proposing(change: _Change) -> Told:
    if change.effect is not Effect.OBJECTION:
        return _lines(f"{change.case}核实完了，正在定处理方案。", change.note, change.next)
    outside = ""
    if change.status.escalation >= 1:
        outside = "这件事已升级给主管。您也可以打12315，或找当地消费者协会，需要的材料我们帮您备好。"
    return _lines(
        f"您的意见收到了，专员会修改投诉 {change.status.number} 的方案，再请您确认。", change.next, outside
    )


def _awaiting_consent(change: _Change) -> Told:
    number = change.status.number
    told = _lines(
        f"{change.case}的处理方案：",
        change.note,
        f"您同意吗？同意后，{span_in_words(change.carry_out)}内办好；不同意，告诉我们哪里不合适。",
    )
    return Told(
        told.text,
        (
            Option("同意", action_payload("accept_resolution", number)),
            Option("有异议", action_payload("reject_resolution", number)),
        ),
    )


def _resolving(change: _Change) -> Told:
    return _lines(f"谢谢您的确认，投诉 {change.status.number} 开始按方案办理。", change.note, change.next)


def _confirming(change: _Change) -> Told:
    number = change.status.number
    by = change.status.promise.by
    silence = f"{change.before(by)}没有收到您的回复，我们先结案；" if by else ""
    told = _lines(
        f"{change.case}的处理结果：",
        change.note,
        "谢谢您告诉我们。想请您确认：问题解决了吗？对处理满意吗？还有没处理的吗？",
        f"{silence}结案后15天内问题没好，都可以重新处理。",
    )
    return Told(
        told.text,
        (
            Option("都解决了", action_payload("accept_resolution", number)),
            Option("还没解决", action_payload("reject_resolution", number)),
        ),
    )


def _closed(change: _Change) -> Told:
    number = change.status.number
    first = (
        f"投诉 {number} 已结案，谢谢您的确认。"
        if change.by_user
        else f"7天没有收到您的回复，投诉 {number} 先结案了。"
    )
    return _lines(first, "15天内问题又出现，回复「人工」，我们重新处理。")


def _withdrawn(change: _Change) -> Told:
    return _lines(f"{change.case}已按您的意思撤诉。", "以后还有问题，随时在这里告诉我。")


_BY_STAGE: dict[Stage, Callable[[_Change], Told]] = {
    Stage.ACCEPTED: _accepted,
    Stage.REJECTED: _rejected,
    Stage.VERIFYING: _verifying,
    Stage.WAITING_USER: _waiting,
    Stage.PROPOSING: _proposing,
    Stage.AWAITING_CONSENT: _awaiting_consent,
    Stage.RESOLVING: _resolving,
    Stage.CONFIRMING: _confirming,
    Stage.CLOSED: _closed,
    Stage.WITHDRAWN: _withdrawn,
}


def act_in_words(act: Act) -> str:
    """Something that was done, as the user reads it."""
    if act.what == "stage" and act.new is not None:
        return _STAGE_ACTS[Stage(act.new)]
    if act.what == "handler":
        return f"由{act.new}负责"
    return _ACTS[act.what, act.actor == "user"]


_STAGE_ACTS = {
    Stage.SUBMITTED: "投诉已提交",
    Stage.ACCEPTED: "投诉已受理",
    Stage.REJECTED: "没能受理",
    Stage.VERIFYING: "专员在核实",
    Stage.WAITING_USER: "请您补充材料",
    Stage.PROPOSING: "核实完了，在定方案",
    Stage.AWAITING_CONSENT: "方案发给了您",
    Stage.RESOLVING: "开始按方案办理",
    Stage.CONFIRMING: "处理结果发给了您",
    Stage.CLOSED: "已结案",
    Stage.WITHDRAWN: "已撤诉",
}

_ACTS = {
    ("filed", True): "您提交了投诉",
    ("evidence", True): "您补充了凭证",
    ("evidence", False): "专员补充了凭证",
    ("words", True): "您补充了说明",
    ("urge", True): "您催办了一次，负责人会看到",
    ("words", False): "专员补充了说明",
    ("contact", False): "专员联系了您",
}


def promise_text(promise: Promise, now: datetime, zone: ZoneInfo) -> str:
    """A promise alone, for a sentence that the dialogue finishes: 11月25日 18:00前给您处理方案."""
    wording = _NEXT[promise.step]
    return wording.undated if promise.by is None else f"{before(promise.by, now, zone)}{wording.act}"
