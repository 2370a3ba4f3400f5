"""What a screenshot or the order system says is filled in, named, marked in the read-back, and never filed unconfirmed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from cases import orders, policy
from tests.rasa.talk import File, Talk, Tap, play

pytestmark = pytest.mark.trained

LEAK = "买的洗衣机用两次就漏水，客厅地板全泡了"
NUMBER = "202505178823456"
PAGE = {"order_no": NUMBER, "merchant": "禾家电器旗舰店", "amount": "1899.00", "purchase_date": "2026-11-01"}
SHOT = File("order page", shown=PAGE)


@pytest.fixture
def order_system() -> Iterator[None]:
    before = policy.current()
    policy.install(replace(before, looks_up_orders=True))
    yield
    policy.install(before)


def answered(talk: Talk, **answer: object) -> None:
    """The order system answers what was asked."""
    with talk.database.write() as session:
        for wanted in orders.claim_due(session, talk.now):
            orders.settle(session, wanted.id, answer, talk.now)


def test_a_screenshot_answers_the_question_for_the_number(talk: Talk) -> None:
    read = f"从图上认出：订单号 {NUMBER}.*禾家电器旗舰店.*1899 元.*请您核对"
    play(talk, [(LEAK, "订单号"), (SHOT, read)])
    assert f"③ 订单号：{NUMBER}，2026年11月1日下单（截图上认出来的，请核对）" in talk.answer
    assert "⑥ 涉及金额：1899 元（截图上认出来的，请核对）" in talk.answer
    play(talk, [("确认", r"TS\d{13}")])
    (case,) = talk.cases()
    assert (case.order_no, case.merchant, str(case.amount)) == (NUMBER, "禾家电器旗舰店", "1899")
    assert str(case.purchase_date) == "2026-11-01"


def test_a_screenshot_sent_before_the_first_word_is_read_once_he_tells_it(talk: Talk) -> None:
    play(talk, [(SHOT, "收到 1 个文件，先替您存好"), (LEAK, f"从图上认出：订单号 {NUMBER}.*请您核对")])
    assert talk.facts()["order_no"] == NUMBER
    assert talk.asked != "order_no"


def test_what_he_said_is_not_overwritten(talk: Talk) -> None:
    play(talk, [(f"{LEAK}，花了1299", "订单号"), (SHOT, "从图上认出")])
    assert talk.facts()["amount"] == "1299"


def test_another_number_than_his_own_is_named_and_not_taken(talk: Talk) -> None:
    play(talk, [(f"{LEAK}，订单号99887766554433", "照片|截图"), (SHOT, f"图上的订单号是 {NUMBER}.*不一样")])
    assert talk.facts()["order_no"] == "99887766554433"
    play(talk, [(f"订单号是{NUMBER}", "改好了")])
    assert talk.facts()["order_no"] == NUMBER


def test_what_was_read_wrongly_is_corrected_and_then_his_own(talk: Talk) -> None:
    play(
        talk,
        [
            (LEAK, "订单号"),
            (SHOT, "从图上认出"),
            ("金额不对，是1299", "改好了：金额 1299 元.*⑥ 涉及金额：1299 元"),
        ],
    )
    assert "1299 元（截图" not in talk.answer


def test_a_picture_that_is_no_order_page_changes_nothing(talk: Talk) -> None:
    play(talk, [(LEAK, "订单号"), (File("broken drum"), "收到 1 个文件.*订单号")])
    assert "从图上认出" not in talk.answer


def test_a_spoken_case_holds_nothing_that_nobody_confirmed(talk: Talk) -> None:
    from channels.message import Kind

    play(talk, [(LEAK, "订单号"), (SHOT, "从图上认出.*①")])
    play(talk, [(File("v1", Kind.VOICE), "听不了语音"), (File("v2", Kind.VOICE), "用语音投诉")])
    play(talk, [(Tap("提交语音投诉"), "打哪个电话"), (Tap("不留电话"), r"TS\d{13}")])
    assert (talk.cases()[0].order_no, talk.cases()[0].amount) == (None, None)


def test_the_order_system_fills_what_is_open(talk: Talk, order_system: None) -> None:
    play(talk, [(f"{LEAK}，订单号{NUMBER}", "照片|截图")])
    answered(talk, merchant="禾家电器", goods="滚筒洗衣机 10 公斤", purchase_date="2026-11-01", amount="1899")
    play(talk, [("没有", "按订单号查到：.*禾家电器.*①")])
    assert (
        f"③ 订单号：{NUMBER}，滚筒洗衣机 10 公斤，2026年11月1日下单（按订单号查到的，请核对）" in talk.answer
    )
    play(talk, [("确认", r"TS\d{13}")])
    (case,) = talk.cases()
    assert (case.merchant, str(case.amount)) == ("禾家电器", "1899")
    assert "商品：滚筒洗衣机 10 公斤" in case.description


def test_an_order_system_that_says_nothing_changes_nothing(talk: Talk, order_system: None) -> None:
    play(talk, [(f"{LEAK}，订单号{NUMBER}", "照片|截图"), ("没有", "①"), ("确认", r"TS\d{13}")])
    assert talk.cases()[0].merchant is None


def test_a_purchase_long_ago_that_the_order_system_tells_is_said(talk: Talk, order_system: None) -> None:
    play(talk, [(f"{LEAK}，订单号{NUMBER}", "照片|截图")])
    answered(talk, purchase_date="2024-03-01")
    play(talk, [("没有", "超过一年")])
