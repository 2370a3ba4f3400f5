"""What was read off pictures, and what the company's order system said of an order.

Revision ID: 8b1f4c2e6d90
Revises: 3c5e0a7d91b2
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "8b1f4c2e6d90"
down_revision = "3c5e0a7d91b2"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("media") as media:
        media.add_column(sa.Column("shown", sa.JSON(), nullable=True))
    op.create_table(
        "order_lookups",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("order_no", sa.String(length=64), nullable=False),
        sa.Column("contact_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("contact_id", "order_no"),
    )
    op.create_index(
        "ix_order_lookups_pending",
        "order_lookups",
        ["asked_at"],
        sqlite_where=sa.text("state = 'pending'"),
        postgresql_where=sa.text("state = 'pending'"),
    )


def downgrade() -> None:
    op.drop_table("order_lookups")
    with op.batch_alter_table("media") as media:
        media.drop_column("shown")
