"""Greeting and leaving: who returns is met where he left off."""

from __future__ import annotations

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions import case_choice, intake
from actions.context import acting
from actions.heard import heard
from actions.wording import say, summary
from cases import service


class Greet(Action):  # type: ignore[misc]
    """The first words: the menu, an open draft, or the cases under way."""

    def name(self) -> str:
        """See `rasa_sdk.Action`."""
        return "action_greet"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """See `rasa_sdk.Action`."""
        with acting(tracker) as turn:
            in_form = bool((tracker.active_loop or {}).get("name"))
            if heard(tracker, turn).event == "handed_back":
                say(dispatcher, "utter_handed_back_here" if in_form else "utter_handed_back")
                return []
            if in_form:
                say(dispatcher, "utter_greet_again")
                return []
            draft = service.current_draft(turn.session, turn.conversation.id, turn.now)
            if draft is not None and intake.has_content(draft.facts):
                say(dispatcher, "utter_greet_with_draft", summary=summary(draft.facts))
                return []
            count = case_choice.open_cases(turn.session, turn.contact.id).total
            if count:
                say(dispatcher, "utter_greet_with_cases", count=count)
            else:
                say(dispatcher, "utter_greet")
        return []


class Goodbye(Action):  # type: ignore[misc]
    """The last words; what was told so far is kept, and he is told so."""

    def name(self) -> str:
        """See `rasa_sdk.Action`."""
        return "action_goodbye"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """See `rasa_sdk.Action`."""
        with acting(tracker) as turn:
            draft = service.current_draft(turn.session, turn.conversation.id, turn.now)
            kept = draft is not None and intake.has_content(draft.facts)
        say(dispatcher, "utter_goodbye_with_draft" if kept else "utter_goodbye")
        return []
