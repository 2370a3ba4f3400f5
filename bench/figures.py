"""The figures of a run, and what many runs say together. Pure: values in, values out."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import mean, median


@dataclass(frozen=True)
class Level:
    """Some chats at a time, for a while."""

    chats: int
    turns_per_second: float
    p50_ms: float
    p95_ms: float
    p99_ms: float
    cpu_ms_per_turn: float
    unanswered: int
    """Messages without a reply in time."""


@dataclass(frozen=True)
class LongChat:
    """What a message costs as one chat grows; the chat is alone, so this is time, not waiting."""

    kind: str
    ms_at: dict[int, float | None]
    """Milliseconds around the n-th message; None where the chat was not taken that far."""


@dataclass(frozen=True)
class Run:
    """One side, started once."""

    side: str
    start_seconds: float
    memory_ready_mb: float
    memory_loaded_mb: float
    """Proportional set size of all processes, after the load."""
    rss_loaded_mb: float
    intakes: int
    """Intakes whose confirmation was answered."""
    cases: int
    """Cases that these intakes left in the database."""
    unanswered: int
    """Messages without a reply, in levels and long chats together."""
    levels: tuple[Level, ...]
    long_chats: tuple[LongChat, ...]
    """Empty where a run left them out."""


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest value that at least `percent` % of all values do not exceed (nearest rank)."""
    if not values:
        raise ValueError("no values")
    ordered = sorted(values)
    return ordered[max(0, math.ceil(percent / 100 * len(ordered)) - 1)]


def level_of(
    chats: int, latencies: Sequence[float], seconds: float, cpu_seconds: float, unanswered: int
) -> Level:
    """Sum up the turns (latencies in seconds) that ended within a window of so many seconds."""
    if not latencies:
        raise ValueError(f"not one answer at {chats} chats")
    return Level(
        chats=chats,
        turns_per_second=len(latencies) / seconds,
        p50_ms=percentile(latencies, 50) * 1000,
        p95_ms=percentile(latencies, 95) * 1000,
        p99_ms=percentile(latencies, 99) * 1000,
        cpu_ms_per_turn=cpu_seconds / len(latencies) * 1000,
        unanswered=unanswered,
    )


def typical_ms(latencies: Sequence[float]) -> float:
    """The mean without the slowest and the fastest tenth, in milliseconds.

    Messages of a dialogue differ in cost, so a median would name one kind of message; a plain mean would name
    the machine's hiccups.
    """
    ordered = sorted(latencies)
    cut = len(ordered) // 10
    return mean(ordered[cut : len(ordered) - cut]) * 1000


def growth(chat: LongChat, late: int = 2_000, early: int = 10) -> float | None:
    """The cost at the late message divided by the cost at the early one."""
    at_late, at_early = chat.ms_at.get(late), chat.ms_at.get(early)
    return at_late / at_early if at_late and at_early else None


def median_run(runs: Sequence[Run]) -> Run:
    """Each figure's median over the runs of one side; failures and counts are summed: each one matters."""
    if not runs:
        raise ValueError("no runs")

    long_chats = [run.long_chats for run in runs if run.long_chats]

    def middle(figure: Callable[[Run], float]) -> float:
        return median(figure(run) for run in runs)

    return Run(
        side=runs[0].side,
        start_seconds=middle(lambda run: run.start_seconds),
        memory_ready_mb=middle(lambda run: run.memory_ready_mb),
        memory_loaded_mb=middle(lambda run: run.memory_loaded_mb),
        rss_loaded_mb=middle(lambda run: run.rss_loaded_mb),
        intakes=sum(run.intakes for run in runs),
        cases=sum(run.cases for run in runs),
        unanswered=sum(run.unanswered for run in runs),
        levels=tuple(_median_level(levels) for levels in zip(*(run.levels for run in runs), strict=True)),
        long_chats=tuple(_median_chat(chats) for chats in zip(*long_chats, strict=True)),
    )


def _median_level(levels: Sequence[Level]) -> Level:
    return Level(
        chats=levels[0].chats,
        turns_per_second=median(level.turns_per_second for level in levels),
        p50_ms=median(level.p50_ms for level in levels),
        p95_ms=median(level.p95_ms for level in levels),
        p99_ms=median(level.p99_ms for level in levels),
        cpu_ms_per_turn=median(level.cpu_ms_per_turn for level in levels),
        unanswered=sum(level.unanswered for level in levels),
    )


def _median_chat(chats: Sequence[LongChat]) -> LongChat:
    ms_at: dict[int, float | None] = {}
    for message in chats[0].ms_at:
        known = [ms for chat in chats if (ms := chat.ms_at[message]) is not None]
        ms_at[message] = median(known) if len(known) == len(chats) else None
    return LongChat(kind=chats[0].kind, ms_at=ms_at)
