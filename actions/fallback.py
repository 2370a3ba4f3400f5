"""What is not understood, and what the assistant is not for."""

from __future__ import annotations

import unicodedata

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions import intake, phrases
from actions.case_jobs import INTAKE
from actions.context import acting
from actions.heard import heard, times_in_a_row
from actions.intake_state import MISSES_BEFORE_PERSON
from actions.wording import say

_NOTHING_DONE = frozenset({"nlu_fallback", "out_of_scope"})


class NotUnderstood(Action):  # type: ignore[misc]
    """Asks to say it another way; the second time in a row it offers the menu and a person.

    Takes the place of Rasa's default of this name, which forgets the message.
    """

    def name(self) -> str:
        """See `rasa_sdk.Action`."""
        return "action_default_fallback"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """See `rasa_sdk.Action`."""
        with acting(tracker) as turn:
            words = heard(tracker, turn)
            complains = intake.is_account(words) or phrases.wants_to_complain(words.text)
            if complains and not (tracker.active_loop or {}).get("name"):
                return [FollowupAction(INTAKE)]
        say(dispatcher, "utter_fallback_twice" if _again(tracker) else "utter_fallback")
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
        if phrases.asks_who(words.text):
            say(dispatcher, "utter_who_i_am")
            return []
        signs_only = words.kind == "text" and bool(words.text) and not _has_letters(words.text)
        if words.kind == "sticker" or signs_only:
            say(dispatcher, "utter_sticker")
            if not in_form:
                say(dispatcher, "utter_menu")
        elif words.kind in ("link", "unsupported", "event"):
            say(dispatcher, "utter_unreadable")
        elif in_form:
            say(dispatcher, "utter_out_of_scope_here")
            misses = int(tracker.get_slot("misses") or 0) + 1
            if misses >= MISSES_BEFORE_PERSON:
                say(dispatcher, "utter_offer_person")
            return [SlotSet("misses", misses)]
        else:
            say(dispatcher, "utter_fallback_twice" if _again(tracker) else "utter_out_of_scope")
        return []


def listening(tracker: Tracker) -> list[EventType]:
    """Where no form goes on by itself, the turn ends here."""
    return [] if (tracker.active_loop or {}).get("name") else [FollowupAction("action_listen")]


def _again(tracker: Tracker) -> bool:
    """Is it the second time in a row that nothing could be done with what was said?"""
    return times_in_a_row(tracker, _NOTHING_DONE) >= 2


def _has_letters(text: str) -> bool:
    return any(unicodedata.category(c)[0] in "LN" for c in text)
