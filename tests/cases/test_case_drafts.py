"""Complaints being told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cases import service
from cases.tables import Draft, Evidence
from tests.cases.world import NOON, World


def test_a_conversation_has_one_open_draft(session: Session, world: World) -> None:
    person = world.person(session)
    assert world.draft(session, person).id == world.draft(session, person).id
    assert world.draft(session, world.person(session)).id != world.draft(session, person).id


def test_what_was_told_is_kept_and_none_forgets_a_slot(session: Session, world: World) -> None:
    draft = world.draft(session, world.person(session))
    service.update_draft(session, draft, {"order_no": "A1", "amount": "5"}, NOON)
    service.update_draft(session, draft, {"amount": None, "description": "坏了"}, NOON)
    session.flush()
    session.expire_all()
    assert session.get_one(Draft, draft.id).facts == {"order_no": "A1", "description": "坏了"}


def test_a_draft_waits_three_days_from_the_last_word(session: Session, world: World) -> None:
    person = world.person(session)
    draft = world.draft(session, person)
    later = NOON + timedelta(hours=50)
    service.update_draft(session, draft, {"order_no": "A1"}, later)
    found = service.current_draft(session, person.id, later + timedelta(hours=71))
    assert found is not None
    assert found.id == draft.id
    assert service.current_draft(session, person.id, later + timedelta(hours=73)) is None


def test_a_draft_that_waited_too_long_is_erased_when_the_next_begins(session: Session, world: World) -> None:
    person = world.person(session)
    old = world.draft(session, person)
    service.update_draft(session, old, {"phone": "13800138000"}, NOON)
    new = world.draft(session, person, NOON + timedelta(days=4))
    assert new.id != old.id
    assert (old.state, old.facts) == ("dropped", {})


def test_a_dropped_draft_is_erased_with_its_list_of_files(session: Session, world: World) -> None:
    person = world.person(session)
    draft = world.draft(session, person)
    service.update_draft(session, draft, {"phone": "13800138000"}, NOON)
    service.attach_media(session, draft, [world.file(session, person)], NOON)
    service.drop_draft(session, draft, NOON)
    assert (draft.state, draft.facts) == ("dropped", {})
    assert session.scalar(select(func.count()).select_from(Evidence)) == 0
    assert service.current_draft(session, person.id, NOON) is None
    with pytest.raises(service.DraftClosed):
        service.update_draft(session, draft, {"order_no": "A1"}, NOON)


def test_dropping_a_filed_draft_leaves_the_case_and_its_files(session: Session, world: World) -> None:
    person = world.person(session)
    draft = world.draft(session, person)
    service.attach_media(session, draft, [world.file(session, person)], NOON)
    case = world.case(session, person)
    service.drop_draft(session, draft, NOON)
    assert draft.state == "filed"
    assert len(case.evidence) == 1


def test_a_draft_that_does_not_exist_is_named_as_such(session: Session) -> None:
    with pytest.raises(service.DraftNotFound):
        service.update_draft(session, Draft(id=999), {}, NOON)
