"""Case numbers: made, read, told apart."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cases.numbers import Mistyped, NotANumber, Valid, check, new_number, normalise

DAY = date(2026, 11, 23)
NUMBER = new_number(DAY, lambda _: 4711)
made = st.builds(
    lambda day, drawn: new_number(day, lambda _: drawn),
    st.dates(date(2024, 1, 1), date(2099, 12, 31)),
    st.integers(0, 999_999),
)


def test_a_number_is_ts_the_day_six_digits_and_a_check_digit() -> None:
    assert NUMBER[:-1] == "TS261123004711"
    assert len(NUMBER) == 15


def test_the_random_part_is_drawn_below_a_million() -> None:
    asked: list[int] = []
    new_number(DAY, lambda below: asked.append(below) or 0)
    assert asked == [1_000_000]


@given(made)
def test_every_made_number_is_valid(number: str) -> None:
    assert check(number) == Valid(number)


@given(made, st.integers(2, 14), st.integers(1, 9))
def test_every_single_wrong_digit_is_caught(number: str, at: int, off: int) -> None:
    wrong = number[:at] + str((int(number[at]) + off) % 10) + number[at + 1 :]
    assert isinstance(check(wrong), Mistyped)


@given(made, st.integers(2, 13))
def test_every_swap_of_neighbours_is_caught(number: str, at: int) -> None:
    assume(number[at] != number[at + 1])
    swapped = number[:at] + number[at + 1] + number[at] + number[at + 2 :]
    assert isinstance(check(swapped), Mistyped)


@given(made, st.integers(2, 14))
def test_a_lost_or_doubled_digit_is_caught(number: str, at: int) -> None:
    assert isinstance(check(number[:at] + number[at + 1 :]), Mistyped)
    assert isinstance(check(number[:at] + number[at] + number[at:]), Mistyped)


@pytest.mark.parametrize(
    "typed",
    [
        NUMBER.lower(),
        f"  {NUMBER} ",
        f"TS {NUMBER[2:8]} {NUMBER[8:]}",
        f"ts-{NUMBER[2:8]}-{NUMBER[8:]}",
        f"TS–{NUMBER[2:]}",
        "".join(chr(ord(c) + 0xFEE0) for c in NUMBER),
        f"\u200b{NUMBER}\u3000",
        f"TS：{NUMBER[2:]}",
        f"#{NUMBER}",
    ],
)
def test_spaces_dashes_case_and_full_width_forms_do_not_matter(typed: str) -> None:
    assert check(typed) == Valid(NUMBER)


@pytest.mark.parametrize("typed", [NUMBER.replace("0", "O"), NUMBER.replace("1", "l"), "TS26112300"])
def test_letters_that_look_like_digits_and_cut_numbers_are_slips(typed: str) -> None:
    assert isinstance(check(typed), Mistyped)


def test_a_number_whose_day_does_not_exist_is_a_slip() -> None:
    from stdnum import verhoeff

    digits = "261340004711"
    assert isinstance(check(f"TS{digits}{verhoeff.calc_check_digit(digits)}"), Mistyped)


@pytest.mark.parametrize(
    "text", ["", "TS", "你好", "TS26", "12345678", "E20261101008", "TSLA股票", "\x00", "TS" + "1" * 30]
)
def test_other_texts_are_no_numbers(text: str) -> None:
    assert check(text) == NotANumber()


def test_the_digits_alone_count_only_where_a_number_was_asked_for() -> None:
    assert check(NUMBER[2:]) == NotANumber()
    assert check(NUMBER[2:], bare=True) == Valid(NUMBER)
    assert isinstance(check(NUMBER[2:-1] + "x", bare=True), NotANumber)


@given(st.text(max_size=40))
def test_any_text_can_be_read(text: str) -> None:
    reading = check(text, bare=True)
    if isinstance(reading, Valid):
        assert check(reading.number) == reading
    assert not any(c.isspace() for c in normalise(text))
