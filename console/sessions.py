"""Signed-in browsers: begun, recognised by their token, ended. Only a hash of the token is kept."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from console.tables import ConsoleSession
from conversations.tables import Agent

LASTS = timedelta(hours=12)


def begin(session: Session, agent: Agent, now: datetime) -> str:
    """Start a session of this agent's; returns its token, which is shown to nobody but his browser."""
    token = secrets.token_urlsafe(32)
    session.add(
        ConsoleSession(
            token_hash=_hash(token),
            agent_id=agent.id,
            created_at=now,
            last_seen_at=now,
            expires_at=now + LASTS,
        )
    )
    return token


def find(session: Session, token: str, now: datetime) -> ConsoleSession | None:
    """The running session of this token. None if it is unknown, over, ended, or of a disabled person."""
    row = session.scalars(
        select(ConsoleSession).where(ConsoleSession.token_hash == _hash(token))
    ).one_or_none()
    return row if row is not None and _runs(row, now) else None


def keep_alive(session: Session, session_id: int, now: datetime) -> bool:
    """The browser is still there, and so is the person: note it. False where the session is over."""
    row = session.get(ConsoleSession, session_id)
    if row is None or not _runs(row, now):
        return False
    row.last_seen_at = now
    session.execute(update(Agent).where(Agent.id == row.agent_id).values(last_seen_at=now))
    return True


def end(session: Session, session_id: int, now: datetime) -> None:
    """End a session; ending it again changes nothing."""
    session.execute(
        update(ConsoleSession)
        .where(ConsoleSession.id == session_id, ConsoleSession.ended_at.is_(None))
        .values(ended_at=now)
    )


def running_of(session: Session, agent_id: int, now: datetime) -> Sequence[ConsoleSession]:
    """The running sessions of a person, the latest first."""
    return session.scalars(
        select(ConsoleSession)
        .where(
            ConsoleSession.agent_id == agent_id,
            ConsoleSession.ended_at.is_(None),
            ConsoleSession.expires_at > now,
        )
        .order_by(ConsoleSession.id.desc())
    ).all()


def _runs(row: ConsoleSession, now: datetime) -> bool:
    return row.ended_at is None and row.expires_at > now and row.agent.disabled_at is None


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
