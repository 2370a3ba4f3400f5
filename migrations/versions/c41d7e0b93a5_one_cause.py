"""Finding how many people one merchant's fault has hit.

Revision ID: c41d7e0b93a5
Revises: 8b1f4c2e6d90
"""

from __future__ import annotations

from alembic import op

revision = "c41d7e0b93a5"
down_revision = "8b1f4c2e6d90"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_cases_merchant", "cases", ["merchant", "created_at"])


def downgrade() -> None:
    op.drop_index("ix_cases_merchant", "cases")
