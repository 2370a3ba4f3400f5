"""What happens to a case by itself when its time has come. Run by a sweep; any number may run.

So far: a case whose outcome the complainant does not confirm within its span closes, as the notice told him.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from cases.clocks import ClockName
from cases.lifecycle import Actor, IllegalMove
from cases.moving import move_case
from cases.tables import Case, CaseClock
from cases.types import Stage
from conversations.database import Database

BATCH = 50


def close_unconfirmed(database: Database, now: datetime) -> int:
    """Close the cases whose confirm clock ran out; returns how many. Each in a transaction of its own."""
    with database.read() as session:
        due = session.scalars(
            select(Case.number)
            .join(CaseClock, CaseClock.case_id == Case.id)
            .where(
                Case.stage == Stage.CONFIRMING.value,
                CaseClock.name == ClockName.CONFIRM.value,
                CaseClock.met_at.is_(None),
                CaseClock.due_at <= now,
            )
            .order_by(CaseClock.due_at)
            .limit(BATCH)
        ).all()
    closed = 0
    for number in due:
        with database.write() as session:
            try:
                move_case(session, number, Stage.CLOSED, actor=Actor.SYSTEM, now=now)
            except IllegalMove:
                continue  # he answered in this very moment
            closed += 1
    return closed
