"""Rasa entity extractor for what a whole text is about: the type of complaint that it holds or names.

Learns from a label that examples carry in their metadata, not from spans, and from all other examples what
holds no label at all. Which metadata, which entity, and which words name a label are settings: it knows no
type itself.
"""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, INTENT, METADATA, METADATA_EXAMPLE, METADATA_INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu import features, linear, machines, masking
from bot.nlu.features import Features
from bot.nlu.linear import LinearModel, Settings
from bot.nlu.masking import masked
from bot.nlu.messages import meaning_of, reading_of, readings_of_examples
from bot.nlu.rule_sources import rules_fingerprint
from bot.nlu.text import normalise

_NONE = ""  # the label of a text that holds none


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class ComplaintTypeClassifier(GraphComponent, EntityExtractorMixin):  # type: ignore[misc]
    """Adds one entity over the whole text where it holds a label.

    Settings:
        metadata_key: the example metadata that holds the label; examples without it hold none.
        entity: the entity's name.
        intents: intents of messages that hold a label; for them a lower bar is enough.
        bar: how probable it must be that a text holds a label; bar_of_intents: the same after such an intent.
        names: label → words that name it (物流问题); a text of little more than one of them has that label.
        longest_ngram, words, sounds, inverse_regularisation, dense_weight, folds, seed: as for the intent classifier.
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
        self._names = sorted(
            ((normalise(name).text, label) for label, names in config["names"].items() for name in names),
            key=lambda pair: -len(pair[0]),
        )

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The settings and what they are if not given."""
        return {
            "metadata_key": "complaint_type", "entity": "complaint_type", "intents": [], "bar": 0.7,
            "bar_of_intents": 0.4, "names": {}, "longest_ngram": 3, "words": True, "sounds": True,
            "inverse_regularisation": 1.0, "dense_weight": 0.7, "folds": 5, "seed": 13,
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
    ) -> ComplaintTypeClassifier:
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
    ) -> ComplaintTypeClassifier:
        """The trained classifier; one that finds nothing if the data held no label."""
        with model_storage.read_from(resource) as folder:
            model = LinearModel.load(folder) if (folder / "model.json").exists() else None
        return cls(config, model_storage, resource, model)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn the labels of the examples' metadata, and that the others hold none."""
        examples = [one for one in training_data.intent_examples if one.get(TEXT)]
        labels = [self._label(one) for one in examples]
        with self._model_storage.write_to(self._resource) as folder:
            (folder / "trained").touch()  # Rasa stores no empty folder
            if len(set(labels)) >= 2:
                self._model = LinearModel.fit(
                    [masked(one) for one in readings_of_examples(examples)],
                    labels,
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
                self._model.save(folder)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the entity to each message that holds a label."""
        for message in messages:
            label, confidence = self._classify(message)
            if label == _NONE:
                continue
            entity = {
                "entity": self._config["entity"],
                "start": 0,
                "end": len(message.get(TEXT)),
                "value": label,
                "confidence_entity": confidence,
            }
            entities = message.get(ENTITIES) or []
            message.set(ENTITIES, entities + self.add_extractor_name([entity]), add_to_output=True)
        return messages

    def _label(self, example: Message) -> str:
        metadata = example.get(METADATA) or {}
        for level in (METADATA_EXAMPLE, METADATA_INTENT):
            said = metadata.get(level)
            if isinstance(said, dict) and said.get(self._config["metadata_key"]):
                return str(said[self._config["metadata_key"]])
        return _NONE

    def _classify(self, message: Message) -> tuple[str, float]:
        reading = reading_of(message)
        text = reading.normalised.text.strip()
        if not text:
            return _NONE, 1.0
        for name, label in self._names:
            if name in text and len(text) <= len(name) + 6:
                return label, 1.0
        if self._model is None:
            return _NONE, 1.0
        confidences = dict(
            zip(
                self._model.labels, self._model.confidences(masked(reading), meaning_of(message)), strict=True
            )
        )
        holds = 1.0 - float(confidences.pop(_NONE, 0.0))
        intent = (message.get(INTENT) or {}).get("name")
        bar = self._config["bar_of_intents"] if intent in self._config["intents"] else self._config["bar"]
        label, confidence = max(confidences.items(), key=lambda pair: pair[1])
        return (label, float(confidence) / holds) if holds > bar else (_NONE, 1.0 - holds)
