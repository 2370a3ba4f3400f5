"""Writing down who looked at what and who changed what. Ids only, never the data itself."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from conversations.tables import Agent, AuditEntry


def record(session: Session, agent: Agent, action: str, subject: str, now: datetime, **details: Any) -> None:
    """Append one entry, in the transaction of what it tells about. `subject` is `kind:id`."""
    session.add(
        AuditEntry(at=now, actor=f"agent:{agent.id}", action=action, subject=subject, details=details)
    )
