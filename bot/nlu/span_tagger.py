"""Sequence labelling by character: linear machines on what is seen of each character, and the likeliest sequence of tags.

Each character is where a span of some label begins, inside one, where it ends, all of one, or outside; one linear support
vector machine (machines.py) tells each of these, and of all sequences that make sense the one with the best scores is taken
(Viterbi). Knows nothing of Rasa and nothing of what the labels mean. A stored model is numbers and names only: loading one
runs no code of the file's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bot.nlu import machines
from bot.nlu.character_features import BITS, Seen
from bot.nlu.machines import Rows

Floats = npt.NDArray[np.float32]

# Tags: OUTSIDE, then for each label the four of its spans.
OUTSIDE = 0
BEGINS, INSIDE, ENDS, ALONE = range(1, 5)
_TAGS_OF_LABEL = 4
_NEVER = -1e9
_TOO_LITTLE = 0.003  # a weight under this decides nothing, and is not kept


@dataclass(frozen=True, slots=True)
class Span:
    """A labelled half-open span, with the mean probability that its characters lie in one."""

    start: int
    end: int
    label: str
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Settings:
    """How a tagger is trained."""

    inverse_regularisation: float = 0.1
    passes: int = 6  # over all characters: more of them tell no better
    fewest: int = 2  # what fewer characters show is not a feature
    sharpness: float = 2.0  # by which scores are multiplied before they are turned into probabilities
    seed: int = 13


class SpanTagger:
    """A trained tagger of some labels, which learn from the same characters and exclude each other."""

    def __init__(
        self, labels: Sequence[str], known: npt.NDArray[np.uint32], weights: Floats, bias: Floats
    ) -> None:
        self.labels = list(labels)
        self._known = known  # the features that count, in order
        self._weights = weights  # one row a feature, one column a tag; both as stored, `sharpness` included
        self._bias = bias
        self._grammar = _Grammar.of(len(self.labels))

    @classmethod
    def train(
        cls,
        labels: Sequence[str],
        texts: Seen,
        spans: Sequence[Sequence[Span]],
        settings: Settings | None = None,
    ) -> SpanTagger:
        """Train on the features of texts, and each text's spans of these labels."""
        settings = settings or Settings()
        targets = _tags(spans, texts.starts, labels)
        tags = 1 + _TAGS_OF_LABEL * len(labels)
        bias = np.full(tags, _NEVER, np.float32)
        present = np.unique(targets)
        if len(present) == 1:
            bias[present] = 0.0
            return cls(labels, np.zeros(0, np.uint32), np.zeros((0, tags), np.float32), bias)
        known, rows = _rows(texts, settings.fewest)
        cost = settings.inverse_regularisation
        learnt = machines.learn(
            rows, np.searchsorted(present, targets), np.full(len(present), cost, np.float32), cost,
            machines.Settings(passes=settings.passes, seed=settings.seed),
        )  # fmt: skip
        counts = np.abs(learnt.sparse).max(axis=1) * settings.sharpness >= _TOO_LITTLE
        weights = np.zeros((int(counts.sum()), tags), np.float32)
        weights[:, present] = learnt.sparse[counts] * settings.sharpness
        bias[present] = learnt.bias * settings.sharpness
        return cls(labels, known[counts], weights, bias)

    def save(self, path: Path) -> None:
        """Write the model to `path` (.npz)."""
        np.savez(
            path, labels=np.array(self.labels), known=self._known, weights=self._weights.astype(np.float16),
            bias=self._bias,
        )  # fmt: skip

    @classmethod
    def load(cls, path: Path) -> SpanTagger:
        """Read a model that `save` wrote; the file may be removed afterwards."""
        with np.load(path, allow_pickle=False) as arrays:
            weights = arrays["weights"].astype(np.float32)
            return cls(arrays["labels"].tolist(), arrays["known"], weights, arrays["bias"])

    def spans(self, text: Seen, bar: float = 0.5, bars: Mapping[str, float] | None = None) -> list[Span]:
        """The spans of the likeliest tags of one text whose characters are in one, rather than outside, with at least the
        probability `bar`, on average; `bars`: label → a bar of its own. They do not overlap."""
        if not len(text.fixed):
            return []
        bars = bars or {}
        likely = _probabilities(self._scores(text))
        # In most texts no character is likely to be in one.
        if likely[:, OUTSIDE].min() > 1 - min([bar, *bars.values()]):
            return []
        tags = self._grammar.best_sequence(np.log(likely))
        found = []
        start = 0
        for place, tag in enumerate(tags):
            if tag == OUTSIDE:
                continue
            number, part = divmod(tag - 1, _TAGS_OF_LABEL)
            if part + 1 in (BEGINS, ALONE):
                start = place
            if part + 1 in (ENDS, ALONE):
                its_own = slice(number * _TAGS_OF_LABEL + 1, (number + 1) * _TAGS_OF_LABEL + 1)
                is_one = likely[start : place + 1, its_own].sum(axis=1)
                sure = float((is_one / (is_one + likely[start : place + 1, OUTSIDE])).mean())
                label = self.labels[number]
                if sure >= bars.get(label, bar):
                    found.append(Span(start, place + 1, label, sure))
        return found

    def _scores(self, text: Seen) -> Floats:
        length, each = text.fixed.shape
        asked = np.concatenate((text.fixed.ravel(), text.more))
        rows = np.concatenate((np.repeat(np.arange(length), each), text.more_of))
        in_order = asked.argsort()  # neighbours in the table, one after the other: twice as quick to look up
        asked, rows = asked[in_order], rows[in_order]
        places = np.minimum(np.searchsorted(self._known, asked), max(len(self._known) - 1, 0))
        hit = self._known[places] == asked if len(self._known) else np.zeros(len(asked), bool)
        weights = self._weights[places[hit]]
        rows = rows[hit]
        scores = np.stack(
            [np.bincount(rows, weights[:, tag], minlength=length) for tag in range(weights.shape[1])], axis=1
        )
        return np.asarray(scores + self._bias, dtype=np.float32)


@dataclass(frozen=True, slots=True)
class _Grammar:
    """Which tag may follow which, and which may be first and last, as scores to add."""

    follows: npt.NDArray[np.float64]  # one line a tag before
    first: npt.NDArray[np.bool_]
    last: npt.NDArray[np.bool_]

    @classmethod
    def of(cls, labels: int) -> _Grammar:
        part = np.array([OUTSIDE, *(tag for _ in range(labels) for tag in (BEGINS, INSIDE, ENDS, ALONE))])
        owner = np.array([-1, *(label for label in range(labels) for _ in range(_TAGS_OF_LABEL))])
        complete = np.isin(part, (OUTSIDE, ENDS, ALONE))  # no span is open behind it
        opens = np.isin(part, (OUTSIDE, BEGINS, ALONE))
        allowed = np.where(complete[:, None], opens, ~opens & (owner[:, None] == owner))
        return cls(np.where(allowed, 0.0, _NEVER), opens, complete)

    def best_sequence(self, scores: Floats) -> list[int]:
        """The tags of the sequence with the highest sum of scores among those that make sense."""
        best = np.where(self.first, scores[0], _NEVER)
        came_from = []
        for here in scores[1:]:
            reached = best[:, None] + self.follows
            came_from.append(reached.argmax(axis=0))
            best = reached.max(axis=0) + here
        tags = [int(np.where(self.last, best, _NEVER).argmax())]
        for step in reversed(came_from):
            tags.append(int(step[tags[-1]]))
        return tags[::-1]


def _tags(
    spans: Sequence[Sequence[Span]], starts: npt.NDArray[np.int64], labels: Sequence[str]
) -> npt.NDArray[np.int64]:
    """One tag a character of all texts. Of overlapping spans the first in the text counts."""
    tags = np.zeros(starts[-1], np.int64)
    for first, of_text in zip(starts, spans, strict=False):
        for span in sorted(of_text, key=lambda one: one.start):
            place = slice(first + span.start, first + span.end)
            if span.end <= span.start or tags[place].any():
                continue
            before = _TAGS_OF_LABEL * labels.index(span.label)
            tags[place] = before + INSIDE
            tags[place.stop - 1] = before + ENDS
            tags[place.start] = before + (BEGINS if span.end - span.start > 1 else ALONE)
    return tags


def _rows(texts: Seen, fewest: int) -> tuple[npt.NDArray[np.uint32], Rows]:
    """The features that occur often enough, and one row of them a character."""
    length = len(texts.fixed)
    counts = np.bincount(texts.fixed.ravel(), minlength=1 << BITS)
    counts += np.bincount(texts.more, minlength=1 << BITS)
    kept = counts >= fewest
    known = np.flatnonzero(kept).astype(np.uint32)
    column = np.cumsum(kept, dtype=np.int32) - 1
    column[~kept] = -1
    del counts, kept
    fixed, more = column[texts.fixed], column[texts.more]
    of_fixed, more_of = fixed >= 0, texts.more_of[more >= 0]
    in_order = np.argsort(more_of, kind="stable")
    more, more_of = more[more >= 0][in_order], more_of[in_order]
    numbers, numbers_of_more = of_fixed.sum(axis=1), np.bincount(more_of, minlength=length)
    starts = np.concatenate(([0], np.cumsum(numbers + numbers_of_more)))
    columns = np.empty(starts[-1], np.int32)
    # A character's further features stand behind those that every character has.
    before = np.cumsum(numbers_of_more) - numbers_of_more
    places_of_more = (starts[:-1] + numbers - before)[more_of] + np.arange(len(more))
    elsewhere = np.ones(len(columns), np.bool_)
    elsewhere[places_of_more] = False
    columns[places_of_more] = more
    columns[elsewhere] = fixed[of_fixed]
    ones = np.ones(len(columns), np.float32)
    return known, Rows(starts, columns, ones, len(known), np.zeros((length, 0), np.float32))


def _probabilities(scores: Floats) -> Floats:
    """Each tag's probability: its machine's own, and all of a character together one."""
    likely = 1 / (1 + np.exp(-np.clip(scores, -30, 30)))
    return np.asarray(np.maximum(likely / likely.sum(axis=1, keepdims=True), 1e-9), dtype=np.float32)
