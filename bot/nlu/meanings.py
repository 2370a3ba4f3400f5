"""Rasa featurizer that gives each message one dense vector of what its words mean, for the classifiers after it.

Learns nothing of labels; trains on any texts. Leave it out of the pipeline and the classifiers go by n-grams
alone.
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

from bot.nlu import masking, word_vectors
from bot.nlu.masking import masked
from bot.nlu.messages import keep_meaning, reading_of, reading_of_example
from bot.nlu.rule_sources import rules_fingerprint
from bot.nlu.word_vectors import WordVectors


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class WordMeaningFeaturizer(GraphComponent):  # type: ignore[misc]
    """Keeps a vector with each message.

    Settings: `dimensions` (100) of the vector.
    """

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        vectors: WordVectors | None = None,
    ) -> None:
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._vectors = vectors

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The settings and what they are if not given."""
        return {"dimensions": 100}

    @staticmethod
    def required_packages() -> list[str]:
        """Where the vectors come from; the trained model does without it."""
        return []

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """Changes when the vectors' code or a rule that masks numbers does."""
        return rules_fingerprint(word_vectors, masking)

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> WordMeaningFeaturizer:
        """A featurizer not yet trained."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> WordMeaningFeaturizer:
        """The trained featurizer."""
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, WordVectors.load(folder))

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from all texts how frequent words are."""
        texts = [masked(reading_of_example(one)) for one in training_data.nlu_examples if one.get(TEXT)]
        self._vectors = WordVectors.fit(texts, self._config["dimensions"])
        with self._model_storage.write_to(self._resource) as folder:
            self._vectors.save(folder)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Keep a vector with each example."""
        for example in training_data.nlu_examples:
            if example.get(TEXT):
                keep_meaning(example, self._of(masked(reading_of_example(example))))
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Keep a vector with each message."""
        for message in messages:
            keep_meaning(message, self._of(masked(reading_of(message))))
        return messages

    def _of(self, text: str) -> word_vectors.Floats:
        if self._vectors is None:
            raise RuntimeError("the featurizer was asked before it was trained")
        return self._vectors.of(text)
