"""The people who hold the phones: whom the bot may not reach, and what they agreed to."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from simulator.config import Channel
from simulator.state import Store


@dataclass(frozen=True)
class Contact:
    """``blocked``: Telegram's block, or WeChat's unfollowing. ``facts``: what one platform remembers."""

    channel: Channel
    id: str
    blocked: bool = False
    facts: dict[str, Any] = field(default_factory=dict)


class Contacts:
    def __init__(self, store: Store) -> None:
        self._store = store

    def find(self, channel: Channel, contact: str) -> Contact | None:
        """None: this person never spoke to the bot."""
        row = self._store.one("SELECT * FROM contact WHERE channel = ? AND id = ?", channel, contact)
        return (
            None if row is None else Contact(channel, contact, bool(row["blocked"]), json.loads(row["facts"]))
        )

    def meet(self, channel: Channel, contact: str) -> Contact:
        """Find the person, or take note of a new one."""
        found = self.find(channel, contact)
        if found is None:
            self._store.run("INSERT INTO contact (channel, id) VALUES (?, ?)", channel, contact)
            found = Contact(channel, contact)
        return found

    def set_blocked(self, channel: Channel, contact: str, blocked: bool) -> None:
        self.meet(channel, contact)
        self._store.run(
            "UPDATE contact SET blocked = ? WHERE channel = ? AND id = ?", int(blocked), channel, contact
        )

    def keep_facts(self, channel: Channel, contact: str, facts: dict[str, Any]) -> None:
        self.meet(channel, contact)
        self._store.run(
            "UPDATE contact SET facts = ? WHERE channel = ? AND id = ?", json.dumps(facts), channel, contact
        )
