"""Fetching the files of a message: a step of its own before the turn, with its own commit.

A message with files stays `fetching` until each of its files is stored, refused or gone; only then is a turn due.
What a file may be is decided by the `Vault` that the server hands in, what it says by the `Reader`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

import structlog
from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.orm import Session

from channels.base import (
    Channel,
    ChannelError,
    MediaGone,
    MediaNotAllowed,
    MediaTooLarge,
    Misconfigured,
    RetryLater,
)
from channels.message import Attachment, MediaKind
from conversations.clock import Clock
from conversations.database import Database
from conversations.tables import Contact, Conversation, InboundMessage, Media

log = structlog.get_logger(__name__)

LEASE = timedelta(seconds=40)
FETCH_SECONDS = 25.0
MAX_ATTEMPTS = 5
BATCH = 8

_NEXT_DUE = select(func.min(Media.due_at)).where(Media.state == "pending")


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that is stored. `kind`: image, audio, video, document; `size` in bytes."""

    sha256: str
    size: int
    kind: str
    content_type: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file that is not taken; `reason` is a code that the dialogue has a sentence for."""

    reason: str


class Vault(Protocol):
    """Checks files by their content and stores them unaltered."""

    def keep(self, content: bytes, *, file_name: str | None, mime_type: str | None) -> Kept | Refusal:
        """Store the file or say why not. Runs in a worker thread; the same content twice is one."""


class Reader(Protocol):
    """Reads facts off files."""

    async def read(self, content: bytes, kind: str) -> dict[str, str]:
        """Fact → value that the file (of this content kind) shows; empty where it shows none. Soon, and never raises."""


@dataclass(frozen=True, slots=True)
class _Job:
    media_id: int
    channel: str
    contact: str = field(repr=False)
    attachment: Attachment = field(repr=False)
    attempts: int


class MediaFetcher:
    """Fetches what is due, a few files at a time. Any number may run: rows are claimed."""

    def __init__(
        self,
        database: Database,
        channels: Mapping[str, Channel],
        vault: Vault,
        *,
        max_bytes: int,
        clock: Clock,
        reader: Reader | None = None,
    ) -> None:
        self._database = database
        self._channels = channels
        self._vault = vault
        self._max_bytes = max_bytes
        self._clock = clock
        self._reader = reader

    async def fetch_due(self) -> int:
        """Fetch up to a batch of due files; returns how many messages became ready for their turn."""
        jobs = await asyncio.to_thread(self._claim)
        if not jobs:
            return 0
        return sum(await asyncio.gather(*(self._fetch(job) for job in jobs)))

    def _claim(self) -> list[_Job]:
        now = self._clock()
        free = or_(Media.claimed_until.is_(None), Media.claimed_until < now)
        due = and_(Media.state == "pending", Media.due_at <= now, free)
        with self._database.read() as session:
            if session.scalar(select(Media.id).where(due).limit(1)) is None:
                return []
        with self._database.write() as session:
            rows = session.execute(
                select(Media, InboundMessage.channel, Contact.external_id)
                .join(InboundMessage, InboundMessage.id == Media.inbound_id)
                .join(Conversation, Conversation.id == InboundMessage.conversation_id)
                .join(Contact, Contact.id == Conversation.contact_id)
                .where(due)
                .order_by(Media.due_at, Media.id)
                .limit(BATCH)
                .with_for_update(of=Media, skip_locked=True)
            ).all()
            jobs = []
            for row, channel, contact in rows:
                row.claimed_until = now + LEASE
                row.attempts += 1
                attachment = Attachment(
                    kind=MediaKind(row.kind),
                    reference=row.reference,
                    url=row.url,
                    file_name=row.file_name,
                    mime_type=row.mime_type,
                    size=row.declared_size,
                    duration=row.duration,
                )
                jobs.append(_Job(row.id, channel, contact, attachment, row.attempts))
            return jobs

    async def _fetch(self, job: _Job) -> int:
        channel = self._channels.get(job.channel)
        if channel is None:
            return await asyncio.to_thread(self._finish, job, "gone", "channel_off", None)
        limit = min(self._max_bytes, channel.max_media_bytes)
        await channel.show_typing(job.contact)
        try:
            fetched = await asyncio.wait_for(channel.fetch(job.attachment, max_bytes=limit), FETCH_SECONDS)
        except MediaTooLarge:
            return await asyncio.to_thread(self._finish, job, "refused", "too_large", None)
        except MediaNotAllowed:
            return await asyncio.to_thread(self._finish, job, "refused", "not_allowed", None)
        except MediaGone:
            return await asyncio.to_thread(self._finish, job, "gone", "gone", None)
        except (ChannelError, asyncio.TimeoutError) as failure:
            return await asyncio.to_thread(self._postpone, job, failure)
        try:
            kept = await asyncio.to_thread(
                self._vault.keep,
                fetched.content,
                file_name=fetched.file_name or job.attachment.file_name,
                mime_type=fetched.mime_type or job.attachment.mime_type,
            )
        except OSError as failure:  # the store, not the file: a full disk, a network folder that is away
            log.error("the evidence store refuses", failure=type(failure).__name__)
            return await asyncio.to_thread(self._postpone, job, failure)
        if isinstance(kept, Refusal):
            return await asyncio.to_thread(self._finish, job, "refused", kept.reason, None)
        shown = await self._reader.read(fetched.content, kept.kind) if self._reader else {}
        return await asyncio.to_thread(self._finish, job, "stored", None, kept, shown)

    def _finish(
        self,
        job: _Job,
        state: str,
        reason: str | None,
        kept: Kept | None,
        shown: dict[str, str] | None = None,
    ) -> int:
        now = self._clock()
        with self._database.write() as session:
            row = session.get(Media, job.media_id)
            if row is None or row.state != "pending":
                return 0
            # The message's row first: two last files that finish together must not each see the other as pending.
            session.scalars(
                select(InboundMessage).where(InboundMessage.id == row.inbound_id).with_for_update()
            ).one()
            row.state, row.reason, row.claimed_until = state, reason, None
            if kept is not None:
                row.sha256, row.size, row.stored_at = kept.sha256, kept.size, now
                row.content_kind, row.content_type = kept.kind, kept.content_type
                row.shown = shown or None
            session.flush()
            return _release_message(session, row.inbound_id)

    def _postpone(self, job: _Job, failure: BaseException) -> int:
        if job.attempts >= MAX_ATTEMPTS and not isinstance(failure, Misconfigured | OSError):
            log.warning("media given up", media_id=job.media_id, failure=type(failure).__name__)
            return self._finish(job, "gone", "unreachable", None)
        wish = failure.after if isinstance(failure, RetryLater) and failure.after else None
        delay = wish if wish is not None else min(2.0 ** (job.attempts - 1), 20.0)
        with self._database.write() as session:
            session.execute(
                update(Media)
                .where(Media.id == job.media_id, Media.state == "pending")
                .values(due_at=self._clock() + timedelta(seconds=delay), claimed_until=None)
            )
        return 0


def _release_message(session: Session, inbound_id: int) -> int:
    """If the last file of a message is settled, its turn is due."""
    left = session.scalar(
        select(func.count())
        .select_from(Media)
        .where(Media.inbound_id == inbound_id, Media.state == "pending")
    )
    if left:
        return 0
    session.execute(
        update(InboundMessage)
        .where(InboundMessage.id == inbound_id, InboundMessage.state == "fetching")
        .values(state="pending")
    )
    return 1


def next_fetch_at(session: Session) -> datetime | None:
    """When the next file is due; None if none waits."""
    return session.scalar(_NEXT_DUE)
