"""The load: many chats at a time, and one chat that grows long. Knows neither side's insides.

Everything is bounded in time; a side that stops answering gives failures, not a hang.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count

from bench.dialogues import CONFIRMATION, open_form_forever, visit, visits
from bench.figures import Level, LongChat, Run, level_of, typical_ms
from bench.processes import cpu_seconds, memory
from bench.side import NoReply, Side

LONG_CHATS: tuple[tuple[str, Callable[[], Iterator[str]]], ...] = (
    ("a chat that finishes tasks", visits),
    ("a chat that never does", open_form_forever),
)
FRESH_CHATS = 5
"""The early mark is measured in so many new chats, because each gives one cycle of the dialogue only."""

Say = Callable[[str], None]


@dataclass(frozen=True)
class Plan:
    """How much is measured."""

    chats: tuple[int, ...] = (1, 8, 16, 32)
    seconds: float = 15.0
    """Length of the measured window of a level."""
    warm_up_seconds: float = 3.0
    marks: tuple[int, ...] = (10, 100, 600, 2_000)
    stock_last_mark: int = 600
    """Stock's chat goes no further: its cost grows with every message."""
    stock_long_runs: int = 1
    """In so many runs, for the same reason: they take longer than all the rest."""
    long_chat_seconds: float = 1_200.0
    """A long chat that takes longer ends early; the marks it missed stay empty."""


QUICK = Plan(chats=(1, 16), seconds=5.0, warm_up_seconds=2.0, marks=(10, 100), long_chat_seconds=120.0)


@dataclass
class _Load:
    """What the chats of a level have seen so far."""

    ended: list[tuple[float, float]] = field(default_factory=list)
    """(moment, latency) of each answered message."""
    unanswered: int = 0
    intakes: int = 0


class Driver:
    """Measures one started side."""

    def __init__(self, side: Side, say: Say) -> None:
        self._side = side
        self._say = say
        self._chats = count(1_000)
        self._intakes = 0
        self._unanswered = 0

    async def run(self, plan: Plan, last_mark: int | None) -> Run:
        """Start the side, measure all that the plan asks for, stop it. Without a last mark: no long chats."""
        side = self._side
        try:
            start_seconds = await side.start()
            ready = memory(side.servers)
            self._say(f"ready after {start_seconds:.1f} s, {ready.pss:,.0f} MB")
            cases_before = side.cases()
            levels = [await self._level(chats, plan) for chats in plan.chats]
            loaded = memory(side.servers)
            long_chats = [
                await self._long_chat(kind, texts, plan, last_mark)
                for kind, texts in LONG_CHATS
                if last_mark is not None
            ]
            cases = side.cases() - cases_before
        finally:
            await side.stop()
        return Run(
            side=side.name,
            start_seconds=start_seconds,
            memory_ready_mb=ready.pss,
            memory_loaded_mb=loaded.pss,
            rss_loaded_mb=loaded.rss,
            intakes=self._intakes,
            cases=cases,
            unanswered=self._unanswered,
            levels=tuple(levels),
            long_chats=tuple(long_chats),
        )

    async def _level(self, chats: int, plan: Plan) -> Level:
        load = _Load()
        began = time.monotonic()
        stop_at = began + plan.warm_up_seconds + plan.seconds
        people = [asyncio.create_task(self._person(load, stop_at)) for _ in range(chats)]
        await asyncio.sleep(plan.warm_up_seconds)
        cpu_before, window_from = cpu_seconds(self._side.servers), time.monotonic()
        await asyncio.sleep(max(0.0, stop_at - time.monotonic()))
        cpu, window_to = cpu_seconds(self._side.servers) - cpu_before, time.monotonic()
        await asyncio.gather(*people)
        self._intakes += load.intakes
        self._unanswered += load.unanswered
        within = [latency for moment, latency in load.ended if window_from <= moment < window_to]
        level = level_of(chats, within, window_to - window_from, cpu, load.unanswered)
        self._say(
            f"{chats} chats: {level.turns_per_second:.1f} turns/s,"
            f" p50 {level.p50_ms:.0f}, p95 {level.p95_ms:.0f}, p99 {level.p99_ms:.0f} ms,"
            f" {level.cpu_ms_per_turn:.1f} ms of processor a turn,"
            f" {level.unanswered} unanswered"
        )
        return level

    async def _person(self, load: _Load, stop_at: float) -> None:
        """One visit after another, each by a new contact, until the time is up."""
        while time.monotonic() < stop_at:
            chat = next(self._chats)
            try:
                for text in visit():
                    if time.monotonic() >= stop_at:
                        return
                    latency = await self._side.say(chat, text)
                    load.ended.append((time.monotonic(), latency))
                    load.intakes += text == CONFIRMATION
            except NoReply as failure:
                load.unanswered += 1
                self._say(f"no reply: {failure}")

    async def _long_chat(
        self, kind: str, texts: Callable[[], Iterator[str]], plan: Plan, last_mark: int
    ) -> LongChat:
        early, *later = plan.marks
        stop_at = time.monotonic() + plan.long_chat_seconds
        first: list[float] = []
        for _ in range(FRESH_CHATS):
            first += (await self._talk(texts(), _around(early).stop, stop_at))[_around(early).start :]
        reachable = [mark for mark in later if mark <= last_mark]
        latencies = await self._talk(texts(), _around(reachable[-1]).stop, stop_at) if reachable else []
        ms_at: dict[int, float | None] = {early: typical_ms(first) if first else None}
        for mark in later:
            window = _around(mark)
            done = len(latencies) >= window.stop
            ms_at[mark] = typical_ms(latencies[window.start : window.stop]) if done else None
        shown = ", ".join(f"{mark:,}: {'–' if ms is None else f'{ms:.1f} ms'}" for mark, ms in ms_at.items())
        self._say(f"{kind}: {shown}")
        return LongChat(kind=kind, ms_at=ms_at)

    async def _talk(self, texts: Iterator[str], messages: int, stop_at: float) -> list[float]:
        """One new chat alone, up to so many messages; their latencies in seconds."""
        chat = next(self._chats)
        latencies: list[float] = []
        for text in texts:
            if len(latencies) == messages or time.monotonic() > stop_at:
                break
            try:
                latencies.append(await self._side.say(chat, text))
            except NoReply as failure:
                self._unanswered += 1
                self._say(f"no reply to message {len(latencies) + 1}: {failure}")
                break
            self._intakes += text == CONFIRMATION
        return latencies


def _around(mark: int) -> range:
    """The messages (counted from 0) that stand for a mark, in whole cycles of ten.

    Around it in a short chat, the forty up to it in a long one.
    """
    if mark < 100:
        return range(mark - 5, mark + 5)
    return range(mark - 40, mark)
