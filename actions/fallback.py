"""What is not understood, and what the assistant is not for."""

from __future__ import annotations

import unicodedata

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.context import acting
from actions.heard import heard, times_in_a_row
from actions.wording import say


class NotUnderstood(Action):  # type: ignore[misc]
    """Asks to say it another way; the second time in a row it offers the menu and a person.

    Takes the place of Rasa's default of this name, which forgets the message.
    """

    def name(self) -> str:
        """See `rasa_sdk.Action`."""
        return "action_default_fallback"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """See `rasa_sdk.Action`."""
        again = times_in_a_row(tracker, "nlu_fallback") >= 2
        say(dispatcher, "utter_fallback_twice" if again else "utter_fallback")
        return listening(tracker)


class OutOfScope(Action):  # type: ignore[misc]
    """Small talk, tasks for others, stickers, and what cannot be read."""

    def name(self) -> str:
        """See `rasa_sdk.Action`."""
        return "action_out_of_scope"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """See `rasa_sdk.Action`."""
        in_form = bool((tracker.active_loop or {}).get("name"))
        with acting(tracker) as turn:
            words = heard(tracker, turn)
        signs_only = words.kind == "text" and bool(words.text) and not _has_letters(words.text)
        if words.kind == "sticker" or signs_only:
            say(dispatcher, "utter_sticker")
            if not in_form:
                say(dispatcher, "utter_menu")
        elif words.kind in ("link", "unsupported", "event"):
            say(dispatcher, "utter_unreadable")
        else:
            say(dispatcher, "utter_out_of_scope_here" if in_form else "utter_out_of_scope")
        return []


def listening(tracker: Tracker) -> list[EventType]:
    """Where no form goes on by itself, the turn ends here."""
    return [] if (tracker.active_loop or {}).get("name") else [FollowupAction("action_listen")]


def _has_letters(text: str) -> bool:
    return any(unicodedata.category(c)[0] in "LN" for c in text)
