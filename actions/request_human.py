"""转人工: puts the conversation into the queue, or takes it out again when the person would rather go on by
himself.
"""

from __future__ import annotations

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions import intake
from actions.case_jobs import INTAKE
from actions.context import acting
from actions.heard import heard
from actions.wording import say
from cases import service
from conversations import handover
from conversations.turn import Turn

ASKED = "asked"


class RequestHuman(Action):  # type: ignore[misc]
    """Says the place in the queue and what happens meanwhile."""

    def name(self) -> str:
        """See `rasa_sdk.Action`."""
        return "action_request_human"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """See `rasa_sdk.Action`."""
        with acting(tracker) as turn:
            if heard(tracker, turn).value("choice") == "leave":
                # The host has taken the conversation out of the queue already; the shell has no host.
                if turn.conversation.floor == "queue":
                    handover.leave_queue(turn.session, turn.conversation.id, turn.now)
                say(dispatcher, "utter_queue_left")
                draft = service.current_draft(turn.session, turn.conversation.id, turn.now)
                if (
                    draft is not None
                    and draft.facts.get(intake.DANGER)
                    and not (tracker.active_loop or {}).get("name")
                ):
                    return [FollowupAction(INTAKE)]  # it was promised that it is registered as urgent
                return []
            waiting = turn.conversation.floor == "queue"
            place = call_person(turn, ASKED)
            say(dispatcher, "utter_person_still_queued" if waiting else "utter_person_queued", place=place)
        return []


def call_person(turn: Turn, reason: str) -> int:
    """Put the conversation into the queue; returns its place, 0 where an agent talks already."""
    return handover.request_person(turn.session, turn.conversation.id, reason, turn.now)
