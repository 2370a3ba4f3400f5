"""Figures of understanding from samples and what a model made of them. Pure: no model, no files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from evaluation.samples import GRIEVANCE, NEGATIVE, Sample

Parsed = dict[str, Any]
"""Rasa's parse result."""

TYPE = "complaint_type"
ENTITIES = ("order_no", "case_no", "phone", "amount", "incident_time", "remedy", "merchant")
BINS = 10


@dataclass(frozen=True, slots=True)
class Score:
    """Precision, recall and their harmonic mean, from counts."""

    right: int
    found: int
    wanted: int

    @property
    def precision(self) -> float:
        return self.right / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        return self.right / self.wanted if self.wanted else 0.0

    @property
    def f1(self) -> float:
        return 2 * self.right / (self.found + self.wanted) if self.found + self.wanted else 0.0


@dataclass(frozen=True, slots=True)
class Figures:
    """What one model made of one set. Shares are between 0 and 1."""

    samples: int
    intent: float
    """First label right; asking instead of guessing (`nlu_fallback`) counts as wrong."""
    intent_or_also: float
    """The same, with the other labels that were fixed beforehand."""
    asked_instead: float
    """Share of texts where the model was not sure enough and the bot asks."""
    recall: dict[str, tuple[float, int]]
    """Each intent's share found, and how many samples it has."""
    confused: list[tuple[str, str, int]]
    """(wanted, given instead, how often), most frequent first."""
    type_strict: float
    type_or_also: float
    complaints: int
    false_alarms: float
    """Share of negatives taken for a grievance: by their intent, or by a complaint type."""
    negatives: int
    intent_calibration_error: float
    type_calibration_error: float
    by_span: dict[str, Score]
    """Each entity's score where place and value must both be right."""
    by_value: dict[str, Score]
    """Each entity's score where the value must be right."""


def figures(samples: Sequence[Sample], parses: Sequence[Parsed]) -> Figures:
    """Compare each sample with what was made of it."""
    pairs = list(zip(samples, parses, strict=True))
    given = [_intent(parsed) for parsed in parses]
    right = [name == sample.intent for sample, name in zip(samples, given, strict=True)]
    also = [name in (sample.intent, *sample.also_intent) for sample, name in zip(samples, given, strict=True)]
    complaints = [(s, p) for s, p in pairs if s.intent == GRIEVANCE and s.complaint_type]
    negatives = [(s, p) for s, p in pairs if s.intent == NEGATIVE]
    typed = [(s, _type(p)) for s, p in complaints]
    confused = Counter(
        (sample.intent, name) for sample, name in zip(samples, given, strict=True) if name != sample.intent
    )
    return Figures(
        samples=len(samples),
        intent=_share(right),
        intent_or_also=_share(also),
        asked_instead=_share(name == "nlu_fallback" for name in given),
        recall=_recall(samples, given),
        confused=[(wanted, name, count) for (wanted, name), count in confused.most_common()],
        type_strict=_share(kind == s.complaint_type for s, (kind, _) in typed),
        type_or_also=_share(kind in (s.complaint_type, *s.also_type) for s, (kind, _) in typed),
        complaints=len(complaints),
        false_alarms=_share(
            _intent(p) == GRIEVANCE or _type(p)[0] is not None or _likeliest(p)[0] == GRIEVANCE
            for _, p in negatives
        ),
        negatives=len(negatives),
        intent_calibration_error=calibration_error(
            [(_likeliest(p)[1], _likeliest(p)[0] in (s.intent, *s.also_intent)) for s, p in pairs]
        ),
        type_calibration_error=calibration_error(
            [
                (confidence, kind in (s.complaint_type, *s.also_type))
                for s, (kind, confidence) in typed
                if kind is not None
            ]
        ),
        by_span={name: _score(pairs, name, spans=True) for name in ENTITIES},
        by_value={name: _score(pairs, name, spans=False) for name in ENTITIES},
    )


def calibration_error(said: Sequence[tuple[float, bool]]) -> float:
    """Expected calibration error: how far confidence is from the share that is right, over ten equal bins."""
    if not said:
        return 0.0
    bins: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for confidence, right in said:
        bins[min(int(confidence * BINS), BINS - 1)].append((confidence, right))
    gaps = (abs(sum(c for c, _ in one) - sum(r for _, r in one)) for one in bins if one)
    return sum(gaps) / len(said)


def _share(hits: Iterable[bool]) -> float:
    known = list(hits)
    return sum(known) / len(known) if known else 0.0


def _recall(samples: Sequence[Sample], given: Sequence[str]) -> dict[str, tuple[float, int]]:
    wanted = Counter(sample.intent for sample in samples)
    found = Counter(
        sample.intent for sample, name in zip(samples, given, strict=True) if name == sample.intent
    )
    return {name: (found[name] / number, number) for name, number in sorted(wanted.items())}


def _intent(parsed: Parsed) -> str:
    return str((parsed.get("intent") or {}).get("name"))


def _likeliest(parsed: Parsed) -> tuple[str, float]:
    """The likeliest intent and its confidence, sure enough or not."""
    ranking = [one for one in parsed.get("intent_ranking") or () if one["name"] != "nlu_fallback"]
    if not ranking:
        return _intent(parsed), float((parsed.get("intent") or {}).get("confidence") or 0.0)
    return str(ranking[0]["name"]), float(ranking[0]["confidence"])


def _type(parsed: Parsed) -> tuple[str | None, float]:
    for entity in parsed.get("entities") or ():
        if entity["entity"] == TYPE:
            return str(entity["value"]), float(entity.get("confidence_entity") or 0.0)
    return None, 0.0


def _score(pairs: Sequence[tuple[Sample, Parsed]], name: str, *, spans: bool) -> Score:
    right = found = wanted = 0
    for sample, parsed in pairs:
        said = Counter(
            (one["start"], one["end"], _plain(one["value"])) if spans else _plain(one["value"])
            for one in parsed.get("entities") or ()
            if one["entity"] == name
        )
        meant = Counter(
            (one.start, one.end, _plain(one.value)) if spans else _plain(one.value)
            for one in sample.spans
            if one.entity == name
        )
        right += sum((said & meant).values())
        found += sum(said.values())
        wanted += sum(meant.values())
    return Score(right, found, wanted)


def _plain(value: object) -> str:
    return str(value).strip()
