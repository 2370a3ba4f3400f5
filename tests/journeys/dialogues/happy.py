"""Somebody complains, and has a number."""

from __future__ import annotations

from collections.abc import Callable

from tests.journeys.complaints import ASKS_EVIDENCE, ASKS_ORDER, READ_BACK
from tests.journeys.person import Person
from tests.journeys.played import Dialogue
from tests.journeys.said import Tap

KIND = "happy"


def _one_case(kind: str, **facts: object) -> Callable[[Person], None]:
    def look(person: Person) -> None:
        (case,) = person.cases()
        assert case.type == kind
        for name, value in facts.items():
            assert str(getattr(case, name)) == str(value), name
        assert person.drafts() == []

    return look


HAPPY = (
    Dialogue(
        KIND,
        "a broken phone, told in one breath",
        [
            ("你们这破手机用三天就黑屏 客服还不理我 1299呢", ASKS_ORDER),
            ("202505038823456", ASKS_EVIDENCE),
            (Tap("没有"), READ_BACK),
            (Tap("确认提交"), r"TS\d{13}"),
        ],
        _one_case("product_quality", amount="1299", order_no="202505038823456"),
    ),
)
