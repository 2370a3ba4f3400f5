"""From a draft to a case: number, team and handler, clocks, timeline, evidence, in one go and once only."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from cases import grading, numbers, policy, queries, timekeeping
from cases.assigning import find_handler, find_team, log_holder
from cases.clocks import ClockName, turnover
from cases.drafts import DraftClosed
from cases.facts import Facts, read_facts
from cases.lifecycle import Actor, Need, check_move
from cases.locking import lock_draft
from cases.tables import Case, Draft, Evidence, TimelineEntry
from cases.types import Priority, Stage
from conversations.tables import Contact

_ATTEMPTS = 20
"""A million numbers a day: even a day with 100,000 cases needs more than this once in 10^20 filings."""


_ONE_CAUSE = timedelta(days=1)
"""Complaints of several people about the same within this time are taken to have one cause."""


class NumbersExhausted(RuntimeError):
    """No free case number was found; the day's numbers are used up, or the source of randomness is broken."""


def file_case(
    session: Session, draft: Draft, facts: Mapping[str, Any], consent_version: str, now: datetime
) -> Case:
    """Open the case that the draft was told for; asked again for the same draft, it returns the same case.

    The case is accepted at once, because its team is known. The caller says the receipt
    (`notices.receipt(queries.status_of(case, now))`, as a notice) in the same transaction: its clock counts
    as met. `consent_version` names the privacy text that the person agreed to. Raises `InvalidFact`,
    `DraftClosed` (dropped).
    """
    row = lock_draft(session, draft.id)
    filed = session.scalars(select(Case).where(Case.draft_id == row.id)).one_or_none()
    if filed is not None:
        return filed
    if row.state != "open":
        raise DraftClosed(str(row.id))
    told = read_facts(facts)
    contact = session.get_one(Contact, row.contact_id)
    rules = policy.current()

    graded = _grade(session, contact, told, now)
    case = _insert(session, row, contact, told, graded, consent_version, now)
    case.timeline.append(
        TimelineEntry(at=now, actor=Actor.USER.value, what="filed", new=case.type, note=told.flagged)
    )
    if graded.reasons:
        case.timeline.append(
            TimelineEntry(
                at=now,
                actor=Actor.SYSTEM.value,
                what="graded",
                new=f"{graded.priority.value}/{graded.complexity.value}",
                note="；".join(reason.shown for reason in graded.reasons),
                visible=False,
            )
        )
    timekeeping.turn_over(case, turnover(None, Stage.SUBMITTED), now, rules)
    session.execute(
        update(Evidence)
        .where(Evidence.draft_id == row.id, Evidence.case_id.is_(None))
        .values(case_id=case.id)
    )
    _accept(session, case, told, now)
    timekeeping.meet(case, (ClockName.RECEIPT,), now)
    timekeeping.user_was_told(case, now, rules)
    row.state, row.facts, row.changed_at = "filed", {}, now
    session.flush()
    session.expire(case, ["evidence"])
    return case


def _grade(session: Session, contact: Contact, told: Facts, now: datetime) -> grading.Grade:
    others = queries.count_others_hit(session, contact.id, told.merchant, told.type, since=now - _ONE_CAUSE)
    return grading.grade(
        grading.Matter(
            type=told.type,
            description=told.description,
            amount=told.amount,
            remedy=told.remedy,
            order_no=told.order_no,
            danger=told.danger,
            people=others + 1,
            flagged=told.flagged is not None,
        )
    )


def _insert(
    session: Session,
    draft: Draft,
    contact: Contact,
    told: Facts,
    graded: grading.Grade,
    consent_version: str,
    now: datetime,
) -> Case:
    """The case's row under a number that nobody else has."""
    day = now.astimezone(policy.current().hours.zone).date()
    for _ in range(_ATTEMPTS):
        number = numbers.new_number(day)
        if session.scalar(select(Case.id).where(Case.number == number)) is not None:
            continue
        case = Case(
            number=number,
            draft_id=draft.id,
            contact_id=contact.id,
            conversation_id=draft.conversation_id,
            channel=contact.channel,
            type=told.type.value,
            sub_type=told.sub_type,
            complexity=(told.complexity or graded.complexity).value,
            merchant=told.merchant,
            order_no=told.order_no,
            purchase_date=told.purchase_date,
            incident_time=told.incident_time,
            amount_fen=told.amount_fen,
            description=told.description,
            remedy=told.remedy.value if told.remedy else None,
            phone=told.phone,
            priority=(told.priority or graded.priority).value,
            stage=Stage.SUBMITTED.value,
            escalation=0,
            reopen_count=0,
            flagged=told.flagged,
            consent_version=consent_version,
            consent_at=now,
            created_at=now,
            changed_at=now,
        )
        try:
            with session.begin_nested():
                session.add(case)
                session.flush()
        except IntegrityError:
            # Another process took the number between the look and the insert; anything else is raised.
            if session.scalar(select(Case.id).where(Case.number == number)) is None:
                raise
            continue
        return case
    raise NumbersExhausted(f"no free case number after {_ATTEMPTS} attempts")


def _accept(session: Session, case: Case, told: Facts, now: datetime) -> None:
    check_move(Stage.SUBMITTED, Stage.ACCEPTED, Actor.SYSTEM, given=(Need.TEAM,))
    case.team = find_team(session, told.type, told.merchant, Priority(case.priority))
    case.handler = find_handler(session, case.team)
    case.stage = Stage.ACCEPTED.value
    case.timeline.append(
        TimelineEntry(
            at=now,
            actor=Actor.SYSTEM.value,
            what="stage",
            old=Stage.SUBMITTED.value,
            new=Stage.ACCEPTED.value,
        )
    )
    log_holder(case, Actor.SYSTEM, None, now)
    timekeeping.turn_over(case, turnover(Stage.SUBMITTED, Stage.ACCEPTED), now, policy.current())
