"""Merchants that the sentence's pattern names."""

from __future__ import annotations

import pytest

from bot.nlu.merchants import find_merchants
from bot.nlu.text import normalise


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        ("店名是好邻居便利店", "好邻居便利店"), ("商家叫鲜果时光", "鲜果时光"),
        ("在小米之家买的", "小米之家"), ("在淘寶上買的手機", "淘宝"),
        ("小米官方旗舰店发错货", "小米官方旗舰店"), ("投诉南极人旗舰店", "南极人旗舰店"),
        ("在果然鲜下的单", "果然鲜"),
        ("我去年在京东买的", "京东"), ("是一家叫鑫鑫烧烤的店", "鑫鑫烧烤"),
    ],
)  # fmt: skip
def test_a_merchant_is_found_by_its_place_in_the_sentence(sentence: str, name: str) -> None:
    assert [found.value for found in find_merchants(normalise(sentence).text)] == [name]


@pytest.mark.parametrize(
    "sentence", ["我在网上买的", "我在你们店里买的", "我在家里买的", "去年买的", "在这家店买的", "手机坏了"]
)
def test_places_that_name_nobody_are_no_merchants(sentence: str) -> None:
    assert find_merchants(sentence) == []
