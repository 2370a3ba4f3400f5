"""Fixtures of the console's tests: the console on each engine, one person of each role."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from cases import policy
from conversations.database import Database
from tests.console.parts import Console, SetClock, browser_of, make_console, staff


@dataclass(frozen=True)
class House:
    """Who works here, by id."""

    lin: int
    chen: int
    boss: int
    auditor: int
    admin: int

    def of_role(self, role: str) -> int:
        return {
            "agent": self.lin,
            "supervisor": self.boss,
            "auditor": self.auditor,
            "admin": self.admin,
        }[role]


@pytest.fixture(autouse=True)
def _default_policy() -> Iterator[None]:
    policy.install(policy.Policy())
    yield
    policy.install(policy.Policy())


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def console(database: Database, tmp_path: Path, clock: SetClock) -> Iterator[Console]:
    made = make_console(database, tmp_path, clock)
    yield made
    made.wakeups.close()


@pytest.fixture
def house(console: Console) -> House:
    with console.database.write() as session:
        return House(
            staff(session, "lin", "林若溪").id,
            staff(session, "chen", "陈默").id,
            staff(session, "boss", "周岚", "supervisor").id,
            staff(session, "eye", "审计员", "auditor").id,
            staff(session, "admin", "管理员", "admin").id,
        )


@pytest.fixture
def lin(console: Console, house: House) -> TestClient:
    """An agent's browser."""
    return browser_of(console, house.lin)


@pytest.fixture
def chen(console: Console, house: House) -> TestClient:
    """His colleague's."""
    return browser_of(console, house.chen)


@pytest.fixture
def auditor(console: Console, house: House) -> TestClient:
    """The browser of one who may only look."""
    return browser_of(console, house.auditor)
