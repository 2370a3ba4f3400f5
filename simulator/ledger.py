"""What the platforms saw, for a checker: updates they made, how the product answered, what it asked them to
send.

Written as things happen and never corrected but for an update's state. It judges nothing.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Any, Literal

from simulator.clock import Clock, iso
from simulator.config import Channel
from simulator.messages import Messages
from simulator.state import Store

EventState = Literal["pending", "held", "delivered", "failed", "expired"]
Cause = Literal["first", "retry", "duplicate", "late_duplicate", "poll", "verify"]


@dataclass(frozen=True)
class Event:
    """Something that happened on the platform and that the product must be told: Telegram's update,
    WeChat's push.

    ``external_id``: update_id, MsgId, or for WeChat's events FromUserName+CreateTime. ``lane``: events of
    one lane are delivered one after the other. ``message``: the bubble it came from, if any.
    """

    number: int
    channel: Channel
    external_id: str
    contact: str
    kind: str
    text: str
    message: int | None
    body: str
    lane: str
    created_at: float
    expires_at: float
    state: EventState


def _event(row: sqlite3.Row) -> Event:
    return Event(**{key: row[key] for key in row.keys()})  # noqa: SIM118 - iterating a Row yields values


class Ledger:
    def __init__(self, store: Store, messages: Messages, clock: Clock) -> None:
        self._store = store
        self._messages = messages
        self._clock = clock

    def open_event(
        self,
        channel: Channel,
        external_id: str,
        contact: str,
        kind: str,
        text: str,
        body: str,
        *,
        message: int | None,
        lane: str,
        lives_seconds: float,
        state: EventState = "pending",
    ) -> Event:
        now = self._clock.wall()
        number = self._store.run(
            "INSERT INTO event (channel, external_id, contact, kind, text, message, body, lane, created_at,"
            " expires_at, state) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            channel, external_id, contact, kind, text, message, body, lane, now, now + lives_seconds, state,
        )  # fmt: skip
        return Event(
            number,
            channel,
            external_id,
            contact,
            kind,
            text,
            message,
            body,
            lane,
            now,
            now + lives_seconds,
            state,
        )

    def settle(self, event: Event, state: EventState) -> None:
        """Record how the event ended, and show it on the bubble it came from."""
        self._store.run("UPDATE event SET state = ? WHERE number = ?", state, event.number)
        if event.message is not None and state in ("delivered", "failed", "expired"):
            self._messages.set_state(event.message, "delivered" if state == "delivered" else "failed")

    def release(self, event: Event) -> None:
        """A held event may go out."""
        self._store.run(
            "UPDATE event SET state = 'pending' WHERE number = ? AND state = 'held'", event.number
        )

    def pending(self, channel: Channel, *, from_id: int = 0, limit: int = -1) -> list[Event]:
        """Events not yet delivered, oldest first; ``from_id``: the lowest numeric ``external_id`` wanted."""
        rows = self._store.all(
            "SELECT * FROM event WHERE channel = ? AND state = 'pending'"
            " AND CAST(external_id AS INTEGER) >= ? ORDER BY number LIMIT ?",
            channel, from_id, limit,
        )  # fmt: skip
        return [_event(row) for row in rows]

    def release_all(self, channel: Channel) -> None:
        """After a restart nobody holds anything back any more."""
        self._store.run("UPDATE event SET state = 'pending' WHERE channel = ? AND state = 'held'", channel)

    def unsettled(self, channel: Channel) -> int:
        row = self._store.one(
            "SELECT count(*) AS n FROM event WHERE channel = ? AND state IN ('pending', 'held')", channel
        )
        return int(row["n"]) if row else 0

    def record_delivery(
        self, channel: Channel, external_id: str, cause: Cause, started_at: float, status: int, answer: str
    ) -> None:
        """One try. ``status``: HTTP status, 0 where no answer came; ``answer``: its text, or the error."""
        self._store.run(
            "INSERT INTO delivery (channel, external_id, cause, started_at, seconds, status, answer)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            channel, external_id, cause, started_at, self._clock.wall() - started_at, status, answer,
        )  # fmt: skip

    def record_call(
        self,
        channel: Channel,
        method: str,
        contact: str,
        text: str,
        *,
        code: int,
        reason: str = "",
        fault: str = "",
        message: int | None = None,
    ) -> None:
        """One API call. ``code``: error_code or errcode, 0 for success, -2 where the connection was broken.

        ``message``: the bubble that it showed or changed; None: the user saw nothing of it.
        """
        self._store.run(
            "INSERT INTO call (channel, method, contact, text, code, reason, fault, message, at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            channel, method, contact, text, code, reason, fault, message, self._clock.wall(),
        )  # fmt: skip

    def report(self, channel: Channel, contact: str | None) -> dict[str, Any]:
        """Everything, oldest first: ``updates``, ``deliveries``, ``sends``, ``messages``; times are UTC."""
        updates = self._store.all(
            "SELECT * FROM event WHERE channel = ?1 AND (?2 IS NULL OR contact = ?2) ORDER BY number",
            channel, contact,
        )  # fmt: skip
        deliveries = self._store.all(
            "SELECT * FROM delivery WHERE channel = ?1 AND (?2 IS NULL OR external_id IN"
            " (SELECT external_id FROM event WHERE channel = ?1 AND contact = ?2)) ORDER BY id",
            channel, contact,
        )  # fmt: skip
        calls = self._store.all(
            "SELECT * FROM call WHERE channel = ?1 AND (?2 IS NULL OR contact = ?2) ORDER BY id",
            channel,
            contact,
        )
        return {
            "updates": [
                {
                    "number": row["number"],
                    "external_id": row["external_id"],
                    "contact": row["contact"],
                    "kind": row["kind"],
                    "text": row["text"],
                    "message_id": row["message"],
                    "created_at": iso(row["created_at"]),
                    "state": row["state"],
                }
                for row in updates
            ],
            "deliveries": [
                {
                    "external_id": row["external_id"],
                    "cause": row["cause"],
                    "at": iso(row["started_at"]),
                    "seconds": round(row["seconds"], 4),
                    "status": row["status"],
                    "answer": row["answer"],
                }
                for row in deliveries
            ],
            "sends": [
                {
                    "method": row["method"],
                    "contact": row["contact"],
                    "text": row["text"],
                    "code": row["code"],
                    "reason": row["reason"],
                    "fault": row["fault"],
                    "shown": row["message"] is not None,
                    "message_id": row["message"],
                    "at": iso(row["at"]),
                }
                for row in calls
            ],
            "messages": [
                {**message.public(), "contact": message.contact}
                for message in self._messages.of_channel(channel, contact)
            ],
        }
