"""How long it takes: the spans of the policy in force, in words."""

from __future__ import annotations

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.wording import say
from cases import clocks, policy
from cases.clocks import ClockName
from cases.phrases import span_in_words
from cases.types import Complexity, Priority


class AskHandlingTime(Action):  # type: ignore[misc]
    """Says what the clocks promise."""

    def name(self) -> str:
        """See `rasa_sdk.Action`."""
        return "action_ask_handling_time"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """See `rasa_sdk.Action`."""
        spans = policy.current().spans

        def words(
            name: ClockName,
            priority: Priority = Priority.NORMAL,
            complexity: Complexity = Complexity.STANDARD,
        ) -> str:
            return span_in_words(clocks.span_of(name, priority, complexity, spans))

        say(
            dispatcher,
            "utter_handling_time",
            receipt=words(ClockName.RECEIPT),
            first_contact=words(ClockName.FIRST_CONTACT),
            first_contact_urgent=words(ClockName.FIRST_CONTACT, Priority.URGENT),
            plan=words(ClockName.PLAN),
            resolution=words(ClockName.RESOLUTION),
            complex=words(ClockName.RESOLUTION, complexity=Complexity.COMPLEX),
            carry_out=words(ClockName.CARRY_OUT),
        )
        return []
