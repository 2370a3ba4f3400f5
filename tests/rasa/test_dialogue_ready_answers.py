"""A matter with a ready answer is answered at once, beside the intake; who is helped by it need not go on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import select

from cases import policy
from cases.ready_answers import ReadyAnswer
from cases.tables import Draft
from tests.rasa.talk import Talk, play

pytestmark = pytest.mark.trained

RENEWED = "视频会员自动续费，我根本没开过，扣了我25块"


@pytest.fixture
def own_answer() -> Iterator[None]:
    before = policy.current()
    policy.install(
        replace(before, ready_answers=(ReadyAnswer(("自动续费",), "在「我的 → 会员」里一键关闭。"),))
    )
    yield
    policy.install(before)


def _draft_states(talk: Talk) -> list[str]:
    with talk.database.read() as session:
        return list(session.scalars(select(Draft.state)))


def test_the_answer_comes_with_the_first_question_and_only_once(talk: Talk) -> None:
    play(talk, [(RENEWED, "马上能做的.*支付设置.*订单号"), ("没有订单号", "哪天买的|照片")])
    assert "马上能做的" not in talk.answer


def test_who_is_helped_by_it_files_nothing(talk: Talk) -> None:
    play(talk, [(RENEWED, "马上能做的"), ("关掉了，解决了谢谢", "没有立案|不立案")])
    assert talk.cases() == []
    assert _draft_states(talk) == ["answered"]
    play(talk, [("手机用三天就黑屏，客服不理人", "订单号")])


def test_who_is_not_helped_goes_on_to_his_case(talk: Talk) -> None:
    play(talk, [(RENEWED, "马上能做的"), ("解決唔到", "接着|接著"), ("没有订单号", ""), ("没有", "")])
    while talk.asked != "confirm":
        play(talk, [("没有", "")])
    play(talk, [("确认", r"TS\d{13}")])


def test_saying_solved_without_a_ready_answer_asks_before_anything_is_dropped(talk: Talk) -> None:
    play(talk, [("手机用三天就黑屏，客服不理人", "订单号"), ("已经解决了，不投诉了", "先不填了吗")])
    assert _draft_states(talk) == ["open"]


def test_the_company_s_own_answer_goes_before_the_general_one(talk: Talk, own_answer: None) -> None:
    play(talk, [(RENEWED, "在「我的 → 会员」里一键关闭")])


def test_danger_gets_help_and_no_tips(talk: Talk) -> None:
    play(talk, [("充电宝自动续费的那个柜子爆炸了，我手烧伤了，正在流血", "先顾安全")])
    assert "马上能做的" not in talk.answer
