"""Rasa featurizer that gives each message one dense vector of what it means, for the classifiers after it.

Learns nothing. Leave it out of the pipeline and the classifiers go by the words alone.
"""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu import masking, sentence_vectors
from bot.nlu.masking import said_aloud
from bot.nlu.messages import keep_meaning, reading_of, readings_of_examples
from bot.nlu.rule_sources import rules_fingerprint
from bot.nlu.sentence_vectors import encoded


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceMeaningFeaturizer(GraphComponent):  # type: ignore[misc]
    """Keeps a vector of unit length with each message. It has no settings."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """No settings."""
        return {}

    @staticmethod
    def required_packages() -> list[str]:
        """None: Rasa wants one name for the distribution and the module, and the encoder has two."""
        return []

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """Changes when the encoder's use or a rule that replaces numbers does."""
        return rules_fingerprint(sentence_vectors, masking)

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceMeaningFeaturizer:
        """The featurizer; there is nothing to train. The encoder is read now, not with the first message."""
        encoded([""])
        return cls()

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Keep a vector with each example."""
        examples = [one for one in training_data.nlu_examples if one.get(TEXT)]
        vectors = encoded([said_aloud(one) for one in readings_of_examples(examples)])
        for example, vector in zip(examples, vectors, strict=True):
            keep_meaning(example, vector)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Keep a vector with each message."""
        vectors = encoded([said_aloud(reading_of(message)) for message in messages])
        for message, vector in zip(messages, vectors, strict=True):
            keep_meaning(message, vector)
        return messages
