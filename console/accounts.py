"""The people who may sign in: added, disabled, given passwords. Who may do that is for the callers to say."""

from __future__ import annotations

import contextlib
import functools
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from console.tables import ConsoleSession
from conversations.tables import Agent, AuditEntry, Team

Role = Literal["agent", "supervisor", "auditor", "admin"]

SHORTEST_PASSWORD = 10
FIRST_LOGIN = "admin"
FIRST_NAME = "客服小诉"

_hasher = PasswordHasher()  # argon2id with the library's current recommendation (RFC 9106, low memory)


class AccountRefused(Exception):
    """The account cannot be made or changed so; the message says why, for the operator."""


def add_agent(
    session: Session,
    login: str,
    display_name: str,
    role: Role,
    password: str,
    *,
    now: datetime,
    team: str | None = None,
) -> Agent:
    """Add a person, to a team if one is named: cases of the team go to its members.

    Raises `AccountRefused` for a taken login, a weak password, a team that there is not.
    """
    login = login.strip().lower()
    if not login or not display_name.strip():
        raise AccountRefused("login and display name must not be empty")
    if session.scalar(select(Agent.id).where(Agent.login == login)) is not None:
        raise AccountRefused(f"there is an account {login} already")
    found = None
    if team is not None:
        found = session.scalars(select(Team).where(Team.name == team)).one_or_none()
        if found is None:
            names = "、".join(session.scalars(select(Team.name).order_by(Team.name)))
            raise AccountRefused(f"there is no team {team}; the teams are: {names or 'none yet'}")
    row = Agent(
        login=login,
        display_name=display_name.strip(),
        role=role,
        password_hash=_hash(password),
        team_id=None if found is None else found.id,
        created_at=now,
    )
    session.add(row)
    session.flush()
    _audit(session, "agent.add", row, now)
    return row


def set_password(session: Session, login: str, password: str, *, now: datetime) -> None:
    """Give a new password; all sessions of the person end."""
    row = _existing(session, login)
    row.password_hash = _hash(password)
    row.failed_sign_ins, row.locked_until = 0, None
    _end_sessions(session, row, now)
    _audit(session, "agent.passwd", row, now)


def disable(session: Session, login: str, *, now: datetime) -> None:
    """Bar a person from signing in; all his sessions end."""
    row = _existing(session, login)
    row.disabled_at = now
    row.on_duty = False
    _end_sessions(session, row, now)
    _audit(session, "agent.disable", row, now)


def list_agents(session: Session) -> Sequence[Agent]:
    """All people, by login."""
    return session.scalars(select(Agent).order_by(Agent.login)).all()


def ensure_first_admin(session: Session, now: datetime) -> tuple[str, str] | None:
    """If there is nobody yet, make an administrator; returns login and password, to be shown once."""
    if session.scalar(select(func.count()).select_from(Agent)):
        return None
    alphabet = "abcdefghjkmnpqrstuvwxyz23456789"
    password = "-".join("".join(secrets.choice(alphabet) for _ in range(4)) for _ in range(4))
    add_agent(session, FIRST_LOGIN, FIRST_NAME, "admin", password, now=now)
    return FIRST_LOGIN, password


def password_matches(row: Agent, password: str) -> bool:
    """Is it his password? Slow on purpose (some 50 ms)."""
    try:
        return _hasher.verify(row.password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


def waste_time(password: str) -> None:
    """Take as long as a real check: an answer's time must not tell whether there is such a login."""
    with contextlib.suppress(VerificationError, InvalidHashError):
        _hasher.verify(_nobodys_hash(), password)


def renew_hash(row: Agent, password: str) -> None:
    """Hash a password that was just found right anew where the library's recommendation has moved on."""
    if _hasher.check_needs_rehash(row.password_hash):
        row.password_hash = _hasher.hash(password)


@functools.cache
def _nobodys_hash() -> str:
    return _hasher.hash(secrets.token_urlsafe(24))


def _hash(password: str) -> str:
    if len(password) < SHORTEST_PASSWORD:
        raise AccountRefused(f"a password needs at least {SHORTEST_PASSWORD} characters")
    return _hasher.hash(password)


def _existing(session: Session, login: str) -> Agent:
    row = session.scalars(select(Agent).where(Agent.login == login.strip().lower())).one_or_none()
    if row is None:
        raise AccountRefused(f"there is no account {login}")
    return row


def _end_sessions(session: Session, row: Agent, now: datetime) -> None:
    session.execute(
        update(ConsoleSession)
        .where(ConsoleSession.agent_id == row.id, ConsoleSession.ended_at.is_(None))
        .values(ended_at=now)
    )


def _audit(session: Session, action: str, row: Agent, now: datetime) -> None:
    session.add(AuditEntry(at=now, actor="cli", action=action, subject=f"agent:{row.id}"))
