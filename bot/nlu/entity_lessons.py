"""How the tagger is taught: from which texts, and what it is told of a text besides its characters."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np

from bot.nlu.character_features import Seen, seen
from bot.nlu.lexicon import Lexicon
from bot.nlu.reading import Reading, read_in_training
from bot.nlu.remedies import remedies_spoken_of
from bot.nlu.shares import in_shares
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
    return [*found, *words_of(text)]


def taught(
    names: Sequence[str], examples: Sequence[Lesson], lexicon: Lexicon, config: dict[str, Any]
) -> SpanTagger:
    """A tagger of the entities of these names, trained on the examples."""
    shares = in_shares(partial(_seen_and_marked, names, lexicon, config), _lessons(names, examples, config))
    spans = [marked for _, of_share in shares for marked in of_share]
    settings = Settings(inverse_regularisation=config["inverse_regularisation"], seed=config["seed"])
    return SpanTagger.train(names, _joined([texts for texts, _ in shares]), spans, settings)


def _seen_and_marked(
    names: Sequence[str], lexicon: Lexicon, config: dict[str, Any], lessons: Sequence[Lesson]
) -> tuple[Seen, list[Sequence[Span]]]:
    """What the tagger sees of the lessons it learns from, and their spans."""
    texts, spans, known = [], [], []
    bare = 0
    for text, marked in lessons:
        of_text = hints(read_in_training(text), config)
        if not marked and not _tempting(text, of_text, names, lexicon):
            bare += 1
            if bare % config["plain_share"]:
                continue
        texts.append(text)
        spans.append(marked)
        known.append(of_text)
    return seen(texts, known, lexicon), spans


def _joined(shares: Sequence[Seen]) -> Seen:
    """The texts of all shares one after the other."""
    before = np.cumsum([0, *(share.starts[-1] for share in shares)])
    return Seen(
        np.concatenate([share.fixed for share in shares]),
        np.concatenate([share.more for share in shares]),
        np.concatenate([share.more_of + first for share, first in zip(shares, before, strict=False)]),
        np.concatenate(
            [share.starts[:-1] + first for share, first in zip(shares, before, strict=False)] + [before[-1:]]
        ),
    )


def _lessons(names: Sequence[str], examples: Sequence[Lesson], config: dict[str, Any]) -> list[Lesson]:
    """All examples, and copies with those names exchanged whose values are no codes."""
    exchanged = [name for name in names if name not in config["coded"]]
    return [*examples, *with_names_swapped(examples, config["swapped_copies"], config["seed"], exchanged)]


def _tempting(text: str, known: Sequence[Found], names: Sequence[str], lexicon: Lexicon) -> bool:
    """Whether a text without any entity holds what looks like one: of such texts every one teaches something."""
    found = {f"found {name}" for name in names}
    speaks = any(one.value in found or one.value.startswith("spoken of") for one in known)
    return speaks or bool(lexicon.found_in(text.lower()))
