"""The trained model, loaded once, and a person to talk to it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from actions.in_process import run_action
from bot import without_tensorflow
from conversations.database import Database
from server.action_runner import adapt
from tests.conftest import missing

without_tensorflow.install()

from bot.agent import Assistant, ModelMissing  # noqa: E402 - imports Rasa, after the line above
from tests.rasa.talk import Talk  # noqa: E402


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
