"""The measured figures as Markdown, and which promises they keep. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evaluation.measures import ENTITIES, Figures

RULED = ("order_no", "case_no", "phone", "amount")
LEARNT = ("incident_time", "remedy", "merchant")
RETYPED = ("plain", "with slips", "in Traditional characters", "without punctuation")
WORST = 12


@dataclass(frozen=True, slots=True)
class Measured:
    """One model: its figures on the set, and on the set retyped, and what it costs."""

    name: str
    figures: Figures
    retyped: dict[str, Figures]
    p50_ms: float
    p99_ms: float
    training_seconds: float | None
    megabytes: float


@dataclass(frozen=True, slots=True)
class Promise:
    """A promise, what was measured, and whether it is kept."""

    words: str
    measured: str
    kept: bool


def promises(ours: Measured) -> list[Promise]:
    """What the understanding must reach."""
    f = ours.figures
    found = [
        _at_least("intents", f.intent, 0.95),
        _at_least("complaint type, strict", f.type_strict, 0.80),
        _at_least("complaint type, accepting a second label", f.type_or_also, 0.92),
        *(_at_least(f"{name}, value F1", f.by_value[name].f1, 0.95) for name in RULED),
        *(_at_least(f"{name}, value F1", f.by_value[name].f1, 0.85) for name in LEARNT),
        Promise("false alarms on negatives ≤ 4 %", _percent(f.false_alarms), f.false_alarms <= 0.04),
        Promise("p50 ≤ 4 ms", f"{ours.p50_ms:.1f} ms", ours.p50_ms <= 4),
        Promise("p99 ≤ 15 ms", f"{ours.p99_ms:.1f} ms", ours.p99_ms <= 15),
    ]
    for way in RETYPED[2:]:
        lost = max(f.intent - ours.retyped[way].intent, f.type_strict - ours.retyped[way].type_strict)
        found.append(Promise(f"{way}: at most 2 points lost", f"{lost * 100:.1f}", lost <= 0.02))
    if ours.training_seconds is not None:
        found.append(
            Promise("training ≤ 120 s", f"{ours.training_seconds:.0f} s", ours.training_seconds <= 120)
        )
    return found


def markdown(models: Sequence[Measured]) -> str:
    """All tables."""
    parts = [_summary(models), "### Entities", _entities(models), "### Retyped", _retyped(models)]
    ours = models[0].figures
    parts += ["### Intents that were missed most", _worst(ours), "### Confused most often", _confusion(ours)]
    return "\n\n".join(parts)


def verdict(kept: Sequence[Promise]) -> str:
    """The promises as a table."""
    rows = ["| promise | measured | kept |", "|---|---:|---|"]
    rows += [f"| {one.words} | {one.measured} | {'yes' if one.kept else '**no**'} |" for one in kept]
    return "\n".join(rows)


def _summary(models: Sequence[Measured]) -> str:
    rows = [
        ("intents", [_percent(m.figures.intent) for m in models]),
        ("intents, accepting a second label", [_percent(m.figures.intent_or_also) for m in models]),
        ("not sure enough: asks instead", [_percent(m.figures.asked_instead) for m in models]),
        ("complaint type, strict", [_percent(m.figures.type_strict) for m in models]),
        ("complaint type, accepting a second label", [_percent(m.figures.type_or_also) for m in models]),
        ("false alarms on negatives", [_percent(m.figures.false_alarms) for m in models]),
        ("calibration error, intents", [f"{m.figures.intent_calibration_error:.3f}" for m in models]),
        ("calibration error, types", [f"{m.figures.type_calibration_error:.3f}" for m in models]),
        ("a message, p50", [f"{m.p50_ms:.1f} ms" for m in models]),
        ("a message, p99", [f"{m.p99_ms:.1f} ms" for m in models]),
        (
            "training",
            ["–" if m.training_seconds is None else f"{m.training_seconds:.0f} s" for m in models],
        ),
        ("model", [f"{m.megabytes:.1f} MB" for m in models]),
    ]
    return _table(["", *(m.name for m in models)], [[name, *cells] for name, cells in rows])


def _entities(models: Sequence[Measured]) -> str:
    head = ["", "wanted"]
    for m in models:
        head += [f"{m.name}: place and value", "value"]
    rows = []
    for name in ENTITIES:
        row = [f"`{name}`", str(models[0].figures.by_value[name].wanted)]
        for m in models:
            row += [f"{m.figures.by_span[name].f1:.3f}", f"{m.figures.by_value[name].f1:.3f}"]
        rows.append(row)
    return _table(head, rows)


def _retyped(models: Sequence[Measured]) -> str:
    head = [""]
    for m in models:
        head += [f"{m.name}: intents", "types"]
    rows = []
    for way in RETYPED:
        row = [way]
        for m in models:
            row += [_percent(m.retyped[way].intent), _percent(m.retyped[way].type_strict)]
        rows.append(row)
    return _table(head, rows)


def _worst(figures: Figures) -> str:
    missed = sorted(figures.recall.items(), key=lambda pair: pair[1][0])[:WORST]
    return _table(["intent", "found", "of"], [[f"`{name}`", _percent(r), str(n)] for name, (r, n) in missed])


def _confusion(figures: Figures) -> str:
    return _table(
        ["wanted", "given", "times"], [[f"`{a}`", f"`{b}`", str(n)] for a, b, n in figures.confused[:WORST]]
    )


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)])


def _at_least(words: str, measured: float, promised: float) -> Promise:
    return Promise(f"{words} ≥ {promised:.2f}", f"{measured:.3f}", measured >= promised)


def _percent(share: float) -> str:
    return f"{share * 100:.1f} %"
