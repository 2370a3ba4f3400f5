"""The Markdown table of the README, and which targets were met. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from bench.figures import Level, LongChat, Run, growth

HEADLINE_CHATS = 16


@dataclass(frozen=True)
class Target:
    """One promise, and what was measured."""

    promise: str
    measured: str
    met: bool


def markdown(stock: Run, ours: Run) -> str:
    """Both sides beside each other, one figure a line."""
    rows = [f"| | {stock.side} | {ours.side} | |", "|---|---:|---:|---:|"]
    for theirs, mine in zip(stock.levels, ours.levels, strict=True):
        rows += _level_rows(theirs, mine)
    for theirs_chat, my_chat in zip(stock.long_chats, ours.long_chats, strict=True):
        rows += _chat_rows(theirs_chat, my_chat)
    rows += [
        _row(
            "start → first message answered, s",
            f"{stock.start_seconds:.1f}",
            f"{ours.start_seconds:.1f}",
            _times(stock.start_seconds, ours.start_seconds),
        ),
        _row(
            "memory of all processes after the load, PSS, MB",
            f"{stock.memory_loaded_mb:,.0f}",
            f"{ours.memory_loaded_mb:,.0f}",
            _times(stock.memory_loaded_mb, ours.memory_loaded_mb),
        ),
        _row("intakes confirmed → cases in the database", _intakes(stock), _intakes(ours), ""),
        _row("messages without an answer", str(stock.unanswered), str(ours.unanswered), ""),
    ]
    return "\n".join(rows)


def targets(stock: Run, ours: Run) -> list[Target]:
    """The promises that this run can judge; a figure that was not measured gives no line."""
    found = []
    pairs = {level.chats: (level, mine) for level, mine in zip(stock.levels, ours.levels, strict=True)}
    if HEADLINE_CHATS in pairs:
        theirs, mine = pairs[HEADLINE_CHATS]
        times = mine.turns_per_second / theirs.turns_per_second
        found.append(Target(f"turns/s at {HEADLINE_CHATS} chats ≥ 4 × stock", f"{times:.1f} ×", times >= 4))
        found.append(
            Target(f"p95 at {HEADLINE_CHATS} chats < 150 ms", f"{mine.p95_ms:.0f} ms", mine.p95_ms < 150)
        )
    for chat in ours.long_chats:
        ratio = growth(chat)
        if ratio is not None:
            found.append(
                Target(f"message 2,000 ÷ message 10, {chat.kind} ≤ 1.2", f"{ratio:.2f}", ratio <= 1.2)
            )
    found.append(
        Target("start to first answer ≤ 20 s", f"{ours.start_seconds:.1f} s", ours.start_seconds <= 20)
    )
    found.append(
        Target("every confirmed intake is one case, every message answered",
               f"{_intakes(ours)}, {ours.unanswered} unanswered",
               ours.intakes == ours.cases and ours.unanswered == 0)
    )  # fmt: skip
    return found


def verdict(judged: list[Target]) -> str:
    """The targets as a Markdown list."""
    return "\n".join(
        f"- {'met' if target.met else '**missed**'}: {target.promise}: {target.measured}" for target in judged
    )


def _level_rows(theirs: Level, mine: Level) -> list[str]:
    chats = "1 chat" if mine.chats == 1 else f"{mine.chats} chats"
    return [
        _row(
            f"turns/s, {chats}",
            f"{theirs.turns_per_second:.1f}",
            f"{mine.turns_per_second:.1f}",
            _times(mine.turns_per_second, theirs.turns_per_second),
        ),
        _row(
            f"p50 / p95 / p99, {chats}, ms",
            _percentiles(theirs),
            _percentiles(mine),
            _times(theirs.p95_ms, mine.p95_ms),
        ),
        _row(
            f"processor time a turn, {chats}, ms",
            f"{theirs.cpu_ms_per_turn:.1f}",
            f"{mine.cpu_ms_per_turn:.1f}",
            _times(theirs.cpu_ms_per_turn, mine.cpu_ms_per_turn),
        ),
    ]


def _chat_rows(theirs: LongChat, mine: LongChat) -> list[str]:
    rows = [
        _row(f"message {message:,}, {mine.kind}, ms", _ms(theirs.ms_at.get(message)), _ms(ms), "")
        for message, ms in mine.ms_at.items()
    ]
    ratio = growth(mine)
    if ratio is not None:
        rows.append(_row(f"message 2,000 ÷ message 10, {mine.kind}", "–", f"{ratio:.2f}", ""))
    return rows


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _times(better: float, worse: float) -> str:
    return f"{better / worse:.1f} ×" if worse else ""


def _percentiles(level: Level) -> str:
    return f"{level.p50_ms:.0f} / {level.p95_ms:.0f} / {level.p99_ms:.0f}"


def _ms(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f}"


def _intakes(run: Run) -> str:
    return f"{run.intakes} → {run.cases}"
