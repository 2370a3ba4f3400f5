"""Urging, adding words, noting calls and notes, passing a case on."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from cases import service
from cases.tables import Case
from conversations.tables import OutboundMessage
from tests.cases.world import NOON, World


def due(case: Case, name: str) -> timedelta | None:
    """How long from noon the clock of this name has, if it runs."""
    return next(
        (clock.due_at - NOON for clock in case.clocks if clock.name == name and clock.met_at is None), None
    )


def test_urging_counts_once_a_day_and_raises_an_ordinary_case(session: Session, world: World) -> None:
    case = world.case(session)
    first = service.urge(session, case.number, NOON)
    assert (first.counted, first.again_at) == (True, NOON + timedelta(hours=24))
    assert case.priority == "high"
    again = service.urge(session, case.number, NOON + timedelta(hours=23))
    assert (again.counted, again.again_at) == (False, NOON + timedelta(hours=24))
    assert service.urge(session, case.number, NOON + timedelta(hours=24)).counted
    assert [entry.what for entry in case.timeline].count("urge") == 2
    assert case.priority == "high"


def test_urging_moves_no_promised_date(session: Session, world: World) -> None:
    case = world.case(session)
    service.urge(session, case.number, NOON)
    assert due(case, "plan") == timedelta(hours=72)
    assert due(case, "first_contact") == timedelta(hours=24)


def test_a_decided_case_cannot_be_urged(session: Session, world: World) -> None:
    case = world.case(session)
    service.withdraw(session, case.number, NOON)
    with pytest.raises(service.CaseDecided, match="已撤诉"):
        service.urge(session, case.number, NOON)


def test_words_are_kept_for_the_handler_and_nothing_else_changes(session: Session, world: World) -> None:
    case = world.case(session)
    assert not service.add_words(session, case.number, "还有一张发票", NOON)
    entry = case.timeline[-1]
    assert (entry.what, entry.actor, entry.note, entry.visible) == ("words", "user", "还有一张发票", True)
    assert case.stage == "accepted"


@pytest.mark.parametrize("text", ["", "  \n", "\x00"])
def test_no_words_are_not_words(session: Session, world: World, text: str) -> None:
    case = world.case(session)
    with pytest.raises(ValueError, match="no words"):
        service.add_words(session, case.number, text, NOON)


def test_a_noted_call_meets_the_first_contact_and_keeps_its_note_inside(
    session: Session, world: World
) -> None:
    agent = world.agent(session, "李敏")
    case = world.case(session)
    service.note_contact(session, case.number, agent, NOON + timedelta(hours=1), note="用户在开会")
    assert due(case, "first_contact") is None
    assert due(case, "progress") == timedelta(hours=25)
    visible = {entry.what: entry.visible for entry in case.timeline[-2:]}
    assert visible == {"contact": True, "note": False}
    assert case.timeline[-2].note is None


def test_what_an_agent_writes_in_the_chat_counts_for_the_open_cases_there(
    session: Session, world: World
) -> None:
    agent = world.agent(session, "李敏")
    person = world.person(session)
    open_case, decided = world.case(session, person), world.case(session, person)
    other = world.case(session)
    service.withdraw(session, decided.number, NOON)
    spoke = NOON + timedelta(hours=2)
    assert service.agent_spoke(session, person.id, agent, spoke) == 1
    assert due(open_case, "first_contact") is None
    assert due(open_case, "progress") == timedelta(hours=26)
    assert due(other, "first_contact") == timedelta(hours=24)
    entries = len(open_case.timeline)
    service.agent_spoke(session, person.id, agent, NOON + timedelta(hours=3))
    assert due(open_case, "progress") == timedelta(hours=27)
    assert len(open_case.timeline) == entries  # only the first contact is an event, not every sentence


def test_a_late_first_contact_is_a_miss_on_record(session: Session, world: World) -> None:
    agent = world.agent(session, "李敏")
    case = world.case(session)
    service.note_contact(session, case.number, agent, NOON + timedelta(hours=25))
    missed = next(clock for clock in case.clocks if clock.name == "first_contact")
    assert missed.missed_at == NOON + timedelta(hours=25)
    assert [e.new for e in case.timeline if e.what == "missed"] == ["first_contact", "progress"]


def test_an_internal_note_is_never_said(session: Session, world: World) -> None:
    agent = world.agent(session, "李敏")
    case = world.case(session)
    service.add_note(session, case.number, agent, "疑似恶意，慎重", NOON)
    assert case.timeline[-1].visible is False
    assert session.scalars(select(OutboundMessage)).all() == []


def test_passing_a_case_on_tells_the_person_who_has_it_and_the_house_why(
    session: Session, world: World
) -> None:
    finance = world.team(session, "财务合规")
    chief, other = world.agent(session, "王主管", role="supervisor"), world.agent(session, "赵会计", finance)
    case = world.case(session)
    service.assign(session, case.number, by=chief, handler=other, note="属于收费问题", now=NOON)
    assert (case.handler_id, case.team_id) == (other.id, finance.id)
    told = session.scalars(select(OutboundMessage)).one()
    assert told.author == "notice"
    assert "现在由财务合规组的赵会计负责" in told.text
    assert "收费" not in told.text
    assert [(e.what, e.old, e.new, e.visible) for e in case.timeline[-2:]] == [
        ("handler", "商品质量组", "赵会计", True),
        ("note", None, None, False),
    ]


def test_passing_a_case_to_whom_it_belongs_says_nothing(session: Session, world: World) -> None:
    agent = world.agent(session, "李敏", world.team(session, "商品质量"))
    case = world.case(session)
    entries = len(case.timeline)
    service.assign(session, case.number, by=agent, handler=agent, note="", now=NOON)
    assert len(case.timeline) == entries
    assert session.scalars(select(OutboundMessage)).all() == []


def test_nobody_who_cannot_handle_cases_gets_one(session: Session, world: World) -> None:
    chief = world.agent(session, "王主管", role="supervisor")
    gone = world.agent(session, "走了")
    gone.disabled_at = NOON
    case = world.case(session)
    for agent in (gone, world.agent(session, "审", role="auditor"), None):
        with pytest.raises(service.CannotAssign):
            service.assign(session, case.number, by=chief, handler=agent, note="", now=NOON)
