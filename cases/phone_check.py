"""Who asks about a case that is not his contact's: the last four digits of the phone given with it, three
tries an hour.

The tries are rows of the audit, counted per contact and per number. A wrong answer, a number that does not
exist and a case without a phone are one and the same to the one who asks.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cases import numbers
from cases.queries import case_by_number
from cases.tables import Case
from conversations.tables import AuditEntry

TRIES = 3
WITHIN = timedelta(hours=1)
_ACTION = "case.phone_check"


@dataclass(frozen=True, slots=True)
class Checked:
    """`case`: the case, if the digits are right. `closed`: too many tries; nothing was compared."""

    case: Case | None = None
    closed: bool = False


def check_phone(session: Session, contact_id: int, number: str, digits: str, now: datetime) -> Checked:
    """Compare the last four digits and note the try. A right answer is noted too, as a look at personal
    data.
    """
    wanted = numbers.normalise(number)
    actor, subject = f"contact:{contact_id}", f"case:{wanted}"
    for whose in (AuditEntry.actor == actor, AuditEntry.subject == subject):
        failed = session.scalar(
            select(func.count())
            .select_from(AuditEntry)
            .where(AuditEntry.action == _ACTION, AuditEntry.at > now - WITHIN, whose)
        )
        if (failed or 0) >= TRIES:
            return Checked(closed=True)
    case = case_by_number(session, wanted)
    # An impossible phone keeps the time of the comparison the same where there is no case.
    known = "".join(c for c in (case.phone if case and case.phone else "") if c.isdigit())[-4:] or "none"
    right = hmac.compare_digest(known.encode(), digits.encode())
    session.add(
        AuditEntry(
            at=now, actor=actor, action=f"{_ACTION}ed" if right else _ACTION, subject=subject, details={}
        )
    )
    return Checked(case=case if right else None)
