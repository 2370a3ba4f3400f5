"""What the driver asks of a side: start, say a thing and wait for the stored reply, stop."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from bench.processes import Server

REPLY_SECONDS = 30.0
START_SECONDS = 300.0


class NoReply(Exception):
    """A message was not answered: an error, an empty answer, or none within `REPLY_SECONDS`."""


class Side(Protocol):
    """One of the two systems under measurement."""

    @property
    def name(self) -> str: ...

    @property
    def servers(self) -> Sequence[Server]:
        """Everything it runs, for memory and processor time."""
        ...

    async def start(self) -> float:
        """Start it; the seconds until a first status question was answered (all processes at work)."""
        ...

    async def say(self, chat: int, text: str) -> float:
        """Send one message; the seconds from the webhook call to the stored reply. Raises `NoReply`."""
        ...

    def cases(self) -> int:
        """How many cases its database holds."""
        ...

    async def stop(self) -> None:
        """End all its processes."""
        ...
