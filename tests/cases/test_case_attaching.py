"""Files as evidence of a draft or a case."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cases import policy, service
from cases.evidence.reasons import Reason, sentence
from cases.tables import Draft, Evidence
from conversations.tables import OutboundMessage
from tests.cases.world import NOON, TOLD, World


def test_the_same_file_twice_is_one(session: Session, world: World) -> None:
    person = world.person(session)
    draft = world.draft(session, person)
    first, again = world.file(session, person, b"same"), world.file(session, person, b"same")
    result = service.attach_media(session, draft, [first, again], NOON)
    assert [file.media_id for file in result.added] == [first.id]
    assert result.repeated == (again.id,)
    assert result.total == 1


def test_attaching_the_same_message_again_changes_nothing(session: Session, world: World) -> None:
    person = world.person(session)
    draft = world.draft(session, person)
    file = world.file(session, person)
    service.attach_media(session, draft, [file], NOON)
    again = service.attach_media(session, draft, [file], NOON)
    assert (again.added, again.repeated, again.total) == ((), (file.id,), 1)
    assert session.scalar(select(func.count()).select_from(Evidence)) == 1


def test_one_file_may_speak_for_two_cases(session: Session, world: World) -> None:
    person = world.person(session)
    one, other = world.case(session, person), world.case(session, person)
    file = world.file(session, person)
    assert service.attach_media(session, one, [file], NOON).total == 1
    assert service.attach_media(session, other, [file], NOON).total == 1


def test_the_company_may_put_the_same_file_for_its_side(session: Session, world: World) -> None:
    person = world.person(session)
    agent = world.agent(session, "李敏")
    case = world.case(session, person)
    service.attach_media(session, case, [world.file(session, person)], NOON)
    result = service.attach_media(
        session, case, [world.file(session, person)], NOON, side="company", agent=agent
    )
    assert result.total == 1
    assert [(file.side, file.agent_id) for file in service.evidence_of(session, case)] == [
        ("user", None),
        ("company", agent.id),
    ]


def test_files_beyond_the_limit_are_reported_and_the_others_kept(session: Session, world: World) -> None:
    policy.install(policy.Policy(evidence_max_files=2))
    person = world.person(session)
    draft = world.draft(session, person)
    files = [world.file(session, person, bytes([n])) for n in range(4)]
    result = service.attach_media(session, draft, files, NOON)
    assert [file.media_id for file in result.added] == [files[0].id, files[1].id]
    assert [(file.media_id, file.reason) for file in result.refused] == [
        (files[2].id, "too_many"),
        (files[3].id, "too_many"),
    ]
    assert result.total == 2


def test_a_refused_file_is_reported_with_a_reason_that_has_a_sentence(session: Session, world: World) -> None:
    person = world.person(session)
    draft = world.draft(session, person)
    refused = world.file(session, person, state="refused", reason="archive")
    gone = world.file(session, person, state="gone", reason="gone")
    result = service.attach_media(session, draft, [refused, gone], NOON)
    assert [file.reason for file in result.refused] == ["archive", "gone"]
    assert "解压" in sentence(result.refused[0].reason)
    assert session.scalar(select(func.count()).select_from(Evidence)) == 0


def test_every_reason_has_one_sentence_that_says_what_to_do() -> None:
    for reason in Reason:
        text = sentence(reason.value)
        assert text.endswith("。")
        assert any(word in text for word in ("请", "回复"))
    assert sentence("something new").endswith("。")
    assert sentence(None).endswith("。")


def test_a_file_keeps_its_caption_kind_and_origin(session: Session, world: World) -> None:
    person = world.person(session)
    draft = world.draft(session, person)
    file = world.file(session, person, b"abc", caption="这是发票")
    (kept,) = service.attach_media(session, draft, [file], NOON).added
    assert (kept.caption, kept.kind, kept.content_type, kept.size) == ("这是发票", "image", "image/jpeg", 3)
    assert (kept.sha256, kept.conversation_id, kept.side) == (file.sha256, person.id, "user")


def test_evidence_after_filing_goes_to_the_case_and_its_timeline(session: Session, world: World) -> None:
    person = world.person(session)
    draft = world.draft(session, person)
    case = service.file_case(session, draft, TOLD, "2026-01", NOON)
    result = service.attach_media(session, draft, [world.file(session, person)], NOON)
    assert [file.case_id for file in result.added] == [case.id]
    assert case.timeline[-1].what == "evidence"
    assert len(case.evidence) == 1
    assert not result.answered


def test_a_case_that_waits_for_the_user_goes_on_with_his_file(session: Session, world: World) -> None:
    person = world.person(session)
    agent = world.agent(session, "李敏")
    case = world.case(session, person)
    service.move_case(session, case.number, "verifying", actor="agent", agent=agent, note="在看", now=NOON)
    service.move_case(
        session, case.number, "waiting_user", actor="agent", agent=agent, note="请发发票", now=NOON
    )
    result = service.attach_media(session, case, [world.file(session, person)], NOON)
    assert result.answered
    assert case.stage == "verifying"
    last = session.scalars(select(OutboundMessage).order_by(OutboundMessage.id.desc())).first()
    assert last is not None
    assert last.text.startswith("谢谢，您补充的内容收到了")


def test_a_dropped_draft_takes_no_files(session: Session, world: World) -> None:
    person = world.person(session)
    draft: Draft = world.draft(session, person)
    service.drop_draft(session, draft, NOON)
    with pytest.raises(service.DraftClosed):
        service.attach_media(session, draft, [world.file(session, person)], NOON)
