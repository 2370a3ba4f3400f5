"""The one database: engine, sessions, and who may write when.

Three ways in. `read()` looks and never waits for a writer. `write()` is a transaction from its first line. `turn()`
reads freely and becomes a transaction at its first write, so that a turn's thinking does not hold the write lock.

SQLite has one writer at a time and its busy handler starves the unlucky, so writers queue at a file lock first
(`WriterQueue`); the lock dies with the process that holds it. PostgreSQL needs none of that. Rules of complaint
handling have no place here.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from sqlalchemy import DateTime, Dialect, create_engine, event
from sqlalchemy.engine import Engine, make_url
from sqlalchemy.orm import DeclarativeBase, ORMExecuteState, Session
from sqlalchemy.types import TypeDecorator

SQLITE_BUSY_MS = 5_000


class UtcDateTime(TypeDecorator[datetime]):
    """An instant. Aware in Python, UTC in the database (SQLite keeps no time zone)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime is not an instant")
        utc = value.astimezone(timezone.utc)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=timezone.utc) if value.tzinfo is None else value.astimezone(timezone.utc)


class Base(DeclarativeBase):
    """All tables of the product share one metadata, so that one migration history covers them."""

    type_annotation_map = {datetime: UtcDateTime}


class WriterQueue:
    """Lets one writer at a time into an SQLite file, across threads and processes, in the order of arrival."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def enter(self) -> Callable[[], None]:
        """Wait for the turn to write; call what is returned to let the next one in."""
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
        except BaseException:
            os.close(handle)
            raise
        return lambda: os.close(handle)


class Database:
    """Opens sessions on one database URL. Cheap to make; make one per process, after forking.

    Errors name statements, never their parameters: those hold people's words.
    """

    def __init__(self, url: str, *, pool_size: int = 10) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._queue: WriterQueue | None = None
        if self.is_sqlite:
            if not self.url.database or self.url.database == ":memory:":
                raise ValueError("an SQLite database must be a file: processes share it")
            self.file = Path(self.url.database)
            self.file.parent.mkdir(parents=True, exist_ok=True)
            self._queue = WriterQueue(self.file.with_name(self.file.name + ".writer"))
            self.engine = create_engine(self.url, pool_size=pool_size, max_overflow=20, hide_parameters=True)
            event.listen(self.engine, "connect", _prepare_sqlite)
        else:
            self.engine = create_engine(
                self.url, pool_size=pool_size, max_overflow=20, pool_pre_ping=True, hide_parameters=True
            )

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session for looking. Each statement sees what was committed before it."""
        with Session(self.engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A transaction: committed at the end of the block, rolled back on any exception."""
        with self.turn() as session:
            begin_writing(session)
            yield session

    @contextmanager
    def turn(self) -> Iterator[Session]:
        """A transaction that begins at its first write or locking read (at once on PostgreSQL)."""
        session = Session(self.engine, expire_on_commit=False)
        session.info["queue"] = self._queue
        event.listen(session, "before_flush", _begin_before_flush)
        event.listen(session, "do_orm_execute", _begin_before_statement)
        try:
            yield session
            session.commit()
        except BaseException:
            session.rollback()
            raise
        finally:
            session.close()
            leave = session.info.pop("leave", None)
            if leave is not None:
                leave()

    def dispose(self) -> None:
        """Close pooled connections (before a fork, or at the end)."""
        self.engine.dispose()


def begin_writing(session: Session) -> None:
    """Make sure that the session may write from here on.

    On SQLite this waits for the other writers, begins, and then calls the session's `on_begin` (set by a turn to
    check that the world is still the one it read). Does nothing when the session already writes.
    """
    queue: WriterQueue | None = session.info.get("queue")
    if queue is None or "leave" in session.info:
        return
    session.info["leave"] = queue.enter()
    session.connection().exec_driver_sql("BEGIN IMMEDIATE")
    check: Callable[[], None] | None = session.info.get("on_begin")
    if check is not None:
        check()


def _begin_before_flush(session: Session, _context: Any, _instances: Any) -> None:
    # "Dirty" also means "set to what it was": that is no reason to wait for the write lock.
    if session.new or session.deleted or any(session.is_modified(row) for row in session.dirty):
        begin_writing(session)


def _begin_before_statement(state: ORMExecuteState) -> None:
    locking = getattr(state.statement, "_for_update_arg", None) is not None
    if locking or not state.is_select:
        begin_writing(state.session)


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # no BEGIN of the driver's own: begin_writing() issues it
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {SQLITE_BUSY_MS}")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.close()


def engine_of(session: Session) -> Engine:
    """The engine behind a session (for code that needs the dialect's name)."""
    bind = session.get_bind()
    return bind if isinstance(bind, Engine) else bind.engine
