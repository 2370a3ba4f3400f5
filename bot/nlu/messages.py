"""What the components take from a Rasa message: its reading, done once a message, and the time it was sent.

Holds no rule of its own. The reading travels inside the message under a private key and never leaves the
pipeline.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta, timezone, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
from rasa.shared.nlu.constants import INTENT, METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.reading import Reading, read, read_all_in_training, read_in_training

Meaning = npt.NDArray[np.float32]
TIME_KEY = "time"
_READING_KEY = "suda_reading"
_MEANING_KEY = "suda_meaning"
DEFAULT_ZONE = "Asia/Shanghai"


def reading_of(message: Message, zone: str = DEFAULT_ZONE) -> Reading:
    """The reading of a message's text, made on the first call."""
    kept = message.data.get(_READING_KEY)
    if isinstance(kept, Reading):
        return kept
    made = read(message.get(TEXT) or "", sent_at(message, zone))
    message.data[_READING_KEY] = made  # not `set`: nothing of the message's own changed
    return made


def readings_of_examples(examples: Sequence[Message]) -> list[Reading]:
    """The readings of training examples; the same on every day that a model is trained."""
    texts = [one.get(TEXT) or "" for one in examples]
    read_all_in_training(texts)
    return [read_in_training(text) for text in texts]


def keep_meaning(message: Message, vector: Meaning) -> None:
    """Keep a dense vector with the message, for the classifiers of the pipeline."""
    message.data[_MEANING_KEY] = vector  # not `set`: nothing of the message's own changed


def meaning_of(message: Message) -> Meaning | None:
    """The vector that a featurizer kept with the message; None where the pipeline has none."""
    kept: Meaning | None = message.data.get(_MEANING_KEY)
    return kept


def sure_intent(message: Message, at_least: float) -> str | None:
    """The message's intent, if a classifier before the asking component was as sure of it as that."""
    likeliest = message.get(INTENT) or {}
    sure = float(likeliest.get("confidence") or 0.0) >= at_least
    return likeliest.get("name") if sure else None


def sent_at(message: Message, zone: str = DEFAULT_ZONE) -> datetime:
    """When the message was sent, by its metadata's ISO `time`; now if it says nothing.

    An aware time is turned into `zone`; a naive one is taken as that zone's and stays naive.
    """
    metadata = message.get(METADATA)
    said: Any = metadata.get(TIME_KEY) if isinstance(metadata, dict) else None
    if isinstance(said, str) and said:
        time = datetime.fromisoformat(said.replace("Z", "+00:00"))
        return time.astimezone(_zone(zone)) if time.tzinfo else time
    return datetime.now(_zone(zone))


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except KeyError:
        if name != DEFAULT_ZONE:
            raise
        return timezone(timedelta(hours=8), name)  # a machine without a time zone database
