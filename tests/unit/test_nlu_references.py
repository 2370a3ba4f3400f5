"""Case numbers, order numbers and telephone numbers, each told from the others."""

from __future__ import annotations

from datetime import datetime

import pytest

from bot.nlu.phones import find_phones
from bot.nlu.reading import CASE_NUMBER, ORDER_NUMBER, PHONE, read
from bot.nlu.references import find_case_numbers, find_order_numbers
from bot.nlu.text import normalise

AT = datetime(2025, 3, 12, 15, 30)


@pytest.mark.parametrize(
    "typed",
    [
        "TS2503011234567",
        "ts 250301-123456-7",
        "ＴＳ２５０３０１１２３４５６７",
        "Ts-2503 0112 3456 7",
        "案号TS2503011234567呢",
    ],
)
def test_a_case_number_is_known_however_it_is_typed(typed: str) -> None:
    assert [one.value for one in find_case_numbers(normalise(typed).text)] == ["TS2503011234567"]


@pytest.mark.parametrize("typed", ["TS2503011234", "TS25030112345678"])
def test_a_case_number_of_a_wrong_length_is_reported_as_one(typed: str) -> None:
    assert [one.value for one in find_case_numbers(typed)] == [typed]


@pytest.mark.parametrize("typed", ["TS123", "TSA2503011234567", "PTS2503011234567"])
def test_what_only_resembles_a_case_number_is_none(typed: str) -> None:
    assert find_case_numbers(typed) == []


@pytest.mark.parametrize(
    ("sentence", "number"),
    [
        ("订单号 JD2024ABC-99", "JD2024ABC99"), ("单号是 sf1234567890123", "SF1234567890123"),
        ("我的订单202410031234567890坏了", "202410031234567890"), ("订单号13800138000", "13800138000"),
        ("订单号 1234 5678 9012 3456", "1234567890123456"), ("E20241003001", "E20241003001"),
        ("订单编号:A12345", "A12345"), ("订单编号：E2024 0613 77 8812", "E20240613778812"),
        ("114-1234567-1234567", "11412345671234567"), ("单号yt88123400991", "YT88123400991"),
        ("order no.是 sh-88a6 021 7c", "SH88A60217C"), ("sf 1440 8827 9013 停沈阳北一礼拜了", "SF144088279013"),
        ("单号LT 5520 8813 07，写住签收", "LT5520881307"), ("运单号YT8827 1106 3345 2，", "YT8827110633452"),
        ("运输单号WH-BJ 0930 0027。", "WHBJ09300027"), ("订单ID SZA-7F3-90114，", "SZA7F390114"),
        ("订单号 JD2024110599 1299", "JD2024110599"),
        ("单子 773 0088 4512 99", "7730088451299"), ("订单号:2025 1018 TS 0043,", "20251018TS0043"),
        ("单号:3 3 1 0-8 8 2 0-K", "33108820K"),
        ("EMS 1186 2250 374 CN", "EMS11862250374CN"), ("DC20261121-55 1903", "DC20261121551903"),
        ("订单号是八八二零四四一七三九", "8820441739"), ("单子号我念给你听啊H B 2 6 0 8 8 1 4", "HB2608814"),
        ("订单号改成 EB998877665", "EB998877665"), ("88889999", "88889999"),
    ],
)  # fmt: skip
def test_order_numbers_come_in_many_shapes(sentence: str, number: str) -> None:
    assert [one.value for one in find_order_numbers(normalise(sentence).text)] == [number]


@pytest.mark.parametrize(
    "sentence",
    [
        "20241003买的", "iPhone15ProMax256", "i7-12700K", "RTX4090Ti", "WH-1000XM5",
        "卡号6222 0212 3456 7890",
        "身份证号110101199003071234", "订单3天没发货", "快递7天了", "2024-10-03 12:30", "www.abc12345678.com",
        "abc12345678@qq.com", "电池5000mAh", "13800138000", "1234567",
    ],
)  # fmt: skip
def test_dates_models_cards_and_addresses_are_no_orders(sentence: str) -> None:
    assert find_order_numbers(normalise(sentence).text) == []


@pytest.mark.parametrize(
    ("sentence", "number"),
    [
        ("电话13800138000请", "13800138000"), ("+86 138-0013-8000", "13800138000"),
        ("8613800138000", "13800138000"),
        ("电话1380013 8001", "13800138001"), ("１３８００１３８０００", "13800138000"),
        ("010-12345678", "010-12345678"),
        ("(021)6234 5678转801", "021-62345678-801"), ("0755-88889999", "0755-88889999"),
        ("400-820-8820", "4008208820"),
        ("+852 9123 4567", "+85291234567"), ("電話9123 4567", "91234567"), ("0912-345-678", "0912345678"),
        ("+886 912 345 678", "+886912345678"), ("02-2345-6789", "02-23456789"),
        ("+853 6612 3456", "+85366123456"), ("号码你记一下一三八零零一三八零零零", "13800138000"),
        ("手机号幺三八零零幺三八零零二", "13800138002"),
    ],
)  # fmt: skip
def test_telephone_numbers_of_the_mainland_hong_kong_macau_and_taiwan(sentence: str, number: str) -> None:
    assert [one.value for one in find_phones(normalise(sentence).text)] == [number]


@pytest.mark.parametrize(
    "sentence", ["20241380013800012", "订单号13800138000", "12345678901", "1380013800", "9123 4567"]
)
def test_digits_inside_a_longer_number_are_no_telephone(sentence: str) -> None:
    assert find_phones(sentence) == []


def test_one_number_is_one_thing() -> None:
    reading = read("案号TS2503011234567 订单202410031234567890 电话138-0013-8000", AT)
    assert {kind: [one.value for one in found] for kind, found in reading.found.items() if found} == {
        CASE_NUMBER: ["TS2503011234567"],
        PHONE: ["13800138000"],
        ORDER_NUMBER: ["202410031234567890"],
    }
