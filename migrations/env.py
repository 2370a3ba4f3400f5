"""Alembic's environment: run by `server.migrate`, which hands in the connection."""

from __future__ import annotations

from alembic import context
from sqlalchemy.types import TypeEngine

import cases.tables  # noqa: F401 - the tables register themselves with the metadata
import console.tables  # noqa: F401
from conversations.database import Base, UtcDateTime


def render_type(kind: str, value: object, autogen_context: object) -> str | bool:
    """Write our instant type as what it is in the database."""
    if kind == "type" and isinstance(value, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def compare_type(
    _context: object,
    _inspected: object,
    _declared: object,
    _type: TypeEngine[object],
    declared: TypeEngine[object],
) -> bool | None:
    """An instant is stored as the dialect stores it; that is no difference."""
    return False if isinstance(declared, UtcDateTime) else None


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    render_item=render_type,
    compare_type=compare_type,
)
with context.begin_transaction():
    context.run_migrations()
