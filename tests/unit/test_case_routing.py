"""Who gets a case."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.routing import TEAM_OF_TYPE, Candidate, Rule, choose_handler, choose_team
from cases.types import ComplaintType, Priority

candidates = st.lists(
    st.builds(Candidate, st.integers(1, 50), st.booleans(), st.integers(0, 9)), unique_by=lambda c: c.agent_id
)


@pytest.mark.parametrize(
    ("type", "team"),
    [
        ("service_attitude", "服务监管"),
        ("billing_refund", "财务合规"),
        ("privacy", "合规"),
        ("delivery", "物流"),
    ],
)
def test_every_field_has_its_specialists(type: str, team: str) -> None:
    assert choose_team(ComplaintType(type), None, Priority.NORMAL) == team


def test_no_type_is_without_a_team() -> None:
    assert set(TEAM_OF_TYPE) == set(ComplaintType)


def test_the_first_rule_that_matches_wins() -> None:
    rules = [
        Rule("大客户", merchant="云上", priority=Priority.URGENT),
        Rule("云上专线", merchant="云上"),
        Rule("加急", priority=Priority.URGENT),
    ]
    kind = ComplaintType.DELIVERY
    assert choose_team(kind, "云上", Priority.URGENT, rules) == "大客户"
    assert choose_team(kind, "云上", Priority.NORMAL, rules) == "云上专线"
    assert choose_team(kind, None, Priority.URGENT, rules) == "加急"
    assert choose_team(kind, "别家", Priority.NORMAL, rules) == "物流"


@given(candidates)
def test_the_handler_is_on_duty_and_nobody_on_duty_has_fewer(people: list[Candidate]) -> None:
    chosen = choose_handler(people)
    on_duty = {person.agent_id: person.open_cases for person in people if person.on_duty}
    if chosen is None:
        assert not on_duty
    else:
        assert on_duty[chosen] == min(on_duty.values())


@given(candidates)
def test_the_choice_does_not_hang_on_the_order(people: list[Candidate]) -> None:
    assert choose_handler(people) == choose_handler(reversed(people))
