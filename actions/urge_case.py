"""催办: the person presses for his case; once in 24 hours it raises the case and its handler sees it."""

from __future__ import annotations

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions import case_jobs
from actions.context import acting
from actions.heard import heard


class UrgeCase(Action):  # type: ignore[misc]
    """Urges the only open case, or asks which."""

    def name(self) -> str:
        """See `rasa_sdk.Action`."""
        return "action_urge_case"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """See `rasa_sdk.Action`."""
        with acting(tracker, dispatcher) as turn:
            return case_jobs.start(case_jobs.URGE, turn, tracker, dispatcher, heard(tracker, turn))
