"""The words themselves: every response is said somewhere, every choice is understood, nothing empty is
promised.
"""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from actions.open_case import CONSENT_VERSION
from cases.types import ComplaintType, Remedy

ROOT = Path(__file__).parents[2]


def _yaml(path: str) -> Any:
    return YAML(typ="safe").load((ROOT / path).read_text(encoding="utf-8"))


DOMAIN = _yaml("domain.yml")
RESPONSES: dict[str, list[dict[str, Any]]] = DOMAIN["responses"]
CODE = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "actions").glob("*.py"))
RULES = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "bot/data/rules").glob("*.yml"))
# Said by the name of a form's question, or of a type.
BY_NAME = ("utter_ask_complaint_form_", "utter_ask_case_form_", "utter_ask_detail_")


def _said_by_actions() -> set[str]:
    steps = _yaml("bot/data/stories/said_by_actions.yml")["stories"][0]["steps"]
    return {step["action"] for step in steps}


def test_every_response_is_said_by_a_rule_or_an_action_and_listed_where_it_belongs() -> None:
    by_rules = set(re.findall(r"action: (utter_\w+)", RULES))
    by_code = {name for name in RESPONSES if re.search(rf"\b{name}\b", CODE) or name.startswith(BY_NAME)}
    assert set(RESPONSES) == by_rules | by_code
    assert _said_by_actions() == by_code - by_rules


def test_every_response_that_an_action_names_exists() -> None:
    assert set(re.findall(r'"(utter_\w+)"', CODE)) <= set(RESPONSES)


def test_every_type_has_its_follow_up_question_and_its_choice() -> None:
    assert {f"utter_ask_detail_{kind.value}" for kind in ComplaintType} <= set(RESPONSES)
    for variant in RESPONSES["utter_ask_complaint_form_complaint_type"]:
        offered = {}
        for button in variant["buttons"]:
            entities = json.loads(
                button["payload"].removeprefix("/inform").replace("{{", "{").replace("}}", "}")
            )
            offered[entities["complaint_type"]] = button["title"]
        assert offered == {kind.value: kind.shown for kind in ComplaintType}


def test_every_remedy_has_its_choice() -> None:
    (variant,) = RESPONSES["utter_ask_complaint_form_remedy"]
    assert {button["title"] for button in variant["buttons"]} == {remedy.shown for remedy in Remedy}


@pytest.mark.parametrize("name", RESPONSES)
def test_a_response_is_short_and_promises_nothing_empty(name: str) -> None:
    for variant in RESPONSES[name]:
        text = variant["text"]
        assert "尽快" not in text
        assert "亲" not in text
        assert "你" not in text.replace("你好", ""), "people are addressed as 您"
        assert len(text) <= 260
        for button in variant.get("buttons", ()):
            assert len(button["title"]) <= 12
            intent = re.match(r"/(\w+)", button["payload"])
            assert intent is not None
            assert intent.group(1) in DOMAIN["intents"]


def test_the_privacy_text_changes_only_together_with_its_version() -> None:
    words = "".join(RESPONSES[name][0]["text"] for name in ("utter_read_back", "utter_privacy"))
    digest = hashlib.sha256(words.encode()).hexdigest()[:12]
    assert (CONSENT_VERSION, digest) == ("1", "1ae7a043d13e"), "a new text needs a new CONSENT_VERSION"
