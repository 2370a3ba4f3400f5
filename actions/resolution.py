"""The person's answer to a plan (同意, 有异议) or to the outcome (都解决了, 还没解决)."""

from __future__ import annotations

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions import case_jobs, intake
from actions.case_choice import awaiting_answer
from actions.context import acting
from actions.heard import heard


class AcceptResolution(Action):  # type: ignore[misc]
    """Agrees to the plan, or confirms that it is solved."""

    def name(self) -> str:
        """See `rasa_sdk.Action`."""
        return "action_accept_resolution"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """See `rasa_sdk.Action`."""
        with acting(tracker, dispatcher) as turn:
            return case_jobs.start(case_jobs.ACCEPT, turn, tracker, dispatcher, heard(tracker, turn))


class RejectResolution(Action):  # type: ignore[misc]
    """Asks what is wrong, and sends the plan or the work back with his words."""

    def name(self) -> str:
        """See `rasa_sdk.Action`."""
        return "action_reject_resolution"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """See `rasa_sdk.Action`."""
        with acting(tracker, dispatcher) as turn:
            words = heard(tracker, turn)
            in_form = bool((tracker.active_loop or {}).get("name"))
            if (
                not in_form
                and (intake.is_account(words) or intake.may_be_account(words))
                and not awaiting_answer(turn.session, turn.contact.id).total
            ):
                return [FollowupAction(case_jobs.INTAKE)]  # "凭什么不给退": nothing was proposed to him yet
            return case_jobs.start(case_jobs.REJECT, turn, tracker, dispatcher, words)
