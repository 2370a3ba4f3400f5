"""The assistant's training texts as Rasa reads them, for the tests that look through all of them."""

from __future__ import annotations

import os
import warnings
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")

from rasa.shared.nlu.training_data.formats.rasa_yaml import RasaYAMLReader

ROOT = Path(__file__).parents[1]
TRAINING_FILES = sorted((ROOT / "bot/data/nlu").glob("*.yml"))

Example = dict[str, Any]


@cache
def read(path: Path) -> list[Example]:
    """The examples of one file, each with text, intent, entities and complaint_type (or None).

    YAML is parsed by libyaml and not held to Rasa's schema: its own parser needs minutes for all files.
    """
    with warnings.catch_warnings(), pytest.MonkeyPatch.context() as patch:
        warnings.simplefilter("error", UserWarning)  # Rasa only warns about an example that it drops
        patch.setattr(
            "rasa.shared.utils.io.read_yaml", lambda text, *_, **__: yaml.load(text, yaml.CSafeLoader)
        )
        patch.setattr(RasaYAMLReader, "validate", lambda self, text: None)
        messages = RasaYAMLReader().read(str(path)).training_examples
    return [
        {
            "file": path.name,
            "text": message.get("text"),
            "intent": message.get("intent"),
            "entities": message.get("entities") or [],
            "complaint_type": (message.get("metadata") or {}).get("example", {}).get("complaint_type"),
        }
        for message in messages
    ]
