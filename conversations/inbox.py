"""Making what arrives durable, before the platform gets its answer.

Messages that arrive together are committed together by one writer thread: a webhook waits for one commit, not for a
queue of commits. Stores and tells; understanding and answering are the turn's.
"""

from __future__ import annotations

import asyncio
import queue
import threading
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

import structlog
from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from channels.inbox import InboxUnavailable, Stored
from channels.message import Attachment, Inbound, Kind
from conversations.batching import settle_seconds
from conversations.clock import Clock
from conversations.database import Base, Database
from conversations.tables import Contact, Conversation, InboundMessage, Media
from conversations.wakeups import BOT, FETCHER, Wakeups

log = structlog.get_logger(__name__)

STORE_SECONDS = 3.0
GROUP = 64
KNOWN_CONTACTS = 50_000


@dataclass(eq=False)
class _Waiting:
    inbound: Inbound
    reply_within: float | None
    give_up_at: float
    loop: asyncio.AbstractEventLoop
    future: asyncio.Future[Stored]

    def resolve(self, outcome: Stored | Exception) -> None:
        self.loop.call_soon_threadsafe(self._set, outcome)

    def _set(self, outcome: Stored | Exception) -> None:
        if self.future.done():
            return
        if isinstance(outcome, Exception):
            self.future.set_exception(outcome)
        else:
            self.future.set_result(outcome)


class InboxWriter:
    """Stores inbound messages; one per web process. Start it, and close it when no more requests come."""

    def __init__(self, database: Database, wakeups: Wakeups, *, clock: Clock) -> None:
        self._database = database
        self._wakeups = wakeups
        self._clock = clock
        self._queue: queue.SimpleQueue[_Waiting | None] = queue.SimpleQueue()
        self._conversations: dict[tuple[str, str], int] = {}
        self._thread = threading.Thread(target=self._write_forever, name="inbox-writer", daemon=True)
        self._thread.start()

    async def store(self, inbound: Inbound, *, reply_within: float | None = None) -> Stored:
        """Make the message durable; `InboxUnavailable` if the database does not take it within 3 s."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Stored] = loop.create_future()
        give_up_at = time.monotonic() + STORE_SECONDS
        self._queue.put(_Waiting(inbound, reply_within, give_up_at, loop, future))
        try:
            return await asyncio.wait_for(future, STORE_SECONDS + 0.2)
        except asyncio.TimeoutError as late:
            raise InboxUnavailable("the database did not take the message in time") from late

    def close(self) -> None:
        """Store what is queued, then stop."""
        self._queue.put(None)
        self._thread.join(timeout=10)

    def _write_forever(self) -> None:
        stopping = False
        while not stopping:
            group: list[_Waiting] = []
            item = self._queue.get()
            while item is not None:
                group.append(item)
                if len(group) >= GROUP:
                    break
                try:
                    item = self._queue.get_nowait()
                except queue.Empty:
                    break
            stopping = item is None
            if group:
                self._store_group(group)

    def _store_group(self, group: list[_Waiting]) -> None:
        delay = 0.02
        while group:
            try:
                outcomes = self._commit(group)
            except (DataError, IntegrityError) as failure:
                self._store_apart(group, failure)
                return
            except (DBAPIError, OSError) as refusal:
                log.warning("the database refuses messages", failure=type(refusal).__name__)
                time.sleep(delay)
                delay = min(delay * 2, 0.5)
                group = self._drop_late(group)
            except Exception as failure:  # whatever it is, the thread must live and somebody must be told
                self._store_apart(group, failure)
                return
            else:
                for waiting, outcome in zip(group, outcomes, strict=True):
                    waiting.resolve(outcome)
                self._wakeups.notify(BOT)
                if any(_files_of(waiting.inbound) for waiting in group):
                    self._wakeups.notify(FETCHER)
                return

    def _store_apart(self, group: list[_Waiting], failure: Exception) -> None:
        """One of the group is bad: it must not take the others along."""
        if len(group) == 1:
            log.error("a message cannot be stored", failure=type(failure).__name__)
            group[0].resolve(failure)
            return
        for one in group:
            self._store_group([one])

    def _drop_late(self, group: list[_Waiting]) -> list[_Waiting]:
        now = time.monotonic()
        for waiting in group:
            if waiting.give_up_at <= now:
                waiting.resolve(InboxUnavailable("the database does not take messages now"))
        return [waiting for waiting in group if waiting.give_up_at > now]

    def _commit(self, group: list[_Waiting]) -> list[Stored]:
        now = self._clock()
        new: dict[tuple[str, str], int] = {}
        with self._database.write() as session:
            outcomes = [self._insert(session, waiting, now, new) for waiting in group]
        if len(self._conversations) > KNOWN_CONTACTS:
            self._conversations.clear()
        self._conversations.update(new)
        return outcomes

    def _insert(
        self, session: Session, waiting: _Waiting, now: datetime, new: dict[tuple[str, str], int]
    ) -> Stored:
        inbound = waiting.inbound
        key = (inbound.channel, inbound.contact)
        conversation_id = self._conversations.get(key) or new.get(key)
        if conversation_id is None:
            conversation_id = new[key] = conversation_for(session, inbound, now)
        settles = settle_seconds(inbound.kind.value, inbound.album_id)
        reply_by = None if waiting.reply_within is None else now + timedelta(seconds=waiting.reply_within)
        row_id = insert_new(
            session,
            InboundMessage,
            returning="id",
            conversation_id=conversation_id,
            channel=inbound.channel,
            external_id=inbound.external_id,
            kind=inbound.kind.value,
            order=inbound.order,
            message_id=inbound.message_id,
            text=_storable(inbound.text),
            album_id=inbound.album_id,
            details=_details(inbound),
            sent_at=inbound.sent_at,
            received_at=now,
            reply_by=reply_by,
            state="fetching" if _files_of(inbound) else "pending",
            due_at=now + timedelta(seconds=settles),
            attempts=0,
        )
        if row_id is None:
            known = session.scalar(
                select(InboundMessage.id).where(
                    InboundMessage.channel == inbound.channel,
                    InboundMessage.external_id == inbound.external_id,
                )
            )
            if known is None:
                raise LookupError("a stored message vanished")
            return Stored(known, new=False)
        for position, attachment in enumerate(_files_of(inbound)):
            insert_new(
                session,
                Media,
                inbound_id=row_id,
                position=position,
                kind=attachment.kind.value,
                reference=attachment.reference,
                url=attachment.url,
                file_name=_storable(attachment.file_name, 255),
                mime_type=_storable(attachment.mime_type, 127),
                declared_size=attachment.size,
                duration=attachment.duration,
                state="pending",
                due_at=now,
                attempts=0,
            )
        return Stored(int(row_id), new=True)


def conversation_for(session: Session, inbound: Inbound, now: datetime) -> int:
    """The id of the conversation with this contact; both are made at the first contact."""
    insert_new(
        session,
        Contact,
        channel=inbound.channel,
        external_id=inbound.contact,
        display_name=_storable(inbound.display_name, 128),
        script="hans",
        created_at=now,
    )
    contact_id = session.scalars(
        select(Contact.id).where(Contact.channel == inbound.channel, Contact.external_id == inbound.contact)
    ).one()
    insert_new(
        session,
        Conversation,
        contact_id=contact_id,
        floor="bot",
        floor_since=now,
        version=0,
        session_seq=0,
        next_seq=0,
        handled=0,
        changed_at=now,
        created_at=now,
    )
    return session.scalars(select(Conversation.id).where(Conversation.contact_id == contact_id)).one()


def insert_new(session: Session, table: type[Base], *, returning: str | None = None, **values: Any) -> Any:
    """Insert a row unless an equal one is there; returns the wanted column of the new row, None where it was there.

    Both databases know `ON CONFLICT DO NOTHING`; SQLAlchemy has it once per dialect. The session must be writing.
    """
    statement = _insert_statement(session.get_bind().dialect.name, table, returning)
    result = session.connection().execute(statement, values)
    return None if returning is None else result.scalar()


@lru_cache(maxsize=32)
def _insert_statement(dialect: str, table: type[Base], returning: str | None) -> Any:
    """Made once: building a statement anew for every message costs more than running it."""
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    statement = insert(table.__table__).on_conflict_do_nothing()  # type: ignore[arg-type]
    return statement if returning is None else statement.returning(table.__table__.c[returning])


def _files_of(inbound: Inbound) -> tuple[Attachment, ...]:
    """The files to fetch. An edit brings its message's file again, which is here already."""
    return () if inbound.kind is Kind.EDIT else inbound.attachments


def _details(inbound: Inbound) -> dict[str, Any]:
    details: dict[str, Any] = {
        "choice": inbound.choice,
        "event": inbound.event,
        "argument": _storable(inbound.argument, 256),
        "edits": inbound.edits,
        "phone": inbound.phone,
    }
    if inbound.place is not None:
        details["place"] = {
            "latitude": inbound.place.latitude,
            "longitude": inbound.place.longitude,
            "label": _storable(inbound.place.label, 256),
        }
    return {name: value for name, value in details.items() if value is not None}


def _storable(text: str | None, longest: int | None = None) -> str | None:
    """Without what a database cannot hold: NUL characters and halves of surrogate pairs."""
    if text is None:
        return None
    clean = text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")
    return clean if longest is None else clean[:longest]
