"""Orders looked up: asked for once, kept for a while, for the one who asked, and not as often as one likes."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases import orders
from cases.tables import OrderLookup
from tests.cases.world import NOON, World

NUMBER = "202505038823456"
ANSWER = {"merchant": "华星数码", "goods": "星河X5\n手机", "purchase_date": "2026-11-20", "amount": 1299}


def test_an_order_is_asked_for_once_and_its_answer_kept(session: Session, world: World) -> None:
    contact = world.person(session).contact_id
    orders.want(session, NUMBER, contact, NOON)
    orders.want(session, NUMBER, contact, NOON)
    (wanted,) = orders.claim_due(session, NOON)
    assert (wanted.order_no, wanted.channel) == (NUMBER, "telegram")
    assert orders.claim_due(session, NOON) == []
    assert orders.found(session, NUMBER, contact, NOON) == {}
    orders.settle(session, wanted.id, ANSWER, NOON)
    assert orders.found(session, NUMBER, contact, NOON) == {
        "merchant": "华星数码", "goods": "星河X5 手机", "purchase_date": "2026-11-20", "amount": "1299.00",
    }  # fmt: skip
    orders.want(session, NUMBER, contact, NOON + timedelta(minutes=59))
    assert orders.next_due_at(session) is None
    assert orders.found(session, NUMBER, contact, NOON + timedelta(minutes=61)) == {}


def test_nobody_is_shown_what_another_asked_for(session: Session, world: World) -> None:
    one, other = world.person(session).contact_id, world.person(session).contact_id
    orders.want(session, NUMBER, one, NOON)
    orders.settle(session, orders.claim_due(session, NOON)[0].id, ANSWER, NOON)
    assert orders.found(session, NUMBER, other, NOON) == {}


def test_values_that_no_case_holds_are_left_out(session: Session, world: World) -> None:
    contact = world.person(session).contact_id
    orders.want(session, NUMBER, contact, NOON)
    odd = {"amount": "much", "purchase_date": "gestern", "merchant": ["x"], "goods": "  ", "more": "1"}
    orders.settle(session, orders.claim_due(session, NOON)[0].id, odd, NOON)
    assert session.scalars(select(OrderLookup.state)).one() == "unknown"


def test_order_numbers_cannot_be_tried_out(session: Session, world: World) -> None:
    contact = world.person(session).contact_id
    for number in range(orders.MOST_AN_HOUR + 5):
        orders.want(session, f"{NUMBER}{number}", contact, NOON)
    assert len(session.scalars(select(OrderLookup.id)).all()) == orders.MOST_AN_HOUR


def test_what_was_not_looked_up_in_time_has_failed(session: Session, world: World) -> None:
    contact = world.person(session).contact_id
    orders.want(session, NUMBER, contact, NOON)
    assert orders.claim_due(session, NOON + timedelta(minutes=2)) == []
    assert session.scalars(select(OrderLookup.state)).one() == "failed"
    orders.want(session, NUMBER, contact, NOON + timedelta(minutes=4))
    assert len(orders.claim_due(session, NOON + timedelta(minutes=4))) == 1
