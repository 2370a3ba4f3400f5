"""The trained model, loaded once, and a person to talk to it."""

from __future__ import annotations

from bot import without_tensorflow

without_tensorflow.install()

import logging  # noqa: E402 - everything below may import Rasa, which must come after the line above
import os  # noqa: E402
from collections.abc import Iterator  # noqa: E402
from pathlib import Path  # noqa: E402

import pytest  # noqa: E402
import structlog  # noqa: E402

from actions.in_process import run_action  # noqa: E402
from bot.agent import Assistant, ModelMissing  # noqa: E402
from conversations.database import Database  # noqa: E402
from server.action_runner import adapt  # noqa: E402
from tests.conftest import missing  # noqa: E402
from tests.rasa.talk import Talk  # noqa: E402

# Unconfigured, it prints every slot of every step.
structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))


@pytest.fixture(scope="session")
def assistant() -> Assistant:
    """The newest trained model with our actions."""
    try:
        return Assistant.load(Path(os.environ.get("SUDA_MODEL_DIR", "models")), adapt(run_action))
    except ModelMissing as none:
        missing("model", str(none))
        raise


@pytest.fixture
def talk(assistant: Assistant, sqlite_url: str) -> Iterator[Talk]:
    """A new person."""
    database = Database(sqlite_url)
    yield Talk(database, assistant)
    database.dispose()
