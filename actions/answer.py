"""An answer that answers no question of a form: an open draft, or a case that waits for words, may explain
it.
"""

from __future__ import annotations

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions import case_choice, case_jobs, intake, phrases
from actions.context import acting
from actions.heard import heard
from actions.wording import say, summary
from cases import service


class AnswerToNothing(Action):  # type: ignore[misc]
    """继续 takes the draft up again, words go to the case that waits for them, else there is the menu."""

    def name(self) -> str:
        """See `rasa_sdk.Action`."""
        return "action_answer"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """See `rasa_sdk.Action`."""
        with acting(tracker, dispatcher) as turn:
            words = heard(tracker, turn)
            if words.kind == "location":
                say(dispatcher, "utter_place_noted")
            named = case_choice.meant_case(turn.session, turn.contact.id, words)
            if named is not None:
                return case_jobs.start(case_jobs.STATUS, turn, tracker, dispatcher, words)
            draft = service.current_draft(turn.session, turn.conversation.id, turn.now)
            if draft is not None and intake.has_content(draft.facts):
                if words.intent == "affirm" or phrases.says_yes(words.text):
                    return [FollowupAction(case_jobs.INTAKE)]
                if words.intent not in ("cancel", "deny"):
                    say(dispatcher, "utter_greet_with_draft", summary=summary(draft.facts))
                    return []
            if words.intent == "correct" and case_choice.open_cases(turn.session, turn.contact.id).total:
                # A case is not told anew: what he says goes to its handler.
                tells = phrases.tells_to_add(words.text) or any(c.isdigit() for c in words.text)
                said = words.text if tells else None
                return case_jobs.start(case_jobs.ADD_WORDS, turn, tracker, dispatcher, words, said=said)
            waiting = case_choice.awaiting_words(turn.session, turn.contact.id)
            if waiting.total == 1 and words.intent == "inform" and words.text:
                request = case_jobs.Request(turn, dispatcher, words.text, ())
                case_jobs.finish(case_jobs.ADD_WORDS, request, waiting.newest[0])
                return []
            if intake.is_account(words):
                return [FollowupAction(case_jobs.INTAKE)]
            say(dispatcher, "utter_answered_nothing")
        return []
