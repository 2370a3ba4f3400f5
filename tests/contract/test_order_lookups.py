"""The company's order system, over real sockets: signed calls, two seconds, and whatever a server may answer."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import time
from collections.abc import Mapping
from datetime import datetime, timezone

import pytest
from sqlalchemy import select

from cases import orders
from cases.tables import OrderLookup
from conversations.database import Database
from server.order_lookup import LONGEST_ANSWER, OrderLookups
from tests.cases.world import World
from tests.contract.scripted_server import Act, Answer, Call, HangUp, ScriptedServer, Silence, json_answer

SECRET = "a secret of the house"
NUMBER = "202505038823456"
ORDER = {"merchant": "华星数码", "goods": "星河X5", "purchase_date": "2026-11-20", "amount": "1299.00"}


def now() -> datetime:
    return datetime.now(timezone.utc)


def looked_up(database: Database, act: Act) -> tuple[str, Mapping[str, str], list[Call]]:
    """What became of an order that the system answers like this: state, facts, the calls that it got."""
    with database.write() as session:
        contact = World().person(session).contact_id
        orders.want(session, NUMBER, contact, now())

    async def run() -> list[Call]:
        async with ScriptedServer() as server:
            server.plan("/orders", act)
            lookups = OrderLookups(database, f"{server.url}/orders", SECRET, clock=now)
            assert await lookups.look_up_due() == 1
            await lookups.aclose()
            return server.calls

    calls = asyncio.run(run())
    with database.read() as session:
        state = session.scalars(select(OrderLookup.state)).one()
        return state, orders.found(session, NUMBER, contact, now()), calls


def test_a_call_is_signed_and_its_answer_kept(database: Database) -> None:
    state, facts, (call,) = looked_up(database, json_answer({**ORDER, "buyer": "someone"}))
    assert (state, facts) == ("found", ORDER)
    assert (call.method, call.json()["order_no"], call.json()["channel"]) == ("POST", NUMBER, "telegram")
    stamp = call.headers["x-suda-time"]
    assert abs(int(stamp) - time.time()) < 60
    expected = hmac.new(SECRET.encode(), stamp.encode() + b"." + call.body, hashlib.sha256).hexdigest()
    assert call.headers["x-suda-signature"] == expected


@pytest.mark.parametrize(
    ("act", "state"),
    [
        (Answer(404), "unknown"),
        (json_answer({}), "unknown"),
        (json_answer({"amount": "a lot"}), "unknown"),
        (Answer(500), "failed"),
        (Answer(302, headers={"Location": "/elsewhere"}), "failed"),
        (json_answer(["no", "object"]), "failed"),
        (Answer(200, b"<html>"), "failed"),
        (Answer(200, b"{" + b" " * LONGEST_ANSWER + b"}"), "failed"),
        (HangUp(), "failed"),
    ],
    ids=str,
)
def test_what_is_no_answer_fills_nothing(database: Database, act: Act, state: str) -> None:
    assert looked_up(database, act)[:2] == (state, {})


def test_who_is_silent_for_two_seconds_has_not_answered(database: Database) -> None:
    began = time.monotonic()
    assert looked_up(database, Silence())[:2] == ("failed", {})
    assert time.monotonic() - began < 4
