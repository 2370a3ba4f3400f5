"""Where the time comes from. Passed to whatever acts, so that tests and simulations can set it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timezone

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The present instant."""
    return datetime.now(timezone.utc)
