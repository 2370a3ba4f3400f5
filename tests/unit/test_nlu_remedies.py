"""What people ask for, told from what they only speak of."""

from __future__ import annotations

import pytest

from bot.nlu.remedies import find_remedies
from bot.nlu.text import normalise


def _values(sentence: str) -> list[str]:
    return [found.value for found in find_remedies(normalise(sentence).text)]


@pytest.mark.parametrize(
    ("sentence", "values"),
    [
        ("退款", ["refund"]), ("我要退貨退款", ["refund"]), ("把钱退给我", ["refund"]),
        ("退我1299", ["refund"]),
        ("请求退还剩余课时费", ["refund"]), ("想退掉", ["refund"]), ("不要换货,只要退款", ["refund"]),
        ("换一台", ["exchange"]), ("能不能换个新的", ["exchange"]), ("換貨", ["exchange"]),
        ("补发", ["redo_service"]),
        ("要求换一台 电话13800138000", ["exchange"]), ("我要求维修", ["repair"]),
        ("麻烦给我修好", ["repair"]),
        ("你们必须赔我损失", ["compensation"]), ("要求退一赔三", ["compensation"]),
        ("補償我200", ["compensation"]),
        ("让他给我道歉", ["apology"]), ("希望能给我道歉并赔偿损失", ["apology", "compensation"]),
        ("派人重新上门", ["redo_service"]), ("重新打扫一次", ["redo_service"]), ("给我一个说法", ["other"]),
        ("要求商家下架该商品", ["other"]), ("删除我的个人信息", ["other"]),
    ],
)  # fmt: skip
def test_a_wish_is_found_with_its_code(sentence: str, values: list[str]) -> None:
    assert _values(sentence) == values


@pytest.mark.parametrize(
    "sentence",
    [
        "退款还没到账", "商家拒绝换货", "不给退款", "客服说可以退款", "上门维修的师傅态度差",
        "维修了三次还是坏", "押金不退", "退换货都不行",
        "手机坏了", "迟迟不退款",
    ],
)  # fmt: skip
def test_a_remedy_only_spoken_of_is_no_wish(sentence: str) -> None:
    assert _values(sentence) == []
