"""Sending what was queued: in order within a conversation, at the platform's pace, with every outcome visible.

A row is claimed (`sending`, committed) before the platform is called and settled after; a process killed in between
leaves it `sending`, and it is sent again once its lease is over: the one place where a person may see a message
twice, and it is counted (`repeats`). Any number of couriers may run.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from functools import partial
from typing import Any, cast

import structlog
from sqlalchemy import Boolean, CursorResult, Row, Table, and_, bindparam, exists, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from channels.base import (
    BlockedByUser,
    Channel,
    ChannelError,
    Misconfigured,
    OutcomeUnknown,
    QuotaSpent,
    Rejected,
    RetryLater,
    WindowClosed,
)
from channels.message import Button, Outbound, Receipt
from conversations.clock import Clock
from conversations.database import Database
from conversations.floor import Floor
from conversations.ledger import hold_reason
from conversations.pacing import Pacer
from conversations.persistence import until_written
from conversations.script import as_said
from conversations.tables import Choice, Contact, Conversation, OutboundMessage
from conversations.wakeups import WEB, Wakeups

log = structlog.get_logger(__name__)

LEASE = timedelta(seconds=25)
"""Longer than any call to a platform may take (10 s) and than WeChat's three tries (15 s)."""
BATCH = 64
MAX_UNKNOWN = 5
"""How often a message whose outcome stays unknown is sent again before it is shown as failed."""
GIVE_UP_AFTER = timedelta(hours=24)
RECOVER_EVERY = timedelta(seconds=2)

_earlier = aliased(OutboundMessage)
_outbound = cast("Table", OutboundMessage.__table__)
_DUE = (
    select(
        OutboundMessage.id,
        OutboundMessage.conversation_id,
        OutboundMessage.author,
        OutboundMessage.text,
        OutboundMessage.request_phone,
        OutboundMessage.attempts,
        OutboundMessage.created_at,
        Contact.channel,
        Contact.external_id,
        Contact.blocked_at,
        Contact.script,
    )
    .join(Conversation, Conversation.id == OutboundMessage.conversation_id)
    .join(Contact, Contact.id == Conversation.contact_id)
    .where(
        OutboundMessage.state == "queued",
        OutboundMessage.due_at <= bindparam("now"),
        ~exists().where(
            _earlier.conversation_id == OutboundMessage.conversation_id,
            _earlier.id < OutboundMessage.id,
            _earlier.state.in_(("queued", "sending")),
        ),
    )
    .order_by(OutboundMessage.due_at, OutboundMessage.id)
    .limit(BATCH * 2)
)
"""The first unsent message of each conversation that has one due."""
_NEXT_DUE = select(func.min(OutboundMessage.due_at)).where(OutboundMessage.state == "queued")

_AGENT_SPEAKS = exists().where(
    Conversation.id == _outbound.c.conversation_id, Conversation.floor == Floor.AGENT.value
)
_CLAIM = (
    _outbound.update()
    .where(
        _outbound.c.id == bindparam("row_id"),
        _outbound.c.state == "queued",
        or_(bindparam("ungoverned", type_=Boolean()), ~_AGENT_SPEAKS),
    )
    .values(
        state="sending",
        via="push",
        claimed_at=bindparam("at"),
        attempts=_outbound.c.attempts + 1,
        error_code=None,
    )
)
_HOLD = (
    _outbound.update()
    .where(_outbound.c.id == bindparam("row_id"), _outbound.c.state == "queued")
    .values(state="held", error_code=bindparam("reason"))
)
_SUPERSEDE = (
    _outbound.update()
    .where(
        _outbound.c.id == bindparam("row_id"),
        _outbound.c.state == "queued",
        _outbound.c.author == "bot",
        _AGENT_SPEAKS,
    )
    .values(state="superseded")
)
_CHOICES = (
    select(Choice.label, Choice.token)
    .where(Choice.outbound_id == bindparam("row_id"))
    .order_by(Choice.position)
)
_SENT = (
    _outbound.update()
    .where(_outbound.c.id == bindparam("row_id"), _outbound.c.state == "sending")
    .values(state="sent", sent_at=bindparam("at"), external_ids=bindparam("ids"), error=None, error_code=None)
)


@dataclass(frozen=True, slots=True)
class _Job:
    row_id: int
    conversation_id: int
    channel: str
    message: Outbound = field(repr=False)
    attempts: int
    created_at: datetime


class Courier:
    """Sends due messages. Call `recover()` once at start, then `send_due()` whenever woken or swept."""

    def __init__(
        self, database: Database, channels: Mapping[str, Channel], wakeups: Wakeups, *, clock: Clock
    ) -> None:
        self._database = database
        self._channels = channels
        self._wakeups = wakeups
        self._clock = clock
        self._pacers = {name: Pacer(channel.pace) for name, channel in channels.items()}
        self._busy: set[int] = set()
        self._recovered_at = datetime.min.replace(tzinfo=timezone.utc)
        self._outcomes: list[tuple[_Job, Receipt | ChannelError, asyncio.Future[None]]] = []
        self._writer: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def recover(self, *, alone: bool) -> int:
        """Take up what another courier left in mid-flight; `alone`: no other courier can be alive, so at once."""
        return await asyncio.to_thread(self._requeue_cut_off, timedelta(0) if alone else LEASE)

    async def send_due(self) -> int:
        """Start sending what is due; returns how many messages were claimed (or put aside: held, superseded)."""
        jobs, looked_at = await asyncio.to_thread(self._claim)
        for job in jobs:
            self._busy.add(job.conversation_id)
            task = asyncio.create_task(self._deliver(job))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return looked_at

    async def finish(self) -> None:
        """Wait for the sends in flight."""
        while self._tasks:
            await asyncio.wait(set(self._tasks))

    def next_due_at(self) -> datetime | None:
        """When the next queued message is due; None if none waits."""
        with self._database.read() as session:
            return session.scalar(_NEXT_DUE)

    def _requeue_cut_off(self, lease: timedelta) -> int:
        now = self._clock()
        # What this courier itself has in flight is not cut off: its outcome waits to be written down.
        cut_off = and_(OutboundMessage.state == "sending", OutboundMessage.claimed_at <= now - lease)
        busy = list(self._busy)
        if busy:
            cut_off = and_(cut_off, OutboundMessage.conversation_id.not_in(busy))
        with self._database.read() as session:
            if session.scalar(select(OutboundMessage.id).where(cut_off).limit(1)) is None:
                return 0
        # A direct reply is settled by the web process that gives it, and may still be asked for again.
        waits = and_(OutboundMessage.via == "reply", OutboundMessage.claimed_at > now - LEASE)
        with self._database.write() as session:
            result = session.execute(
                update(OutboundMessage)
                .where(cut_off, ~waits)
                .values(
                    state="queued",
                    due_at=now,
                    given_in=None,
                    repeats=OutboundMessage.repeats + 1,
                    error="outcome unknown: cut off while sending",
                )
            )
            return int(cast("CursorResult[Any]", result).rowcount)

    def _claim(self) -> tuple[list[_Job], int]:
        now = self._clock()
        if now - self._recovered_at > RECOVER_EVERY:
            self._recovered_at = now
            self._requeue_cut_off(LEASE)
        with self._database.read() as session:
            due = session.connection().execute(_DUE, {"now": now}).all()
        chosen = [
            row
            for row in due
            if row.conversation_id not in self._busy and self._may_send(row.channel, row.conversation_id)
        ][:BATCH]
        if not chosen:
            return [], 0
        with self._database.write() as session:
            jobs = [job for row in chosen if (job := self._claim_one(session, row, now)) is not None]
        return jobs, len(chosen)

    def _may_send(self, channel: str, conversation_id: int) -> bool:
        pacer = self._pacers.get(channel)
        return pacer is not None and pacer.ready(conversation_id)

    def _claim_one(self, session: Session, row: Row[Any], now: datetime) -> _Job | None:
        """Claim the message, or put it aside: superseded by an agent, held because the platform allows nothing now."""
        channel = self._channels[row.channel]
        reason = "blocked" if row.blocked_at else hold_reason(session, channel, row.conversation_id, now)
        connection = session.connection()
        if reason is not None:
            connection.execute(_HOLD, {"row_id": row.id, "reason": reason})
            return None
        claim = {"row_id": row.id, "ungoverned": row.author != "bot", "at": now}
        if connection.execute(_CLAIM, claim).rowcount != 1:
            # Another courier was first, or an agent has the floor: then the prompt is not sent any more.
            connection.execute(_SUPERSEDE, {"row_id": row.id})
            return None
        buttons = connection.execute(_CHOICES, {"row_id": row.id}).all()
        message = Outbound(
            contact=row.external_id,
            text=as_said(row.text, row.author, row.script),
            key=str(row.id),
            buttons=tuple(Button(as_said(label, row.author, row.script), token) for label, token in buttons),
            request_phone=row.request_phone,
        )
        return _Job(row.id, row.conversation_id, row.channel, message, row.attempts + 1, row.created_at)

    async def _deliver(self, job: _Job) -> None:
        pacer = self._pacers[job.channel]
        outcome: Receipt | ChannelError
        try:
            await pacer.wait(job.conversation_id)
            try:
                outcome = await self._channels[job.channel].send(job.message)
            except ChannelError as failure:
                outcome = failure
                if isinstance(failure, RetryLater) and failure.whole_bot:
                    pacer.pause(failure.after or 1.0)
            except (
                Exception
            ) as failure:  # a channel's defect: nobody knows what was sent, and the row must be settled
                log.exception("a channel failed", channel=job.channel, failure=type(failure).__name__)
                outcome = OutcomeUnknown(type(failure).__name__)
            await self._settle(job, outcome)
        finally:
            self._busy.discard(job.conversation_id)
            self._wakeups.notify(WEB)

    async def _settle(self, job: _Job, outcome: Receipt | ChannelError) -> None:
        """Have the outcome written down; those that come together are written together."""
        written: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._outcomes.append((job, outcome, written))
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write_outcomes())
        await written

    async def _write_outcomes(self) -> None:
        """Write what has come in, however long the database refuses: until then the rows stay in flight."""
        while self._outcomes:
            group = list(self._outcomes)
            await until_written(partial(self._write_group, group))
            del self._outcomes[: len(group)]
            for _, _, written in group:
                written.set_result(None)

    def _write_group(self, group: Sequence[tuple[_Job, Receipt | ChannelError, object]]) -> None:
        now = self._clock()
        with self._database.write() as session:
            for job, outcome, _ in group:
                if isinstance(outcome, Receipt):
                    values = {"row_id": job.row_id, "at": now, "ids": list(outcome.external_ids)}
                    session.connection().execute(_SENT, values)
                    continue
                row = session.scalars(
                    select(OutboundMessage)
                    .where(OutboundMessage.id == job.row_id, OutboundMessage.state == "sending")
                    .with_for_update()
                ).one_or_none()
                if row is not None:
                    row.error, row.error_code = outcome.reason[:200], outcome.code
                    self._apply_failure(session, row, job, outcome, now)

    def _apply_failure(
        self, session: Session, row: OutboundMessage, job: _Job, failure: ChannelError, now: datetime
    ) -> None:
        backoff = min(0.5 * 2.0 ** (job.attempts - 1), 60.0)
        if isinstance(failure, BlockedByUser):
            row.state, row.error_code = "held", "blocked"
            conversation = session.get(Conversation, job.conversation_id)
            if conversation is not None:
                conversation.contact.blocked_at = now
        elif isinstance(failure, WindowClosed):
            row.state = "held"
            row.error_code = "quota" if isinstance(failure, QuotaSpent) else "window"
        elif isinstance(failure, Rejected):
            row.state = "failed"
            log.error("a message was rejected", outbound_id=row.id, code=failure.code)
        elif isinstance(failure, OutcomeUnknown):
            row.repeats += 1
            row.state = "failed" if row.repeats > MAX_UNKNOWN else "queued"
            row.due_at = now + timedelta(seconds=backoff)
        elif now - job.created_at > GIVE_UP_AFTER:
            row.state = "failed"
        else:
            wish = failure.after if isinstance(failure, RetryLater) else None
            if isinstance(failure, Misconfigured):
                log.error("the platform refuses us", channel=job.channel, code=failure.code)
                wish = 30.0
            row.state = "queued"
            row.due_at = now + timedelta(seconds=backoff if wish is None else wish)
