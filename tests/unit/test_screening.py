"""The grounds that the bot can see: over a year, decided elsewhere. What is for us stays with us."""

from __future__ import annotations

from datetime import date

import pytest

from cases.screening import Elsewhere, decided_elsewhere, is_too_late

TODAY = date(2026, 11, 26)


@pytest.mark.parametrize(
    ("purchased", "happened", "late"),
    [
        (date(2025, 11, 26), None, False),
        (date(2025, 11, 25), None, True),
        (date(2024, 1, 1), date(2026, 11, 1), False),  # bought long ago, broken now
        (date(2026, 11, 1), date(2024, 1, 1), True),
        (None, None, False),
    ],
)
def test_a_year_is_counted_from_when_it_happened(
    purchased: date | None, happened: date | None, late: bool
) -> None:
    assert is_too_late(purchased, happened, TODAY) is late


@pytest.mark.parametrize(
    ("account", "where"),
    [
        ("厂里拖欠我三个月工资", "12333"),
        ("公司不给我交社保", "12333"),
        ("我遇到杀猪盘被骗了八万", "96110"),
        ("去派出所办身份证被推来推去", "12345"),
        ("朋友借了我两万不还", "调解"),
        ("交警定责不公平", "122"),
        ("医院误诊耽误了病情", "卫生健康"),
    ],
)
def test_what_others_decide_is_recognised(account: str, where: str) -> None:
    found = decided_elsewhere(account)
    assert found is not None
    assert where in found.where


@pytest.mark.parametrize(
    "account",
    [
        "客服骗子公司，手机用三天就黑屏",
        "快递员说交通堵塞晚到了两小时",
        "商家说我工资不够不给分期",
        "健身房跑路了，卡里还有三千",
        "保洁阿姨打碎了花瓶不认账",
        "邻居家快递放我家门口，驿站送错了",
        "朋友推荐我买的手机是翻新机",
    ],
)
def test_what_is_ours_stays_with_us(account: str) -> None:
    assert decided_elsewhere(account) is None


def test_a_company_s_own_matters_come_first() -> None:
    own = Elsewhere((r"跨境",), "海外店铺的订单", "海外店铺的客服")
    assert decided_elsewhere("跨境订单，派出所也不管", [own]) is own
