"""Live updates: one look at the database per web process, told to every open console page by server-sent events.

The hub sleeps until a turn, a send or an agent's act wakes it (or a second has passed), reads which conversations changed, and
tells its subscribers. Pages fetch what they show; an event carries ids only.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from conversations.clock import Clock
from conversations.database import Database
from conversations.tables import Conversation, InboundMessage, OutboundMessage
from conversations.wakeups import WEB, Wakeups

log = structlog.get_logger(__name__)

SWEEP_SECONDS = 1.0
LEAST_SECONDS = 0.05
OVERLAP = timedelta(seconds=2)
"""Commits may become visible in another order than their times: what changed lately is looked at twice."""
KEEP_ALIVE_SECONDS = 15.0
LONGEST_BACKLOG = 500


@dataclass(frozen=True, slots=True)
class Event:
    """One server-sent event."""

    name: str
    data: dict[str, object]

    def encode(self) -> str:
        """As it goes over the wire."""
        return f"event: {self.name}\ndata: {json.dumps(self.data, ensure_ascii=False)}\n\n"


class LiveHub:
    """Tells pages what changed. One per web process; `start()` and `stop()` with it."""

    def __init__(self, database: Database, wakeups: Wakeups, clock: Clock) -> None:
        self._database = database
        self._wakeups = wakeups
        self._clock = clock
        self._subscribers: set[asyncio.Queue[Event | None]] = set()
        self._seen: dict[int, tuple[datetime, int, int]] = {}
        self._queue_length: int | None = None
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to look."""
        self._task = asyncio.create_task(self._watch(), name="live hub")

    async def stop(self) -> None:
        """Stop looking; open streams end."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        for queue in self._subscribers:
            queue.put_nowait(None)

    async def stream(self) -> AsyncIterator[str]:
        """The events from now on, encoded; a comment now and then keeps the connection open."""
        queue: asyncio.Queue[Event | None] = asyncio.Queue(LONGEST_BACKLOG)
        self._subscribers.add(queue)
        try:
            yield "retry: 1000\n\n"
            if self._queue_length is not None:
                yield Event("queue", {"count": self._queue_length}).encode()
            while True:
                try:
                    event = await asyncio.wait_for(queue.get(), KEEP_ALIVE_SECONDS)
                except asyncio.TimeoutError:
                    yield ": still here\n\n"
                    continue
                if event is None:
                    return
                yield event.encode()
        finally:
            self._subscribers.discard(queue)

    async def _watch(self) -> None:
        listener = self._wakeups.listen(WEB)
        since = self._clock() - OVERLAP
        try:
            while True:
                await listener.wait(SWEEP_SECONDS)
                if not self._subscribers:
                    since = self._clock() - OVERLAP
                    continue
                looked_at = self._clock()
                try:
                    events = await asyncio.to_thread(self._look, since - OVERLAP)
                except DBAPIError as refusal:
                    log.warning("the console cannot look", failure=type(refusal).__name__)
                    continue
                since = looked_at
                for event in events:
                    self._tell(event)
                await asyncio.sleep(LEAST_SECONDS)  # a busy hour must not turn into a query loop
        finally:
            listener.close()

    def _look(self, since: datetime) -> list[Event]:
        """What changed since then: a conversation's own row, or a message of it that came, went or moved on."""
        with self._database.read() as session:
            changed: dict[int, datetime] = dict(
                session.execute(
                    select(Conversation.id, Conversation.changed_at).where(Conversation.changed_at > since)
                ).tuples()
            )
            for table, moment in (
                (OutboundMessage, OutboundMessage.sent_at),
                (InboundMessage, InboundMessage.received_at),
            ):
                rows = session.execute(
                    select(table.conversation_id, func.max(moment))
                    .where(moment > since)
                    .group_by(table.conversation_id)
                ).tuples()
                for conversation_id, at in rows:
                    changed[conversation_id] = max(at, changed.get(conversation_id, at))
            ids = tuple(changed)
            last_out = dict(
                session.execute(
                    select(OutboundMessage.conversation_id, func.max(OutboundMessage.id))
                    .where(OutboundMessage.conversation_id.in_(ids))
                    .group_by(OutboundMessage.conversation_id)
                ).tuples()
            )
            waiting = session.scalar(
                select(func.count()).select_from(Conversation).where(Conversation.floor == "queue")
            )
        events = []
        for conversation_id, at in changed.items():
            mark = (at, last_out.get(conversation_id, 0), 0)
            if self._seen.get(conversation_id) != mark:
                self._seen[conversation_id] = mark
                events.append(Event("conversation", {"id": conversation_id, "changed_at": at.isoformat()}))
        if waiting != self._queue_length:
            self._queue_length = waiting or 0
            events.append(Event("queue", {"count": self._queue_length}))
        return events

    def _tell(self, event: Event) -> None:
        for queue in tuple(self._subscribers):
            try:
                queue.put_nowait(event)
            except asyncio.QueueFull:  # a page that does not read: it starts anew when it reconnects
                self._subscribers.discard(queue)
                while not queue.empty():
                    queue.get_nowait()
                queue.put_nowait(None)
