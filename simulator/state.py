"""The SQLite file (or memory) in which the stand-ins remember: schema, counters and settings.

Every statement is its own short transaction and runs on the event loop, so whatever happens between two
awaits is atomic and needs no lock. No rule of a platform belongs here.
"""

from __future__ import annotations

import json
import sqlite3
import time
from pathlib import Path
from typing import Any

from simulator.config import MEMORY

_SCHEMA = """
CREATE TABLE IF NOT EXISTS setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS contact (
    channel TEXT NOT NULL, id TEXT NOT NULL, blocked INTEGER NOT NULL DEFAULT 0, facts TEXT NOT NULL DEFAULT
    '{}', PRIMARY KEY (channel, id)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS message (
    id INTEGER PRIMARY KEY AUTOINCREMENT, revision INTEGER NOT NULL, channel TEXT NOT NULL, contact TEXT NOT
    NULL, sender TEXT NOT NULL, kind TEXT NOT NULL, text TEXT NOT NULL, buttons TEXT NOT NULL, keyboard TEXT
    NOT NULL, request_phone INTEGER NOT NULL, file TEXT, location TEXT, album TEXT NOT NULL, at REAL NOT
    NULL, state TEXT NOT NULL, edited INTEGER NOT NULL DEFAULT 0, wire TEXT NOT NULL DEFAULT '{}'
);
CREATE INDEX IF NOT EXISTS message_by_contact ON message (channel, contact, id);
CREATE INDEX IF NOT EXISTS message_by_revision ON message (channel, contact, revision);
CREATE TABLE IF NOT EXISTS event (
    number INTEGER PRIMARY KEY AUTOINCREMENT, channel TEXT NOT NULL, external_id TEXT NOT NULL, contact TEXT
    NOT NULL, kind TEXT NOT NULL, text TEXT NOT NULL, message INTEGER, body TEXT NOT NULL, lane TEXT NOT
    NULL, created_at REAL NOT NULL, expires_at REAL NOT NULL, state TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS event_by_state ON event (channel, state, number);
CREATE INDEX IF NOT EXISTS event_by_external_id ON event (channel, external_id);
CREATE TABLE IF NOT EXISTS delivery (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    channel TEXT NOT NULL, external_id TEXT NOT NULL, cause TEXT NOT NULL, started_at REAL NOT NULL,
    seconds REAL NOT NULL, status INTEGER NOT NULL, answer TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS call (
    id INTEGER PRIMARY KEY AUTOINCREMENT, channel TEXT NOT NULL, method TEXT NOT NULL, contact TEXT NOT
    NULL, text TEXT NOT NULL, code INTEGER NOT NULL, reason TEXT NOT NULL, fault TEXT NOT NULL, message
    INTEGER, at REAL NOT NULL
);
CREATE TABLE IF NOT EXISTS media (
    id TEXT PRIMARY KEY, channel TEXT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL, mime TEXT NOT NULL,
    size INTEGER NOT NULL, created_at REAL NOT NULL, path TEXT NOT NULL, body BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS media_by_path ON media (path);
CREATE TABLE IF NOT EXISTS press (
    id TEXT PRIMARY KEY, contact TEXT NOT NULL, message INTEGER NOT NULL, at REAL NOT NULL,
    answered INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
"""

_CLEARED_BY_RESET = ("contact", "message", "event", "delivery", "call", "media", "press")


class Store:
    """One connection, used from one event loop."""

    def __init__(self, path: str) -> None:
        if path != MEMORY:
            Path(path).parent.mkdir(parents=True, exist_ok=True)
        # The app may be built in one thread and served from another, but never by two at once.
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._db.row_factory = sqlite3.Row
        self._db.execute("PRAGMA busy_timeout = 5000")
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = NORMAL")
        self._db.executescript(_SCHEMA)
        self._seed_counters()

    def _seed_counters(self) -> None:
        # A product remembers the identifiers it has handled. Were the state file deleted and the counters
        # begun at 1 again, every new message would look like an old one, so the first number is taken from
        # the calendar.
        seconds = int(time.time()) - 1_700_000_000
        self._update_id: int = self.setting("update_id", seconds * 10)
        self._clock_numbers: dict[str, int] = {}
        if not self.one("SELECT 1 FROM sqlite_sequence WHERE name = 'message'"):
            self.run("INSERT INTO sqlite_sequence (name, seq) VALUES ('message', ?)", seconds)

    def run(self, sql: str, *values: Any) -> int:
        """Execute one statement; returns the row id of an insert."""
        return self._db.execute(sql, values).lastrowid or 0

    def change(self, sql: str, *values: Any) -> int:
        """Execute one statement; returns how many rows it changed."""
        return self._db.execute(sql, values).rowcount

    def one(self, sql: str, *values: Any) -> sqlite3.Row | None:
        row: sqlite3.Row | None = self._db.execute(sql, values).fetchone()
        return row

    def all(self, sql: str, *values: Any) -> list[sqlite3.Row]:
        return self._db.execute(sql, values).fetchall()

    def setting(self, name: str, default: Any) -> Any:
        row = self.one("SELECT value FROM setting WHERE name = ?", name)
        return default if row is None else json.loads(row["value"])

    def save_setting(self, name: str, value: Any) -> None:
        text = json.dumps(value, ensure_ascii=False)
        self.run(
            "INSERT INTO setting VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            name,
            text,
        )

    def next_update_id(self) -> int:
        """Telegram's update_id: one more than the last, across restarts and resets."""
        self._update_id += 1
        self.save_setting("update_id", self._update_id)
        return self._update_id

    def next_clock_number(self, counter: str, per_second: int) -> int:
        """A number that only grows, taken from the clock, so that it needs no memory of the last one.

        ``per_second``: how many numbers a second has; asked for faster than that, it counts on.
        """
        number = max(self._clock_numbers.get(counter, 0) + 1, int(time.time() * per_second))
        self._clock_numbers[counter] = number
        return number

    def reset(self) -> None:
        """Forget people, messages and history; keep the counters and what the bot set (webhook, menu, …)."""
        for table in _CLEARED_BY_RESET:
            self.run(f"DELETE FROM {table}")  # noqa: S608 - names from this module

    def close(self) -> None:
        self._db.close()
