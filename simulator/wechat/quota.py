"""How many customer-service messages may be sent, and until when: pure rules over plain values.

Source: developers.weixin.qq.com/doc/service/api/customer/message/api_sendcustommessage: 5 within 48 hours
after a user's message; 3 within one minute after a menu click, a follow or a scan. What one grant leaves,
the next of its kind replaces; grants of the two kinds stand side by side, and the one that ends first is
used first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from simulator.wechat.errors import WechatError

Occasion = Literal["message", "event"]
_GRANTS: dict[Occasion, tuple[int, float]] = {"message": (5, 48 * 3600.0), "event": (3, 60.0)}


@dataclass(frozen=True)
class Grant:
    """``until``: seconds since 1970 on the platforms' clock."""

    occasion: Occasion
    left: int
    until: float


def granted(grants: list[Grant], occasion: Occasion, now: float) -> list[Grant]:
    """The grants after the user did something that opens a window."""
    count, seconds = _GRANTS[occasion]
    kept = [grant for grant in grants if grant.occasion != occasion and grant.until > now]
    return [*kept, Grant(occasion, count, now + seconds)]


def spent(grants: list[Grant], now: float) -> list[Grant]:
    """The grants after one send. Raises 45015 where no window is open, 45047 where all is used up."""
    alive = sorted((grant for grant in grants if grant.until > now), key=lambda grant: grant.until)
    if not alive:
        raise WechatError(45015)
    for index, grant in enumerate(alive):
        if grant.left > 0:
            alive[index] = Grant(grant.occasion, grant.left - 1, grant.until)
            return alive
    raise WechatError(45047)


def to_facts(grants: list[Grant]) -> list[dict[str, Any]]:
    return [vars(grant) for grant in grants]


def from_facts(facts: list[dict[str, Any]]) -> list[Grant]:
    return [Grant(**fact) for fact in facts]
