"""我的投诉进度: the own open cases, one directly, several as a choice, a number in the text at once."""

from __future__ import annotations

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions import case_jobs
from actions.context import acting
from actions.heard import heard


class CaseStatus(Action):  # type: ignore[misc]
    """Tells how a case stands. A stranger's number and one that does not exist meet the same question."""

    def name(self) -> str:
        """See `rasa_sdk.Action`."""
        return "action_case_status"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """See `rasa_sdk.Action`."""
        with acting(tracker, dispatcher) as turn:
            return case_jobs.start(case_jobs.STATUS, turn, tracker, dispatcher, heard(tracker, turn))
