"""One turn at a time in a conversation, whatever process runs it; a killed process lets go at once.

On PostgreSQL the conversation's row lock is the claim (`FOR UPDATE SKIP LOCKED`, held by the turn's own transaction).
SQLite has no row locks: there a byte of a lock file stands for each conversation.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from conversations.database import Database
from conversations.tables import Conversation

_PLAIN = select(Conversation).where(Conversation.id == bindparam("conversation_id"))
_LOCKED = _PLAIN.with_for_update(of=Conversation, skip_locked=True)


class Claims:
    """Claims conversations for one bot process. Not for use from several threads."""

    def __init__(self, database: Database) -> None:
        self._handle: int | None = None
        if database.is_sqlite:
            path = database.file.with_name(database.file.name + ".turns")
            self._handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    @contextmanager
    def held(self, conversation_id: int) -> Iterator[bool]:
        """Hold the conversation for the block, which must enclose the turn's transaction; False if another has it."""
        if self._handle is None:
            yield True  # the row lock that load() takes decides
            return
        try:
            fcntl.lockf(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, conversation_id)
        except OSError:
            yield False
            return
        try:
            yield True
        finally:
            fcntl.lockf(self._handle, fcntl.LOCK_UN, 1, conversation_id)

    def load(self, session: Session, conversation_id: int) -> Conversation | None:
        """The conversation's row, locked where rows can be; None if another turn has it."""
        statement = _LOCKED if self._handle is None else _PLAIN
        return session.scalars(statement, {"conversation_id": conversation_id}).one_or_none()

    def close(self) -> None:
        """Let go of everything."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None
