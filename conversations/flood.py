"""When a person (or his cat) writes faster than anyone can answer. Pure rules."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

SAID = "消息来得有点快，每一条我都收好了，不会漏。等您发完，我一起看、一起回复。"


@dataclass(frozen=True, slots=True)
class RateLimit:
    """How many messages of one contact are answered one by one within a span."""

    messages: int
    within: timedelta

    def exceeded(self, count: int) -> bool:
        """Are `count` messages within the span too many?"""
        return count > self.messages
