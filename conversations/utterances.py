"""What a stored message means to the dialogue: text to understand, or an intent that needs no understanding."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from sqlalchemy.orm import Session

from conversations.choices import chosen
from conversations.outbox import latest_open_list
from conversations.tables import Choice, InboundMessage, OutboundMessage
from conversations.turn import Utterance

MAX_TEXT = 4_000
"""Longer texts are understood by their beginning; the whole text is kept on the message."""

LONGEST_CHOICE = 80
"""A longer text than this is no answer to a list: no label is as long."""

_COMMANDS = {
    "start": "greet",
    "status": "query_status",
    "human": "request_human",
    "cancel": "cancel",
    "help": "help",
}
_MENU = frozenset({"file_complaint", "query_status", "request_human", "help", "add_evidence"})
FILES = frozenset({"photo", "voice", "audio", "video", "document"})
_PAYLOAD = re.compile(r"^/([\w]+)(\{.*\})?$", re.DOTALL)


class DeadChoice(Exception):
    """A button that was answered already, or that is none of ours."""


def utterances_of(session: Session, message: InboundMessage) -> tuple[Utterance, ...]:
    """The utterances of one message, in order; empty where it needs no answer of the dialogue.

    Raises `DeadChoice` for a button whose list was answered before.
    """
    kind = message.kind
    if kind == "choice":
        return (_pressed(session, message),)
    if kind == "command":
        intent = _COMMANDS.get(str(message.details.get("argument", "")).split(" ")[0], "out_of_scope")
        return (Utterance(kind, intent=intent),)
    if kind == "event":
        return _event(message)
    if kind in FILES:
        files = Utterance(kind, intent="add_evidence", media_ids=tuple(file.id for file in message.media))
        return (files, *_words(session, message))
    if kind == "contact":
        phone = message.details.get("phone")
        entity = {"entity": "phone", "value": phone, "extractor": "contact", "confidence_entity": 1.0}
        return (Utterance(kind, intent="inform", entities=(entity,) if phone else ()),)
    if kind == "location":
        return (Utterance(kind, intent="inform"),)
    if kind in ("sticker", "link", "unsupported"):
        return (Utterance(kind, intent="out_of_scope"),)
    return _words(session, message)


def together(session: Session, messages: Sequence[InboundMessage]) -> tuple[Utterance, ...]:
    """The utterances of messages that are answered together: all their files first, then all their words as one."""
    with_files = [message for message in messages if message.kind in FILES]
    media = tuple(file.id for message in with_files for file in message.media)
    kinds = {message.kind for message in with_files if message.media}
    words = [understood_text(message) for message in messages]
    text = "\n".join(word for word in words if word)
    found: list[Utterance] = []
    if media:
        found.append(
            Utterance(kinds.pop() if len(kinds) == 1 else "document", intent="add_evidence", media_ids=media)
        )
    if text:
        found.append(Utterance("text", text=text[:MAX_TEXT]))
    return tuple(found)


def understood_text(message: InboundMessage) -> str:
    """The words of a message, as last edited."""
    return (message.edited_text or message.text or "").strip()


def _words(session: Session, message: InboundMessage) -> tuple[Utterance, ...]:
    text = understood_text(message)
    if not text:
        return () if message.kind in FILES else (Utterance("unsupported", intent="out_of_scope"),)
    offered = latest_open_list(session, message.conversation_id) if len(text) <= LONGEST_CHOICE else None
    if offered is not None:
        place = chosen(text, [choice.label for choice in offered.choices], free_input=offered.free_input)
        if place is not None:
            return (_taken(message, offered, offered.choices[place]),)
    return (Utterance(message.kind, text=text[:MAX_TEXT]),)


def _pressed(session: Session, message: InboundMessage) -> Utterance:
    choice = session.get(Choice, str(message.details.get("choice", "")))
    if choice is None or choice.conversation_id != message.conversation_id:
        raise DeadChoice
    if choice.outbound.answered_at is not None:
        raise DeadChoice
    return _taken(message, choice.outbound, choice)


def _taken(message: InboundMessage, offered: OutboundMessage, choice: Choice) -> Utterance:
    offered.answered_at = message.received_at
    intent, entities = payload_of(choice.payload)
    return Utterance("choice", text=choice.label, intent=intent, entities=entities)


def payload_of(payload: str) -> tuple[str, tuple[dict[str, object], ...]]:
    """Intent and entities of `/intent{"entity": "value"}`."""
    match = _PAYLOAD.match(payload)
    if match is None:
        raise ValueError("a choice's payload must be /intent or /intent{json}")
    values = json.loads(match.group(2)) if match.group(2) else {}
    entities = tuple(
        {"entity": name, "value": value, "extractor": "choice", "confidence_entity": 1.0}
        for name, value in values.items()
    )
    return match.group(1), entities


def _event(message: InboundMessage) -> tuple[Utterance, ...]:
    event = str(message.details.get("event", ""))
    if event == "menu":
        key = str(message.details.get("argument", ""))
        return (Utterance("event", intent=key if key in _MENU else "help", event=event),)
    if event in ("subscribe", "handed_back"):
        return (Utterance("event", intent="greet", event=event),)
    return ()
