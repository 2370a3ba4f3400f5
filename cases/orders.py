"""What a company's own order system says of an order: asked for by the dialogue, looked up outside of any turn, kept for
a while. Where no system is configured nothing here is called.

The answer is kept for the contact who named the order: nobody is shown what another one asked for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from cases.facts import InvalidFact, read_facts
from cases.tables import OrderLookup
from conversations.tables import Contact

KEPT = {"found": timedelta(hours=1), "unknown": timedelta(minutes=10), "failed": timedelta(minutes=1)}
"""How long an answer is good; after that the order is asked for anew."""
MOST_AN_HOUR = 10
"""Orders that one contact may have looked up in an hour: order numbers must not be tried out."""
STALE = timedelta(seconds=30)
"""What was not looked up by then is of no use to the conversation any more."""
LEASE = timedelta(seconds=10)
BATCH = 8
FACTS = ("merchant", "goods", "purchase_date", "amount")
LONGEST_GOODS = 60


@dataclass(frozen=True, slots=True)
class Wanted:
    """An order to look up, and who named it."""

    id: int
    order_no: str
    channel: str
    contact: str


def want(session: Session, order_no: str, contact_id: int, now: datetime) -> None:
    """Have the order looked up, unless a good answer is there or the contact has asked for too many."""
    row = _row(session, order_no, contact_id)
    if row is not None and (row.state == "pending" or _is_good(row, now)):
        return
    asked = session.scalar(
        select(func.count())
        .select_from(OrderLookup)
        .where(OrderLookup.contact_id == contact_id, OrderLookup.asked_at > now - timedelta(hours=1))
    )
    if (asked or 0) >= MOST_AN_HOUR:
        return
    if row is None:
        row = OrderLookup(order_no=order_no, contact_id=contact_id)
        session.add(row)
    row.state, row.facts, row.asked_at, row.claimed_until, row.answered_at = "pending", None, now, None, None
    session.flush()


def found(session: Session, order_no: str, contact_id: int, now: datetime) -> Mapping[str, str]:
    """Fact → value that the system named for the order; empty while it has not answered, or knows nothing."""
    row = _row(session, order_no, contact_id)
    return row.facts or {} if row is not None and row.state == "found" and _is_good(row, now) else {}


def claim_due(session: Session, now: datetime) -> Sequence[Wanted]:
    """Take what waits to be looked up; what waited too long has failed."""
    due = and_(
        OrderLookup.state == "pending",
        or_(OrderLookup.claimed_until.is_(None), OrderLookup.claimed_until < now),
    )
    rows = session.execute(
        select(OrderLookup, Contact.channel, Contact.external_id)
        .join(Contact, Contact.id == OrderLookup.contact_id)
        .where(due)
        .order_by(OrderLookup.asked_at)
        .limit(BATCH)
        .with_for_update(of=OrderLookup, skip_locked=True)
    ).all()
    wanted = []
    for row, channel, contact in rows:
        if now - row.asked_at > STALE:
            row.state, row.answered_at = "failed", now
        else:
            row.claimed_until = now + LEASE
            wanted.append(Wanted(row.id, row.order_no, channel, contact))
    return wanted


def settle(
    session: Session, id: int, answer: Mapping[str, object] | None, now: datetime, *, failed: bool = False
) -> None:
    """Keep the answer; None: there is no such order, or (`failed`) no answer. Values that no case can hold are left out."""
    row = session.get(OrderLookup, id, with_for_update=True)
    if row is None or row.state != "pending":
        return
    facts = {name: value for name in FACTS if (value := _held(name, (answer or {}).get(name))) is not None}
    row.state = "failed" if failed else "found" if facts else "unknown"
    row.facts, row.answered_at, row.claimed_until = facts or None, now, None


def next_due_at(session: Session) -> datetime | None:
    """Since when the oldest unanswered one waits; None if none does."""
    return session.scalar(select(func.min(OrderLookup.asked_at)).where(OrderLookup.state == "pending"))


def _row(session: Session, order_no: str, contact_id: int) -> OrderLookup | None:
    return session.scalars(
        select(OrderLookup).where(OrderLookup.contact_id == contact_id, OrderLookup.order_no == order_no)
    ).one_or_none()


def _is_good(row: OrderLookup, now: datetime) -> bool:
    return row.answered_at is not None and now - row.answered_at < KEPT[row.state]


def _held(name: str, value: object) -> str | None:
    if not isinstance(value, str | int | float) or isinstance(value, bool) or not str(value).strip():
        return None
    text = " ".join(str(value).split())
    if name == "goods":
        return text[:LONGEST_GOODS]
    try:
        held = read_facts({"complaint_type": "other", "description": "-", name: text})
    except InvalidFact:
        return None
    return str(getattr(held, name))
