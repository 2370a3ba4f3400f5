"""The moves of a case: the specification's table, written down a second time, against the one in the code."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.lifecycle import (
    MOVES,
    REOPEN_WITHIN,
    Actor,
    Effect,
    IllegalMove,
    Need,
    NeedMissing,
    check_move,
    escalation_after_objection,
    legal_moves,
    need_of,
)
from cases.types import DECIDED, PATH, STEP_OF, ComplaintType, Complexity, Priority, Remedy, Stage

OPEN = [
    "submitted",
    "accepted",
    "verifying",
    "waiting_user",
    "proposing",
    "awaiting_consent",
    "resolving",
    "confirming",
]
TABLE = {
    # from → to: who (u user, a agent or supervisor, s supervisor alone, y system), what it needs
    ("submitted", "accepted"): ("ay", "team"),
    ("submitted", "rejected"): ("a", "ground"),
    ("accepted", "rejected"): ("a", "ground"),
    ("rejected", "accepted"): ("us", "note"),
    ("accepted", "verifying"): ("a", "first_contact"),
    ("verifying", "waiting_user"): ("a", "question"),
    ("waiting_user", "verifying"): ("ua", None),
    ("verifying", "proposing"): ("a", "findings"),
    ("proposing", "awaiting_consent"): ("a", "proposal"),
    ("awaiting_consent", "resolving"): ("ua", None),
    ("awaiting_consent", "proposing"): ("u", "reason"),
    ("resolving", "confirming"): ("a", "result"),
    ("accepted", "confirming"): ("a", "result"),
    ("verifying", "confirming"): ("a", "result"),
    ("confirming", "closed"): ("uy", None),
    ("confirming", "verifying"): ("u", "reason"),
    ("closed", "verifying"): ("us", "reason"),
    **{(stage, "withdrawn"): ("u", None) for stage in OPEN},
}
WHO = {
    "u": {Actor.USER},
    "a": {Actor.AGENT, Actor.SUPERVISOR},
    "s": {Actor.SUPERVISOR},
    "y": {Actor.SYSTEM},
}
stages, actors = st.sampled_from(list(Stage)), st.sampled_from(list(Actor))


@pytest.mark.parametrize("old", list(Stage))
@pytest.mark.parametrize("new", list(Stage))
def test_exactly_the_specified_moves_are_legal(old: Stage, new: Stage) -> None:
    letters, need = TABLE.get((old.value, new.value), ("", None))
    may: set[Actor] = set().union(*(WHO[letter] for letter in letters)) if letters else set()
    for actor in Actor:
        assert (new in legal_moves(old, actor)) is (actor in may)
        if actor in may:
            assert need_of(old, new, actor) == (Need(need) if need else None)


@given(stages, stages, actors, st.sets(st.sampled_from(list(Need))), st.integers(0, 40))
def test_a_move_is_made_exactly_when_it_is_legal_and_its_need_is_there(
    old: Stage, new: Stage, actor: Actor, given_needs: set[Need], days: int
) -> None:
    since = timedelta(days=days)
    legal = legal_moves(old, actor, since_closed=since)
    need = need_of(old, new, actor)
    if new not in legal:
        with pytest.raises(IllegalMove) as refused:
            check_move(old, new, actor, given=given_needs, since_closed=since)
        assert refused.value.legal == legal
        assert all(f"「{other.shown}」" in str(refused.value) for other in legal)
    elif need is not None and need not in given_needs:
        with pytest.raises(NeedMissing) as missing:
            check_move(old, new, actor, given=given_needs, since_closed=since)
        assert missing.value.need is need
        assert str(missing.value) == need.asked
    else:
        move = check_move(old, new, actor, given=given_needs, since_closed=since)
        assert (move.to, move.need) == (new, need)


@given(stages, actors)
def test_no_legal_move_leads_nowhere_or_stays(stage: Stage, actor: Actor) -> None:
    legal = legal_moves(stage, actor)
    assert stage not in legal
    assert len(set(legal)) == len(legal)


@given(stages)
def test_a_supervisor_may_do_whatever_an_agent_may(stage: Stage) -> None:
    assert set(legal_moves(stage, Actor.AGENT)) <= set(legal_moves(stage, Actor.SUPERVISOR))


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage.is_open])
def test_no_open_stage_is_a_dead_end(stage: Stage) -> None:
    seen, ahead = set(), [stage]
    while ahead:
        at = ahead.pop()
        if at not in seen:
            seen.add(at)
            ahead += [move.to for move in MOVES if at in move.sources]
    assert Stage.CLOSED in seen
    assert Stage.WITHDRAWN in legal_moves(stage, Actor.USER)


@pytest.mark.parametrize(("days", "may"), [(0, True), (15, True), (15.01, False), (400, False)])
def test_the_user_reopens_within_fifteen_days_and_a_supervisor_always(days: float, may: bool) -> None:
    since = timedelta(days=days)
    assert timedelta(days=15) == REOPEN_WITHIN
    assert (Stage.VERIFYING in legal_moves(Stage.CLOSED, Actor.USER, since_closed=since)) is may
    assert Stage.VERIFYING in legal_moves(Stage.CLOSED, Actor.SUPERVISOR, since_closed=since)


def test_moves_that_bring_more_than_a_stage_say_so() -> None:
    effects = {(next(iter(m.sources)).value, m.to.value): m.effect for m in MOVES if m.effect is not None}
    assert effects == {
        ("rejected", "accepted"): Effect.APPEAL,
        ("awaiting_consent", "resolving"): Effect.CONSENT,
        ("awaiting_consent", "proposing"): Effect.OBJECTION,
        ("confirming", "verifying"): Effect.REOPENING,
        ("closed", "verifying"): Effect.REOPENING,
    }


@given(st.integers(0, 2), st.integers(1, 9))
def test_the_second_objection_goes_to_the_supervisor_and_nothing_sinks(level: int, objections: int) -> None:
    after = escalation_after_objection(level, objections)
    assert after == (max(level, 1) if objections >= 2 else level)


def test_everything_has_a_chinese_name_of_its_own() -> None:
    for vocabulary in (ComplaintType, Remedy, Priority, Complexity, Stage):
        names = [member.shown for member in vocabulary]
        assert len(set(names)) == len(names)
        assert all(name and not name.isascii() for name in names)
    assert all(need.asked for need in Need)


def test_the_road_that_the_user_sees() -> None:
    assert " → ".join(stage.shown for stage in PATH) == (
        "诉求受理 → 专员核实 → 方案制定 → 问题解决 → 用户确认 → 已结案"
    )
    beside = {stage for stage in Stage if stage not in STEP_OF}
    assert beside == {Stage.SUBMITTED, Stage.REJECTED, Stage.WITHDRAWN}
    assert {Stage.REJECTED, Stage.CLOSED, Stage.WITHDRAWN} == DECIDED
