"""Danger and anger: advice and a person at once; calm, once, and a person offered."""

from __future__ import annotations

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions import intake
from actions.context import acting
from actions.heard import heard, times_in_session
from actions.request_human import call_person
from actions.wording import say
from cases import service


class Emergency(Action):  # type: ignore[misc]
    """Advice at once, a person called, and what was said kept as an urgent draft."""

    def name(self) -> str:
        """See `rasa_sdk.Action`."""
        return "action_emergency"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """See `rasa_sdk.Action`."""
        with acting(tracker) as turn:
            words = heard(tracker, turn)
            draft = service.open_draft(turn.session, turn.conversation, turn.contact, turn.now)
            facts = {**draft.facts, "danger": True}
            facts.setdefault("complaint_type", "safety")
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
