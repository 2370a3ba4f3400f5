"""Taking, answering, handing back, passing on: what each does, and what is said when it is not possible."""

from __future__ import annotations

from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from cases import service
from conversations import handover
from conversations.database import Database
from conversations.tables import Agent, AuditEntry, Conversation, InboundMessage, OutboundMessage
from tests.console.conftest import House
from tests.console.parts import MORNING, Console, SetClock, answered, person, said

SCRIPT = {"X-Requested-With": "fetch"}


@pytest.fixture
def waiting(console: Console, house: House) -> int:
    """A person who waits, with a prompt of the bot still on its way."""
    with console.database.write() as session:
        row = person(session)
        said(session, row, "转人工", MORNING)
        handover.request_person(session, row.id, "asked", MORNING)
        answered(session, row, "您排在第 1 位。", MORNING, state="queued")
        return row.id


def conversation(database: Database, conversation_id: int) -> Conversation:
    with database.read() as session:
        return session.scalars(select(Conversation).where(Conversation.id == conversation_id)).one()


def outbound(database: Database, conversation_id: int) -> list[OutboundMessage]:
    with database.read() as session:
        return list(
            session.scalars(
                select(OutboundMessage)
                .where(OutboundMessage.conversation_id == conversation_id)
                .order_by(OutboundMessage.id)
            )
        )


def test_who_takes_has_the_floor_and_the_bots_prompt_is_shown_as_overtaken(
    console: Console, house: House, lin: TestClient, waiting: int
) -> None:
    assert lin.post(f"/console/conversations/{waiting}/take", headers=SCRIPT).status_code == 200
    row = conversation(console.database, waiting)
    assert (row.floor, row.agent_id) == ("agent", house.lin)
    page = lin.get(f"/console/conversations/{waiting}").text
    assert 'data-state="superseded"' in page
    assert "客服已接手，机器人这句没有发出" in page
    assert 'data-role="reply-input"' in page


def test_the_second_to_take_is_told_that_another_was_first(
    console: Console, house: House, lin: TestClient, chen: TestClient, waiting: int
) -> None:
    lin.post(f"/console/conversations/{waiting}/take")
    answer = chen.post(f"/console/conversations/{waiting}/take", headers=SCRIPT)
    assert answer.status_code == 409
    assert answer.json()["message"] == "晚了一步，这个会话已经由别的同事接手。"
    assert conversation(console.database, waiting).agent_id == house.lin


def test_a_reply_is_queued_with_its_author_and_counts_as_contact_on_the_open_case(
    console: Console, house: House, lin: TestClient, waiting: int, clock: SetClock
) -> None:
    with console.database.write() as session:
        row = session.get(Conversation, waiting)
        assert row is not None
        draft = service.open_draft(session, row, row.contact, MORNING)
        told = {"complaint_type": "delivery", "description": "没有收到"}
        case = service.file_case(session, draft, told, "2026-01", MORNING)
        number = case.number
    lin.post(f"/console/conversations/{waiting}/take")
    clock.forward(minutes=1)
    answer = lin.post(
        f"/console/conversations/{waiting}/reply", data={"text": "  您好\r\n我看看 "}, headers=SCRIPT
    )
    assert answer.status_code == 200
    last = outbound(console.database, waiting)[-1]
    assert (last.author, last.agent_id, last.text, last.state) == (
        "agent",
        house.lin,
        "您好\n我看看",
        "queued",
    )
    assert "首次联系" not in lin.get(f"/console/cases/{number}").text


@pytest.mark.parametrize(
    ("text", "words"), [("", "不能为空"), (" \n ", "不能为空"), ("长" * 4001, "最多 4000 字，现在有 4001 字")]
)
def test_a_reply_of_nothing_or_too_much_is_refused_in_words(
    console: Console, lin: TestClient, waiting: int, text: str, words: str
) -> None:
    lin.post(f"/console/conversations/{waiting}/take")
    before = len(outbound(console.database, waiting))
    answer = lin.post(f"/console/conversations/{waiting}/reply", data={"text": text}, headers=SCRIPT)
    assert answer.status_code == 422
    assert words in answer.json()["message"]
    assert answer.json()["field"] == "text"
    assert len(outbound(console.database, waiting)) == before


@pytest.mark.parametrize("act", ["reply", "release", "return", "transfer"])
def test_only_the_holder_may_speak_or_pass_on(
    console: Console, house: House, lin: TestClient, chen: TestClient, waiting: int, act: str
) -> None:
    form = {"text": "您好", "to": str(house.boss)}
    refused = chen.post(f"/console/conversations/{waiting}/{act}", data=form, headers=SCRIPT)
    assert refused.status_code == 409
    assert "请先点「接手」" in refused.json()["message"]
    lin.post(f"/console/conversations/{waiting}/take")
    refused = chen.post(f"/console/conversations/{waiting}/{act}", data=form, headers=SCRIPT)
    assert refused.status_code == 409
    assert "由别的同事接待" in refused.json()["message"]
    assert conversation(console.database, waiting).agent_id == house.lin


def test_handing_back_gives_the_bot_a_turn_to_greet(console: Console, lin: TestClient, waiting: int) -> None:
    lin.post(f"/console/conversations/{waiting}/take")
    lin.post(f"/console/conversations/{waiting}/release")
    assert conversation(console.database, waiting).floor == "bot"
    with console.database.read() as session:
        event = session.scalars(select(InboundMessage).where(InboundMessage.kind == "event")).one()
    assert event.details == {"event": "handed_back"}
    assert "会话交还给机器人" in lin.get(f"/console/conversations/{waiting}").text


def test_returning_to_the_queue_tells_the_person(console: Console, lin: TestClient, waiting: int) -> None:
    lin.post(f"/console/conversations/{waiting}/take")
    lin.post(f"/console/conversations/{waiting}/return")
    assert conversation(console.database, waiting).floor == "queue"
    assert "已经请下一位同事" in outbound(console.database, waiting)[-1].text
    assert 'data-role="queue-item"' in lin.get("/console/lists").text


def test_passing_on_goes_to_a_colleague_who_handles_people_and_no_other(
    console: Console, house: House, lin: TestClient, waiting: int
) -> None:
    lin.post(f"/console/conversations/{waiting}/take")
    for nobody in (house.auditor, 999):
        answer = lin.post(
            f"/console/conversations/{waiting}/transfer", data={"to": str(nobody)}, headers=SCRIPT
        )
        assert answer.status_code == 422
    answer = lin.post(
        f"/console/conversations/{waiting}/transfer", data={"to": str(house.chen)}, headers=SCRIPT
    )
    assert answer.json()["message"] == "已转交给陈默。"
    assert conversation(console.database, waiting).agent_id == house.chen
    assert "陈默" in outbound(console.database, waiting)[-1].text


def test_a_failed_message_can_be_sent_again_and_a_sent_one_cannot(
    console: Console, lin: TestClient, waiting: int
) -> None:
    with console.database.write() as session:
        row = session.get(Conversation, waiting)
        assert row is not None
        failed = answered(
            session, row, "退款到了吗", MORNING, state="failed", code="403", error="forbidden"
        ).id
        sent = answered(session, row, "您好", MORNING).id
    page = lin.get(f"/console/conversations/{waiting}").text
    assert "平台的答复：forbidden，403" in page
    assert 'data-role="retry"' in page
    assert lin.post(f"/console/outbound/{failed}/retry", headers=SCRIPT).status_code == 200
    assert lin.post(f"/console/outbound/{sent}/retry", headers=SCRIPT).status_code == 409
    states = {row.id: row.state for row in outbound(console.database, waiting)}
    assert (states[failed], states[sent]) == ("queued", "sent")


def test_typing_is_shown_to_the_person_only_by_the_holder(
    console: Console, lin: TestClient, chen: TestClient, waiting: int
) -> None:
    lin.post(f"/console/conversations/{waiting}/take")
    chen.post(f"/console/conversations/{waiting}/typing")
    assert console.typed == []
    lin.post(f"/console/conversations/{waiting}/typing")
    contact = conversation(console.database, waiting).contact
    assert console.typed == [("telegram", contact.external_id)]


def test_every_act_is_in_the_audit_log(console: Console, house: House, lin: TestClient, waiting: int) -> None:
    lin.post(f"/console/conversations/{waiting}/take")
    lin.post(f"/console/conversations/{waiting}/reply", data={"text": "您好，机密"})
    lin.post(f"/console/conversations/{waiting}/release")
    with console.database.read() as session:
        rows = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [row.action for row in rows] == ["floor.take", "reply", "floor.release"]
    assert {row.actor for row in rows} == {f"agent:{house.lin}"}
    assert {row.subject for row in rows} == {f"conversation:{waiting}"}
    assert "机密" not in str([row.details for row in rows])


def test_an_agent_who_acts_counts_as_present(
    console: Console, house: House, lin: TestClient, waiting: int, clock: SetClock
) -> None:
    clock.forward(minutes=3)
    lin.post(f"/console/conversations/{waiting}/take")
    with console.database.read() as session:
        agent = session.get(Agent, house.lin)
    assert agent is not None
    assert agent.last_seen_at == MORNING + timedelta(minutes=3)
