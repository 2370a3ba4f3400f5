"""What all tests share: a migrated database on each engine, a blocked network, the trained model."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

os.environ["RASA_TELEMETRY_ENABLED"] = "false"
os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")

import psycopg
import pytest
from psycopg import sql
from pytest_socket import socket_allow_hosts

from conversations.database import Database
from server import migrate

POSTGRES_URL = os.environ.get(
    "SUDA_TEST_POSTGRES_URL", "postgresql+psycopg://postgres@localhost:5432/postgres"
)
REQUIRED = frozenset(filter(None, os.environ.get("SUDA_TEST_REQUIRE", "").split(",")))
"""What must not be skipped: `postgres`, `browser`, `fonts`."""


def pytest_runtest_setup() -> None:
    """Nothing leaves this machine: only loopback and local sockets."""
    socket_allow_hosts(["127.0.0.1", "::1"], allow_unix_socket=True)


def missing(what: str, reason: str) -> None:
    """Skip a test for want of something, or fail it where that thing is required."""
    if what in REQUIRED:
        pytest.fail(f"{what} is required here: {reason}")
    pytest.skip(reason)


@pytest.fixture(scope="session")
def _sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "suda.db"
    database = Database(f"sqlite:///{path}")
    migrate.upgrade(database)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.dispose()
    return path


@pytest.fixture
def sqlite_url(_sqlite_template: Path, tmp_path: Path) -> str:
    """The URL of a migrated SQLite database of this test's own."""
    path = tmp_path / "suda.db"
    shutil.copy(_sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture(scope="session")
def _postgres_template() -> Iterator[str]:
    plain = POSTGRES_URL.replace("+psycopg", "")
    try:
        server = psycopg.connect(plain, autocommit=True, connect_timeout=3)
    except psycopg.OperationalError as refused:
        missing("postgres", f"no PostgreSQL at SUDA_TEST_POSTGRES_URL ({type(refused).__name__})")
        return
    name = f"suda_test_{uuid.uuid4().hex[:10]}"
    with server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        database = Database(_url_of(name))
        migrate.upgrade(database)
        database.dispose()
        yield name
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture
def postgres_url(_postgres_template: str) -> Iterator[str]:
    """The URL of a migrated PostgreSQL database of this test's own."""
    name = f"suda_test_{uuid.uuid4().hex[:10]}"
    with psycopg.connect(POSTGRES_URL.replace("+psycopg", ""), autocommit=True) as server:
        server.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                sql.Identifier(name), sql.Identifier(_postgres_template)
            )
        )
        yield _url_of(name)
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _url_of(name: str) -> str:
    return POSTGRES_URL.rsplit("/", 1)[0] + f"/{name}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A migrated database's URL, on each engine."""
    name = "sqlite_url" if request.param == "sqlite" else "postgres_url"
    return str(request.getfixturevalue(name))


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A migrated database, on each engine."""
    opened = Database(database_url)
    yield opened
    opened.dispose()
