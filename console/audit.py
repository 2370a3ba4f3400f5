"""Writing down who looked at what and who changed what. Ids only, never the data itself.

Opening something is a look each time. A page that is open asks again whenever something changes: as long as it goes on
asking, that is one look.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from conversations.tables import Agent, AuditEntry

SITTING = timedelta(minutes=15)
MOST_SITTINGS = 10_000


def record(session: Session, agent: Agent, action: str, subject: str, now: datetime, **details: Any) -> None:
    """Append one entry, in the transaction of what it tells about. `subject` is `kind:id`."""
    session.add(
        AuditEntry(at=now, actor=f"agent:{agent.id}", action=action, subject=subject, details=details)
    )


class Sittings:
    """Which conversations are being looked at, by session. In this process only: at worst a look is written twice."""

    def __init__(self) -> None:
        self._seen: OrderedDict[tuple[int, int], datetime] = OrderedDict()
        self._lock = threading.Lock()

    def goes_on(self, session_id: int, conversation_id: int, now: datetime) -> bool:
        """Has this session asked for the conversation lately? From now on it has."""
        key = (session_id, conversation_id)
        with self._lock:
            before = self._seen.get(key)
            self._seen[key] = now
            self._seen.move_to_end(key)
            while len(self._seen) > MOST_SITTINGS:
                self._seen.popitem(last=False)
        return before is not None and now - before < SITTING
