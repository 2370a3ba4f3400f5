"""我的投诉进度: one's own, none, a slip of the finger, somebody else's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from cases.numbers import new_number
from tests.journeys.complaints import file_case
from tests.journeys.person import Person, verify_dialog
from tests.journeys.said import Do, Tap

pytestmark = [pytest.mark.alone, pytest.mark.trained]


def test_ones_own_case_is_shown_by_word_and_by_number(person: Person) -> None:
    number = file_case(person)
    spaced = f"ts {number[2:8]}-{number[8:]}"
    verify_dialog(
        person,
        [
            ("我的投诉进度", f"{number}.*诉求受理.*负责.*下一步"),
            (f"查一下{spaced}", f"{number}.*诉求受理"),
        ],
    )


def test_who_has_none_is_told_so_and_may_file_one(person: Person) -> None:
    verify_dialog(person, [("我的投诉进度", "没有正在处理的投诉"), (Tap("我要投诉"), "哪一类")])


def test_the_platforms_own_menus_ask_for_the_status(telegram: Person, wechat: Person) -> None:
    verify_dialog(telegram, [("/status", "没有正在处理的投诉")])
    verify_dialog(wechat, [(Do("menu", {"key": "query_status"}), "没有正在处理的投诉")])


def test_a_slip_of_the_finger_is_caught(person: Person) -> None:
    number = file_case(person)
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
    verify_dialog(person, [(f"查一下{wrong}", "输错了")])


def test_somebody_elses_number_and_nobodys_are_answered_alike(
    person: Person, somebody: Callable[[str], Person]
) -> None:
    owner = somebody("telegram")
    number = file_case(owner)
    nobodys = new_number(date(2026, 1, 5), lambda _: 4711)
    answers = []
    for asked in (number, nobodys):
        verify_dialog(person, [(f"查一下{asked}", "后四位"), ("1234", "没有对上")])
        answers.append(person.answer)
    assert answers[0] == answers[1]
    assert "洗衣机" not in "".join(row.text for row in person.outbound())


def test_the_last_digits_of_the_phone_given_open_it(
    anyone: Person, somebody: Callable[[str], Person]
) -> None:
    number = file_case(somebody("wechat"))
    verify_dialog(anyone, [(f"查一下{number}", "后四位"), ("8000", f"{number}.*诉求受理")])


def test_the_status_is_served_in_the_middle_of_a_question(anyone: Person) -> None:
    number = file_case(anyone)
    verify_dialog(
        anyone,
        [
            ("我要投诉快递员，昨天送货的时候把箱子扔地上还骂我", "订单号"),
            ("我的投诉进度", f"{number}.*订单号"),
        ],
    )
    assert len(anyone.cases()) == 1
