"""How urgent a case is, how much work, and why."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from cases.grading import MANY_PEOPLE, Grade, Matter, Reason, grade
from cases.types import ComplaintType, Complexity, Priority, Remedy

PLAIN = Matter(
    type=ComplaintType.DELIVERY,
    description="快递把杯子摔碎了",
    amount=Decimal(39),
    remedy=Remedy.REFUND,
    order_no="88231940567",
)


def test_a_plain_wish_about_a_small_order_is_simple() -> None:
    assert grade(PLAIN) == Grade(Priority.NORMAL, Complexity.SIMPLE, (Reason.PLAIN_AND_SMALL,))


@pytest.mark.parametrize(
    "other",
    [
        {"amount": Decimal("200.01")},
        {"amount": None},
        {"remedy": None},
        {"remedy": Remedy.COMPENSATION},
        {"order_no": None},
        {"type": ComplaintType.FALSE_ADVERTISING},
        {"flagged": True},
        {"people": MANY_PEOPLE - 1, "amount": None},
    ],
)
def test_what_wants_a_look_is_ordinary_and_needs_no_reason(other: dict[str, Any]) -> None:
    assert grade(replace(PLAIN, **other)) == Grade(Priority.NORMAL, Complexity.STANDARD)


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        ({"danger": True}, Grade(Priority.URGENT, Complexity.STANDARD, (Reason.DANGER,))),
        (
            {"type": ComplaintType.SAFETY},
            Grade(Priority.HIGH, Complexity.STANDARD, (Reason.TYPE_GOES_FIRST,)),
        ),
        (
            {"type": ComplaintType.PRIVACY},
            Grade(Priority.HIGH, Complexity.STANDARD, (Reason.TYPE_GOES_FIRST,)),
        ),
        (
            {"amount": Decimal(10_000)},
            Grade(Priority.HIGH, Complexity.COMPLEX, (Reason.LARGE_AMOUNT,)),
        ),
        (
            {"people": MANY_PEOPLE},
            Grade(Priority.HIGH, Complexity.COMPLEX, (Reason.MANY_PEOPLE,)),
        ),
        (
            {"danger": True, "amount": Decimal(50_000)},
            Grade(Priority.URGENT, Complexity.COMPLEX, (Reason.DANGER, Reason.LARGE_AMOUNT)),
        ),
        (
            {"description": "已经找了12315，準備請律師"},
            Grade(Priority.NORMAL, Complexity.COMPLEX, (Reason.OUTSIDE_INVOLVED,)),
        ),
    ],
)
def test_what_goes_first_and_what_is_much_work_is_reasoned(other: dict[str, Any], expected: Grade) -> None:
    assert grade(replace(PLAIN, **other)) == expected


def test_every_reason_is_worded() -> None:
    assert all(reason.shown for reason in Reason)
