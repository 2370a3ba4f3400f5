"""Numbers as Chinese writes them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.numerals import is_elided, read_number


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("三百二", "320"), ("两千八", "2800"), ("一万二", "12000"), ("两万三千五", "23500"),
        ("一亿二", "120000000"),
        ("1.5万", "15000"), ("1万2", "12000"), ("3千5", "3500"), ("2w", "20000"), ("3k", "3000"),
        ("一百零五", "105"), ("一千零五", "1005"), ("一万零五百", "10500"), ("十五", "15"), ("二十", "20"),
        ("二〇二四", "2024"), ("一二九九", "1299"), ("壹佰贰拾", "120"), ("1,299.00", "1299"),
        ("三点五", "3.5"),
        ("一点五万", "15000"), ("零", "0"), ("俩", "2"),
    ],
)  # fmt: skip
def test_a_number_is_read_as_people_mean_it(written: str, value: str) -> None:
    assert read_number(written) == Decimal(value)


@pytest.mark.parametrize("written", ["三四百", "百万千", "百", "亿", "点五", "三点", "", "块"])
def test_what_is_no_single_number_has_no_value(written: str) -> None:
    assert read_number(written) is None


@given(st.integers(min_value=1, max_value=99_999_999))
def test_every_whole_number_written_out_is_read_back(number: int) -> None:
    assert read_number(_written_out(number)) == number


def test_only_a_number_that_drops_its_last_unit_is_elided() -> None:
    assert [is_elided(text) for text in ("三百二", "3千5", "三百二十", "三百", "12", "一百零二")] == [
        True, True, False, False, False, False,
    ]  # fmt: skip


def _written_out(number: int) -> str:
    """The full form of a number below 亿: 12005 → 一万二千零五."""
    if number >= 10_000:
        high, low = divmod(number, 10_000)
        gap = "零" if 0 < low < 1000 else ""
        return _written_out(high) + "万" + gap + (_written_out(low) if low else "")
    written, gap = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // unit % 10
        if digit:
            written += ("零" if gap and written else "") + "零一二三四五六七八九"[digit] + name
            gap = False
        else:
            gap = True
    return written
