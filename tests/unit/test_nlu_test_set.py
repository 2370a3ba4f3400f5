"""The hand-written test set of the Chinese understanding keeps its promises: size, labels, offsets, independence.

It must not train, parse or score anything, and must not print a training text: whoever mends a collision here changes
the test sentence without having seen the sentence it resembles.
"""

import datetime as dt
import json
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from opencc import OpenCC
from stdnum import verhoeff

from tests.training_texts import TRAINING_FILES, read

ROOT = Path(__file__).resolve().parents[2]
TEST_SET = ROOT / "tests/rasa/data/test"

TYPES = frozenset({
    "product_quality", "false_advertising", "delivery", "service_attitude", "after_sales",
    "billing_refund", "service_shortfall", "privacy", "safety", "other",
})  # fmt: skip
INTENTS = frozenset({
    "greet", "goodbye", "thank", "help", "out_of_scope", "file_complaint", "inform", "query_status",
    "add_evidence", "urge", "withdraw_complaint", "accept_resolution", "reject_resolution", "affirm",
    "deny", "correct", "skip", "done", "cancel", "restart", "repeat", "ask_handling_time", "ask_scope",
    "ask_evidence", "ask_privacy", "ask_compensation", "ask_external", "request_human", "emergency",
    "abuse",
})  # fmt: skip
REMEDIES = frozenset({
    "refund", "exchange", "repair", "compensation", "apology", "redo_service", "other",
})  # fmt: skip
AT_LEAST = {
    "order_no": 60, "case_no": 60, "phone": 60, "amount": 60, "incident_time": 60, "remedy": 80, "merchant": 80,
}  # fmt: skip
KEYS = {"id", "persona", "text", "intent", "also_intent", "complaint_type", "also_type", "entities"}
TOO_ALIKE = 0.5
TO_SIMPLIFIED = OpenCC("t2s")


def utterances() -> list[dict[str, Any]]:
    lines = (TEST_SET / "utterances.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


UTTERANCES = utterances()


def complaints() -> list[dict[str, Any]]:
    return [u for u in UTTERANCES if u["intent"] == "file_complaint"]


def entities() -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    for utterance in UTTERANCES:
        for entity in utterance["entities"]:
            yield utterance, entity


def normal(text: str) -> str:
    """Letters and digits only, NFKC, Simplified, lower case: how two sentences are compared."""
    folded = TO_SIMPLIFIED.convert(unicodedata.normalize("NFKC", text)).lower()
    return "".join(character for character in folded if character.isalnum())


def trigrams(text: str) -> frozenset[str]:
    plain = normal(text)
    return frozenset(plain[i : i + 3] for i in range(len(plain) - 2)) or frozenset([plain])


def training_texts() -> Iterator[str]:
    for path in TRAINING_FILES:
        yield from (example["text"] for example in read(path))


def test_is_large_enough_for_every_intent_and_every_type() -> None:
    intents = Counter(u["intent"] for u in UTTERANCES)
    types = Counter(u["complaint_type"] for u in complaints())
    assert len(UTTERANCES) >= 1050
    assert len(complaints()) >= 350
    assert intents["out_of_scope"] >= 150
    assert {name: n for name in INTENTS if (n := intents[name]) < 20} == {}
    assert {name: n for name in TYPES if (n := types[name]) < 30} == {}


def test_holds_enough_of_every_entity() -> None:
    found = Counter(entity["entity"] for _, entity in entities())
    assert set(found) == set(AT_LEAST)
    assert {name: found[name] for name, wanted in AT_LEAST.items() if found[name] < wanted} == {}
    assert {e["value"] for _, e in entities() if e["entity"] == "remedy"} == REMEDIES


def test_speaks_with_forty_voices_that_are_all_described() -> None:
    briefs = (TEST_SET / "personas.md").read_text(encoding="utf-8")
    described = {int(number) for number in re.findall(r"^\| (\d+) \|", briefs, flags=re.MULTILINE)}
    assert len(described) >= 40
    assert {u["persona"] for u in UTTERANCES} == described


def test_every_line_has_the_same_fields_and_known_labels() -> None:
    assert [u["id"] for u in UTTERANCES] == list(range(1, len(UTTERANCES) + 1))
    for u in UTTERANCES:
        assert set(u) == KEYS, u["id"]
        assert {u["intent"], *u["also_intent"]} <= INTENTS, u["id"]
        assert {*u["also_type"]} | ({u["complaint_type"]} - {None}) <= TYPES, u["id"]
        assert u["intent"] not in u["also_intent"], u["id"]
        assert u["complaint_type"] not in u["also_type"], u["id"]
        assert u["complaint_type"] or not u["also_type"], u["id"]


def test_negatives_carry_no_complaint_type() -> None:
    assert [u["id"] for u in UTTERANCES if u["intent"] == "out_of_scope" and u["complaint_type"]] == []


def test_offsets_cut_the_span_out_of_the_text_and_do_not_overlap() -> None:
    for u in UTTERANCES:
        end = 0
        for entity in u["entities"]:
            assert set(entity) == {"entity", "start", "end", "text", "value"}, u["id"]
            assert entity["start"] >= end, u["id"]
            assert u["text"][entity["start"] : entity["end"]] == entity["text"] != "", u["id"]
            end = entity["end"]


def test_values_have_the_form_of_their_entity() -> None:
    forms = {
        "order_no": r"[A-Z0-9]{5,}", "case_no": r"TS\d{13}", "phone": r"1[3-9]\d{9}", "amount": r"\d+(\.\d{1,2})?",
        "incident_time": r"\d{4}-\d\d-\d\d(T\d\d:\d\d:00\+08:00)?", "remedy": "|".join(REMEDIES), "merchant": r".+",
    }  # fmt: skip
    for u, entity in entities():
        assert re.fullmatch(forms[entity["entity"]], entity["value"]), (u["id"], entity)
        if entity["entity"] == "incident_time":
            day = dt.datetime.fromisoformat(entity["value"]).date()
            assert day <= dt.date(2026, 11, 23), (u["id"], entity)
        if entity["entity"] == "merchant":
            assert entity["value"] == entity["text"], (u["id"], entity)


def test_most_case_numbers_are_sound_and_some_are_mistyped() -> None:
    sound = [verhoeff.is_valid(e["value"][2:]) for _, e in entities() if e["entity"] == "case_no"]
    assert sum(sound) >= 60
    assert sound.count(False) >= 5


def test_holds_no_sentence_twice() -> None:
    seen = Counter(normal(u["text"]) for u in UTTERANCES)
    assert [text for text, times in seen.items() if times > 1] == []


def test_no_sentence_resembles_a_training_sentence() -> None:
    train = [trigrams(text) for text in training_texts()]
    assert len(train) >= 4000
    holders: dict[str, list[int]] = defaultdict(list)
    for index, grams in enumerate(train):
        for gram in grams:
            holders[gram].append(index)
    alike = []
    for u in UTTERANCES:
        own = trigrams(u["text"])
        shared = Counter(index for gram in own for index in holders.get(gram, ()))
        if any(n / (len(own) + len(train[index]) - n) > TOO_ALIKE for index, n in shared.items()):
            alike.append(u["text"])
    assert alike == []
