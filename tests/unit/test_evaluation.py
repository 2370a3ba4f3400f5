"""The figures of `make eval` are computed right, and the ways of retyping a text keep what must be kept."""

from __future__ import annotations

import json
from typing import Any

import pytest

from evaluation import samples
from evaluation.measures import calibration_error, figures
from evaluation.report import RETYPED, Measured, markdown, promises
from evaluation.retyping import in_traditional, with_slips, without_punctuation
from evaluation.samples import Sample, Span


def parse(intent: str, *entities: dict[str, Any], confidence: float = 0.9) -> dict[str, Any]:
    likeliest = {"name": intent, "confidence": confidence}
    return {"intent": likeliest, "intent_ranking": [likeliest], "entities": list(entities)}


def entity(name: str, value: str, start: int = 0, end: int = 1) -> dict[str, Any]:
    return {"entity": name, "value": value, "start": start, "end": end, "confidence_entity": 0.8}


COMPLAINT = Sample(
    "屏幕碎了 399",
    "file_complaint",
    ("inform",),
    "product_quality",
    ("delivery",),
    (Span("amount", 5, 8, "399"),),
)
PRAISE = Sample("这家店真好", "out_of_scope")


def test_a_second_label_counts_only_where_it_is_accepted() -> None:
    found = figures([COMPLAINT], [parse("inform", entity("complaint_type", "delivery"))])
    assert (found.intent, found.intent_or_also) == (0.0, 1.0)
    assert (found.type_strict, found.type_or_also) == (0.0, 1.0)
    assert found.confused == [("file_complaint", "inform", 1)]
    assert found.recall == {"file_complaint": (0.0, 1)}


def test_asking_instead_of_guessing_is_no_right_answer() -> None:
    unsure = {
        "intent": {"name": "nlu_fallback", "confidence": 0.6},
        "intent_ranking": [
            {"name": "nlu_fallback", "confidence": 0.6},
            {"name": "file_complaint", "confidence": 0.3},
        ],
        "entities": [],
    }
    found = figures([COMPLAINT], [unsure])
    assert (found.intent, found.asked_instead, found.type_strict) == (0.0, 1.0, 0.0)


@pytest.mark.parametrize(
    "given", [parse("file_complaint"), parse("out_of_scope", entity("complaint_type", "other"))]
)
def test_a_negative_is_a_false_alarm_by_its_intent_or_by_a_type(given: dict[str, Any]) -> None:
    assert figures([PRAISE], [given]).false_alarms == 1.0
    assert figures([PRAISE], [parse("out_of_scope")]).false_alarms == 0.0


def test_an_entity_is_scored_by_place_and_value_and_by_value_alone() -> None:
    found = figures([COMPLAINT], [parse("file_complaint", entity("amount", "399", 4, 8))])
    assert found.by_span["amount"].f1 == 0.0
    assert found.by_value["amount"].f1 == 1.0
    twice = figures(
        [COMPLAINT], [parse("file_complaint", entity("amount", "399", 5, 8), entity("amount", "1"))]
    )
    assert (twice.by_span["amount"].precision, twice.by_span["amount"].recall) == (0.5, 1.0)


def test_calibration_is_perfect_where_confidence_is_the_share_that_is_right() -> None:
    assert calibration_error([(0.5, True), (0.5, False)]) == 0.0
    assert calibration_error([(1.0, False)]) == 1.0
    assert calibration_error([]) == 0.0


def test_retyping_keeps_numbers_and_is_the_same_every_time() -> None:
    text = "我在5月3号买的手机，订单号JD2024ABC-99，花了1,299.5元！退钱"
    assert with_slips(text) == with_slips(text) != text
    for number in ("JD2024ABC-99", "1,299.5", "5"):
        assert number in with_slips(text)
        assert number in without_punctuation(text)
    assert "，" not in without_punctuation(text)
    assert in_traditional()("退货") == "退貨"
    assert without_punctuation("？？") == "？？"


def test_the_report_tells_every_figure_and_every_promise() -> None:
    found = figures([COMPLAINT, PRAISE], [parse("file_complaint"), parse("out_of_scope")])
    measured = Measured("Suda", found, dict.fromkeys(RETYPED, found), 1.0, 2.0, 60.0, 5.0)
    text = markdown([measured])
    assert "| intents | 100.0 % |" in text
    kept = {promise.words: promise.kept for promise in promises(measured)}
    assert kept["intents ≥ 0.95"]
    assert not kept["complaint type, strict ≥ 0.80"]


def test_every_line_of_the_test_set_is_read() -> None:
    lines = samples.TEST_SET.read_text(encoding="utf-8").splitlines()
    read = samples.test_set()
    assert len(read) == len(lines)
    first = json.loads(lines[0])
    assert (read[0].intent, len(read[0].spans)) == (first["intent"], len(first["entities"]))
    assert len(samples.dev_set()) >= 200
    assert len(samples.persona_dev_set()) >= 400
