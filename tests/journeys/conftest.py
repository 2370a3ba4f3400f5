"""One running product for all dialogues, and a fresh person for each."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from conversations.database import Database
from tests.journeys.person import Person
from tests.journeys.webhooks import Webhooks
from tests.product import Product, StandIns, free_port, product, stand_ins

_numbers = itertools.count(1)


@dataclass(frozen=True)
class House:
    """The running product, its platforms and its database."""

    product: Product
    platforms: StandIns
    database: Database

    def person(self, channel: str) -> Person:
        """Somebody who never wrote before."""
        number = next(_numbers)
        contact = str(810_000_000 + number) if channel == "telegram" else f"oJourney_{number:020d}"
        return Person(self.platforms, self.database, channel, contact)


@pytest.fixture(scope="package")
def house(_sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("journeys")
    path = folder / "suda.db"
    shutil.copy(_sqlite_template, path)
    url = f"sqlite:///{path}"
    port = free_port()
    with stand_ins(folder, port) as platforms, product(folder, port, url, platforms.environment) as running:
        database = Database(url)
        yield House(running, platforms, database)
        database.dispose()


@pytest.fixture(params=["telegram", "wechat"])
def person(request: pytest.FixtureRequest, house: House) -> Person:
    """A fresh person, on each platform."""
    return house.person(request.param)


@pytest.fixture
def anyone(house: House) -> Person:
    """A fresh person where the platform makes no difference: on the quicker one (Telegram's pace is a message a second)."""
    return house.person("wechat")


@pytest.fixture
def telegram(house: House) -> Person:
    return house.person("telegram")


@pytest.fixture
def wechat(house: House) -> Person:
    return house.person("wechat")


@pytest.fixture
def somebody(house: House) -> Callable[[str], Person]:
    """Makes further fresh persons of a platform."""
    return house.person


@pytest.fixture
def webhooks(house: House) -> Webhooks:
    """The product's webhooks, called without a platform between."""
    return Webhooks(house.product.url, house.platforms.environment, house.platforms.http)
