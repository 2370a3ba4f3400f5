"""The parts of the console's tests: people who work there, the console alone in an app, conversations."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from typing import Any

from argon2 import PasswordHasher
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from cases.evidence.vault import EvidenceVault
from console import accounts, sessions
from console.app import ConsoleContext, console_router
from console.live import LiveHub
from console.security import CSRF_HEADER, SESSION_COOKIE, csrf_token
from conversations.database import Database
from conversations.media import Kept
from conversations.outbox import Option, enqueue
from conversations.tables import Agent, Contact, Conversation, InboundMessage, Media, OutboundMessage
from conversations.wakeups import LocalWakeups

KEY = "a key of the tests"
PASSWORD = "correct-horse-battery"
MORNING = datetime(2026, 11, 23, 1, 30, tzinfo=timezone.utc)
"""Monday, 23 November 2026, 09:30 in China."""


class SetClock:
    """A clock that stands still until moved."""

    def __init__(self, now: datetime = MORNING) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **span: float) -> None:
        self.now += timedelta(**span)


@dataclass
class Console:
    """The console on a database of its own, and what it said to the outside."""

    database: Database
    clock: Any
    vault: EvidenceVault
    wakeups: LocalWakeups
    app: FastAPI
    hub: LiveHub
    folder: Path
    context: ConsoleContext
    typed: list[tuple[str, str]] = field(default_factory=list)


def make_console(database: Database, folder: Path, clock: Any) -> Console:
    """The console alone in an app: what `server.web` puts around it is not needed to test it."""
    typed: list[tuple[str, str]] = []

    async def typing(channel: str, contact: str) -> None:
        typed.append((channel, contact))

    vault = EvidenceVault(f"file://{folder / 'evidence'}")
    wakeups = LocalWakeups(folder / "run")
    hub = LiveHub(database, wakeups, clock)
    context = ConsoleContext(
        database=database,
        wakeups=wakeups,
        clock=clock,
        vault=vault,
        signing_key=KEY,
        timezone="Asia/Shanghai",
        agent_away_minutes=5,
        typing=typing,
        hub=hub,
    )

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        await hub.start()
        yield
        await hub.stop()

    app = FastAPI(openapi_url=None, lifespan=lifespan)
    app.include_router(console_router(context), prefix="/console")
    return Console(database, clock, vault, wakeups, app, hub, folder, context, typed)


_numbers = itertools.count(1)


def staff(
    session: Session, login: str, name: str, role: accounts.Role = "agent", now: datetime = MORNING
) -> Agent:
    """A person who works in the console; everybody has the same password here, hashed with less pains."""
    row = Agent(login=login, display_name=name, role=role, password_hash=_cheap_hash(), created_at=now)
    session.add(row)
    session.flush()
    return row


@cache
def _cheap_hash() -> str:
    return PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash(PASSWORD)


def browser_of(console: Console, agent_id: int) -> TestClient:
    """A browser in which this person is signed in, that does not follow redirects; `post` brings the token."""
    with console.database.write() as session:
        agent = session.get(Agent, agent_id)
        assert agent is not None
        token = sessions.begin(session, agent, console.clock())
    client = TestClient(console.app, follow_redirects=False)
    client.cookies.set(SESSION_COOKIE, token, path="/console")
    client.headers[CSRF_HEADER] = csrf_token(KEY, token)
    return client


def person(
    session: Session, name: str | None = "林晓", channel: str = "telegram", now: datetime = MORNING
) -> Conversation:
    """A contact with his conversation."""
    contact = Contact(
        channel=channel,
        external_id=f"user-{next(_numbers):04}",
        display_name=name,
        script="hans",
        created_at=now,
    )
    row = Conversation(contact=contact, floor_since=now, changed_at=now, created_at=now)
    session.add_all([contact, row])
    session.flush()
    return row


def said(
    session: Session,
    conversation: Conversation,
    text: str | None,
    at: datetime,
    *,
    kind: str = "text",
    state: str = "handled",
    **more: Any,
) -> InboundMessage:
    """A message of the person's."""
    number = next(_numbers)
    row = InboundMessage(
        **{
            "conversation_id": conversation.id,
            "channel": conversation.contact.channel,
            "external_id": f"m{number}",
            "message_id": f"m{number}",
            "kind": kind,
            "order": number,
            "text": text,
            "details": {},
            "sent_at": at,
            "received_at": at,
            "due_at": at,
            "state": state,
            "handled_at": at if state == "handled" else None,
            **more,
        }
    )
    session.add(row)
    conversation.changed_at = at
    session.flush()
    return row


def answered(
    session: Session,
    conversation: Conversation,
    text: str,
    at: datetime,
    *,
    author: str = "bot",
    state: str = "sent",
    options: Sequence[str] = (),
    agent: Agent | None = None,
    code: str | None = None,
    error: str | None = None,
) -> OutboundMessage:
    """A message to the person."""
    row = enqueue(
        session,
        conversation.id,
        text,
        author=author,
        now=at,
        agent_id=agent.id if agent else None,
        options=[Option(label, "/inform") for label in options],
    )
    row.state, row.error_code, row.error = state, code, error
    row.sent_at = at if state == "sent" else None
    session.flush()
    return row


def file_of(
    session: Session,
    message: InboundMessage,
    vault: EvidenceVault,
    content: bytes,
    *,
    kind: str = "image",
    name: str | None = None,
    state: str = "stored",
    reason: str | None = None,
) -> Media:
    """A file that came with a message, checked and stored by the real vault unless it was refused."""
    row = Media(
        inbound_id=message.id,
        kind=kind,
        reference=f"f{next(_numbers)}",
        file_name=name,
        due_at=message.received_at,
        state=state,
        reason=reason,
    )
    if state == "stored":
        kept = vault.keep(content, file_name=name, mime_type=None)
        assert isinstance(kept, Kept), kept
        row.sha256, row.size = kept.sha256, kept.size
        row.content_kind, row.content_type = kept.kind, kept.content_type
        assert row.sha256 == hashlib.sha256(content).hexdigest()
    session.add(row)
    session.flush()
    session.refresh(message)
    return row
