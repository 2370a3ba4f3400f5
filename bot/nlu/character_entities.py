"""Rasa entity extractor that learns spans from annotated data, character by character.

For what has no shape of its own, such as a merchant's name. Trains on any Rasa data with entities; lookup
tables of the data serve as lists of known words; synonyms of the data give values. Roles and groups are not
learnt.
"""

from __future__ import annotations

import json
import logging
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu import character_crf
from bot.nlu.character_crf import CharacterCrf, Hint, Lexicon, Span, with_names_swapped
from bot.nlu.messages import TRAINING_TIME, reading_of
from bot.nlu.reading import Reading, read
from bot.nlu.remedies import remedies_spoken_of
from bot.nlu.rule_sources import rules_fingerprint
from bot.nlu.text import normalise

logger = logging.getLogger(__name__)

_MODEL = "entities.crfsuite"
_WORDS = "words.json"
_VALUE = "="  # between an entity's name and its code in a label
_MARGIN = " \t\n,.。、;:!?…\"'“”‘’()[]{}<>《》【】~"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class CharacterEntityExtractor(GraphComponent, EntityExtractorMixin):  # type: ignore[misc]
    """Adds the entities that it learnt to mark.

    Settings:
        entities: the names to learn; null: all in the data.
        bar: how sure to be of every character, 0 to 1.
        coded: names whose values are codes (refund), told by the words around them; others' values are their
        text.
        rules_as_hints: whether to learn from what the rules find in a text.
        shortest, longest_read: characters of the shortest entity, and of the text that is looked at.
        swapped_copies: how many copies of an annotated text to learn from with its names exchanged.
        iterations, l1, l2, seed: the CRF's training.
    """

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        crf: CharacterCrf | None = None,
        values: dict[str, str] | None = None,
    ) -> None:
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._crf = crf
        self._values = values or {}

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The settings and what they are if not given."""
        return {
            "entities": None, "bar": 0.4, "shortest": 1, "longest_read": 500, "swapped_copies": 3, "coded": [],
            "rules_as_hints": True, "iterations": 40, "l1": 0.05, "l2": 0.05, "seed": 13,
        }  # fmt: skip

    @staticmethod
    def required_packages() -> list[str]:
        """The package whose version the trained model depends on."""
        return ["sklearn_crfsuite"]

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """Changes when the features or a rule does."""
        return rules_fingerprint(character_crf)

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
            path = folder / _MODEL
            crf = CharacterCrf.load(path, Lexicon(kept["lexicon"])) if path.exists() else None
        return cls(config, model_storage, resource, crf, kept["values"])

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the annotated spans of all examples; those without any teach what is no entity."""
        examples = [self._example(one) for one in training_data.nlu_examples if one.get(TEXT)]
        examples += with_names_swapped(examples, self._config["swapped_copies"], self._config["seed"])
        self._values = {
            normalise(text).text.lower(): value for text, value in training_data.entity_synonyms.items()
        }
        lexicon = _lexicon(training_data.lookup_tables)
        with self._model_storage.write_to(self._resource) as folder:
            kept = {
                "values": self._values,
                "lexicon": {name: sorted(words) for name, words in lexicon.words.items()},
            }
            (folder / _WORDS).write_text(json.dumps(kept, ensure_ascii=False), encoding="utf-8")
            if any(spans for _, spans in examples):
                path = folder / _MODEL
                CharacterCrf.train(
                    ((text, spans, self._hints(read(text, TRAINING_TIME))) for text, spans in examples), lexicon, path,
                    l1=self._config["l1"], l2=self._config["l2"], iterations=self._config["iterations"],
                )  # fmt: skip
                self._crf = CharacterCrf.load(path, lexicon)
            else:
                logger.debug("No annotated entities to learn from; the extractor will find none.")
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the entities found in each message."""
        if self._crf is None:
            return messages
        for message in messages:
            reading = reading_of(message)
            normalised = reading.normalised
            entities = []
            looked_at = normalised.text[: self._config["longest_read"]]
            for span in self._crf.spans(looked_at, self._hints(reading), self._config["bar"]):
                start, end = _without_margin(normalised.text, span)
                if end - start < self._config["shortest"]:
                    continue
                first, last = normalised.original_span(start, end)
                said = message.get(TEXT)[first:last]
                name, _, value = span.label.partition(_VALUE)
                value = value or self._values.get(normalised.text[start:end].lower(), said)
                entities.append(
                    {
                        "entity": name,
                        "start": first,
                        "end": last,
                        "value": value,
                        "confidence_entity": span.confidence,
                    }
                )
            present = message.get(ENTITIES) or []
            message.set(ENTITIES, present + self.add_extractor_name(entities), add_to_output=True)
        return messages

    def _label(self, entity: dict[str, Any]) -> str:
        name: str = entity["entity"]
        return f"{name}{_VALUE}{entity['value']}" if name in self._config["coded"] else name

    def _hints(self, reading: Reading) -> list[Hint]:
        """What the rules found, and every word for a remedy, as something to learn from."""
        if not self._config["rules_as_hints"]:
            return []
        hints = [
            (one.start, one.end, f"found {kind}") for kind, found in reading.found.items() for one in found
        ]
        return hints + [
            (one.start, one.end, f"spoken of {one.value}")
            for one in remedies_spoken_of(reading.normalised.text)
        ]

    def _example(self, message: Message) -> tuple[str, list[Span]]:
        normalised = normalise(message.get(TEXT))
        wanted = self._config["entities"]
        return normalised.text, [
            Span(*normalised.folded_span(entity["start"], entity["end"]), self._label(entity))
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
