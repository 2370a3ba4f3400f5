"""Sequence labelling by character: a linear-chain CRF that marks spans in a text and says how sure it is of
each.

Knows nothing of Rasa and nothing of what the labels mean. A stored model is CRFsuite's own file: it is read
as it was trained (Rasa's own extractor trains again at every load), and reading it runs no code of the
file's.
"""

from __future__ import annotations

import random
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pycrfsuite

Hint = tuple[int, int, str]
"""A half-open span of which something is known that is no label: what a rule found there."""

OUTSIDE = "O"
_EDGE = "\ue000"
_HEAD = 2  # characters of a spliced name that come from its beginning
_SPLICED = 0.7  # share of the exchanged names that are spliced
_REACH = 6  # how far before a listed word its nearness is seen


@dataclass(frozen=True, slots=True)
class Span:
    """A labelled half-open span, with the mean probability of its characters' labels."""

    start: int
    end: int
    label: str
    confidence: float = 1.0


class Lexicon:
    """Named lists of words; tells which characters of a text lie inside which list's words, longest word
    first."""

    def __init__(self, words: Mapping[str, Collection[str]]) -> None:
        self.words = {
            name: frozenset(word for word in entries if len(word) > 1) for name, entries in words.items()
        }
        self._longest = {name: max(map(len, entries), default=0) for name, entries in self.words.items()}

    def marks(self, text: str) -> list[list[str]]:
        """For each character the list's name with where in a word it lies: begins, inside, ends."""
        marks: list[list[str]] = [[] for _ in text]
        for name, entries in self.words.items():
            place = 0
            while place < len(text):
                longest = min(self._longest[name], len(text) - place)
                length = next((n for n in range(longest, 1, -1) if text[place : place + n] in entries), 0)
                for offset in range(length):
                    marks[place + offset].append(f"{name}:{_where(offset, length)}")
                place += length or 1
        return marks


class CharacterCrf:
    """A trained tagger."""

    def __init__(self, stored: bytes, lexicon: Lexicon) -> None:
        self._stored = stored  # the tagger reads from these bytes and does not keep them alive itself
        self._tagger = pycrfsuite.Tagger()
        self._tagger.open_inmemory(stored)
        self._lexicon = lexicon

    @staticmethod
    def train(
        texts: Iterable[tuple[str, Sequence[Span], Sequence[Hint]]],
        lexicon: Lexicon,
        path: Path,
        *,
        l1: float = 0.05,
        l2: float = 0.05,
        iterations: int = 80,
    ) -> None:
        """Train on texts with their spans and hints, and write the model to `path`."""
        trainer = pycrfsuite.Trainer(algorithm="lbfgs", verbose=False)
        trainer.set_params(
            {"c1": l1, "c2": l2, "max_iterations": iterations, "feature.possible_transitions": True}
        )
        for text, spans, hints in texts:
            if text:
                trainer.append(features(text, lexicon, hints), tags(text, spans))
        trainer.train(str(path))

    @classmethod
    def load(cls, path: Path, lexicon: Lexicon) -> CharacterCrf:
        """Read a model that `train` wrote. The file is held in memory and may be removed afterwards."""
        return cls(path.read_bytes(), lexicon)

    def spans(self, text: str, hints: Sequence[Hint] = (), bar: float = 0.5) -> list[Span]:
        """The spans of the likeliest labelling of `text` whose characters are in one with at least the probability `bar`,
        on average.

        Spans do not overlap. Character by character, by a bar each, a name that is sure in its middle loses its ends.
        """
        if not text:
            return []
        self._tagger.set(features(text, self._lexicon, hints))
        found: list[Span] = []
        labelled = [*self._tagger.tag(), OUTSIDE]
        start = 0
        while start < len(text):
            if labelled[start] == OUTSIDE:
                start += 1
                continue
            label = labelled[start][2:]
            end = start + 1
            while labelled[end] == f"I-{label}":
                end += 1
            sure = 1 - sum(float(self._tagger.marginal(OUTSIDE, at)) for at in range(start, end)) / (
                end - start
            )
            if sure >= bar:
                found.append(Span(start, end, label, sure))
            start = end
        return found


def with_names_swapped(
    texts: Sequence[tuple[str, Sequence[Span]]], copies: int, seed: int, labels: Collection[str] | None = None
) -> list[tuple[str, list[Span]]]:
    """Copies of the texts that hold spans of these labels (None: of any), each such span's words exchanged.

    For another span's of its label, or for the beginning of one and the end of another. So the tagger learns what stands
    around a name, and how names end, rather than the names of its training data.
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


def tags(text: str, spans: Sequence[Span]) -> list[str]:
    """One tag a character: B-label, I-label or O. Of overlapping spans the first in the text counts."""
    marked = [OUTSIDE] * len(text)
    for span in sorted(spans, key=lambda one: one.start):
        if any(tag != OUTSIDE for tag in marked[span.start : span.end]):
            continue
        for place in range(span.start, span.end):
            marked[place] = f"{'B' if place == span.start else 'I'}-{span.label}"
    return marked


def features(text: str, lexicon: Lexicon, hints: Sequence[Hint] = ()) -> list[list[str]]:
    """What the CRF sees of each character.

    Itself and its neighbours, alone, in pairs and in threes; the kinds of characters; how far into its
    clause it stands; listed words and hints here, beside it, and how near the next one begins.
    """
    padded = _EDGE * 3 + text.lower() + _EDGE * 3
    kinds = "".join(map(_kind, padded))
    marks = lexicon.marks(text.lower())
    for start, end, name in hints:
        for spot in range(start, min(end, len(marks))):
            marks[spot].append(f"{name}:{_where(spot - start, end - start)}")
    ahead = _words_ahead(kinds[3:-3], marks)
    rows = []
    into_clause = 0
    for place in range(3, len(padded) - 3):
        here = place - 3
        before3, before2, before, this, after, after2, after3 = tuple(padded[here : place + 4])
        row = [
            "-3" + before3, "-2" + before2, "-1" + before,
            "+0" + this, "+1" + after, "+2" + after2, "+3" + after3,
            "-3:" + before3 + before2, "-2:" + before2 + before, "-1:" + before + this, "+0:" + this + after,
            "+1:" + after + after2, "+2:" + after2 + after3,
            "-2:" + before2 + before + this, "-1:" + before + this + after, "+0:" + this + after + after2,
            "+1:" + after + after2 + after3,
            "kinds" + kinds[place - 1 : place + 2], f"clause{min(into_clause, 6)}",
        ]  # fmt: skip
        row += ["word " + mark for mark in marks[here]]
        if here:
            row += ["word before " + mark for mark in marks[here - 1]]
        if here + 1 < len(marks):
            row += ["word after " + mark for mark in marks[here + 1]]
        row += ahead[here]
        rows.append(row)
        into_clause = 0 if kinds[place] in "ps" else into_clause + 1
    return rows


def _words_ahead(kinds: str, marks: Sequence[Sequence[str]]) -> list[list[str]]:
    """For each character the listed words that begin within the next ones of its clause, and how far off."""
    ahead: list[list[str]] = [[] for _ in kinds]
    for place, here in enumerate(marks):
        for mark in here:
            name, where = mark.rsplit(":", 1)
            if where != "begins":
                continue
            for distance in range(1, _REACH + 1):
                near = place - distance
                if near < 0 or kinds[near] in "ps":
                    break
                ahead[near].append(f"{name} in {distance}")
    return ahead


def _where(offset: int, length: int) -> str:
    return "begins" if offset == 0 else "ends" if offset == length - 1 else "inside"


def _kind(character: str) -> str:
    if character == _EDGE:
        return "E"
    if character.isdigit():
        return "0"
    if character.isascii() and character.isalpha():
        return "a"
    if "\u3400" <= character <= "\u9fff":
        return "H"
    return "s" if character.isspace() else "p"
