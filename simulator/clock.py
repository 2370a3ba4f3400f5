"""The platforms' clock, which can be put forward so that a 48-hour window shuts without waiting.

Only windows, quotas and lifetimes follow it. Time stamps on the wire and on the phones stay true time,
since a product may rightly refuse a webhook whose time stamp is far from its own clock.
"""

from __future__ import annotations

import time
from datetime import datetime, timezone


class Clock:
    """``now()`` is the platforms' time, ``wall()`` is true time; both are seconds since 1970."""

    def __init__(self, offset_seconds: float = 0.0) -> None:
        self.offset_seconds = offset_seconds

    def wall(self) -> float:
        return time.time()

    def now(self) -> float:
        return time.time() + self.offset_seconds

    def advance(self, seconds: float) -> None:
        """Put the platforms' time forward (or, with a negative number, back)."""
        self.offset_seconds += seconds


def iso(moment: float) -> str:
    """``moment`` (seconds since 1970) as ISO 8601 in UTC with milliseconds."""
    return datetime.fromtimestamp(moment, timezone.utc).isoformat(timespec="milliseconds")
