"""The intake as a form: its validator and the questions that depend on what was told.

One validator sees every message while the form is open (intake_turn); a message that is a digression it
rejects: then a rule answers it, and the form asks its question again.
"""

from __future__ import annotations

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions import intake_turn, wording
from actions.context import acting
from actions.intake_state import Intake
from actions.wording import say
from cases import service


class ValidateComplaintForm(Action):  # type: ignore[misc]
    """Called by the form for each message, and once more when it comes back from a digression."""

    def name(self) -> str:
        """See `rasa_sdk.Action`."""
        return "validate_complaint_form"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """See `rasa_sdk.Action`."""
        with acting(tracker) as turn:
            return intake_turn.hear(Intake(turn, tracker, dispatcher))


class AskDetail(Action):  # type: ignore[misc]
    """The one follow-up question to an account that says too little, fitting the type."""

    def name(self) -> str:
        """See `rasa_sdk.Action`."""
        return "action_ask_complaint_form_detail"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """See `rasa_sdk.Action`."""
        say(dispatcher, f"utter_ask_detail_{tracker.get_slot('complaint_type') or 'other'}")
        return []


class AskEvidence(Action):  # type: ignore[misc]
    """Asks for files, or for more of them."""

    def name(self) -> str:
        """See `rasa_sdk.Action`."""
        return "action_ask_complaint_form_evidence"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """See `rasa_sdk.Action`."""
        some = isinstance(tracker.get_slot("evidence"), int)
        say(dispatcher, "utter_ask_more_evidence" if some else "utter_ask_evidence")
        return []


class AskConfirmation(Action):  # type: ignore[misc]
    """Reads everything back, once for each state of it."""

    def name(self) -> str:
        """See `rasa_sdk.Action`."""
        return "action_ask_complaint_form_confirm"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """See `rasa_sdk.Action`."""
        with acting(tracker) as turn:
            draft = service.current_draft(turn.session, turn.conversation.id, turn.now)
            if draft is None:
                return []
            items = wording.read_back(draft.facts, service.count_evidence(turn.session, draft))
        digest = wording.digest_of(items)
        if tracker.get_slot("read_back") == digest:
            say(dispatcher, "utter_read_back_short")
            return []
        say(dispatcher, "utter_read_back", items=items)
        return [SlotSet("read_back", digest)]


class AskResume(Action):  # type: ignore[misc]
    """Whether the complaint that was set aside goes on."""

    def name(self) -> str:
        """See `rasa_sdk.Action`."""
        return "action_ask_complaint_form_resume"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """See `rasa_sdk.Action`."""
        with acting(tracker) as turn:
            draft = service.current_draft(turn.session, turn.conversation.id, turn.now)
            told = wording.summary(draft.facts) if draft else ""
        say(dispatcher, "utter_ask_resume", summary=told)
        return []
