"""A person who talks to the assistant: the trained model, the real actions, the real turns, a database of
his own.

Only the platform is left out: what was replied counts as sent at once.
"""

from __future__ import annotations

import asyncio
import hashlib
import itertools
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

from sqlalchemy import select

from bot.agent import Assistant
from cases.tables import Case, Draft
from channels.message import Attachment, Inbound, Kind, MediaKind, Place
from conversations.database import Database
from conversations.flood import RateLimit
from conversations.inbox import InboxWriter
from conversations.tables import Conversation, Media, OutboundMessage, TrackerEvent
from conversations.turn_runner import TurnRunner
from tests.delivery import deliver

START = datetime(2026, 11, 23, 2, 0, tzinfo=timezone.utc)
_numbers = itertools.count(1)
_MEDIA_KIND = {
    Kind.PHOTO: MediaKind.IMAGE,
    Kind.VOICE: MediaKind.AUDIO,
    Kind.VIDEO: MediaKind.VIDEO,
    Kind.DOCUMENT: MediaKind.DOCUMENT,
}


class _Silent:
    def notify(self, topic: str) -> None:
        return None

    def listen(self, topic: str) -> Any:
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Tap:
    """Pressing the choice with this label."""

    label: str


@dataclass(frozen=True, slots=True)
class File:
    """Sending a file; `refused` is the code of the reason if the check refused it."""

    name: str = "one"
    kind: Kind = Kind.PHOTO
    caption: str | None = None
    refused: str | None = None
    shown: dict[str, str] | None = None
    """What OCR reads off it."""


@dataclass(frozen=True, slots=True)
class Sign:
    """Something without words: a sticker, a location, a shared contact."""

    kind: Kind
    place: Place | None = None
    phone: str | None = None


Said = str | Tap | File | Sign


class Talk:
    """One person's conversation. Each message is answered before the next is sent."""

    def __init__(self, database: Database, assistant: Assistant, contact: str = "c1") -> None:
        self.database = database
        self._assistant = assistant
        self._contact = contact
        self.now = START
        self.choices: dict[str, str] = {}
        self.answer = ""
        self.messages = 0

    def say(self, what: Said) -> str:
        """Send it; returns all that was replied, as one text."""
        self.messages += 1
        self.now += timedelta(seconds=20)
        asyncio.run(self._exchange(what))
        self._read_replies()
        return self.answer

    def pass_time(self, **span: float) -> None:
        """Let time go by."""
        self.now += timedelta(**span)

    def slots(self) -> dict[str, Any]:
        """The slots that are set, by the tracker's events of the current session."""
        with self.database.read() as session:
            conversation = session.scalars(select(Conversation)).first()
            assert conversation is not None
            rows = session.scalars(
                select(TrackerEvent.data)
                .where(
                    TrackerEvent.conversation_id == conversation.id,
                    TrackerEvent.seq >= conversation.session_seq,
                )
                .order_by(TrackerEvent.seq)
            ).all()
        slots: dict[str, Any] = {}
        for event in map(json.loads, rows):
            if event["event"] == "slot":
                slots[event["name"]] = event["value"]
            elif event["event"] == "reset_slots":
                slots.clear()
        return {name: value for name, value in slots.items() if value is not None}

    @property
    def asked(self) -> str | None:
        """The form's open question."""
        found = self.slots().get("requested_slot")
        return None if found is None else str(found)

    def facts(self) -> dict[str, Any]:
        """What the open draft holds."""
        with self.database.read() as session:
            draft = session.scalars(select(Draft).where(Draft.state == "open")).one_or_none()
            return dict(draft.facts) if draft else {}

    def cases(self) -> Sequence[Case]:
        """All cases that were filed."""
        with self.database.read() as session:
            found = session.scalars(select(Case).order_by(Case.id)).all()
            for case in found:
                _ = case.evidence, case.timeline
            return found

    def number(self) -> str:
        """The case number in the last answer."""
        match = re.search(r"TS\d{13}", self.answer)
        assert match, self.answer
        return match.group()

    async def _exchange(self, what: Said) -> None:
        clock = lambda: self.now  # noqa: E731
        inbox = InboxWriter(self.database, _Silent(), clock=clock)
        try:
            await deliver(inbox, self._inbound(what))
        finally:
            inbox.close()
        if isinstance(what, File):
            self._fetch(what)
        runner = TurnRunner(
            self.database,
            self._assistant,
            _Silent(),
            clock=clock,
            rate_limit=RateLimit(1000, timedelta(seconds=1)),
        )
        try:
            self.now += timedelta(seconds=5)
            while await runner.run_due():
                pass
        finally:
            runner.close()

    def _inbound(self, what: Said) -> Inbound:
        number = next(_numbers)
        values: dict[str, Any] = {
            "channel": "telegram",
            "external_id": f"u{number}",
            "contact": self._contact,
            "sent_at": self.now,
            "order": number,
            "message_id": str(number),
        }
        if isinstance(what, str):
            return Inbound(kind=Kind.TEXT, text=what, **values)
        if isinstance(what, Tap):
            return Inbound(kind=Kind.CHOICE, choice=self.choices[what.label], **values)
        if isinstance(what, Sign):
            return Inbound(kind=what.kind, place=what.place, phone=what.phone, **values)
        attachment = Attachment(_MEDIA_KIND[what.kind], reference=what.name, file_name=what.name)
        return Inbound(kind=what.kind, text=what.caption, attachments=(attachment,), **values)

    def _fetch(self, what: File) -> None:
        """What the fetcher would have done."""
        with self.database.write() as session:
            for media in session.scalars(select(Media).where(Media.state == "pending")):
                media.state = "refused" if what.refused else "stored"
                media.reason = what.refused
                media.sha256 = hashlib.sha256(what.name.encode()).hexdigest()
                media.size, media.content_kind, media.content_type = 1000, "image", "image/jpeg"
                media.shown = what.shown
                media.message.state, media.message.due_at = "pending", self.now

    def _read_replies(self) -> None:
        with self.database.write() as session:
            rows = session.scalars(
                select(OutboundMessage)
                .join(Conversation)
                .where(OutboundMessage.state == "queued")
                .order_by(OutboundMessage.id)
            ).all()
            self.answer = "\n".join(row.text for row in rows)
            offered = [choice for row in rows for choice in row.choices]
            if offered:
                self.choices = {choice.label: choice.token for choice in offered}
            for row in rows:
                row.state, row.sent_at = "sent", self.now


def play(talk: Talk, dialogue: Sequence[tuple[Said, str]]) -> None:
    """Say each line; what is expected is a regular expression that the answer holds ("…|…": one of them)."""
    for said, expected in dialogue:
        answer = talk.say(said)
        assert re.search(expected, answer, re.DOTALL), (
            f"said: {said}\nexpected: {expected}\nanswered: {answer}"
        )
