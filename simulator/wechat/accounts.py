"""What each sort of account may call; everything else gets 48001.

Source: developers.weixin.qq.com/doc/offiaccount/Getting_Started/Explanation_of_interface_privileges.html. A
verified subscription account has no template messages, an unverified account has next to nothing, a sandbox
("test account") has no subscription messages.
"""

from __future__ import annotations

from typing import Literal

from simulator.config import Account

Ability = Literal["custom_send", "media", "menu", "template", "subscribe_message"]

ABILITIES: dict[Account, frozenset[Ability]] = {
    "service": frozenset({"custom_send", "media", "menu", "template", "subscribe_message"}),
    "subscription": frozenset({"custom_send", "media", "menu", "subscribe_message"}),
    "unverified": frozenset(),
    "sandbox": frozenset({"custom_send", "media", "menu", "template"}),
}
