"""Looking at cases: a person's own, one with its status, the console's list. Changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from cases import numbers
from cases.status import Status as Status
from cases.status import status_of as status_of
from cases.tables import Case
from cases.types import DECIDED, ComplaintType, Stage

PAGE = 50


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """What the console's list is narrowed to; conditions are joined by *and*.

    `text` is a case number, an order number, a phone number, or a part of the merchant's name or the
    description.
    """

    stages: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    priorities: tuple[str, ...] = ()
    team_id: int | None = None
    handler_id: int | None = None
    contact_id: int | None = None
    conversation_id: int | None = None
    open_only: bool = False
    created_from: datetime | None = None
    created_before: datetime | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class CasePage:
    """Cases, newest first. `next`: hand it in as `before` for the following page; None at the end."""

    cases: Sequence[Case]
    next: int | None
    total: int


def case_by_number(session: Session, number: str) -> Case | None:
    """Any case, by its normalised number. For agents: what a person may see, `find_own` decides."""
    return session.scalars(select(Case).where(Case.number == numbers.normalise(number))).one_or_none()


@dataclass(frozen=True, slots=True)
class Own:
    """Cases of a contact: how many there are, and the newest of them."""

    total: int
    newest: Sequence[Case]


def open_cases_of(session: Session, contact_id: int, *, stages: Sequence[Stage] = (), newest: int = 1) -> Own:
    """The contact's open cases, or those of them in one of `stages`; at most `newest` of them are read."""
    conditions = [
        Case.contact_id == contact_id,
        Case.stage.in_([stage.value for stage in stages])
        if stages
        else Case.stage.not_in([stage.value for stage in DECIDED]),
    ]
    found = session.scalars(select(Case).where(*conditions).order_by(Case.id.desc()).limit(newest + 1)).all()
    if len(found) <= newest:
        return Own(len(found), found)
    total = session.scalar(select(func.count()).select_from(Case).where(*conditions)) or 0
    return Own(total, found[:newest])


def latest_case_of(session: Session, contact_id: int) -> Case | None:
    """The contact's newest case, open or decided."""
    return session.scalars(
        select(Case).where(Case.contact_id == contact_id).order_by(Case.id.desc()).limit(1)
    ).one_or_none()


def find_own(session: Session, contact_id: int, number: str) -> Case | None:
    """The contact's own case of that number. None for another's and for one that does not exist, alike."""
    return session.scalars(
        select(Case).where(Case.number == numbers.normalise(number), Case.contact_id == contact_id)
    ).one_or_none()


def find_same(session: Session, contact_id: int, order_no: str | None, type: ComplaintType) -> Case | None:
    """The contact's newest case about the same order and type, open or decided."""
    if not order_no:
        return None
    return session.scalars(
        select(Case)
        .where(Case.contact_id == contact_id, Case.order_no == order_no, Case.type == type.value)
        .order_by(Case.id.desc())
        .limit(1)
    ).one_or_none()


def count_others_hit(
    session: Session, contact_id: int, merchant: str | None, type: ComplaintType, *, since: datetime
) -> int:
    """How many other people complained of this merchant and type since then."""
    if not merchant:
        return 0
    others = select(func.count(func.distinct(Case.contact_id))).where(
        Case.merchant == merchant,
        Case.created_at >= since,
        Case.type == type.value,
        Case.contact_id != contact_id,
    )
    return session.scalar(others) or 0


def list_cases(
    session: Session, wanted: CaseFilter, *, before: int | None = None, limit: int = PAGE
) -> CasePage:
    """A page of the console's list. `before` is the previous page's `next`."""
    conditions = _conditions(wanted)
    total = session.scalar(select(func.count()).select_from(Case).where(*conditions)) or 0
    page = select(Case).where(*conditions).order_by(Case.id.desc()).limit(limit + 1)
    if before is not None:
        page = page.where(Case.id < before)
    rows = session.scalars(page).all()
    more = len(rows) > limit
    return CasePage(rows[:limit], rows[limit - 1].id if more else None, total)


def _conditions(wanted: CaseFilter) -> list[Any]:
    conditions: list[Any] = []
    for column, values in (
        (Case.stage, wanted.stages),
        (Case.type, wanted.types),
        (Case.priority, wanted.priorities),
    ):
        if values:
            conditions.append(column.in_(values))
    for key, value in (
        (Case.team_id, wanted.team_id),
        (Case.handler_id, wanted.handler_id),
        (Case.contact_id, wanted.contact_id),
        (Case.conversation_id, wanted.conversation_id),
    ):
        if value is not None:
            conditions.append(key == value)
    if wanted.open_only:
        conditions.append(Case.stage.not_in([stage.value for stage in DECIDED]))
    if wanted.created_from is not None:
        conditions.append(Case.created_at >= wanted.created_from)
    if wanted.created_before is not None:
        conditions.append(Case.created_at < wanted.created_before)
    text = (wanted.text or "").replace("\x00", "").strip()
    if text:
        conditions.append(
            or_(
                Case.number == numbers.normalise(text),
                Case.order_no.in_((text, numbers.normalise(text))),
                Case.phone == text,
                Case.merchant.contains(text, autoescape=True),
                Case.description.contains(text, autoescape=True),
            )
        )
    return conditions
