"""Fixtures of the case tests: a transaction on each engine, the default policy, a world to put into it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from cases import policy
from conversations.database import Database
from tests.cases.world import World


@pytest.fixture
def world() -> World:
    """Makes rows."""
    return World()


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """A transaction on each engine, as the product opens them."""
    with database.write() as opened:
        yield opened
        opened.rollback()


@pytest.fixture(autouse=True)
def _default_policy() -> Iterator[None]:
    policy.install(policy.Policy())
    yield
    policy.install(policy.Policy())
