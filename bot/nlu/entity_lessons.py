"""How one entity's CRF is taught: what it is told of a text besides its characters, and its training in a process of its
own. Free of Rasa, so that such a process starts at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bot.nlu.character_crf import CharacterCrf, Hint, Lexicon, Span
from bot.nlu.reading import TRAINING_TIME, Reading, read
from bot.nlu.remedies import remedies_spoken_of
from bot.nlu.words import words_of


def hints(reading: Reading, config: dict[str, Any]) -> list[Hint]:
    """What the rules found, every word for a remedy, and all words, as something to learn from."""
    if not config["rules_as_hints"]:
        return []
    found = [
        (one.start, one.end, f"found {kind}") for kind, all_of in reading.found.items() for one in all_of
    ]
    text = reading.normalised.text[: config["longest_read"]]
    found += [(one.start, one.end, f"spoken of {one.value}") for one in remedies_spoken_of(text)]
    return found + [(one.start, one.end, one.value) for one in words_of(text)]


def learn(
    lessons: Sequence[tuple[str, Sequence[Span]]], lexicon: Lexicon, path: Path, config: dict[str, Any]
) -> None:
    """Train the model of one entity and write it to `path`."""
    CharacterCrf.train(
        ((text, spans, hints(read(text, TRAINING_TIME), config)) for text, spans in lessons),
        lexicon, path, l1=config["l1"], l2=config["l2"], iterations=config["iterations"],
    )  # fmt: skip
