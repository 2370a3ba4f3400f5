"""Bringing a database to the newest version of the tables."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from conversations.database import Database, WriterQueue

SCRIPTS = Path(__file__).resolve().parent.parent / "migrations"
ADVISORY_LOCK = 0x5EDA
"""PostgreSQL's advisory lock that lets one process migrate at a time."""


def upgrade(database: Database) -> bool:
    """Migrate to the newest version; True if anything was done. Safe to call from several processes at once."""
    if database.is_sqlite:
        leave = WriterQueue(database.file.with_name(database.file.name + ".migrating")).enter()
        try:
            with database.engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA journal_mode = WAL")
                return _upgrade(connection)
        finally:
            leave()
    with database.engine.connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": ADVISORY_LOCK})
        connection.commit()
        try:
            return _upgrade(connection)
        finally:
            connection.rollback()
            connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": ADVISORY_LOCK})
            connection.commit()


def is_current(database: Database) -> bool:
    """Has the database the newest version of the tables?"""
    with database.engine.connect() as connection:
        return _version(connection) == _newest()


def revise(database: Database, message: str) -> None:
    """Write a migration for what the tables in code have and the database has not (for developers)."""
    with database.engine.connect() as connection:
        command.revision(_config(connection), message, autogenerate=True)


def _upgrade(connection: Connection) -> bool:
    before = _version(connection)
    connection.rollback()
    command.upgrade(_config(connection), "head")
    connection.commit()
    return before != _newest()


def _version(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _newest() -> str | None:
    return ScriptDirectory(str(SCRIPTS)).get_current_head()


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.attributes["connection"] = connection
    return config
