"""case_form: the questions that a job on a case may need answered (which case, is he sure, his words, a
phone's end).

Filled by one validator like the intake; a digression is rejected and answered by a rule. What is done with
the answers is the job's business (case_jobs), in `action_do_case_job` when the form is complete.
"""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.forms import REQUESTED_SLOT
from rasa_sdk.types import DomainDict

from actions import case_choice, items, phrases
from actions.case_jobs import CASE_NO, JOBS, PHONE, REJECT, SURE, Job, Request, finish, left
from actions.context import acting
from actions.heard import Heard, heard, is_fresh
from actions.wording import say
from cases import queries
from cases.phone_check import check_phone
from cases.types import Stage
from conversations.turn import Turn

# Heard while the form waits for words, these are meant; anything else is the words.
_MEANT_ANYWHERE = frozenset({"request_human", "emergency", "query_status", "repeat", "help"})
_ANSWERS = frozenset({"affirm", "deny", "inform", "done", "skip", "correct", "cancel", "nlu_fallback"})


class ValidateCaseForm(Action):  # type: ignore[misc]
    """Called by the form for each message, and once more when it comes back from a digression."""

    def name(self) -> str:
        """See `rasa_sdk.Action`."""
        return "validate_case_form"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """See `rasa_sdk.Action`."""
        asked = tracker.get_slot(REQUESTED_SLOT)
        if asked is None:
            return [SlotSet(REQUESTED_SLOT, tracker.get_slot("open_with")), SlotSet("open_with", None)]
        with acting(tracker) as turn:
            if not is_fresh(tracker):
                if turn.conversation.floor != "bot":  # a person is on his way: nothing is asked meanwhile
                    return [ActiveLoop(None), SlotSet("case_job", None), SlotSet(REQUESTED_SLOT, None)]
                return [SlotSet(REQUESTED_SLOT, asked)]
            return _Answering(turn, tracker, dispatcher, asked).events()


class _Answering:
    """One message while case_form waits."""

    def __init__(self, turn: Turn, tracker: Tracker, dispatcher: CollectingDispatcher, asked: str) -> None:
        self._turn = turn
        self._tracker = tracker
        self._dispatcher = dispatcher
        self._asked = asked
        self._heard: Heard = heard(tracker, turn)
        self._job: Job = JOBS[str(tracker.get_slot("case_job"))]

    def events(self) -> list[EventType]:
        words = self._heard
        if self._asked == SURE and words.intent == "cancel" and not words.pressed:
            return self._kept()  # "还是先不撤"
        if words.intent == "cancel" or (
            self._asked != SURE and phrases.plain(words.text) in ("算了", "取消")
        ):
            return self._stop("utter_job_left")
        if self._asked == CASE_NO:
            return self._which()
        if self._asked == PHONE:
            return self._digits()
        if self._asked == SURE:
            return self._sure()
        return self._words()

    def _which(self) -> list[EventType]:
        words = self._heard
        named = case_choice.meant_case(self._turn.session, self._turn.contact.id, words, bare=True)
        if named is None:
            return self._not_the_answer()
        if named.mistyped:
            say(self._dispatcher, "utter_case_no_mistyped")
            return self._ask(CASE_NO)
        if named.stranger:
            return self._ask(PHONE, case_job="status", case_no=named.stranger)
        assert named.own is not None
        return self._ask(self._job.needs, case_no=named.own.number)

    def _digits(self) -> list[EventType]:
        digits = items.four_digits(self._heard.text)
        if digits is None:
            return self._not_the_answer("utter_four_digits_needed")
        return self._ask(None, phone_digits=digits)

    def _sure(self) -> list[EventType]:
        words = self._heard
        if words.intent == "affirm" or phrases.says_yes(words.text) or words.intent == self._job.intent:
            return self._ask(None, sure=True)
        if words.intent == "deny" or phrases.says_no(words.text):
            return self._kept()
        return self._not_the_answer()

    def _kept(self) -> list[EventType]:
        number = str(self._tracker.get_slot("case_no"))
        say(self._dispatcher, "utter_case_not_withdrawn", number=number)
        return self._stop(None)

    def _words(self) -> list[EventType]:
        words = self._heard
        if words.pressed or words.intent in _MEANT_ANYWHERE or not phrases.plain(words.text):
            return []
        if self._job is not REJECT and phrases.says_none(words.text):
            return self._stop("utter_job_left")
        return self._ask(None, words=words.text)

    def _not_the_answer(self, hint: str = "utter_not_understood_here") -> list[EventType]:
        """A digression is left to the rules; other words are asked about again, twice at most."""
        if self._heard.intent not in _ANSWERS:
            return []
        misses = int(self._tracker.get_slot("misses") or 0) + 1
        say(self._dispatcher, hint)
        if misses >= 2:
            say(self._dispatcher, "utter_offer_person")
        return self._ask(self._asked, misses=misses)

    def _stop(self, response: str | None) -> list[EventType]:
        if response:
            say(self._dispatcher, response)
        return self._ask(None, case_job=None)

    def _ask(self, question: str | None, **slots: Any) -> list[EventType]:
        # Rasa takes an answer that sets nothing but the question for a rejection: `misses` is always set.
        values = {"misses": None, **slots}
        return [*(SlotSet(name, value) for name, value in values.items()), SlotSet(REQUESTED_SLOT, question)]


class DoCaseJob(Action):  # type: ignore[misc]
    """Does what case_form was opened for, with what it gathered; nothing where the person stopped."""

    def name(self) -> str:
        """See `rasa_sdk.Action`."""
        return "action_do_case_job"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """See `rasa_sdk.Action`."""
        with acting(tracker, dispatcher) as turn:
            job = JOBS.get(str(tracker.get_slot("case_job")))
            if job is not None:
                self._do(job, turn, tracker, dispatcher)
            return left(turn, tracker)

    def _do(self, job: Job, turn: Turn, tracker: Tracker, dispatcher: CollectingDispatcher) -> None:
        number = str(tracker.get_slot("case_no"))
        digits = tracker.get_slot("phone_digits")
        if digits:
            checked = check_phone(turn.session, turn.contact.id, number, str(digits), turn.now)
            if checked.case is None:
                say(dispatcher, "utter_phone_check_closed" if checked.closed else "utter_phone_check_failed")
                return
            case = checked.case
        else:
            own = queries.find_own(turn.session, turn.contact.id, number)
            if own is None:
                raise LookupError("a job on a case that is not the asker's")
            case = own
        media = [int(one) for one in tracker.get_slot("waiting_media") or ()]
        finish(job, Request(turn, dispatcher, tracker.get_slot("words"), media), case)


class AskWhichCase(Action):  # type: ignore[misc]
    """The cases that the job may be about, as a choice."""

    def name(self) -> str:
        """See `rasa_sdk.Action`."""
        return "action_ask_case_form_case_no"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """See `rasa_sdk.Action`."""
        job = JOBS[str(tracker.get_slot("case_job"))]
        with acting(tracker) as turn:
            own = job.cases(turn.session, turn.contact.id)
            buttons = case_choice.choices(own.newest, job.intent)
        dispatcher.utter_message(response=job.which, count=str(own.total), buttons=buttons)
        if own.total > len(own.newest):
            say(dispatcher, "utter_which_case_others", count=len(own.newest))
        return []


class AskSure(Action):  # type: ignore[misc]
    """Asked once before a complaint is taken back."""

    def name(self) -> str:
        """See `rasa_sdk.Action`."""
        return "action_ask_case_form_sure"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """See `rasa_sdk.Action`."""
        say(dispatcher, "utter_ask_withdraw", number=tracker.get_slot("case_no"))
        return []


class AskWords(Action):  # type: ignore[misc]
    """What is to be added, or what is wrong with the plan or the outcome."""

    def name(self) -> str:
        """See `rasa_sdk.Action`."""
        return "action_ask_case_form_words"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """See `rasa_sdk.Action`."""
        number = str(tracker.get_slot("case_no"))
        response = "utter_ask_words"
        if tracker.get_slot("case_job") == REJECT.name:
            with acting(tracker) as turn:
                case = queries.case_by_number(turn.session, number)
            planned = case is not None and case.stage == Stage.AWAITING_CONSENT.value
            response = "utter_ask_objection" if planned else "utter_ask_unsolved"
        say(dispatcher, response, number=number)
        return []
