"""The case list and the case page: what is found, what a move asks for, who is told and who is not."""

from __future__ import annotations

import re

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from cases import service
from cases.tables import Case, TimelineEntry
from conversations.tables import Agent, OutboundMessage, Team
from tests.console.conftest import House
from tests.console.parts import MORNING, Console, browser_of, person

SCRIPT = {"X-Requested-With": "fetch"}
TOLD = {
    "complaint_type": "product_quality",
    "description": "电饭煲内胆掉漆，电话13800138000联系我",
    "order_no": "E20261116022",
    "merchant": "禾家电器",
    "amount": "399.00",
    "phone": "13800138000",
}


def file_case(console: Console, **told: object) -> str:
    with console.database.write() as session:
        row = person(session)
        draft = service.open_draft(session, row, row.contact, MORNING)
        return service.file_case(session, draft, {**TOLD, **told}, "2026-01", MORNING).number


@pytest.fixture
def number(console: Console, house: House) -> str:
    return file_case(console)


def stage_of(console: Console, number: str) -> str:
    with console.database.read() as session:
        return session.scalars(select(Case.stage).where(Case.number == number)).one()


def notices(console: Console) -> list[str]:
    with console.database.read() as session:
        return list(session.scalars(select(OutboundMessage.text).order_by(OutboundMessage.id)))


def test_a_move_with_a_note_tells_the_person_and_shows_on_the_page(
    console: Console, lin: TestClient, number: str
) -> None:
    answer = lin.post(f"/console/cases/{number}/move", data={"to": "verifying", "note": "您好，我来核实。"})
    assert answer.headers["location"] == f"/console/cases/{number}"
    page = lin.get(f"/console/cases/{number}").text
    assert 'data-role="case-stage" data-stage="verifying"' in page
    assert "您好，我来核实。" in page
    assert any("您好，我来核实。" in text for text in notices(console))


def test_only_legal_moves_are_offered_each_with_what_it_asks_for(
    lin: TestClient, number: str, console: Console
) -> None:
    page = lin.get(f"/console/cases/{number}").text
    offered = {stage for stage in ("accepted", "rejected", "verifying", "confirming", "closed", "proposing")
               if f'data-role="move" data-stage="{stage}"' in page}  # fmt: skip
    assert offered == {"rejected", "verifying", "confirming"}
    assert "请写明不予受理的理由" in page
    assert "用户会读到" in page


def test_a_move_that_lacks_its_words_says_which_and_keeps_what_was_typed(
    console: Console, lin: TestClient, number: str
) -> None:
    answer = lin.post(f"/console/cases/{number}/move", data={"to": "rejected", "note": "  "})
    assert answer.status_code == 409
    assert "请写明不予受理的理由" in answer.text
    answer = lin.post(f"/console/cases/{number}/move", data={"to": "closed", "note": "我写的话"})
    assert answer.status_code == 409
    assert "不能改为" in answer.text
    assert "我写的话</textarea>" in answer.text
    assert stage_of(console, number) == "accepted"


def test_a_script_gets_the_refusal_with_its_field(lin: TestClient, number: str) -> None:
    answer = lin.post(f"/console/cases/{number}/move", data={"to": "rejected"}, headers=SCRIPT)
    assert answer.status_code == 409
    assert answer.json()["field"] == "note"
    assert (
        lin.post(f"/console/cases/{number}/move", data={"to": "nowhere"}, headers=SCRIPT).status_code == 422
    )
    long = {"to": "rejected", "note": "长" * 2001}
    assert (
        "最多 2000 字"
        in lin.post(f"/console/cases/{number}/move", data=long, headers=SCRIPT).json()["message"]
    )


def test_an_internal_note_is_kept_and_never_sent(console: Console, lin: TestClient, number: str) -> None:
    before = notices(console)
    lin.post(f"/console/cases/{number}/note", data={"text": "怀疑是批次问题"})
    assert notices(console) == before
    page = lin.get(f"/console/cases/{number}").text
    assert "怀疑是批次问题" in page
    assert "仅内部" in page
    with console.database.read() as session:
        entry = session.scalars(select(TimelineEntry).where(TimelineEntry.what == "note")).one()
    assert not entry.visible
    assert lin.post(f"/console/cases/{number}/note", data={"text": " "}).status_code == 422


def test_a_noted_call_is_contact_so_that_verifying_needs_no_words(
    console: Console, lin: TestClient, number: str
) -> None:
    assert "还没联系过用户" in lin.get(f"/console/cases/{number}").text
    lin.post(f"/console/cases/{number}/call", data={"text": "约了下午回电"})
    assert "还没联系过用户" not in lin.get(f"/console/cases/{number}").text
    assert lin.post(f"/console/cases/{number}/move", data={"to": "verifying"}).status_code == 303


def test_assigning_tells_the_person_who_has_it_now(
    console: Console, house: House, lin: TestClient, number: str
) -> None:
    lin.post(f"/console/cases/{number}/assign", data={"to": f"agent:{house.chen}", "text": "他熟"})
    with console.database.read() as session:
        case = session.scalars(select(Case).where(Case.number == number)).one()
    assert case.handler_id == house.chen
    assert "陈默" in notices(console)[-1]
    assert "他熟" not in notices(console)[-1]
    for nobody in (f"agent:{house.auditor}", "agent:999", "", "team:x"):
        answer = lin.post(f"/console/cases/{number}/assign", data={"to": nobody}, headers=SCRIPT)
        assert answer.status_code == 422, nobody


def test_the_list_finds_by_what_was_typed_and_by_filters(
    console: Console, house: House, lin: TestClient, number: str
) -> None:
    other = file_case(
        console, complaint_type="delivery", order_no="X1", merchant="顺路快递", phone="13900139000"
    )
    with console.database.write() as session:
        case = session.scalars(select(Case).where(Case.number == other)).one()
        team, handler = case.team_id, session.get(Agent, house.lin)
        case.handler = handler
        assert session.get(Team, team) is not None
    for query, found in (
        ("", {number, other}),
        (f"?text={number}", {number}),
        (f"?text={number.lower()}", {number}),
        ("?text=13900139000", {other}),
        ("?text=禾家", {number}),
        ("?type=delivery", {other}),
        (f"?team={team}", {other}),
        ("?whose=mine", {other}),
        ("?stage=closed", set()),
        ("?stage=nonsense&team=x&before=-1", {number, other}),
    ):
        page = lin.get(f"/console/cases{query}").text
        assert {one for one in (number, other) if f"/console/cases/{one}" in page} == found, query


def test_phone_numbers_are_masked_in_the_list_and_whole_on_the_page(lin: TestClient, number: str) -> None:
    assert "13800138000" not in lin.get("/console/cases").text
    assert "138****8000" in lin.get("/console/cases").text
    assert "13800138000" in lin.get(f"/console/cases/{number}").text


def test_a_long_list_goes_on_with_the_same_filters(console: Console, house: House, lin: TestClient) -> None:
    numbers = [file_case(console) for _ in range(52)]
    first = lin.get("/console/cases?type=product_quality&whose=all").text
    assert numbers[-1] in first
    assert numbers[0] not in first
    link = re.search(r'href="(/console/cases\?[^"]+before=\d+)"', first)
    assert link is not None
    second = lin.get(link[1].replace("&amp;", "&")).text
    assert numbers[0] in second
    assert 'value="product_quality" selected' in second


def test_a_supervisor_may_take_up_a_closed_case_and_an_agent_may_not(
    console: Console, house: House, lin: TestClient, number: str
) -> None:
    lin.post(f"/console/cases/{number}/move", data={"to": "confirming", "note": "已退款"})
    with console.database.write() as session:
        service.move_case(session, number, "closed", actor="user", now=MORNING)
    reopening = 'data-role="move" data-stage="verifying"'
    assert reopening not in lin.get(f"/console/cases/{number}").text
    assert reopening in browser_of(console, house.boss).get(f"/console/cases/{number}").text
