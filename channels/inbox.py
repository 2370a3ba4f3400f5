"""The inbox as a channel's webhook sees it. The server hands one in; channels never import conversations."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from channels.message import Inbound, Outbound


class InboxUnavailable(Exception):
    """The message could not be made durable in time: answer so that the platform delivers it again."""


@dataclass(frozen=True, slots=True)
class Stored:
    """The durable row of an inbound; `new` is False for a redelivery."""

    inbound_id: int
    new: bool


@dataclass(frozen=True, slots=True)
class DirectReply:
    """What to say in the direct answer to the platform's request.

    Await `delivered` once the answer has gone out; until then the messages count as in flight.
    """

    messages: tuple[Outbound, ...]
    delivered: Callable[[], Awaitable[None]]


class Inbox(Protocol):
    """Where a webhook puts what it received."""

    async def store(self, inbound: Inbound, *, reply_within: float | None = None) -> Stored:
        """Make the message durable. Returns when it is; `InboxUnavailable` if that takes longer than 3 s.

        `reply_within` (seconds) says that the platform's request is held open for a direct reply.
        """

    async def direct_reply(
        self, inbound_id: int, *, within: float, fits: Callable[[tuple[Outbound, ...]], int]
    ) -> DirectReply | None:
        """Wait up to `within` seconds for the turn and claim its replies, and older held ones, for a direct answer.

        `fits` says how many of the messages, from the first, go into one direct answer; the others are left to be
        pushed. None if there is nothing to say in time. A redelivery of the same message gets the same messages again.
        """
