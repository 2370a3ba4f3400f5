"""What a rule finds in a text: a span and its value. Rules must not know where the span came from or goes
to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Found:
    """A value and the half-open span `[start, end)` of the normalised text that says it."""

    start: int
    end: int
    value: str

    def overlaps(self, other: Found) -> bool:
        """Whether both share a character."""
        return self.start < other.end and other.start < self.end


def without_overlaps(found: Iterable[Found], taken: Iterable[Found] = ()) -> list[Found]:
    """Those of `found` that touch neither `taken` nor an earlier (then longer) one, in the order of the
    text."""
    kept: list[Found] = []
    held = list(taken)
    for candidate in sorted(found, key=lambda one: (one.start, -one.end)):
        if not any(candidate.overlaps(other) for other in held):
            kept.append(candidate)
            held.append(candidate)
    return kept
