"""Stopping, starting over and coming back: asked once, and nothing is lost by accident."""

from __future__ import annotations

import pytest

from tests.rasa.talk import Talk, Tap, play

pytestmark = pytest.mark.trained

TOLD = "买的洗衣机用两次就漏水，客厅地板全泡了，售后电话打了五次没人来"


def test_cancelling_asks_once_and_keeps_the_draft(talk: Talk) -> None:
    play(talk, [(TOLD, "订单号"), ("取消", "先不填了吗"), (Tap("先不填了"), "72 小时")])
    assert talk.asked is None
    assert talk.facts()["description"] == TOLD
    assert talk.cases() == []


def test_who_thinks_better_of_it_goes_on_where_he_was(talk: Talk) -> None:
    play(talk, [(TOLD, "订单号"), ("算了不弄了", "先不填了吗"), ("接着填", "订单号")])
    assert talk.asked == "order_no"


def test_putting_it_off_is_an_answer_to_the_question_whether_to_stop(talk: Talk) -> None:
    play(
        talk,
        [("手机用三天就黑屏，客服不理人", "订单号"), ("算了不投诉了", "先不填了吗"), ("先放着", "72 小时")],
    )
    assert talk.asked is None


def test_the_draft_is_taken_up_again_by_a_word(talk: Talk) -> None:
    play(talk, [(TOLD, "订单号"), ("取消", "先不填了吗"), ("是的", "72 小时")])
    talk.pass_time(hours=71)
    play(talk, [("继续", "接着.*订单号"), ("202505178823456", "照片|截图")])
    assert talk.facts()["description"] == TOLD


def test_coming_back_offers_to_go_on_or_to_start_anew(talk: Talk) -> None:
    play(talk, [(TOLD, "订单号"), ("取消", "先不填了吗"), ("是的", "72 小时"), ("你好", "洗衣机.*接着填")])
    play(talk, [(Tap("继续"), "接着.*订单号")])


def test_a_new_grievance_beside_an_old_draft_is_asked_about_and_not_lost(talk: Talk) -> None:
    anew = "昨天点的外卖里吃出一只蟑螂，商家说给我退两块钱"
    play(
        talk,
        [
            (TOLD, "订单号"),
            ("取消", "先不填了吗"),
            ("是的", "72 小时"),
            (anew, "洗衣机.*重新开始"),
            (Tap("重新开始"), "订单号"),
        ],
    )
    assert talk.facts()["description"] == anew


def test_after_72_hours_the_draft_is_gone(talk: Talk) -> None:
    play(talk, [(TOLD, "订单号"), ("取消", "先不填了吗"), ("是的", "72 小时")])
    talk.pass_time(hours=73)
    play(talk, [("你好", "我是投诉助手")])
    assert "洗衣机" not in talk.answer


def test_starting_over_asks_before_it_clears(talk: Talk) -> None:
    play(talk, [(TOLD, "订单号"), ("重新开始", "都会清掉"), ("不", "订单号")])
    assert talk.facts()["description"] == TOLD
    play(talk, [("重新开始", "都会清掉"), (Tap("清空重来"), "哪一类")])
    assert talk.facts() == {}


def test_starting_over_without_a_task_is_simply_a_fresh_start(talk: Talk) -> None:
    play(talk, [("重新开始", "从头来")])


def test_a_confirmed_complaint_is_filed_once_however_often_he_confirms(talk: Talk) -> None:
    play(
        talk,
        [
            (f"{TOLD}，订单号202505178823456", "照片|截图"),
            ("没有", "①"),
            ("确认", r"TS\d{13}"),
            ("确认", "."),
        ],
    )
    assert len(talk.cases()) == 1


def test_a_question_left_open_until_the_draft_expired_starts_a_new_complaint(talk: Talk) -> None:
    play(talk, [(TOLD, "订单号")])
    talk.pass_time(hours=80)
    play(talk, [("202505178823456", "登记")])
    assert "description" not in talk.facts()


def test_stopping_before_anything_was_told_needs_no_question(talk: Talk) -> None:
    play(talk, [("我要投诉", "哪一类"), ("算了", "先不登记了")])
    assert talk.asked is None


def test_an_item_that_is_being_told_anew_is_not_lost_by_stopping(talk: Talk) -> None:
    play(
        talk,
        [
            (f"{TOLD}，订单号202505178823456", "照片|截图"),
            ("没有", "①"),
            ("改一下经过", "发生了什么|经过"),
            ("取消", "先不填了吗"),
            ("是的", "72 小时"),
            ("继续", "② 发生了什么：买的洗衣机"),
        ],
    )
