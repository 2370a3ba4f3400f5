"""The trained model, loaded once, and a person to talk to it."""

from __future__ import annotations

from bot import without_tensorflow

without_tensorflow.install()

import logging  # noqa: E402 - everything below may import Rasa, which must come after the line above
from collections.abc import Iterator  # noqa: E402

import pytest  # noqa: E402
import structlog  # noqa: E402

from actions.in_process import run_action  # noqa: E402
from bot.agent import Assistant  # noqa: E402
from conversations.database import Database  # noqa: E402
from server.action_runner import adapt  # noqa: E402
from tests.product import trained_model  # noqa: E402
from tests.rasa.talk import Talk  # noqa: E402

# Unconfigured, it prints every slot of every step.
structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))


@pytest.fixture(scope="session")
def assistant() -> Assistant:
    """The model of today's data with our actions."""
    return Assistant.load(trained_model(), adapt(run_action))


@pytest.fixture
def talk(assistant: Assistant, sqlite_url: str) -> Iterator[Talk]:
    """A new person."""
    database = Database(sqlite_url)
    yield Talk(database, assistant)
    database.dispose()
