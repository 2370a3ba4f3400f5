"""The stock assistant's own case database: one SQLite file, one connection a call, as rasa_sdk tutorials do it.

It knows nothing of Rasa and must not: the actions pass plain values in and out.
"""

from __future__ import annotations

import os
import secrets
import sqlite3
from contextlib import closing
from datetime import datetime, timezone

SCHEMA = """
CREATE TABLE IF NOT EXISTS cases (
    number TEXT PRIMARY KEY,
    sender_id TEXT NOT NULL,
    complaint_type TEXT NOT NULL,
    description TEXT NOT NULL,
    order_no TEXT,
    evidence TEXT,
    stage TEXT NOT NULL,
    created_at TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS cases_sender ON cases (sender_id, created_at);
"""


def _connect() -> sqlite3.Connection:
    return sqlite3.connect(os.environ["STOCK_CASES_DB"], timeout=10)


def create_schema() -> None:
    with closing(_connect()) as connection, connection:
        connection.executescript(SCHEMA)


def insert_case(sender_id: str, complaint_type: str, description: str, order_no: str, evidence: str) -> str:
    """Store a case and return its number."""
    now = datetime.now(timezone.utc)
    number = f"TS{now:%y%m%d}{secrets.randbelow(10**7):07d}"
    with closing(_connect()) as connection, connection:
        connection.execute(
            "INSERT INTO cases VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (number, sender_id, complaint_type, description, order_no, evidence, "已提交", now.isoformat()),
        )
    return number


def latest_cases(sender_id: str, limit: int = 3) -> list[tuple[str, str]]:
    """The sender's newest cases as (number, stage)."""
    with closing(_connect()) as connection:
        rows = connection.execute(
            "SELECT number, stage FROM cases WHERE sender_id = ? ORDER BY created_at DESC LIMIT ?",
            (sender_id, limit),
        )
        return [(number, stage) for number, stage in rows]
