"""Indexes of what is open: due, in flight, held.

Revision ID: 3c5e0a7d91b2
Revises: f99e169f59b4
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "3c5e0a7d91b2"
down_revision = "f99e169f59b4"
branch_labels = None
depends_on = None

NEW = (
    ("ix_inbound_due", "inbound", ["due_at", "conversation_id"], "state = 'pending'"),
    ("ix_outbound_unsent", "outbound", ["conversation_id", "id"], "state IN ('queued','sending')"),
    ("ix_outbound_due", "outbound", ["due_at", "id"], "state = 'queued'"),
    ("ix_outbound_sending", "outbound", ["claimed_at"], "state = 'sending'"),
    ("ix_outbound_held", "outbound", ["conversation_id", "id"], "state = 'held'"),
)
OLD = ("ix_outbound_open", "outbound", ["conversation_id", "id"], "state IN ('queued','sending','held')")


def upgrade() -> None:
    op.drop_index("ix_outbound_open", "outbound")
    for name, table, columns, where in NEW:
        _create(name, table, columns, where)


def downgrade() -> None:
    for name, table, _, _ in NEW:
        op.drop_index(name, table)
    _create(*OLD)


def _create(name: str, table: str, columns: list[str], where: str) -> None:
    op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
