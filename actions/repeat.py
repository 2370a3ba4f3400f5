"""再说一遍, and 重新开始."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, AllSlotsReset, EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.forms import REQUESTED_SLOT
from rasa_sdk.types import DomainDict

from actions import intake_state
from actions.case_jobs import INTAKE
from actions.context import acting
from actions.wording import say


class Repeat(Action):  # type: ignore[misc]
    """Says the last thing again; a form asks its question again by itself, and reads everything back once
    more.
    """

    def name(self) -> str:
        """See `rasa_sdk.Action`."""
        return "action_repeat"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """See `rasa_sdk.Action`."""
        if (tracker.active_loop or {}).get("name"):
            return [SlotSet("read_back", None)]
        last = _last_words(tracker)
        if last is None:
            say(dispatcher, "utter_nothing_to_repeat")
        else:
            data = last.get("data") or {}
            dispatcher.utter_message(
                text=last["text"], buttons=data.get("buttons") or [], json_message=data.get("custom") or None
            )
        return []


class Restart(Action):  # type: ignore[misc]
    """Starts over. What was told in an open intake is cleared only after he was asked; a set-aside draft
    stays.

    Takes the place of Rasa's default of this name, which forgets everything without asking.
    """

    def name(self) -> str:
        """See `rasa_sdk.Action`."""
        return "action_restart"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """See `rasa_sdk.Action`."""
        loop = (tracker.active_loop or {}).get("name")
        if loop == INTAKE:
            asked = tracker.get_slot(REQUESTED_SLOT)
            before = tracker.get_slot("asked_before") if asked in intake_state.SIDE_QUESTIONS else asked
            return [SlotSet("asked_before", before), SlotSet(REQUESTED_SLOT, intake_state.ANEW)]
        with acting(tracker) as turn:
            turn.end_session()
        say(dispatcher, "utter_restarted")
        return [AllSlotsReset(), ActiveLoop(None), FollowupAction("action_listen")]


def _last_words(tracker: Tracker) -> dict[str, Any] | None:
    for event in reversed(tracker.events):
        if event.get("event") == "bot" and event.get("text"):
            return dict(event)
    return None
