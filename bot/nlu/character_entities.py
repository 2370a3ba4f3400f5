"""Rasa entity extractor that learns spans from annotated data, character by character.

For what has no shape of its own, such as a merchant's name. Trains on any Rasa data with entities; lookup
tables of the data serve as lists of known words; synonyms of the data give values. Roles and groups are not
learnt.
"""

from __future__ import annotations

import json
import logging
import re
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu import (
    character_features,
    entity_lessons,
    features,
    lexicon,
    linear,
    machines,
    span_tagger,
    swapped_names,
)
from bot.nlu.character_features import seen
from bot.nlu.entity_lessons import hints, taught
from bot.nlu.features import Features
from bot.nlu.lexicon import Lexicon
from bot.nlu.linear import LinearModel, Settings
from bot.nlu.messages import reading_of, sure_intent
from bot.nlu.rule_sources import rules_fingerprint
from bot.nlu.span_tagger import Span, SpanTagger
from bot.nlu.text import normalise

logger = logging.getLogger(__name__)

_WORDS = "words.json"
_TAGGER = "tagger.npz"
_CODES = "codes"
_MARGIN = " \t\n,.。、;:!?…\"'“”‘’()[]{}<>《》【】~"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class CharacterEntityExtractor(GraphComponent, EntityExtractorMixin):  # type: ignore[misc]
    """Adds the entities that it learnt to mark.

    Settings:
        entities: the names to learn; null: all in the data.
        bar: how sure to be of a span's characters on average, 0 to 1; bars: name → a bar of its own.
        coded: names whose values are codes (refund), learnt from the marked words; others' values are their text.
        rules_as_hints: whether to learn from what the rules find in a text, and from where words begin and end.
        shortest, longest_read: characters of the shortest entity, and of the text that is looked at.
        plain_share: of the texts without any entity, nor anything that looks like one, every how manieth is learnt from
            (1: all of them).
        swapped_copies: how many copies of an annotated text to learn from with its names exchanged; words that stand
        for a code stay.
        not_in: name → intents of messages in which none is added (a shop that is praised is nobody's other side), if they
            are surer than not_in_from (0.5); for it to count, an intent classifier must stand before this component.
        endings: name → a regular expression of what belongs to an entity where it follows directly (厂 behind 恒盛电子).
        inverse_regularisation, seed: the training's.
    """

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        tagger: SpanTagger | None = None,
        words: Lexicon | None = None,
        values: dict[str, str] | None = None,
        codes: dict[str, LinearModel] | None = None,
    ) -> None:
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._tagger = tagger
        self._lexicon = words or Lexicon({})
        self._endings = {name: re.compile(pattern) for name, pattern in config["endings"].items()}
        self._values = values or {}
        self._codes = codes or {}

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The settings and what they are if not given."""
        return {
            "entities": None, "bar": 0.55, "bars": {}, "not_in": {}, "not_in_from": 0.5,
            "shortest": 1, "longest_read": 500, "plain_share": 1,
            "swapped_copies": 3, "coded": [], "endings": {}, "rules_as_hints": True, "inverse_regularisation": 0.1,
            "seed": 13,
        }  # fmt: skip

    @staticmethod
    def required_packages() -> list[str]:
        """The package whose version the trained model depends on."""
        return ["sklearn"]

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """Changes when the features or a rule does."""
        return rules_fingerprint(
            character_features,
            entity_lessons,
            features,
            lexicon,
            linear,
            machines,
            span_tagger,
            swapped_names,
        )

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> CharacterEntityExtractor:
        """An extractor not yet trained."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> CharacterEntityExtractor:
        """The trained extractor; one that finds nothing if the data had no such entity."""
        with model_storage.read_from(resource) as folder:
            kept = json.loads((folder / _WORDS).read_text(encoding="utf-8"))
            tagger = SpanTagger.load(folder / _TAGGER) if (folder / _TAGGER).exists() else None
            codes = {name: LinearModel.load(folder / _CODES / name) for name in kept["coded"]}
        return cls(config, model_storage, resource, tagger, Lexicon(kept["lexicon"]), kept["values"], codes)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the annotated spans of all examples; those without any teach what is no entity."""
        examples = [self._example(one) for one in training_data.nlu_examples if one.get(TEXT)]
        names = sorted({span.label for _, spans in examples for span in spans})
        if not names:
            logger.debug("No annotated entities to learn from; the extractor will find none.")
        self._values = {
            normalise(text).text.lower(): value for text, value in training_data.entity_synonyms.items()
        }
        self._lexicon = _lexicon(training_data.lookup_tables)
        self._codes = {
            name: model
            for name in self._config["coded"]
            if (model := self._learn_codes(name, training_data.nlu_examples)) is not None
        }
        with self._model_storage.write_to(self._resource) as folder:
            kept = {
                "values": self._values,
                "lexicon": {name: sorted(words) for name, words in self._lexicon.words.items()},
                "coded": sorted(self._codes),
            }
            for name, model in self._codes.items():
                (folder / _CODES / name).mkdir(parents=True)
                model.save(folder / _CODES / name)
            (folder / _WORDS).write_text(json.dumps(kept, ensure_ascii=False), encoding="utf-8")
            if names:
                self._tagger = taught(names, examples, self._lexicon, self._config)
                self._tagger.save(folder / _TAGGER)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the entities found in each message."""
        if self._tagger is None:
            return messages
        for message in messages:
            reading = reading_of(message)
            normalised = reading.normalised
            entities = []
            intent = sure_intent(message, self._config["not_in_from"])
            looked_at = normalised.text[: self._config["longest_read"]]
            characters = seen([looked_at], [hints(reading, self._config)], self._lexicon)
            for span in self._tagger.spans(characters, self._config["bar"], self._config["bars"]):
                start, end = _without_margin(normalised.text, span)
                if (ending := self._endings.get(span.label)) and (more := ending.match(looked_at, end)):
                    end = more.end()
                if end - start < self._config["shortest"]:
                    continue
                if intent in self._config["not_in"].get(span.label, ()):
                    continue
                first, last = normalised.original_span(start, end)
                said = message.get(TEXT)[first:last]
                entities.append(
                    {
                        "entity": span.label,
                        "start": first,
                        "end": last,
                        "value": self._value(span.label, normalised.text[start:end], said),
                        "confidence_entity": span.confidence,
                    }
                )
            present = message.get(ENTITIES) or []
            message.set(ENTITIES, present + self.add_extractor_name(entities), add_to_output=True)
        return messages

    def _value(self, label: str, words: str, said: str) -> str:
        """The code that the words stand for, the data's synonym for them, or the words as they were written."""
        codes = self._codes.get(label)
        if codes is not None:
            return codes.labels[int(codes.confidences(words.lower()).argmax())]
        return self._values.get(words.lower(), said)

    def _learn_codes(self, name: str, examples: list[Message]) -> LinearModel | None:
        marked = [
            (normalise(one.get(TEXT)), entity)
            for one in examples
            if one.get(TEXT)
            for entity in one.get(ENTITIES) or []
            if entity["entity"] == name and "start" in entity
        ]
        words = [
            normalised.text[slice(*normalised.folded_span(entity["start"], entity["end"]))].lower()
            for normalised, entity in marked
        ]
        values = [entity["value"] for _, entity in marked]
        if len(set(values)) < 2:
            return None
        settings = Settings(features=Features(longest_ngram=3), folds=0, seed=self._config["seed"])
        return LinearModel.fit(words, values, settings)

    def _example(self, message: Message) -> tuple[str, list[Span]]:
        normalised = normalise(message.get(TEXT))
        wanted = self._config["entities"]
        return normalised.text, [
            Span(*normalised.folded_span(entity["start"], entity["end"]), entity["entity"])
            for entity in message.get(ENTITIES) or []
            if "start" in entity and (wanted is None or entity["entity"] in wanted)
        ]


def _lexicon(tables: list[dict[str, Any]]) -> Lexicon:
    """The data's lookup tables as lists of words; a table kept in a file of its own is Rasa's to read, not
    ours."""
    words: dict[str, set[str]] = {}
    for table in tables:
        if isinstance(table.get("elements"), list):
            words.setdefault(table["name"], set()).update(
                normalise(word).text.lower() for word in table["elements"]
            )
    return Lexicon(words)


def _without_margin(text: str, span: Span) -> tuple[int, int]:
    start, end = span.start, span.end
    while start < end and text[start] in _MARGIN:
        start += 1
    while end > start and text[end - 1] in _MARGIN:
        end -= 1
    return start, end
