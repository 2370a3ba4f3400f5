"""Nothing a person says is lost or handled twice: proven while processes die, platforms fail and the database refuses."""

from __future__ import annotations

import asyncio
import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from conversations.database import Database
from tests.faults.checker import Verdict, judge
from tests.faults.dialogues import Person, people, talk_all
from tests.faults.killer import STEPS, Killer, refuse_writes
from tests.product import Product, StandIns, free_port, product, stand_ins, wait_for

pytestmark = pytest.mark.alone

TWICE_LATE_AND_IN_BURSTS = [
    {"kind": "duplicate", "probability": 1.0},
    {"kind": "late_duplicate", "probability": 0.3, "seconds": 4.0},
    {"kind": "burst", "probability": 0.15, "seconds": 1.5},
]
SETTLE_SECONDS = 120.0


@contextmanager
def _house(folder: Path, database_url: str, *, bots: int = 2) -> Iterator[tuple[Product, StandIns, Database]]:
    port = free_port()
    with (
        stand_ins(folder, port) as platforms,
        product(folder, port, database_url, platforms.environment, bots=bots) as running,
    ):
        database = Database(database_url)
        try:
            yield running, platforms, database
        finally:
            database.dispose()


def _talk_while(persons: list[Person], url: str, disturb: Any, *, at_once: int) -> None:
    """Let people talk in a thread of their own while `disturb(talking)` does its worst."""
    failure: list[BaseException] = []

    def talk() -> None:
        try:
            asyncio.run(talk_all(persons, url, at_once=at_once))
        except BaseException as broken:
            failure.append(broken)

    talker = threading.Thread(target=talk)
    talker.start()
    disturb(talker.is_alive)
    talker.join()
    if failure:
        raise failure[0]


def _verdict(persons: list[Person], platforms: StandIns, database: Database) -> Verdict:
    platforms.post("faults", {"rules": []})
    finished = {(person.channel, person.contact) for person in persons if person.finished}
    wait_for(
        "the platforms have delivered all", lambda: not any(platforms.get("pending").values()), SETTLE_SECONDS
    )
    wait_for("everything is handled and sent", lambda: _quiet(database), SETTLE_SECONDS, every=0.5)
    verdict = judge(database, platforms, finished)
    stuck = [
        (person.channel, person.stuck_at, person.shown[-2:]) for person in persons if not person.finished
    ]
    if stuck:
        verdict.faults.append(f"{len(stuck)} dialogues did not end: {stuck[:5]}")
    return verdict


def _quiet(database: Database) -> bool:
    with database.engine.connect() as connection:
        open_rows = connection.exec_driver_sql(
            "SELECT (SELECT count(*) FROM inbound WHERE state IN ('fetching','pending'))"
            " + (SELECT count(*) FROM outbound WHERE state IN ('queued','sending'))"
        ).scalar()
    return open_rows == 0


def _kill_run(folder: Path, database_url: str, *, dialogues: int, kills: int, at_once: int) -> None:
    with _house(folder, database_url) as (running, platforms, database):
        persons = people(dialogues, seed=dialogues)
        killer = Killer(running, platforms, database)
        steps = [*STEPS] * (kills // len(STEPS) + 2)

        def disturb(talking: Any) -> None:
            for step in steps:
                if sum(killer.hits.values()) >= kills or not talking():
                    return
                platforms.post("faults", {"rules": TWICE_LATE_AND_IN_BURSTS})
                killer.hit(step)

        _talk_while(persons, platforms.url, disturb, at_once=at_once)
        verdict = _verdict(persons, platforms, database)
        print(f"\nkills: {dict(killer.hits)}; sends in flight at the kills: {killer.in_flight}; {verdict}")
        assert verdict.faults == []
        assert verdict.repeats_shown <= killer.in_flight
        assert sum(killer.hits.values()) >= kills
        if kills >= len(STEPS):
            assert set(killer.hits) == set(STEPS)


def test_nothing_is_lost_or_handled_twice_while_processes_are_killed(sqlite_url: str, tmp_path: Path) -> None:
    _kill_run(tmp_path, sqlite_url, dialogues=40, kills=6, at_once=8)


@pytest.mark.long
@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_nothing_is_lost_in_two_hundred_dialogues_and_twenty_kills(
    engine: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    url = request.getfixturevalue(f"{'sqlite' if engine == 'sqlite' else 'postgres'}_url")
    _kill_run(tmp_path, url, dialogues=200, kills=24, at_once=12)


def _refusing_run(folder: Path, database_url: str, *, dialogues: int, times: int) -> None:
    with _house(folder, database_url) as (_, platforms, database):
        persons = people(dialogues, seed=dialogues + 1)
        chance = random.Random(3)

        def disturb(talking: Any) -> None:
            for _ in range(times):
                if not talking():
                    return
                refuse_writes(database, chance.uniform(1.0, 4.0))
                threading.Event().wait(chance.uniform(0.5, 2.0))

        _talk_while(persons, platforms.url, disturb, at_once=8)
        verdict = _verdict(persons, platforms, database)
        print(f"\nthe database refused {times} times; {verdict}")
        assert verdict.faults == []
        assert verdict.repeats_shown == 0


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_nothing_is_lost_while_the_database_refuses_writes(
    engine: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    url = request.getfixturevalue(f"{'sqlite' if engine == 'sqlite' else 'postgres'}_url")
    _refusing_run(tmp_path, url, dialogues=16, times=6)


PLATFORM_TROUBLE = [
    {"kind": "rate_limited", "probability": 0.1, "retry_after": 1},
    {"kind": "server_error", "probability": 0.1},
    {"kind": "timeout_before", "probability": 0.03, "seconds": 11.0},
    {"kind": "timeout_after", "probability": 0.03, "seconds": 11.0},
    {"kind": "window_closed", "probability": 0.1},
]


def _trouble_run(folder: Path, database_url: str, *, dialogues: int) -> None:
    with _house(folder, database_url) as (_, platforms, database):
        persons = people(dialogues, seed=dialogues + 2)
        platforms.post("faults", {"rules": PLATFORM_TROUBLE})
        committed: dict[str, int] = {}

        def disturb(talking: Any) -> None:
            while talking():
                for rule in platforms.get("faults")["rules"]:
                    committed[rule["kind"]] = rule["committed"]
                threading.Event().wait(0.5)

        _talk_while(persons, platforms.url, disturb, at_once=8)
        platforms.post("faults", {"rules": []})
        for person in persons:  # what was held is given at the next contact
            platforms.post(f"{person.channel}/text", {"text": "你好"}, contact=person.contact)
        verdict = _verdict(persons, platforms, database)
        print(f"\nfaults of the platforms: {committed}; {verdict}")
        assert verdict.faults == []
        assert verdict.repeats_shown <= committed.get("timeout_after", 0)


def test_nothing_is_lost_while_the_platforms_fail(sqlite_url: str, tmp_path: Path) -> None:
    _trouble_run(tmp_path, sqlite_url, dialogues=16)
