"""What an Official Account may do, by its kind: the one table that code and `suda wechat check` read.

Sources: developers.weixin.qq.com, "接口权限说明" and "客服消息" (kf/intro: 5 messages in 48 h after a message
of the person's; 3 in one minute after a menu click, a scan or a subscription).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType

from channels.base import SendWindow


@dataclass(frozen=True, slots=True)
class Abilities:
    """What one kind of account may do. `fetch_media`: files by id; pictures have a public address anyway."""

    passive_reply: bool
    customer_service: bool
    fetch_media: bool
    template_messages: bool
    subscription_messages: bool


ACCOUNTS: Mapping[str, Abilities] = MappingProxyType(
    {
        "service": Abilities(True, True, True, True, True),
        "subscription": Abilities(True, True, True, False, True),
        "unverified": Abilities(True, False, False, False, False),
        "sandbox": Abilities(True, True, True, True, False),
    }
)

AFTER_MESSAGE = SendWindow(lasts=timedelta(hours=48), sends=5)
AFTER_ACT = SendWindow(lasts=timedelta(minutes=1), sends=3)
NO_WINDOW = SendWindow(lasts=timedelta(0), sends=0)
"""Opens nothing; a window that an earlier message opened stays as it is."""

_ACTS = ("menu", "scan", "subscribe")


def abilities_of(account: str) -> Abilities:
    """The row of the table; `ValueError` for a kind of account that there is not."""
    try:
        return ACCOUNTS[account]
    except KeyError:
        raise ValueError(f"{account!r} is no kind of Official Account: {', '.join(ACCOUNTS)}") from None


def window_after(account: str, kind: str, event: str | None) -> SendWindow:
    """What customer-service messages an inbound of this kind allows."""
    if not abilities_of(account).customer_service:
        return NO_WINDOW
    if kind == "event":
        return AFTER_ACT if event in _ACTS else NO_WINDOW
    return AFTER_MESSAGE
