"""What the console's pages are given by the server."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from fastapi import Request

from cases.evidence.vault import EvidenceVault
from console.live import LiveHub
from conversations.clock import Clock
from conversations.database import Database
from conversations.wakeups import Wakeups


@dataclass(frozen=True, slots=True)
class ConsoleContext:
    """What the pages need; the server makes it.

    `typing` shows "is typing" to a person of a channel (by external id); `timezone` is an IANA name.
    """

    database: Database
    wakeups: Wakeups
    clock: Clock
    vault: EvidenceVault
    signing_key: str = field(repr=False)
    timezone: str
    agent_away_minutes: int
    typing: Callable[[str, str], Awaitable[None]]
    hub: LiveHub

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which times are shown."""
        return ZoneInfo(self.timezone)


def context_of(request: Request) -> ConsoleContext:
    """The context that `console_router` was made with."""
    context = request.state.console
    assert isinstance(context, ConsoleContext)
    return context
