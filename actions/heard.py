"""What the person has just said or done, as the actions look at it: text, intent, entities, and how it came.

Reads Rasa's tracker and the turn's utterance; decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from rasa_sdk import Tracker

from conversations.turn import Turn

MEDIA_KINDS = frozenset({"photo", "voice", "video", "audio", "document"})


@dataclass(frozen=True, slots=True)
class Heard:
    """One utterance.

    `pressed`: a button, a command or an event stands behind it, so that the intent is certain and the text
    no words of the person's. `kind` and `event` are those of the utterance; `words_follow`: a caption or
    recognised words come as the next utterance of the same turn.
    """

    text: str
    intent: str
    confidence: float
    entities: tuple[dict[str, Any], ...]
    pressed: bool
    kind: str
    event: str | None
    media_ids: tuple[int, ...]
    words_follow: bool

    @property
    def is_media(self) -> bool:
        """Did files come?"""
        return self.kind in MEDIA_KINDS and self.pressed

    def all_of(self, entity: str) -> Iterator[dict[str, Any]]:
        """The entities of that name, in the order of the text."""
        return (found for found in self.entities if found.get("entity") == entity and found.get("value"))

    def surest(self, entity: str, at_least: float) -> str | None:
        """The first value of that entity that is as sure as this; one of a button is always sure."""
        for found in self.all_of(entity):
            if float(found.get("confidence_entity", 1.0)) >= at_least:
                return str(found["value"])
        return None

    def value(self, entity: str) -> str | None:
        """The first value of that entity."""
        return next((str(found["value"]) for found in self.all_of(entity)), None)


def heard(tracker: Tracker, turn: Turn) -> Heard:
    """The latest utterance of this tracker."""
    message = tracker.latest_message
    intent = message.get("intent") or {}
    text = message.get("text") or ""
    said = turn.utterance
    if said is None:  # under `rasa shell`: only texts, and payloads typed as such
        pressed, kind, event = text.startswith("/"), "text", None
        media: tuple[int, ...] = ()
    else:
        pressed, kind, event, media = said.intent is not None, said.kind, said.event, said.media_ids
    return Heard(
        text="" if pressed else text.strip(),
        intent=intent.get("name") or "nlu_fallback",
        confidence=float(intent.get("confidence") or 0.0),
        entities=tuple(message.get("entities") or ()),
        pressed=pressed,
        kind=kind,
        event=event,
        media_ids=media,
        words_follow=bool(media and turn.messages and turn.message.text),
    )


def is_fresh(tracker: Tracker) -> bool:
    """Was nothing done yet about the latest utterance?

    Rasa calls a form's validator a second time when the form comes back from a digression: then it was
    answered already.
    """
    done = [e for e in _since_last_user(tracker) if e.get("event") == "action"]
    return all(e.get("name") in (None, "action_listen", *_FORMS) for e in done)


_FORMS = ("complaint_form", "case_form")


def _since_last_user(tracker: Tracker) -> Iterator[dict[str, Any]]:
    for event in reversed(tracker.events):
        if event.get("event") == "user":
            return
        yield event


def times_in_a_row(tracker: Tracker, intents: frozenset[str]) -> int:
    """How many of the latest utterances, this one included, were of one of these intents."""
    count = 0
    for event in reversed(tracker.events):
        if event.get("event") == "user":
            if ((event.get("parse_data") or {}).get("intent") or {}).get("name") not in intents:
                break
            count += 1
    return count


def times_in_session(tracker: Tracker, intent: str) -> int:
    """How many utterances of this session were of that intent."""
    return sum(
        1
        for event in tracker.events
        if event.get("event") == "user"
        and ((event.get("parse_data") or {}).get("intent") or {}).get("name") == intent
    )
