"""Keeping to a platform's pace: so many messages a second in all, so many seconds between two of one chat."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from channels.base import Pace

REMEMBERED_CHATS = 20_000


class Pacer:
    """Hands out moments to send. Belongs to one event loop; times are monotonic seconds."""

    def __init__(self, pace: Pace, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._pace = pace
        self._clock = clock
        self._chats: dict[int, float] = {}
        """By chat, when its allowance is whole again; what is still missing of it has been spent."""
        self._next = 0.0

    def ready(self, chat: int) -> bool:
        """May this chat be sent to now? (The bot's own pace is kept by `wait`.)"""
        now = self._clock()
        return self._free_at(chat) <= now and self._next <= now + 1.0

    async def wait(self, chat: int) -> None:
        """Sleep until the chat and the bot may send, and take that moment."""
        now = self._clock()
        moment = max(now, self._next, self._free_at(chat))
        self._next = moment + 1.0 / self._pace.bot_per_second
        if len(self._chats) > REMEMBERED_CHATS:
            self._chats = {known: at for known, at in self._chats.items() if at > now}
        self._chats[chat] = max(moment, self._chats.get(chat, 0.0)) + self._pace.chat_interval
        if moment > now:
            await asyncio.sleep(moment - now)

    def _free_at(self, chat: int) -> float:
        """When the chat may be sent to: its allowance need not be whole, one message of it is enough."""
        return self._chats.get(chat, 0.0) - (self._pace.chat_burst - 1) * self._pace.chat_interval

    def pause(self, seconds: float) -> None:
        """The platform asked the whole bot to wait."""
        self._next = max(self._next, self._clock() + seconds)
