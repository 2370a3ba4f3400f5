"""Copies of annotated texts with their names exchanged: so a tagger learns what stands around a name and how names end,
rather than the names of its training data."""

from __future__ import annotations

import random
from collections.abc import Collection, Sequence

from bot.nlu.span_tagger import Span

_HEAD = 2  # characters of a spliced name that come from its beginning
_SPLICED = 0.7  # share of the exchanged names that are spliced


def with_names_swapped(
    texts: Sequence[tuple[str, Sequence[Span]]], copies: int, seed: int, labels: Collection[str] | None = None
) -> list[tuple[str, list[Span]]]:
    """Copies of the texts that hold spans of these labels (None: of any), each such span's words exchanged.

    For another span's of its label, or for the beginning of one and the end of another.
    """
    chance = random.Random(seed)
    names: dict[str, list[str]] = {}
    for text, spans in texts:
        for span in spans:
            names.setdefault(span.label, []).append(text[span.start : span.end])
    made: list[tuple[str, list[Span]]] = []
    for text, spans in texts:
        if not any(labels is None or span.label in labels for span in spans):
            continue
        for _ in range(copies):
            words, moved, done = "", [], 0
            for span in sorted(spans, key=lambda one: one.start):
                name = text[span.start : span.end]
                if labels is None or span.label in labels:
                    name = _another(names[span.label], chance)
                words += text[done : span.start]
                moved.append(Span(len(words), len(words) + len(name), span.label))
                words += name
                done = span.end
            made.append((words + text[done:], moved))
    return made


def _another(names: Sequence[str], chance: random.Random) -> str:
    name = chance.choice(names)
    if len(name) <= _HEAD or chance.random() > _SPLICED:
        return name
    tail = chance.choice(names)[_HEAD:]
    return name[:_HEAD] + (tail or name[_HEAD:])
