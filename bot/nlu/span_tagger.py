"""Sequence labelling by character: linear machines on what is seen of each character, and the likeliest sequence of tags.

Each character is where a span begins, inside one, where it ends, all of one, or outside; one linear support vector machine
(scikit-learn) tells each of these, and of all sequences that make sense the one with the best scores is taken (Viterbi).
Knows nothing of Rasa and nothing of what the label means. A stored model is numbers only: loading one runs no code of
the file's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from joblib import Parallel, delayed
from scipy.sparse import csr_matrix
from sklearn.svm import LinearSVC

from bot.nlu.character_features import BITS, Seen

Floats = npt.NDArray[np.float32]

OUTSIDE, BEGINS, INSIDE, ENDS, ALONE = range(5)
_MAY_FOLLOW = {
    OUTSIDE: (OUTSIDE, BEGINS, ALONE),
    BEGINS: (INSIDE, ENDS),
    INSIDE: (INSIDE, ENDS),
    ENDS: (OUTSIDE, BEGINS, ALONE),
    ALONE: (OUTSIDE, BEGINS, ALONE),
}
_MAY_BE_FIRST = (OUTSIDE, BEGINS, ALONE)
_MAY_BE_LAST = (OUTSIDE, ENDS, ALONE)
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
    tolerance: float = 0.1  # of the solver
    fewest: int = 2  # what fewer characters show is not a feature
    sharpness: float = 2.0  # by which scores are multiplied before they are turned into probabilities
    threads: int = 1
    seed: int = 13


class SpanTagger:
    """A trained tagger of one label."""

    def __init__(self, label: str, known: npt.NDArray[np.uint32], weights: Floats, bias: Floats) -> None:
        self._label = label
        self._known = known  # the features that count, in order
        self._weights = weights  # one row a feature; both as stored, `sharpness` included
        self._bias = bias

    @classmethod
    def train(
        cls, label: str, texts: Seen, spans: Sequence[Sequence[Span]], settings: Settings | None = None
    ) -> SpanTagger:
        """Train on the features of texts, and each text's spans."""
        settings = settings or Settings()
        targets = _tags(spans, texts.starts)
        known, matrix = _matrix(texts, settings.fewest)
        present = sorted(set(targets.tolist()))
        if present == [OUTSIDE]:
            return cls(label, known[:0], np.zeros((0, len(_MAY_FOLLOW)), np.float32), _ALWAYS_OUTSIDE)
        fitted = Parallel(n_jobs=settings.threads, prefer="threads")(
            delayed(_fit)(matrix, targets == tag, settings) for tag in present
        )
        weights = np.zeros((len(known), len(_MAY_FOLLOW)), np.float32)
        bias = np.full(len(_MAY_FOLLOW), _NEVER, np.float32)
        for tag, machine in zip(present, fitted, strict=True):
            weights[:, tag] = machine.coef_[0] * settings.sharpness
            bias[tag] = machine.intercept_[0] * settings.sharpness
        counts = np.abs(weights).max(axis=1) >= _TOO_LITTLE
        return cls(label, known[counts], weights[counts], bias)

    def save(self, path: Path) -> None:
        """Write the model to `path` (.npz)."""
        np.savez(path, known=self._known, weights=self._weights.astype(np.float16), bias=self._bias)

    @classmethod
    def load(cls, label: str, path: Path) -> SpanTagger:
        """Read a model that `save` wrote; the file may be removed afterwards."""
        with np.load(path, allow_pickle=False) as arrays:
            return cls(label, arrays["known"], arrays["weights"].astype(np.float32), arrays["bias"])

    def spans(self, text: Seen, bar: float = 0.5) -> list[Span]:
        """The spans of the likeliest tags of one text whose characters are in one with at least the probability `bar`, on
        average. They do not overlap."""
        if not len(text.fixed):
            return []
        likely = _probabilities(self._scores(text))
        if likely[:, OUTSIDE].min() > 1 - bar:  # in most texts no character is likely to be in one
            return []
        tags = _best_sequence(np.log(likely))
        found = []
        start = 0
        for place, tag in enumerate(tags):
            if tag in (BEGINS, ALONE):
                start = place
            if tag in (ENDS, ALONE):
                sure = 1 - float(likely[start : place + 1, OUTSIDE].mean())
                if sure >= bar:
                    found.append(Span(start, place + 1, self._label, sure))
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


def _tags(spans: Sequence[Sequence[Span]], starts: npt.NDArray[np.int64]) -> npt.NDArray[np.int8]:
    """One tag a character of all texts. Of overlapping spans the first in the text counts."""
    tags = np.zeros(starts[-1], np.int8)
    for first, of_text in zip(starts, spans, strict=False):
        for span in sorted(of_text, key=lambda one: one.start):
            place = slice(first + span.start, first + span.end)
            if span.end <= span.start or tags[place].any():
                continue
            tags[place] = INSIDE
            tags[place.stop - 1] = ENDS
            tags[place.start] = BEGINS if span.end - span.start > 1 else ALONE
    return tags


def _matrix(texts: Seen, fewest: int) -> tuple[npt.NDArray[np.uint32], csr_matrix]:
    """The features that occur often enough, and one row of them a character."""
    length, each = texts.fixed.shape
    counts = np.bincount(texts.fixed.ravel(), minlength=1 << BITS)
    counts += np.bincount(texts.more, minlength=1 << BITS)
    kept = counts >= fewest
    known = np.flatnonzero(kept).astype(np.uint32)
    column = np.cumsum(kept, dtype=np.int32) - 1
    column[~kept] = -1
    del counts, kept
    asked = np.concatenate((column[texts.fixed].ravel(), column[texts.more]))
    rows = np.concatenate(
        (np.repeat(np.arange(length, dtype=np.int32), each), texts.more_of.astype(np.int32))
    )
    hit = asked >= 0
    ones = np.ones(int(hit.sum()), np.float64)  # what the solver works with
    return known, csr_matrix((ones, (rows[hit], asked[hit])), shape=(length, len(known)))


def _fit(matrix: csr_matrix, is_it: npt.NDArray[np.bool_], settings: Settings) -> LinearSVC:
    machine = LinearSVC(C=settings.inverse_regularisation, tol=settings.tolerance, random_state=settings.seed)
    return machine.fit(matrix, is_it)


def _probabilities(scores: Floats) -> Floats:
    """Each tag's probability: its machine's own, and all of a character together one."""
    likely = 1 / (1 + np.exp(-np.clip(scores, -30, 30)))
    return np.asarray(np.maximum(likely / likely.sum(axis=1, keepdims=True), 1e-9), dtype=np.float32)


def _best_sequence(scores: Floats) -> list[int]:
    """The tags of the sequence with the highest sum of scores among those that make sense."""
    best = np.where(_FIRST, scores[0], _NEVER)
    came_from = []
    for here in scores[1:]:
        reached = best[:, None] + _FOLLOWS
        came_from.append(reached.argmax(axis=0))
        best = reached.max(axis=0) + here
    tags = [int(np.where(_LAST, best, _NEVER).argmax())]
    for step in reversed(came_from):
        tags.append(int(step[tags[-1]]))
    return tags[::-1]


_ALWAYS_OUTSIDE = np.array([0.0 if tag == OUTSIDE else _NEVER for tag in _MAY_FOLLOW], np.float32)
_FOLLOWS = np.array(
    [[0.0 if tag in _MAY_FOLLOW[before] else _NEVER for tag in _MAY_FOLLOW] for before in _MAY_FOLLOW]
)
_FIRST = np.array([tag in _MAY_BE_FIRST for tag in _MAY_FOLLOW])
_LAST = np.array([tag in _MAY_BE_LAST for tag in _MAY_FOLLOW])
