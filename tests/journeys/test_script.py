"""A person who writes Traditional is answered in it, on both platforms, from the first answer to the case's number."""

from __future__ import annotations

import pytest

from conversations.script import script_of
from tests.journeys.person import Person, verify_dialog
from tests.journeys.said import Tap

pytestmark = [pytest.mark.alone, pytest.mark.trained]

TOLD = "新買的洗衣機漏水，師傅來了兩趟都說沒問題，訂單號JD20240517001，電話13800138000"


def test_an_intake_in_traditional_characters_is_answered_in_them(person: Person) -> None:
    verify_dialog(
        person,
        [
            (TOLD, "照片"),
            (Tap("沒有"), "請您核對"),
            (Tap("確認提交"), r"TS\d{13}"),
        ],
    )
    said = [message["text"] for message in person.shown() if message["from"] == "bot"]
    assert [script_of(text) for text in said] == ["hant"] * len(said)
    assert {script_of(message.text) for message in person.outbound()} == {"hans"}  # rows keep one form


def test_who_changes_to_simplified_is_answered_in_it(person: Person) -> None:
    verify_dialog(person, [(TOLD, "照片")])
    assert script_of(person.answer) == "hant"
    verify_dialog(person, [("还有外壳也裂了，门关不严", "照片")])
    assert script_of(person.answer) == "hans"
