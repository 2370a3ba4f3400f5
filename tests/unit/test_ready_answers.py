"""Matters with a ready answer: recognised where they are meant, and nowhere else."""

from __future__ import annotations

import pytest

from actions import phrases
from cases.ready_answers import ReadyAnswer, ready_answer


@pytest.mark.parametrize(
    ("account", "answer"),
    [
        ("会员自动续费 我根本没开过", "自动续费"),
        ("连续包月取消不掉，扣了三个月", "自动续费"),
        ("商家同意退款了，都五天了还没到账", "工作日"),
        ("显示退款成功但是钱没收到", "工作日"),
        ("贷款电话一天打我十几个", "12321"),
        ("天天骚扰我，一天五六个推销电话", "12321"),
        ("饭店吃了八百多不给开发票", "12366"),
    ],
)
def test_a_matter_that_can_be_helped_at_once_is_recognised(account: str, answer: str) -> None:
    found = ready_answer(account)
    assert found is not None
    assert answer in found.answer


@pytest.mark.parametrize(
    "account",
    [
        "手机用三天就黑屏 客服还不理我",
        "商家拒绝退款，说已经拆封了",
        "电话打不通，客服不接",
        "发票开错了抬头，要求重开",
        "退房押金不退",
        "说好续费打折，结果没打",
    ],
)
def test_anything_else_gets_none(account: str) -> None:
    assert ready_answer(account) is None


def test_the_company_s_own_come_first() -> None:
    own = ReadyAnswer(("续费",), "在「我的 → 会员」里关。")
    assert ready_answer("会员自动续费", [own]) is own


@pytest.mark.parametrize(
    "text", ["解决了", "好了解决了谢谢", "已经解决了，不用投诉了", "关掉了 谢谢", "钱收到了", "搞定啦"]
)
def test_saying_that_it_is_settled(text: str) -> None:
    assert phrases.says_solved(text)


@pytest.mark.parametrize(
    "text", ["没解决", "解决了吗", "收到", "怎么解决", "还没到账", "你们给我解决", "他说解决了其实没有", ""]
)
def test_saying_anything_else(text: str) -> None:
    assert not phrases.says_solved(text)


@pytest.mark.parametrize("text", ["没解决", "解決唔到", "还没解决呢", "没用", "这个不管用", "还是没到账"])
def test_saying_that_it_did_not_help(text: str) -> None:
    assert phrases.says_unsolved(text)
    assert not phrases.says_solved(text)


@pytest.mark.parametrize("text", ["我不会打字", "我不识字啊", "打字太慢了", "老人家不会打字", "唔识打字"])
def test_saying_that_one_cannot_type(text: str) -> None:
    assert phrases.cannot_write(text)


@pytest.mark.parametrize("text", ["客服打字太敷衍", "不会用这个空调", "他不会修", "我打了字你看不见"])
def test_being_able_to_type(text: str) -> None:
    assert not phrases.cannot_write(text)
