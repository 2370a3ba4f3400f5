"""Folding text: compatibility forms and Traditional characters, with the way back to the original."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.text import normalise


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("ＴＳ２５０３０１", "TS250301"),
        ("退貨，賠償！", "退货,赔偿!"),
        ("我在淘寶買的電視", "我在淘宝买的电视"),
        ("裡面係爛嘅", "里面系烂嘅"),
        ("￥１，２９９．００", "¥1,299.00"),
        ("①㎡", "1m2"),
        ("已经是简体 abc 123 😡", "已经是简体 abc 123 😡"),
    ],
)
def test_compatibility_forms_and_traditional_characters_are_folded(typed: str, folded: str) -> None:
    assert normalise(typed).text == folded


def test_simplified_characters_that_are_also_traditional_ones_stay_themselves() -> None:
    common = "后面里外着急干净只有一台台灯面条准备复印云朵表格松树谷物"
    assert normalise(common).text == common


def test_a_span_after_a_character_that_unfolds_is_found_in_the_original() -> None:
    folded = normalise("㎡５元")
    start = folded.text.index("5元")
    assert folded.original_span(start, start + 2) == (1, 3)
    assert folded.original_span(0, 1) == (0, 1)
    assert folded.folded_span(1, 3) == (start, start + 2)


@given(st.text(max_size=60))
def test_every_span_leads_back_into_the_original(text: str) -> None:
    folded = normalise(text)
    for start in range(len(folded.text)):
        first, last = folded.original_span(start, start + 1)
        assert 0 <= first < last <= len(text)
        assert folded.text[start] in normalise(text[first:last]).text
    assert folded.original_span(0, len(folded.text)) == (0, len(text))


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing_more(text: str) -> None:
    once = normalise(text).text
    assert normalise(once).text == once
