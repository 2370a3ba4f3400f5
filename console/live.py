"""Live updates: one look at the database per web process, told to every open page by server-sent events.

The hub sleeps until a turn, a send or an agent's act wakes it (or a second has passed), reads which
conversations changed, and tells its subscribers. Pages fetch what they show; an event carries ids only.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from conversations.clock import Clock
from conversations.database import Database
from conversations.tables import Conversation, InboundMessage, OutboundMessage
from conversations.wakeups import WEB, Wakeups

log = structlog.get_logger(__name__)

SWEEP_SECONDS = 1.0
LEAST_SECONDS = 0.2
OVERLAP = timedelta(seconds=10)
"""A change carries the time at which its transaction began to work, and may become visible seconds later, after
others: what is that young is looked at again, and told once."""
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
        self._seen: dict[int, datetime] = {}
        self._open: dict[tuple[str, int], tuple[int, str]] | None = None
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
        self._end_all()

    async def stream(self) -> AsyncGenerator[str, None]:
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
        since = self._clock()
        try:
            while True:
                await listener.wait(SWEEP_SECONDS)
                looked_at = self._clock()
                if not self._subscribers:
                    since, self._open = looked_at, None
                    continue
                try:
                    events = await asyncio.to_thread(self._look, since - OVERLAP)
                except DBAPIError as refusal:
                    log.warning("the console cannot look", failure=type(refusal).__name__)
                    continue
                except Exception as failure:  # a defect: the open pages must learn that they are blind
                    log.exception("the console's look failed", failure=type(failure).__name__)
                    self._end_all()
                    continue
                since = looked_at
                for event in events:
                    self._tell(event)
                await asyncio.sleep(LEAST_SECONDS)  # a busy hour must not turn into a query loop
        finally:
            listener.close()

    def _look(self, since: datetime) -> list[Event]:
        """What changed: conversations touched or sent to since then, and messages on their way that moved on.

        Every question is answered by an index. What came in or failed to go out touches no indexed time of its
        own, so the messages that are on their way are compared with those of the last look.
        """
        with self._database.read() as session:
            touched = select(Conversation.id, Conversation.changed_at).where(Conversation.changed_at > since)
            changed: dict[int, datetime] = {row.id: row.changed_at for row in session.execute(touched)}
            sent = session.execute(
                select(OutboundMessage.conversation_id, func.max(OutboundMessage.sent_at))
                .where(OutboundMessage.sent_at > since)
                .group_by(OutboundMessage.conversation_id)
            ).tuples()
            for conversation_id, at in sent:
                if at is not None:
                    changed[conversation_id] = max(at, changed.get(conversation_id, at))
            on_their_way = _on_their_way(session)
            waiting = session.scalar(
                select(func.count()).select_from(Conversation).where(Conversation.floor == "queue")
            )
        told = {one for one, at in changed.items() if self._seen.get(one) != at}
        self._seen = changed  # what is older than the overlap cannot come back with its old time
        if self._open is not None:
            told.update(
                conversation_id for _, (conversation_id, _) in on_their_way.items() ^ self._open.items()
            )
        self._open = on_their_way
        now = self._clock()
        events = [
            Event("conversation", {"id": one, "changed_at": changed.get(one, now).isoformat()})
            for one in sorted(told)
        ]
        if waiting != self._queue_length:
            self._queue_length = waiting or 0
            events.append(Event("queue", {"count": self._queue_length}))
        return events

    def _end_all(self) -> None:
        for queue in tuple(self._subscribers):
            _end(queue)

    def _tell(self, event: Event) -> None:
        for queue in tuple(self._subscribers):
            try:
                queue.put_nowait(event)
            except asyncio.QueueFull:  # a page that does not read: it starts anew when it reconnects
                self._subscribers.discard(queue)
                _end(queue)


def _end(queue: asyncio.Queue[Event | None]) -> None:
    """End a stream: what it has not read yet is of no use to a page that starts anew."""
    while not queue.empty():
        queue.get_nowait()
    queue.put_nowait(None)


def _on_their_way(session: Session) -> dict[tuple[str, int], tuple[int, str]]:
    """The messages in flight: (table, id) to (conversation, state). Not the held ones, which wait for days."""
    found: dict[tuple[str, int], tuple[int, str]] = {}
    for name, table, states in (
        ("in", InboundMessage, ("fetching", "pending")),
        ("out", OutboundMessage, ("queued", "sending")),
    ):
        rows = session.execute(
            select(table.id, table.conversation_id, table.state).where(table.state.in_(states))
        ).tuples()
        found.update(((name, row_id), (conversation_id, state)) for row_id, conversation_id, state in rows)
    return found
