"""Rasa entity extractor for what has a shape: numbers, phones, amounts, times, remedies, found by the rules
beside it.

Adds each find with its value, at its place in the text as typed. Learns nothing.
"""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.constants import ENTITIES
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.messages import DEFAULT_ZONE, reading_of, sure_intent
from bot.nlu.reading import AMOUNT, KINDS, MERCHANT
from bot.nlu.rule_sources import rules_fingerprint


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class ShapedEntityExtractor(GraphComponent, EntityExtractorMixin):  # type: ignore[misc]
    """Adds the entities that the rules find.

    Settings:
        entities: kind of rule → name of the entity, or null to leave the kind out. Kinds: case_no, phone,
            order_no, incident_time, amount, remedy, merchant; all by default, under these names.
        not_in: kind of rule → intents of messages in which it says nothing (今天 in small talk), if they are surer than
            not_in_from (0.5); for it to count, an intent classifier must stand before this component.
        timezone: in which times are given (Asia/Shanghai). Times are resolved against the message's metadata
            `{"time": "2025-03-12T15:30:00+08:00"}`, or now.
    """

    def __init__(self, config: dict[str, Any]) -> None:
        unknown = (set(config["entities"]) | set(config["not_in"])) - set(KINDS)
        if unknown:
            raise InvalidConfigException(
                f"ShapedEntityExtractor: no such kind: {', '.join(sorted(unknown))}; "
                f"there are {', '.join(KINDS)}"
            )
        self._names = {kind: config["entities"].get(kind, kind) for kind in KINDS}
        self._not_in = {kind: frozenset(intents) for kind, intents in config["not_in"].items()}
        self._not_in_from = float(config["not_in_from"])
        self._zone: str = config["timezone"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The settings and what they are if not given."""
        return {"entities": {}, "not_in": {}, "not_in_from": 0.5, "timezone": DEFAULT_ZONE}

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """Changes when a rule does."""
        return rules_fingerprint()

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> ShapedEntityExtractor:
        """The extractor; there is nothing to train."""
        return cls(config)

    def process(self, messages: list[Message]) -> list[Message]:
        """Add what is found in each message, in the order of the text."""
        for message in messages:
            reading = reading_of(message, self._zone)
            present = message.get(ENTITIES) or []
            intent = sure_intent(message, self._not_in_from)
            entities: list[dict[str, Any]] = []
            for kind, found in reading.found.items():
                if not self._names[kind] or intent in self._not_in.get(kind, ()):
                    continue
                for one in found:
                    start, end = reading.normalised.original_span(one.start, one.end)
                    if any(_says_the_same(other, self._names[kind], start, end) for other in present):
                        continue  # an extractor before this one has it
                    if kind == AMOUNT and any(
                        other["entity"] == self._names[MERCHANT] and _is_inside(other, start, end)
                        for other in present
                    ):
                        continue  # 莫泰168: a number in a name; a sum in a wish (拿回那一千二) stays one
                    entities.append(
                        {
                            "entity": self._names[kind],
                            "start": start,
                            "end": end,
                            "value": one.value,
                            "confidence_entity": 1.0,
                        }
                    )
            entities.sort(key=lambda entity: (entity["start"], entity["end"]))
            message.set(ENTITIES, present + self.add_extractor_name(entities), add_to_output=True)
        return messages


def _is_inside(entity: dict[str, Any], start: int, end: int) -> bool:
    return bool(
        entity["start"] <= start and end <= entity["end"] and entity["end"] - entity["start"] > end - start
    )


def _says_the_same(entity: dict[str, Any], name: str | None, start: int, end: int) -> bool:
    return bool(entity["entity"] == name and entity["start"] < end and start < entity["end"])
