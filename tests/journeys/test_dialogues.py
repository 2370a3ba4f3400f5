"""The dialogues of `dialogues/`, through the webhooks of both platforms, with the trained model."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest

from tests.journeys.conftest import House
from tests.journeys.dialogues import DIALOGUES
from tests.journeys.played import Played

pytestmark = [pytest.mark.alone, pytest.mark.trained]


@pytest.fixture(scope="module")
def played(house: House) -> Iterator[Played]:
    running = Played(DIALOGUES, house.person)
    yield running
    running.close()


@pytest.mark.parametrize("channel", ["telegram", "wechat"])
@pytest.mark.parametrize("name", [dialogue.name for dialogue in DIALOGUES])
def test_dialogue(played: Played, name: str, channel: str) -> None:
    played.check(name, channel)


def test_every_dialogue_has_a_name_of_its_own() -> None:
    assert [name for name, count in Counter(one.name for one in DIALOGUES).items() if count > 1] == []
