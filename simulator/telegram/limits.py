"""The Bot API's pace: about one message a second to a chat with short bursts tolerated, 30 a second in all.

Source: core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this. The exact numbers are not
published; a burst of five is this stand-in's reading of "short bursts".
"""

from __future__ import annotations

import math

CHAT_PER_SECOND = 1.0
CHAT_BURST = 5.0
OVERALL_PER_SECOND = 30.0


class Bucket:
    """Fills by ``rate`` a second up to ``size``; every message takes one."""

    def __init__(self, rate: float, size: float, now: float) -> None:
        self._rate = rate
        self._size = size
        self._level = size
        self._at = now

    def wait(self, now: float) -> float:
        """Seconds until one may be taken; 0: now."""
        self._level = min(self._size, self._level + (now - self._at) * self._rate)
        self._at = now
        return 0.0 if self._level >= 1 else (1 - self._level) / self._rate

    def take(self) -> None:
        self._level -= 1


class Pace:
    def __init__(self) -> None:
        self._chats: dict[str, Bucket] = {}
        self._overall: Bucket | None = None

    def claim(self, contact: str, now: float) -> int:
        """Take one message for this chat; returns 0, or the whole seconds for ``retry_after``."""
        chat = self._chats.setdefault(contact, Bucket(CHAT_PER_SECOND, CHAT_BURST, now))
        if self._overall is None:
            self._overall = Bucket(OVERALL_PER_SECOND, OVERALL_PER_SECOND, now)
        wait = max(chat.wait(now), self._overall.wait(now))
        if wait > 0:
            return max(1, math.ceil(wait))
        chat.take()
        self._overall.take()
        return 0
