"""An inbox that keeps what it is given, with the contract of `channels.inbox.Inbox` and nothing behind it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from channels.inbox import DirectReply, InboxUnavailable, Stored
from channels.message import Inbound, Outbound


class MemoryInbox:
    """Every turn `thinks` so many seconds and then says `replies`. So often as `refuse` it is unavailable."""

    def __init__(self, replies: Sequence[Outbound] = (), *, thinks: float = 0.0, refuse: int = 0) -> None:
        self.stored: list[Inbound] = []
        self.reply_within: list[float | None] = []
        self.asked_within: list[float] = []
        self.delivered: list[tuple[Outbound, ...]] = []
        self.refuse = refuse
        self._replies = tuple(replies)
        self._thinks = thinks

    async def store(self, inbound: Inbound, *, reply_within: float | None = None) -> Stored:
        if self.refuse:
            self.refuse -= 1
            raise InboxUnavailable("told to")
        for number, known in enumerate(self.stored):
            if (known.channel, known.external_id) == (inbound.channel, inbound.external_id):
                return Stored(number, new=False)
        self.stored.append(inbound)
        self.reply_within.append(reply_within)
        return Stored(len(self.stored) - 1, new=True)

    async def direct_reply(
        self, inbound_id: int, *, within: float, fits: Callable[[tuple[Outbound, ...]], int]
    ) -> DirectReply | None:
        self.asked_within.append(within)
        if self._thinks > within:
            await asyncio.sleep(within)
            return None
        await asyncio.sleep(self._thinks)
        messages = self._replies[: fits(self._replies)]
        if not messages:
            return None

        async def delivered() -> None:
            self.delivered.append(messages)

        return DirectReply(messages, delivered)
