"""How one entity's tagger is taught: from which texts, and what it is told of a text besides its characters."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bot.nlu.character_features import seen
from bot.nlu.lexicon import Lexicon
from bot.nlu.reading import Reading, read_in_training
from bot.nlu.remedies import remedies_spoken_of
from bot.nlu.span_tagger import Settings, Span, SpanTagger
from bot.nlu.spans import Found
from bot.nlu.swapped_names import with_names_swapped
from bot.nlu.words import words_of

Lesson = tuple[str, Sequence[Span]]


def hints(reading: Reading, config: dict[str, Any]) -> list[Found]:
    """What the rules found, every word for a remedy, and all words, as something to learn from."""
    if not config["rules_as_hints"]:
        return []
    found = [
        Found(one.start, one.end, f"found {kind}") for kind, all_of in reading.found.items() for one in all_of
    ]
    text = reading.normalised.text[: config["longest_read"]]
    found += [Found(one.start, one.end, f"spoken of {one.value}") for one in remedies_spoken_of(text)]
    return found + words_of(text)


def learn(
    name: str, examples: Sequence[Lesson], lexicon: Lexicon, path: Path, config: dict[str, Any], threads: int
) -> None:
    """Train the tagger of one entity on the examples and write it to `path`."""
    texts, spans, known = [], [], []
    bare = 0
    for text, marked in _lessons(name, examples, config):
        of_text = hints(read_in_training(text), config)
        if not marked and not _tempting(text, of_text, name, lexicon):
            bare += 1
            if bare % config["plain_share"]:
                continue
        texts.append(text)
        spans.append([span for span in marked if span.label == name])
        known.append(of_text)
    settings = Settings(
        inverse_regularisation=config["inverse_regularisation"], threads=threads, seed=config["seed"]
    )
    SpanTagger.train(name, seen(texts, known, lexicon), spans, settings).save(path)


def _lessons(name: str, examples: Sequence[Lesson], config: dict[str, Any]) -> list[Lesson]:
    """All examples and, where values are no codes, copies with the names exchanged."""
    if name in config["coded"]:
        return list(examples)
    copies = with_names_swapped(examples, config["swapped_copies"], config["seed"], [name])
    return [*examples, *copies]


def _tempting(text: str, known: Sequence[Found], name: str, lexicon: Lexicon) -> bool:
    """Whether a text without any entity holds what looks like one: of such texts every one teaches something."""
    speaks = any(one.value == f"found {name}" or one.value.startswith("spoken of") for one in known)
    return speaks or bool(lexicon.found_in(text.lower()))
