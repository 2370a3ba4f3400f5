"""Rasa intent classifier on characters, words, sounds and meaning: quick, small, and honest about how sure it is.

Trains on any Rasa data with two or more intents; it names none.
"""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu import features, linear, machines, masking
from bot.nlu.features import Features
from bot.nlu.linear import LinearModel, Settings
from bot.nlu.masking import masked
from bot.nlu.messages import meaning_of, reading_of, readings_of_examples
from bot.nlu.rule_sources import rules_fingerprint


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class CharacterIntentClassifier(GraphComponent, IntentClassifier):  # type: ignore[misc]
    """Sets `intent` and `intent_ranking`.

    Settings: `longest_ngram` (3) of characters; `words`, `sounds` (true): whether to learn from them too;
    `inverse_regularisation` (1.0); `dense_weight` (0.7) of a featurizer's vector beside these; `folds` (one of so many is
    held out for calibration, 5; 0: none); `ranking_length` (10; 0: all); `seed`.
    """

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        model: LinearModel | None = None,
    ) -> None:
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._model = model

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The settings and what they are if not given."""
        return {
            "longest_ngram": 3, "words": True, "sounds": True, "inverse_regularisation": 1.0, "dense_weight": 0.7,
            "folds": 5, "ranking_length": 10, "seed": 13,
        }  # fmt: skip

    @staticmethod
    def required_packages() -> list[str]:
        """The package whose version the trained model depends on."""
        return ["sklearn"]

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """Changes when the model's code or a rule that masks numbers does."""
        return rules_fingerprint(features, linear, machines, masking)

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> CharacterIntentClassifier:
        """A classifier not yet trained."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> CharacterIntentClassifier:
        """The trained classifier."""
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, LinearModel.load(folder))

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from every example that has a text and an intent.

        Raises:
            ValueError: the data has fewer than two intents.
        """
        examples = [one for one in training_data.intent_examples if one.get(TEXT) and one.get(INTENT)]
        self._model = LinearModel.fit(
            [masked(one) for one in readings_of_examples(examples)],
            [one.get(INTENT) for one in examples],
            Settings(
                features=Features(
                    self._config["longest_ngram"], self._config["words"], self._config["sounds"]
                ),
                inverse_regularisation=self._config["inverse_regularisation"],
                dense_weight=self._config["dense_weight"],
                folds=self._config["folds"],
                seed=self._config["seed"],
            ),
            [meaning_of(one) for one in examples],
        )
        with self._model_storage.write_to(self._resource) as folder:
            self._model.save(folder)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Name the most likely intent of each message and rank the others."""
        if self._model is None:
            raise RuntimeError("the intent classifier was asked before it was trained")
        for message in messages:
            confidences = self._model.confidences(masked(reading_of(message)), meaning_of(message))
            order = confidences.argsort()[::-1]
            ranking = [
                {"name": self._model.labels[place], "confidence": float(confidences[place])}
                for place in order
            ]
            message.set(INTENT, dict(ranking[0]), add_to_output=True)
            length = self._config["ranking_length"]
            message.set(INTENT_RANKING_KEY, ranking[:length] if length else ranking, add_to_output=True)
        return messages
