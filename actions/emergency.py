"""Danger and anger: advice and a person at once; calm, once, and a person offered."""

from __future__ import annotations

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions import intake, phrases
from actions.case_jobs import INTAKE
from actions.context import acting
from actions.heard import Heard, heard, times_in_session
from actions.request_human import call_person
from actions.wording import say
from cases import service

SURE = 0.6
"""Below, an account that names no danger is taken down as a complaint instead of calling a person."""


def is_alarm(words: Heard) -> bool:
    """Is somebody in danger now?"""
    if phrases.is_threatened(words.text):
        return True
    if words.intent != "emergency":
        return False
    if words.value("order_no") and not phrases.tells_of_danger(words.text):
        return False  # who names an order and no danger complains
    return words.confidence >= SURE or phrases.tells_of_danger(words.text) or not intake.is_account(words)


class Emergency(Action):  # type: ignore[misc]
    """Advice at once, a person called, and what was said kept as an urgent draft."""

    def name(self) -> str:
        """See `rasa_sdk.Action`."""
        return "action_emergency"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """See `rasa_sdk.Action`."""
        with acting(tracker) as turn:
            words = heard(tracker, turn)
            if not is_alarm(words):
                return [FollowupAction(INTAKE)]
            draft = service.open_draft(turn.session, turn.conversation, turn.contact, turn.now)
            facts = {**draft.facts, intake.DANGER: True}
            kind = words.surest("complaint_type", intake.SURE_OF_TYPE)
            facts.setdefault("complaint_type", kind or "safety")
            if words.text:
                facts = intake.add_words(facts, words.text)
            service.update_draft(turn.session, draft, facts, turn.now)
            call_person(turn, "emergency")
        say(dispatcher, "utter_emergency")
        return []


class Abuse(Action):  # type: ignore[misc]
    """Met calmly, once; afterwards only a person is offered."""

    def name(self) -> str:
        """See `rasa_sdk.Action`."""
        return "action_abuse"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """See `rasa_sdk.Action`."""
        first = times_in_session(tracker, "abuse") <= 1
        say(dispatcher, "utter_abuse" if first else "utter_abuse_again")
        return []
