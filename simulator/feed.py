"""Live news for the phones: who is watching which chat, and whether the bot is typing there.

In memory only: what must survive a restart is in the messages themselves. Slow watchers are cut off, never
waited for.
"""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from simulator.config import Channel

_QUEUE_LIMIT = 1000


@dataclass(frozen=True)
class News:
    """``name`` is the server-sent event's name; ``content`` is a message or a plain dictionary."""

    name: str
    content: Any


class Watcher:
    """One open page. ``queue`` yields ``News``, and ``None`` when the stream must end."""

    def __init__(self) -> None:
        self.queue: asyncio.Queue[News | None] = asyncio.Queue(_QUEUE_LIMIT)


class Feed:
    def __init__(self) -> None:
        self._watchers: dict[tuple[Channel, str], set[Watcher]] = defaultdict(set)
        self._typing_until: dict[tuple[Channel, str], float] = {}
        self._closed = False

    def watch(self, channel: Channel, contact: str) -> Watcher:
        watcher = Watcher()
        if self._closed:
            watcher.queue.put_nowait(None)
        else:
            self._watchers[(channel, contact)].add(watcher)
        return watcher

    def unwatch(self, channel: Channel, contact: str, watcher: Watcher) -> None:
        watchers = self._watchers.get((channel, contact))
        if watchers is not None:
            watchers.discard(watcher)
            if not watchers:
                del self._watchers[(channel, contact)]

    def publish(self, channel: Channel, contact: str, name: str, content: Any) -> None:
        for watcher in list(self._watchers.get((channel, contact), ())):
            if watcher.queue.full():
                # The page reconnects with the last event it saw and misses nothing.
                self.unwatch(channel, contact, watcher)
                watcher.queue.get_nowait()
                watcher.queue.put_nowait(None)
                continue
            watcher.queue.put_nowait(News(name, content))

    def typing(self, channel: Channel, contact: str, seconds: float) -> None:
        """The bot types for so long, or until its next message; 0 ends it."""
        key = (channel, contact)
        if seconds <= 0:
            if self._typing_until.pop(key, None) is not None:
                self.publish(channel, contact, "typing", {"typing": False})
            return
        until = time.monotonic() + seconds
        self._typing_until[key] = until
        self.publish(channel, contact, "typing", {"typing": True})
        asyncio.get_running_loop().call_later(seconds, self._typing_over, key, until)

    def _typing_over(self, key: tuple[Channel, str], until: float) -> None:
        if self._typing_until.get(key) == until:
            self.typing(*key, 0)

    def is_typing(self, channel: Channel, contact: str) -> bool:
        return self._typing_until.get((channel, contact), 0) > time.monotonic()

    def reset(self) -> None:
        """Tell every open page to start over."""
        self._typing_until.clear()
        for channel, contact in list(self._watchers):
            self.publish(channel, contact, "reset", {})

    def close(self) -> None:
        """End every stream, now and later, so that the server can stop."""
        self._closed = True
        for watchers in self._watchers.values():
            for watcher in watchers:
                if watcher.queue.full():
                    watcher.queue.get_nowait()
                watcher.queue.put_nowait(None)
        self._watchers.clear()
