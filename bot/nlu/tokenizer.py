"""Rasa tokenizer for Chinese: every Han character is a token, runs of digits and of Latin letters stay whole.

Words are not cut, for a dictionary's word borders misalign with entities; characters never do. Where an
annotated entity of the training data begins inside a run (iPhone[15]), the run is cut there, so that no
annotation is lost.
"""

from __future__ import annotations

import re
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.constants import ENTITIES, ENTITY_ATTRIBUTE_END, ENTITY_ATTRIBUTE_START, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu import text as text_rules
from bot.nlu.fingerprint import source_fingerprint
from bot.nlu.text import normalise

_PIECE = re.compile(r"\d+(?:\.\d+)?|[A-Za-z]+|\S")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class CharacterTokenizer(Tokenizer):  # type: ignore[misc]
    """Cuts text into characters and runs. Tokens' texts are normalised, their places are the original's.

    Settings: those of Rasa's tokenizers (`intent_tokenization_flag`, `intent_split_symbol`), and
        in_training: whether to cut the training texts too. Featurizers of Rasa's and DIET learn from tokens; this package's
            components do not, and a million tokens take a while to make, to copy and to take digests of.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The settings and what they are if not given."""
        return {"intent_tokenization_flag": False, "intent_split_symbol": "_", "in_training": True}

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """Changes when the normalisation does."""
        return source_fingerprint(text_rules)

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Cut the training texts, if something learns from their tokens."""
        return super().process_training_data(training_data) if self._config["in_training"] else training_data

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        """The tokens of an attribute's text; a text of spaces only is one token."""
        original: str = message.get(attribute)
        normalised = normalise(original)
        borders = _entity_borders(message) if attribute == TEXT else set()
        tokens: list[Token] = []
        for match in _PIECE.finditer(normalised.text):
            start, end = normalised.original_span(*match.span())
            if tokens and start < tokens[-1].end:
                continue  # one character that unfolded into several pieces (㎡): it is one token
            cuts = sorted(border for border in borders if start < border < end)
            if not cuts:
                tokens.append(Token(match.group(), start, end, lemma=match.group()))
                continue
            for first, last in zip([start, *cuts], [*cuts, end], strict=True):
                piece = normalise(original[first:last]).text
                tokens.append(Token(piece, first, last, lemma=piece))
        return tokens or [Token(original, 0)]


def _entity_borders(message: Message) -> set[int]:
    return {
        entity[border]
        for entity in message.get(ENTITIES) or []
        for border in (ENTITY_ATTRIBUTE_START, ENTITY_ATTRIBUTE_END)
    }
