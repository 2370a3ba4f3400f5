"""撤诉: the person takes a complaint back, after he was asked once whether he is sure."""

from __future__ import annotations

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions import case_jobs
from actions.context import acting
from actions.heard import heard


class WithdrawCase(Action):  # type: ignore[misc]
    """Asks which, asks whether he is sure, withdraws."""

    def name(self) -> str:
        """See `rasa_sdk.Action`."""
        return "action_withdraw_case"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """See `rasa_sdk.Action`."""
        with acting(tracker, dispatcher) as turn:
            return case_jobs.start(case_jobs.WITHDRAW, turn, tracker, dispatcher, heard(tracker, turn))
