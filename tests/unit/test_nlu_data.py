"""The NLU data keeps the promises that training and evaluation stand on.

Trains nothing.
"""

import unicodedata
from collections import Counter, defaultdict

import opencc
import pytest

from tests.training_texts import ROOT, TRAINING_FILES, Example, read

DEV_FILE = ROOT / "tests/rasa/data/dev.yml"

INTENTS = frozenset(
    {
        "greet",
        "goodbye",
        "thank",
        "help",
        "out_of_scope",
        "file_complaint",
        "inform",
        "query_status",
        "add_evidence",
        "urge",
        "withdraw_complaint",
        "accept_resolution",
        "reject_resolution",
        "affirm",
        "deny",
        "correct",
        "skip",
        "done",
        "cancel",
        "restart",
        "repeat",
        "ask_handling_time",
        "ask_scope",
        "ask_evidence",
        "ask_privacy",
        "ask_compensation",
        "ask_external",
        "request_human",
        "emergency",
        "abuse",
    }
)
COMPLAINT_TYPES = frozenset(
    {
        "product_quality",
        "false_advertising",
        "delivery",
        "service_attitude",
        "after_sales",
        "billing_refund",
        "service_shortfall",
        "privacy",
        "safety",
        "other",
    }
)
REMEDIES = frozenset({"refund", "exchange", "repair", "compensation", "apology", "redo_service", "other"})


def bare(text: str) -> str:
    """The text's letters and digits; of a text that has none (an emoji), all but its spaces."""
    folded = unicodedata.normalize("NFKC", text).lower()
    kept = "".join(c for c in folded if unicodedata.category(c)[0] in "LN")
    return kept or "".join(folded.split())


@pytest.fixture(scope="module")
def training() -> list[Example]:
    return [example for path in TRAINING_FILES for example in read(path)]


@pytest.fixture(scope="module")
def dev() -> list[Example]:
    return read(DEV_FILE)


def test_every_intent_has_at_least_forty_examples_and_no_other_intent_is_used(
    training: list[Example],
) -> None:
    counts = Counter(example["intent"] for example in training)
    assert set(counts) == INTENTS
    assert {intent: n for intent, n in counts.items() if n < 40} == {}


def test_dev_set_holds_every_intent_and_type(dev: list[Example]) -> None:
    assert {example["intent"] for example in dev} == INTENTS
    assert {example["complaint_type"] for example in dev} - {None} == COMPLAINT_TYPES


def test_no_utterance_is_written_twice_in_training_or_again_in_the_dev_set(
    training: list[Example], dev: list[Example]
) -> None:
    places: dict[str, list[str]] = defaultdict(list)
    for example in training + dev:
        places[bare(example["text"])].append(example["file"])
    assert {text: files for text, files in places.items() if len(files) > 1} == {}


def test_no_utterance_is_empty_or_keeps_annotation_marks(training: list[Example], dev: list[Example]) -> None:
    broken = [e["text"] for e in training + dev if not e["text"].strip() or set(e["text"]) & set("[]{}")]
    assert broken == []


def test_complaint_files_carry_the_type_of_their_name_and_at_least_120_examples_each() -> None:
    for complaint_type in sorted(COMPLAINT_TYPES):
        examples = read(ROOT / f"bot/data/nlu/complaint_{complaint_type}.yml")
        assert {e["intent"] for e in examples} == {"file_complaint"}
        assert {e["complaint_type"] for e in examples} == {complaint_type}
        assert len(examples) >= 120, complaint_type


def test_a_bare_wish_to_complain_has_no_type() -> None:
    examples = read(ROOT / "bot/data/nlu/file_complaint.yml")
    assert {e["complaint_type"] for e in examples} == {None}


def test_complaint_types_are_known_wherever_they_stand(training: list[Example], dev: list[Example]) -> None:
    assert {e["complaint_type"] for e in training + dev} - {None} == COMPLAINT_TYPES


def test_every_complaint_type_has_told_at_length_and_told_in_a_few_words(training: list[Example]) -> None:
    for complaint_type in sorted(COMPLAINT_TYPES):
        lengths = [len(e["text"]) for e in training if e["file"] == f"complaint_{complaint_type}.yml"]
        assert sum(length > 40 for length in lengths) >= 40, complaint_type
        assert sum(length <= 15 for length in lengths) >= 40, complaint_type


def test_long_messages_are_not_all_complaints(training: list[Example]) -> None:
    """A model that takes length for a grievance is not what the data should teach."""
    others = [e for e in training if e["intent"] != "file_complaint" and len(e["text"]) > 25]
    assert len(others) >= 120


def test_traditional_characters_make_up_their_share(training: list[Example]) -> None:
    simplify = opencc.OpenCC("t2s").convert

    def share(examples: list[Example]) -> float:
        return sum(simplify(e["text"]) != e["text"] for e in examples) / len(examples)

    assert share(training) >= 0.05
    assert share([e for e in training if e["file"].startswith("complaint_")]) >= 0.08


def test_marked_entities_are_merchants_and_remedies_with_known_values(
    training: list[Example], dev: list[Example]
) -> None:
    for example in training + dev:
        for entity in example["entities"]:
            span = example["text"][entity["start"] : entity["end"]]
            assert span == span.strip() != "", example
            assert entity["entity"] in {"merchant", "remedy"}, example
            assert entity["value"] in ({span} if entity["entity"] == "merchant" else REMEDIES), example


def test_a_marked_merchant_is_marked_in_every_example_that_names_it(
    training: list[Example], dev: list[Example]
) -> None:
    marked = {
        e["text"][x["start"] : x["end"]]
        for e in training + dev
        for x in e["entities"]
        if x["entity"] == "merchant"
    }
    by_beginning = defaultdict(list)  # of those that can mean nothing else
    for name in marked:
        if len(name) >= 3:
            by_beginning[name[:3]].append(name)
    missed = []
    for example in training + dev:
        text = example["text"]
        covered = [(x["start"], x["end"]) for x in example["entities"]]
        for at in range(len(text) - 2):
            names = by_beginning.get(text[at : at + 3], ())
            if any(text.startswith(name, at) for name in names) and not any(
                start <= at < end for start, end in covered
            ):
                missed.append((text[at:], text))
    assert missed == []
