"""Buttons on Telegram, numbers and words on WeChat."""

from __future__ import annotations

import pytest

from tests.journeys.complaints import ASKS_EVIDENCE, ASKS_ORDER, LEAK, LEAK_WITH_ORDER, READ_BACK
from tests.journeys.person import Person, verify_dialog
from tests.journeys.said import Do, Tap

pytestmark = [pytest.mark.alone, pytest.mark.trained]


def test_a_button_pressed_twice_counts_once(telegram: Person) -> None:
    verify_dialog(telegram, [(LEAK_WITH_ORDER, ASKS_EVIDENCE), (Tap("没有"), READ_BACK)])
    for _ in range(2):
        telegram.act(Tap("确认提交"))
    answer = telegram.read()
    telegram.check_rows()
    assert answer.count("投诉已受理") == 1
    assert "已经用过" in answer
    assert len(telegram.cases()) == 1


def test_an_old_button_is_dead_and_the_open_question_is_asked_again(telegram: Person) -> None:
    verify_dialog(
        telegram,
        [
            ("我要投诉", "哪一类"),
            (Tap("商品质量"), "发生了什么|怎么发生"),
            (Tap("物流配送"), "已经用过.*(发生了什么|怎么发生)"),
        ],
    )
    assert telegram.drafts()[0].facts["complaint_type"] == "product_quality"


@pytest.mark.parametrize("typed", ["3", "３", "三", "第三个", "3.", "物流配送"])
def test_a_wechat_choice_is_typed_as_number_or_word(wechat: Person, typed: str) -> None:
    verify_dialog(wechat, [("我要投诉", "3. 物流配送"), (typed, "发生了什么|怎么发生")])
    assert wechat.drafts()[0].facts["complaint_type"] == "delivery"


def test_a_number_means_the_latest_list(wechat: Person) -> None:
    verify_dialog(
        wechat,
        [
            ("你好", "1. 我要投诉"),
            (Do("menu", {"key": "query_status"}), "没有正在处理的投诉.*1. 我要投诉.*2. 转人工"),
            ("2", "转人工.*排在第"),
        ],
    )
    assert wechat.conversation().floor == "queue"


def test_where_free_words_are_asked_for_no_numbers_are_offered_and_a_number_is_the_answer(
    wechat: Person,
) -> None:
    answer = wechat.say(LEAK)
    assert "回复「没有订单号」" in answer
    assert "1. " not in answer
    assert "回复数字" not in answer
    verify_dialog(wechat, [("1", ASKS_ORDER), ("没有订单号", "没有订单号也能办|哪天买")])
