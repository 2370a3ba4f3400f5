"""Handing a message to the inbox as the platforms do: again while it is not taken."""

from __future__ import annotations

from channels.inbox import Inbox, InboxUnavailable, Stored
from channels.message import Inbound

TRIES = 10
"""Each waits three seconds for the database; a disk that is busy with the other tests has been seen to take longer."""


async def deliver(inbox: Inbox, message: Inbound, *, reply_within: float | None = None) -> Stored:
    """Store it; the last refusal is raised."""
    for _ in range(TRIES - 1):
        try:
            return await inbox.store(message, reply_within=reply_within)
        except InboxUnavailable:
            continue
    return await inbox.store(message, reply_within=reply_within)
