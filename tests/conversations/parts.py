"""The parts that these tests put together: a clock that is set, wake-ups that are counted, a dialogue that repeats."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta, timezone
from typing import Any, TypeVar

from channels.base import ChannelError, Pace, SendWindow
from channels.message import Attachment, Fetched, Inbound, Kind, Outbound, Receipt
from conversations.turn import Turn, Utterance

START = datetime(2026, 11, 23, 9, 0, tzinfo=timezone.utc)
Outcome = TypeVar("Outcome")


class SetClock:
    """A clock that stands still until moved."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def forward(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


class CountedWakeups:
    """Wake-ups that wake nobody."""

    def __init__(self) -> None:
        self.sent: list[str] = []

    def notify(self, topic: str) -> None:
        self.sent.append(topic)

    def listen(self, topic: str) -> SleepingListener:
        return SleepingListener()


class SleepingListener:
    async def wait(self, seconds: float) -> bool:
        await asyncio.sleep(min(seconds, 0.01))
        return False

    def close(self) -> None:
        return None


class Echo:
    """A dialogue that repeats what it hears; `then` may do something more, inside the turn."""

    def __init__(self, then: Callable[[Turn, Utterance], None] | None = None) -> None:
        self.heard: list[Utterance] = []
        self._then = then

    async def respond(self, turn: Turn, utterance: Utterance) -> None:
        self.heard.append(utterance)
        turn.reply(f"听到：{utterance.text or utterance.intent}")
        if self._then is not None:
            self._then(turn, utterance)


class RecordingChannel:
    """A platform that keeps what it is sent; `failures` are raised first, one a send."""

    name = "telegram"
    pace = Pace(chat_interval=0.0, bot_per_second=10_000.0)
    max_media_bytes = 20_000_000

    def __init__(self, window: SendWindow | None = None) -> None:
        self.sent: list[Outbound] = []
        self.failures: list[ChannelError] = []
        self.files: dict[str, bytes | ChannelError] = {}
        self.window = window

    def window_after(self, kind: str, event: str | None) -> SendWindow | None:
        return self.window

    async def send(self, message: Outbound) -> Receipt:
        if self.failures:
            raise self.failures.pop(0)
        self.sent.append(message)
        return Receipt((str(len(self.sent)),))

    async def show_typing(self, contact: str) -> None:
        return None

    async def fetch(self, attachment: Attachment, *, max_bytes: int) -> Fetched:
        content = self.files[attachment.reference]
        if isinstance(content, ChannelError):
            raise content
        return Fetched(content)

    async def aclose(self) -> None:
        return None


_ids = itertools.count(1)


def said(text: str | None, contact: str = "c1", *, kind: Kind = Kind.TEXT, **more: Any) -> Inbound:
    """A message of a person's, with the next platform number unless one is given."""
    number = next(_ids)
    values: dict[str, Any] = {"external_id": f"u{number}", "order": number, "sent_at": START, **more}
    return Inbound(channel="telegram", contact=contact, kind=kind, text=text, **values)


def run(work: Coroutine[Any, Any, Outcome]) -> Outcome:
    """Run one piece of work on a loop of its own."""
    return asyncio.run(work)
