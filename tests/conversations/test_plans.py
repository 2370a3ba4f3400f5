"""What loops and turns ask the database about open work is answered from indexes, however much lies there already."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timezone
from typing import Any

import pytest
from sqlalchemy import Executable, event

from conversations import courier, turn_runner
from conversations.courier import Courier
from conversations.database import Database
from tests.conversations.parts import CountedWakeups

NOW = datetime(2026, 11, 23, tzinfo=timezone.utc)


@pytest.fixture
def plain(sqlite_url: str) -> Iterator[Database]:
    database = Database(sqlite_url)
    yield database
    database.dispose()


@contextmanager
def statements(database: Database) -> Iterator[list[tuple[str, Any]]]:
    """Everything that is asked meanwhile."""
    asked: list[tuple[str, Any]] = []

    def listen(_c: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool) -> None:
        asked.append((statement, parameters))

    event.listen(database.engine, "before_cursor_execute", listen)
    try:
        yield asked
    finally:
        event.remove(database.engine, "before_cursor_execute", listen)


def scans(database: Database, asked: list[tuple[str, Any]]) -> list[str]:
    """The steps of SQLite's plans that walk a whole table or index, of what was asked."""
    found = []
    with database.engine.connect() as connection:
        for statement, parameters in asked:
            if statement.startswith("SELECT"):
                plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
                found += [row[3] for row in plan if row[3].startswith("SCAN") and "CONSTANT" not in row[3]]
    return found


@pytest.mark.parametrize(
    ("statement", "parameters"),
    [
        (turn_runner._CANDIDATES, {"now": NOW}),
        (turn_runner._NEXT_DUE, {}),
        (turn_runner._OPEN, {"conversation_id": 1}),
        (turn_runner._HELD, {"conversation_id": 1}),
        (courier._DUE, {"now": NOW}),
    ],
    ids=["due turns", "next turn", "open messages", "held messages", "due sends"],
)
def test_open_work_is_found_by_an_index(
    plain: Database, statement: Executable, parameters: dict[str, Any]
) -> None:
    with statements(plain) as asked, plain.read() as session:
        session.execute(statement, parameters).all()
    assert len(asked) == 1
    assert scans(plain, asked) == []


def test_looking_for_sends_that_were_cut_off_or_are_due_next_scans_nothing(plain: Database) -> None:
    sends = Courier(plain, {}, CountedWakeups(), clock=lambda: NOW)
    with statements(plain) as asked:
        sends._claim()
        assert sends.next_due_at() is None
    assert len(asked) >= 3
    assert scans(plain, asked) == []
