"""A morning at the house: conversations of every kind, a queue, a case in hand. For tests in a browser."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases import service
from conversations import handover
from conversations.tables import Agent, Conversation, OutboundMessage, Team
from tests.console.parts import Console, answered, file_of, person, said, staff
from tests.console.pictures import letter, photo, tone


@dataclass
class Morning:
    """The ids that tests need."""

    waiting: int
    talking: int
    with_bot: int
    broken: int
    case: str


def seed(console: Console, now: datetime) -> Morning:
    """Fill the database; the last thing happened just before `now`."""
    with console.database.write() as session:
        service.ensure_teams(session)
        team = session.scalars(select(Team).where(Team.name == "商品质量")).one()
        agent = staff(session, "lin", "林若溪", "agent", now)
        other = staff(session, "chen", "陈默", "agent", now)
        staff(session, "boss", "周岚", "supervisor", now)
        staff(session, "eye", "审计员", "auditor", now)
        agent.team_id = other.team_id = team.id
        agent.last_seen_at = other.last_seen_at = now
        session.flush()
        case = _with_case(session, console, agent, now)
        return Morning(
            waiting=_waiting(session, console, now).id,
            talking=case[0].id,
            with_bot=_with_bot(session, now).id,
            broken=_broken(session, console, other, now).id,
            case=case[1],
        )


def _minutes(now: datetime, count: float) -> datetime:
    return now - timedelta(minutes=count)


def _with_case(session: Session, console: Console, agent: Agent, now: datetime) -> tuple[Conversation, str]:
    row = person(session, "许望舒", "wechat", _minutes(now, 3000))
    said(session, row, "我上周买的电饭煲，用了三天内胆就掉漆了", _minutes(now, 95))
    answered(
        session,
        row,
        "听起来很让人着急。请把订单号发给我，我来为您登记。",
        _minutes(now, 95),
        options=("没有订单号",),
    )
    said(session, row, "E20261116022", _minutes(now, 94))
    answered(session, row, "收到。有照片的话请发来，没有就回复“没有”。", _minutes(now, 94))
    first = said(session, row, "内胆掉漆的地方", _minutes(now, 93), kind="photo")
    media = [file_of(session, first, console.vault, photo(), name="内胆.jpg")]
    second = said(session, row, None, _minutes(now, 93), kind="photo")
    media.append(file_of(session, second, console.vault, photo((70, 120, 160)), name="外包装.jpg"))
    draft = service.open_draft(session, row, row.contact, _minutes(now, 92))
    service.attach_media(session, draft, media, _minutes(now, 92))
    case = service.file_case(
        session,
        draft,
        {
            "complaint_type": "product_quality",
            "description": "11月16日买的电饭煲，用了三天内胆大面积掉漆，担心吃进肚子里，联系店铺客服两次都说是正常现象。",
            "order_no": "E20261116022",
            "merchant": "禾家电器旗舰店",
            "amount": "399.00",
            "remedy": "refund",
            "phone": "13800138000",
            "incident_time": "2026-11-19",
        },
        "2026-01",
        _minutes(now, 90),
    )
    service.add_note(
        session, case.number, agent, "店铺上月有两起同型号投诉，先调检测报告。", _minutes(now, 60)
    )
    handover.request_person(session, row.id, "asked", _minutes(now, 42))
    handover.take_floor(session, row.id, agent, _minutes(now, 40))
    service.move_case(
        session,
        case.number,
        "verifying",
        actor="agent",
        agent=agent,
        note="我已经联系店铺调取出厂检测报告，今天下班前给您答复。",
        now=_minutes(now, 38),
    )
    session.flush()
    for message in session.query(
        type(
            answered(
                session, row, "在的，我看到您发的照片了。", _minutes(now, 37), author="agent", agent=agent
            )
        )
    ).filter_by(conversation_id=row.id):
        if message.state == "queued":
            message.state, message.sent_at = "sent", message.created_at
    said(session, row, "好的，那检测要多久？我怕一直等下去", _minutes(now, 12))
    answered(
        session,
        row,
        "一般当天能拿到报告。另外请问您方便把锅底的型号标签也拍一张吗？",
        _minutes(now, 10),
        author="agent",
        agent=agent,
    )
    third = said(session, row, None, _minutes(now, 4), kind="photo")
    file_of(session, third, console.vault, photo((120, 120, 90)), name="标签.jpg")
    voice = said(session, row, "标签在这里，麻烦尽快", _minutes(now, 3), kind="voice")
    file_of(session, voice, console.vault, tone(), kind="audio", name="语音.wav")
    return row, case.number


def _waiting(session: Session, console: Console, now: datetime) -> Conversation:
    row = person(session, "宋知予", "telegram", _minutes(now, 50))
    said(session, row, None, _minutes(now, 21), kind="command", details={"argument": "start"})
    answered(
        session,
        row,
        "您好，我是诉达。请说说发生了什么。",
        _minutes(now, 21),
        options=("我要投诉", "查进度", "转人工"),
    )
    said(
        session,
        row,
        "快递显示签收了，可是我根本没收到，打13912345678也没人接",
        _minutes(now, 20),
        edited_text="快递显示已签收，可我没收到，打快递员电话13912345678也没人接",
    )
    draft = service.open_draft(session, row, row.contact, _minutes(now, 20))
    service.update_draft(
        session,
        draft,
        {"complaint_type": "delivery", "description": "快递显示签收但没有收到", "amount": "1280.00"},
        _minutes(now, 19),
    )
    letter_message = said(session, row, None, _minutes(now, 18), kind="document")
    file_of(session, letter_message, console.vault, letter(), kind="document", name="订单说明.txt")
    refused = said(session, row, None, _minutes(now, 17), kind="document")
    file_of(
        session,
        refused,
        console.vault,
        b"",
        kind="document",
        name="证据.zip",
        state="refused",
        reason="archive",
    )
    answered(session, row, "压缩包收不了，请解压后把里面的照片或文件直接发来。", _minutes(now, 17))
    said(
        session,
        row,
        None,
        _minutes(now, 16),
        kind="location",
        details={"place": {"latitude": 31.230391, "longitude": 121.473702, "label": "小区东门快递柜"}},
    )
    said(session, row, "转人工", _minutes(now, 7))
    handover.request_person(session, row.id, "asked", _minutes(now, 7))
    answered(session, row, "好的，已经为您转人工，您排在第 1 位。", _minutes(now, 7))
    second = person(session, None, "wechat", _minutes(now, 30))
    said(session, second, "热水器漏电，刚才麻了我一下！", _minutes(now, 2))
    handover.request_person(session, second.id, "emergency", _minutes(now, 2))
    answered(session, second, "请先断电，不要再碰热水器。如有人受伤请立即拨打 120。", _minutes(now, 2))
    return row


def _with_bot(session: Session, now: datetime) -> Conversation:
    row = person(session, "沈既白", "telegram", _minutes(now, 10))
    said(session, row, "我的投诉进度", _minutes(now, 6))
    answered(
        session,
        row,
        "您还没有提交过投诉。要现在登记一个吗？",
        _minutes(now, 6),
        options=("我要投诉", "不用了"),
    )
    return row


def _broken(session: Session, console: Console, agent: Agent, now: datetime) -> Conversation:
    row = person(session, "顾南枝", "wechat", _minutes(now, 5000))
    said(session, row, "什么时候给我退款", _minutes(now, 3000))
    answered(session, row, "您好，正在为您查询。", _minutes(now, 2999), state="superseded")
    handover.take_floor(session, row.id, agent, _minutes(now, 2990))
    for message in session.query(
        type(
            answered(
                session,
                row,
                "退款已经提交银行，预计周三到账。",
                _minutes(now, 2980),
                author="agent",
                agent=agent,
            )
        )
    ).filter_by(conversation_id=row.id):
        if message.state == "queued":
            message.state, message.sent_at = "sent", message.created_at
    answered(
        session,
        row,
        "请问款项到账了吗？",
        _minutes(now, 30),
        author="agent",
        agent=agent,
        state="held",
        code="window",
    )
    answered(
        session,
        row,
        "银行回单如附。",
        _minutes(now, 29),
        author="agent",
        agent=agent,
        state="failed",
        code="40001",
        error="invalid credential",
    )
    answered(
        session, row, "还在的话请回复一下。", _minutes(now, 28), author="agent", agent=agent, state="queued"
    )
    row.changed_at = _minutes(now, 28)
    session.flush()
    return row


def _delivered(session: Session, conversation: Conversation) -> None:
    """What was queued so far has been sent."""
    queued = select(OutboundMessage).where(
        OutboundMessage.conversation_id == conversation.id, OutboundMessage.state == "queued"
    )
    for message in session.scalars(queued):
        message.state, message.sent_at = "sent", message.created_at
    session.flush()
