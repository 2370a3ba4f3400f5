"""Facts that nobody told: read off a screenshot, or known to the company's order system. They fill what the person left
open, are named at once, are marked in the read-back, and are his only when he confirms it there.

Pure. A fact is unconfirmed as long as it still has the value that was found; whoever changes it makes it his own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from actions import intake

SCREENSHOT = "screenshot"
ORDERS = "orders"


def fill(facts: dict[str, Any], values: Mapping[str, str], source: str) -> list[str]:
    """Fill what is open; returns the names of what was filled. What a case cannot hold is passed over."""
    filled = [
        name
        for name, value in values.items()
        if not facts.get(name) and (name == "goods" or intake.holdable(name, value))
    ]
    if not filled:
        return []
    marks = dict(facts.get(intake.FOUND) or {})
    for name in filled:
        facts[name] = values[name]
        marks[name] = [values[name], source]
    facts[intake.FOUND] = marks
    if "order_no" in filled:
        facts[intake.NO_ORDER] = None
    return filled


def unconfirmed(facts: intake.Facts) -> dict[str, str]:
    """Fact → source of what was found and not yet made his own."""
    marks: Mapping[str, Sequence[str]] = facts.get(intake.FOUND) or {}
    return {name: source for name, (value, source) in marks.items() if facts.get(name) == value}


def told_only(facts: intake.Facts) -> dict[str, Any]:
    """The facts without those that nobody confirmed."""
    open_ones = unconfirmed(facts)
    return {name: value for name, value in facts.items() if name not in open_ones}
