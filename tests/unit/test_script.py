"""Which script a person writes, and answers in it."""

from __future__ import annotations

import pytest

from conversations.script import HANS, HANT, as_said, script_of


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("你們這破手機用三天就黑屏", HANT), ("你们这破手机用三天就黑屏", HANS), ("唔該 幾時有人打畀我", HANT),
        ("收到货了", HANS),
        ("台灣", HANT), ("后来面条里有头发", HANS),
    ],
)  # fmt: skip
def test_a_script_shows_by_the_characters_that_only_it_has(text: str, script: str) -> None:
    assert script_of(text) == script


@pytest.mark.parametrize("text", ["你好", "", "SF1234567890", "😡", "李喆", "我要投诉物業", "台北"])
def test_what_both_scripts_share_shows_none(text: str) -> None:
    assert script_of(text) is None


def test_our_words_follow_the_script_and_an_agents_do_not() -> None:
    assert (
        as_said("订单号是多少？没有就点「没有订单号」。", "bot", HANT)
        == "訂單號是多少？沒有就點「沒有訂單號」。"
    )
    assert as_said("订单号是多少？", "bot", HANS) == "订单号是多少？"
    assert as_said("我帮您看看", "agent", HANT) == "我帮您看看"
