"""Typed answers to a list of choices."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.choices import chosen

LABELS = [
    "商品质量",
    "虚假宣传",
    "物流配送",
    "服务态度",
    "售后服务",
    "费用退款",
    "服务违规",
    "隐私骚扰",
    "安全健康",
    "其他",
]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("1", 0), ("１", 0), ("一", 0), ("第一个", 0), ("1.", 0), ("（1）", 0), ("我选2", 1), ("选三", 2), ("10", 9),
        ("十", 9), ("第十个", 9), ("两", 1), ("物流配送", 2), ("物流配送。", 2), (" 其他 ", 9), ("第2项", 1), ("②", 1),
    ],
)  # fmt: skip
def test_a_number_or_the_words_pick_a_choice(text: str, place: int) -> None:
    assert chosen(text, LABELS, free_input=False) == place


@pytest.mark.parametrize(
    "text", ["0", "11", "十一", "1299", "1号线", "物流", "", "🙂", "1 2", "第一次", "一直没人理"]
)
def test_other_words_pick_nothing(text: str) -> None:
    assert chosen(text, LABELS, free_input=False) is None


def test_a_number_is_the_answer_itself_where_the_question_wants_one() -> None:
    assert chosen("1", ["没有订单号"], free_input=True) is None
    assert chosen("没有订单号", ["没有订单号"], free_input=True) == 0


@given(st.text(max_size=30), st.booleans())
def test_no_text_breaks_it(text: str, free_input: bool) -> None:
    found = chosen(text, LABELS, free_input=free_input)
    assert found is None or 0 <= found < len(LABELS)
