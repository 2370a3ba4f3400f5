"""Labelled texts to measure with: the test set, which only measures, and the dev set, which tuning may look at."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path

from rasa.shared.nlu.training_data.formats.rasa_yaml import RasaYAMLReader

ROOT = Path(__file__).resolve().parent.parent
TEST_SET = ROOT / "tests/rasa/data/test/utterances.jsonl"
DEV_SET = ROOT / "tests/rasa/data/dev.yml"
DEV_PERSONAS = ROOT / "tests/rasa/data/dev_personas.jsonl"
SPOKEN_AT = datetime(2026, 11, 23, 10, tzinfo=timezone(timedelta(hours=8)))
"""The moment to which the test set's relative dates refer."""
NEGATIVE = "out_of_scope"
GRIEVANCE = "file_complaint"


@dataclass(frozen=True, slots=True)
class Span:
    """An entity of a text: its place in the text as written, and its value."""

    entity: str
    start: int
    end: int
    value: str


@dataclass(frozen=True, slots=True)
class Sample:
    """A text with its label. `also_…`: other labels that a careful reader could defend."""

    text: str
    intent: str
    also_intent: tuple[str, ...] = ()
    complaint_type: str | None = None
    also_type: tuple[str, ...] = ()
    spans: tuple[Span, ...] = ()


def test_set() -> list[Sample]:
    """The hand-written test set (tests/rasa/data/test/personas.md tells how its lines are read)."""
    return [_sample(json.loads(line)) for line in TEST_SET.read_text(encoding="utf-8").splitlines()]


def dev_set() -> list[Sample]:
    """The set that tuning may look at. It marks no rule-made entities."""
    found = []
    for message in RasaYAMLReader().read(str(DEV_SET)).training_examples:
        metadata = (message.get("metadata") or {}).get("example", {})
        spans = tuple(
            Span(one["entity"], one["start"], one["end"], one["value"])
            for one in message.get("entities") or ()
        )
        found.append(
            Sample(
                message.get("text"),
                message.get("intent"),
                complaint_type=metadata.get("complaint_type"),
                spans=spans,
            )
        )
    return found


def persona_dev_set() -> list[Sample]:
    """A second set that tuning may look at, written from personas as the test set is, with every entity marked."""
    return [_sample(json.loads(line)) for line in DEV_PERSONAS.read_text(encoding="utf-8").splitlines()]


def with_entity(samples: Sequence[Sample], entity: str) -> int:
    """How often an entity stands in the samples."""
    return sum(span.entity == entity for sample in samples for span in sample.spans)


def _sample(line: dict[str, object]) -> Sample:
    spans = tuple(Span(one["entity"], one["start"], one["end"], one["value"]) for one in line["entities"])  # type: ignore[attr-defined]
    return Sample(
        text=str(line["text"]),
        intent=str(line["intent"]),
        also_intent=tuple(line["also_intent"]),  # type: ignore[arg-type]
        complaint_type=line["complaint_type"],  # type: ignore[arg-type]
        also_type=tuple(line["also_type"]),  # type: ignore[arg-type]
        spans=spans,
    )
