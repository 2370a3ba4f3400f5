"""Kills processes of the running product with SIGKILL, each time at a step that is looked for and then named.

Nothing in the product helps: the steps are seen from outside, in the database, in its lock files and in what the
platforms have under way.
"""

from __future__ import annotations

import fcntl
import os
import random
import signal
import struct
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import func, select

from conversations.database import Database
from conversations.tables import InboundMessage, Media, OutboundMessage
from tests.product import Product, StandIns, wait_for

BEFORE_COMMIT = "before the inbound commit"
AFTER_COMMIT = "after the inbound commit"
FETCHING = "while fetching media"
IN_TURN = "in the turn"
BEFORE_SEND = "before the send"
AFTER_SEND = "after the send"
STEPS = (BEFORE_COMMIT, AFTER_COMMIT, FETCHING, IN_TURN, BEFORE_SEND, AFTER_SEND)
LOOK_SECONDS = 20.0
HOLD_SECONDS = 4.0


@dataclass
class Killer:
    """Kills, and counts what it hit and how many sends were in flight."""

    product: Product
    stand_ins: StandIns
    database: Database
    chance: random.Random = field(default_factory=lambda: random.Random(7))
    hits: Counter[str] = field(default_factory=Counter)
    in_flight: int = 0

    def hit(self, step: str) -> bool:
        """Wait until the step is happening and kill the process that does it; False if it did not happen in time."""
        aim = {
            BEFORE_COMMIT: self._before_commit,
            AFTER_COMMIT: self._after_commit,
            FETCHING: self._fetching,
            IN_TURN: self._in_turn,
            BEFORE_SEND: lambda: self._sending("timeout_before"),
            AFTER_SEND: lambda: self._sending("timeout_after"),
        }[step]
        killed = aim()
        if killed:
            self.hits[step] += 1
            wait_for("the product is back", self.product.ready, 60)
        return killed

    def _kill(self, role: str) -> bool:
        workers = self.product.workers(role)
        if not workers:
            return False
        os.kill(workers[0], signal.SIGKILL)
        if role == "web":
            with self.database.read() as session:
                self.in_flight += (
                    session.scalar(
                        select(func.count())
                        .select_from(OutboundMessage)
                        .where(OutboundMessage.state == "sending")
                    )
                    or 0
                )
        return True

    def _before_commit(self) -> bool:
        """Nobody may commit for a moment: what arrives now waits for its commit, and the web process dies waiting.

        A short moment: WeChat delivers three times within 15 s and then never again, whoever is to blame.
        """
        with self._nobody_commits():
            arrived = self._arrived()
            if not self._look(lambda: self._arrived() > arrived, within=HOLD_SECONDS):
                return False
            return self._kill("web")

    def _after_commit(self) -> bool:
        """The instant in which a new row is seen."""
        with self.database.read() as session:
            last = session.scalar(select(func.max(InboundMessage.id))) or 0

        def came() -> bool:
            with self.database.read() as session:
                return (session.scalar(select(func.max(InboundMessage.id))) or 0) > last

        return self._look(came, every=0.0005) and self._kill("web")

    def _fetching(self) -> bool:
        """A file is claimed by the fetcher while the platform takes its time."""
        self.stand_ins.post("faults", {"rules": [{"kind": "slow_media", "seconds": 1.5, "count": 2}]})

        def claimed() -> bool:
            with self.database.read() as session:
                return (
                    session.scalar(
                        select(Media.id)
                        .where(Media.state == "pending", Media.claimed_until.is_not(None))
                        .limit(1)
                    )
                    is not None
                )

        return self._look(claimed, every=0.002) and self._kill("web")

    def _in_turn(self) -> bool:
        """A bot holds a conversation's claim."""

        def busy() -> bool:
            return self._claimed_by_bot()

        return self._look(busy, every=0.0) and self._kill("bot")

    def _sending(self, fault: str) -> bool:
        """A message is in flight and the platform holds its answer back, having shown it (after) or not (before)."""
        rule = {"kind": fault, "count": 1, "seconds": 3.0}
        self.stand_ins.post("faults", {"rules": [rule]})

        def under_way() -> bool:
            rules = self.stand_ins.get("faults")["rules"]
            return any(one["committed"] for one in rules)

        try:
            return self._look(under_way, every=0.02) and self._kill("web")
        finally:
            self.stand_ins.post("faults", {"rules": []})

    def _arrived(self) -> int:
        return sum(self.stand_ins.get("pending").values())

    def _nobody_commits(self) -> _Stopped:
        return _Stopped(self.database)

    def _claimed_by_bot(self) -> bool:
        if self.database.is_sqlite:
            return _byte_is_locked(self.database.file.with_name(self.database.file.name + ".turns"))
        with self.database.engine.connect() as connection:
            return bool(
                connection.exec_driver_sql(
                    "SELECT count(*) FROM pg_locks l JOIN pg_class c ON c.oid = l.relation"
                    " WHERE c.relname = 'conversations' AND l.mode = 'RowShareLock'"
                ).scalar()
            )

    @staticmethod
    def _look(condition: object, *, every: float = 0.005, within: float = LOOK_SECONDS) -> bool:
        deadline = time.monotonic() + within
        while time.monotonic() < deadline:
            if condition():  # type: ignore[operator]
                return True
            if every:
                time.sleep(every)
        return False


class _Stopped:
    """While it is entered nobody commits a message: every writer waits."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._connection = database.engine.connect()

    def __enter__(self) -> None:
        if self._database.is_sqlite:
            self._connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            self._connection.exec_driver_sql("LOCK TABLE inbound IN EXCLUSIVE MODE")

    def __exit__(self, *_: object) -> None:
        self._connection.rollback()
        self._connection.close()


def refuse_writes(database: Database, seconds: float) -> None:
    """Let the database take no writes for a while: SQLite's writers wait, PostgreSQL becomes a read-only standby."""
    if database.is_sqlite:
        with _Stopped(database):
            time.sleep(seconds)
        return
    _read_only(database, "on")
    time.sleep(seconds)
    _read_only(database, "off")


def _read_only(database: Database, state: str) -> None:
    """Switch a PostgreSQL database, and end the connections that do not know of it yet."""
    name = database.url.database
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("SET default_transaction_read_only = off")
        connection.exec_driver_sql(f'ALTER DATABASE "{name}" SET default_transaction_read_only = {state}')
        connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    database.dispose()


def _byte_is_locked(path: Path) -> bool:
    """Does some process hold a lock on any byte of the file?"""
    handle = os.open(path, os.O_RDWR)
    try:
        question = struct.pack("hhqqi4x", fcntl.F_WRLCK, os.SEEK_SET, 0, 0, 0)
        answer = fcntl.fcntl(handle, fcntl.F_GETLK, question)
        return int(struct.unpack("hhqqi4x", answer)[0]) != fcntl.F_UNLCK
    finally:
        os.close(handle)
