"""The pace of sending: short bursts within a chat, then the platform's interval."""

from __future__ import annotations

import asyncio

import pytest

from channels.base import Pace
from conversations.pacing import Pacer


class Time:
    """A clock that sleeping moves on."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1_000.0
        monkeypatch.setattr(asyncio, "sleep", self.sleep)

    async def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    return Time(monkeypatch)


def _moments(pacer: Pacer, time: Time, chats: list[int]) -> list[float]:
    async def send() -> list[float]:
        found = []
        for chat in chats:
            await pacer.wait(chat)
            found.append(round(time.now - 1_000.0, 3))
        return found

    return asyncio.run(send())


def _pacer(time: Time, *, burst: int, per_second: float = 1_000_000.0) -> Pacer:
    return Pacer(Pace(1.0, per_second, chat_burst=burst), clock=lambda: time.now)


def test_the_answers_of_a_turn_follow_each_other_at_once_and_more_keep_the_interval(time: Time) -> None:
    pacer = _pacer(time, burst=3)
    assert _moments(pacer, time, [7] * 6) == pytest.approx([0, 0, 0, 1, 2, 3], abs=0.01)
    assert not pacer.ready(7)
    assert pacer.ready(8)


def test_a_quiet_chat_wins_its_burst_back_but_never_more(time: Time) -> None:
    pacer = _pacer(time, burst=3)
    _moments(pacer, time, [7] * 3)
    time.now += 2.0
    assert _moments(pacer, time, [7] * 3) == pytest.approx([2, 2, 3], abs=0.01)
    time.now += 3_600.0
    assert pacer.ready(7)
    assert _moments(pacer, time, [7] * 4) == pytest.approx([3603, 3603, 3603, 3604], abs=0.01)


def test_without_a_burst_each_message_waits_its_interval(time: Time) -> None:
    assert _moments(_pacer(time, burst=1), time, [7] * 3) == pytest.approx([0, 1, 2], abs=0.01)


def test_the_bots_own_pace_is_kept_over_all_chats(time: Time) -> None:
    pacer = _pacer(time, burst=3, per_second=10.0)
    assert _moments(pacer, time, [1, 2, 3, 4]) == pytest.approx([0, 0.1, 0.2, 0.3], abs=0.01)


def test_a_pause_that_the_platform_asked_for_holds_every_chat(time: Time) -> None:
    pacer = _pacer(time, burst=3)
    pacer.pause(5.0)
    assert not pacer.ready(1)
    assert _moments(pacer, time, [1, 2]) == pytest.approx([5, 5], abs=0.01)
