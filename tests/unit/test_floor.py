"""Who speaks: the rules alone."""

from __future__ import annotations

import pytest

from conversations import floor
from conversations.floor import Floor, FloorRefused, FloorState

BOT, QUEUE, MINE, HIS = (
    FloorState(Floor.BOT),
    FloorState(Floor.QUEUE),
    FloorState(Floor.AGENT, 1),
    FloorState(Floor.AGENT, 2),
)


def test_asking_for_a_person_queues_once() -> None:
    assert floor.request(BOT) == QUEUE
    assert floor.request(QUEUE) == QUEUE
    assert floor.request(MINE) == MINE


@pytest.mark.parametrize("state", [BOT, QUEUE, MINE])
def test_an_agent_takes_what_no_other_agent_has(state: FloorState) -> None:
    assert floor.take(state, 1) == MINE


def test_a_second_agent_is_refused() -> None:
    with pytest.raises(FloorRefused, match="taken"):
        floor.take(HIS, 1)


@pytest.mark.parametrize(("state", "reason"), [(BOT, "not_taken"), (QUEUE, "not_taken"), (HIS, "not_yours")])
def test_only_the_holder_gives_the_floor_away(state: FloorState, reason: str) -> None:
    for move in (
        lambda: floor.release(state, 1),
        lambda: floor.return_to_queue(state, 1),
        lambda: floor.transfer(state, 1, 3),
    ):
        with pytest.raises(FloorRefused, match=reason):
            move()


def test_the_holder_hands_back_returns_or_passes_on() -> None:
    assert floor.release(MINE, 1) == BOT
    assert floor.return_to_queue(MINE, 1) == QUEUE
    assert floor.transfer(MINE, 1, 2) == HIS


def test_who_waits_may_go_on_with_the_bot() -> None:
    assert floor.leave_queue(QUEUE) == BOT
    with pytest.raises(FloorRefused, match="not_queued"):
        floor.leave_queue(MINE)


def test_the_bot_is_silent_only_while_an_agent_has_the_floor() -> None:
    assert [floor.bot_may_speak(one) for one in Floor] == [True, True, False]
