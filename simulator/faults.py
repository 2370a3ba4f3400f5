"""Faults that a test, or a curious person, asks the stand-ins to commit: which, how often, how badly.

Decides only; the platforms' own code carries a fault out. The plan lives in memory and ends with the process.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from simulator.config import Channel

CallFault = Literal[
    "rate_limited",  # Telegram: 429 with retry_after; WeChat: errcode 45011
    "server_error",  # HTTP 500
    "busy",  # WeChat: errcode -1; Telegram: HTTP 502
    "timeout_before",  # holds the connection, then breaks it; the user gets nothing
    "timeout_after",  # the user gets the message; the answer never comes
    "reset_before",  # breaks the connection at once; the user gets nothing
    "reset_after",  # the user gets the message; the connection breaks instead of an answer
    "window_closed",  # WeChat: errcode 45015
    "quota_spent",  # WeChat: errcode 45047
    "token_expired",  # WeChat: errcode 42001
]
MediaFault = Literal[
    "slow_media",  # waits before the bytes
    "truncated_media",  # half of the bytes, in an answer that looks whole
    "cut_media",  # half of the bytes, then the connection breaks
]
DeliveryFault = Literal[
    "duplicate",  # each update is delivered twice (how: each platform's delivery module)
    "late_duplicate",  # once more, ``seconds`` later
    "burst",  # held back for ``seconds``, then all at once in order
    "shuffle",  # held back for ``seconds``, then all at once in no order
]
Kind = Literal[CallFault, MediaFault, DeliveryFault]

CALL_FAULTS: tuple[str, ...] = get_args(CallFault)
MEDIA_FAULTS: tuple[str, ...] = get_args(MediaFault)
DELIVERY_FAULTS: tuple[str, ...] = get_args(DeliveryFault)
WECHAT_ONLY = frozenset({"window_closed", "quota_spent", "token_expired"})
KINDS: tuple[str, ...] = CALL_FAULTS + MEDIA_FAULTS + DELIVERY_FAULTS


@dataclass
class Rule:
    """``probability`` for each occasion; ``remaining`` bounds how often it happens in all (None: no bound).

    ``method``: for call faults, which API method; empty: whatever shows a message to the user; ``*``: any.
    ``contact``: only this user; empty: everyone.
    """

    kind: str
    channel: Channel | None = None
    probability: float = 1.0
    remaining: int | None = None
    seconds: float = 0.0
    retry_after: int = 1
    method: str = ""
    contact: str = ""
    committed: int = field(default=0)

    def public(self) -> dict[str, Any]:
        return vars(self)


class FaultPlan:
    """The rules in force. The first that fires wins, in the order they were given."""

    def __init__(self, seed: int | None = None) -> None:
        self._random = random.Random(seed)
        self.rules: list[Rule] = []

    def replace(self, rules: list[Rule], seed: int | None = None) -> None:
        self.rules = list(rules)
        if seed is not None:
            self._random.seed(seed)

    def _draw(self, rule: Rule) -> bool:
        if rule.remaining == 0 or self._random.random() >= rule.probability:
            return False
        if rule.remaining is not None:
            rule.remaining -= 1
        rule.committed += 1
        return True

    def call(self, channel: Channel, method: str, contact: str, *, shows: bool) -> Rule | None:
        """The fault to commit on this API call; ``shows``: the method puts a message before the user."""
        for rule in self.rules:
            if rule.kind not in CALL_FAULTS or (channel == "telegram" and rule.kind in WECHAT_ONLY):
                continue
            aimed = rule.method in ("*", method) if rule.method else shows
            if aimed and self._concerns(rule, channel, contact) and self._draw(rule):
                return rule
        return None

    def media(self, channel: Channel) -> Rule | None:
        for rule in self.rules:
            if rule.kind in MEDIA_FAULTS and self._concerns(rule, channel, "") and self._draw(rule):
                return rule
        return None

    def delivery(self, channel: Channel, contact: str, kind: DeliveryFault) -> Rule | None:
        """Whether this update meets that fault; several kinds may meet one update, so each is asked for."""
        for rule in self.rules:
            if rule.kind == kind and self._concerns(rule, channel, contact) and self._draw(rule):
                return rule
        return None

    def shuffled(self, items: list[Any]) -> list[Any]:
        return self._random.sample(items, len(items))

    @staticmethod
    def _concerns(rule: Rule, channel: Channel, contact: str) -> bool:
        return rule.channel in (None, channel) and (not rule.contact or rule.contact == contact)
