"""The complaint being told, for the length of one message: its draft, its facts, and what Rasa is to remember of it.

The truth is the draft in the database; the slots mirror it. What a message means is decided in intake_turn and
asides; nothing is read from the person's words here but the facts that any message may bring.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.forms import REQUESTED_SLOT

from actions import answers, files, found_facts, intake, items, phrases, screening, wording
from actions.heard import Heard, heard, is_fresh
from actions.wording import say
from cases import orders, policy, ready_answers, service
from cases.types import ComplaintType
from conversations.turn import Turn

# Questions beside the items of the complaint, and the one that is none: the form waits without asking.
RESUME = "resume"
LEAVING = "leaving"
ANEW = "anew"
REFUSAL = "refusal"
CHANGE = "change"
SCREENED = "screened"
VOICE = "voice"
CALL_BACK = "call_back"
PAUSE = "pause"

SIDE_QUESTIONS = frozenset({RESUME, LEAVING, ANEW, REFUSAL})
_QUESTIONS = SIDE_QUESTIONS | {
    *items.ITEMS,
    intake.DETAIL,
    intake.PROOF,
    intake.CONFIRM,
    CHANGE,
    SCREENED,
    VOICE,
    CALL_BACK,
    PAUSE,
}
MISSES_BEFORE_PERSON = 2

_MIRRORED = (
    "complaint_type",
    "description",
    "order_no",
    "merchant",
    "amount",
    "remedy",
    "incident_time",
    "phone",
)


def _but_other(kind: str | None) -> str | None:
    return None if kind == ComplaintType.OTHER.value else kind


class Intake:
    """The complaint that one message is about.

    `asked` is the open question, None where nothing was asked yet; `facts` are the draft's, changed in place and kept
    by `ask`; `files` counts the draft's evidence.
    """

    def __init__(self, turn: Turn, tracker: Tracker, dispatcher: CollectingDispatcher) -> None:
        self.turn = turn
        self.dispatcher = dispatcher
        self.heard: Heard = heard(tracker, turn)
        self._tracker = tracker
        asked = tracker.get_slot(REQUESTED_SLOT)
        # Where this form takes over from another one, Rasa still shows that one's question.
        self.asked: str | None = asked if asked in _QUESTIONS else None
        self.draft = service.current_draft(turn.session, turn.conversation.id, turn.now)
        self.facts: dict[str, Any] = dict(self.draft.facts) if self.draft else {}
        self.files = service.count_evidence(turn.session, self.draft) if self.draft else 0

    # ------------------------------------------------------------------ the draft

    def begin(self, told: Mapping[str, Any]) -> None:
        """Start a complaint with what was told at once."""
        self.draft = service.open_draft(
            self.turn.session, self.turn.conversation, self.turn.contact, self.turn.now
        )
        self.facts = {**self.draft.facts, **told}
        if told.get("description"):
            self.say("utter_complaint_opened")
            # 其他 is what is left over: nothing that he would want to hear.
            known = wording.noted({**told, "complaint_type": _but_other(told.get("complaint_type"))})
            if known:
                self.say("utter_complaint_noted", noted=known)
            self.watch_for_danger()
        else:
            self.say("utter_complaint_opened_bare")
        sent_before = service.evidence_of(self.turn.session, self.draft)
        self.read_screenshot([one.media_id for one in sent_before if one.media_id is not None])

    def drop(self) -> None:
        """Forget the complaint."""
        assert self.draft is not None
        service.drop_draft(self.turn.session, self.draft, self.turn.now)
        self.draft, self.facts, self.files = None, {}, 0

    # ------------------------------------------------------------------ what the message brings

    def told(self) -> dict[str, Any]:
        """What the message that opens the intake says already."""
        facts: dict[str, Any] = dict(answers.stated(self.heard, first=True))
        kind = self.sure_type()
        if kind:
            facts["complaint_type"] = kind
        if self.heard.text and phrases.tells_something(self.heard.text):
            facts["description"] = self.heard.text
        return facts

    def absorb(self, *, replace: bool = False) -> list[str]:
        """Keep what the message says beside the answer; returns the names of what is new."""
        brought = []
        for name, value in answers.stated(self.heard).items():
            if self.facts.get(name) == value or (self.facts.get(name) and not replace):
                continue
            self.facts[name] = value
            brought.append(name)
        kind = self.heard.value("complaint_type") if self.heard.pressed else self.sure_type()
        known = self.facts.get("complaint_type")
        if kind and kind != known and (self.heard.pressed or not known):
            self.facts["complaint_type"] = kind
            brought.append("complaint_type")
        return brought

    def add_words(self) -> list[EventType]:
        """Put the message to the account, and ask again."""
        self.facts = intake.add_words(self.facts, self.heard.text)
        self.watch_for_danger()
        self.say("utter_words_added")
        return self.ask(self.asked)

    def sure_type(self) -> str | None:
        """The complaint type that the message surely has."""
        return self.heard.surest("complaint_type", intake.SURE_OF_TYPE)

    def watch_for_danger(self) -> None:
        """An account of harm gets the advice and goes first; the intake goes on."""
        if self.facts.get(intake.DANGER) or not phrases.tells_of_danger(
            str(self.facts.get("description") or "")
        ):
            return
        if self.facts.get("complaint_type") == "safety":
            self.facts[intake.DANGER] = True
            self.say("utter_safety_first")

    def read_screenshot(self, media_ids: Sequence[int]) -> bool:
        """What was read off an order page fills what is open, and is said; another number than his own changes
        nothing. Was anything filled?
        """
        shown = files.shown(self.turn, media_ids)
        if not shown:
            return False
        known, number = self.facts.get("order_no"), shown["order_no"]
        if known and known != number:
            self.say("utter_screenshot_differs", order_no=number)
            return False
        filled = found_facts.fill(self.facts, shown, found_facts.SCREENSHOT)
        if filled:
            self.say("utter_screenshot_read", noted=wording.noted(self.facts, filled))
        return bool(filled)

    def look_order_up(self) -> None:
        """Have the order looked up, or fill what is open with what was found."""
        number = self.facts.get("order_no")
        if not number or not policy.current().looks_up_orders:
            return
        session, contact_id, now = self.turn.session, self.turn.contact.id, self.turn.now
        orders.want(session, str(number), contact_id, now)
        filled = found_facts.fill(
            self.facts, orders.found(session, str(number), contact_id, now), found_facts.ORDERS
        )
        if filled:
            self.say("utter_order_found", noted=wording.noted(self.facts, filled))

    def answer_at_once(self) -> None:
        """Where the matter has a ready answer, say it: once, and beside what is asked."""
        account = str(self.facts.get("description") or "")
        if not account or self.facts.get(intake.ANSWERED) or self.facts.get(intake.DANGER):
            return
        found = ready_answers.ready_answer(phrases.simplified(account), policy.current().ready_answers)
        if found is not None:
            self.facts[intake.ANSWERED] = True
            self.say("utter_ready_answer", answer=found.answer)

    # ------------------------------------------------------------------ what comes next

    def before(self) -> str:
        """The question to go back to from one beside it."""
        before = self._tracker.get_slot("asked_before")
        return str(before) if before and before != self.asked else self.next()

    def next(self) -> str:
        """What to ask now; a ground that stands against the complaint is said before more is asked for it."""
        self.look_order_up()
        self.answer_at_once()
        return SCREENED if self.screened() else intake.next_question(self.facts, self.files)

    def screened(self) -> screening.Proposed | None:
        """The ground that stands against the complaint now."""
        return screening.proposed(self.turn.session, self.turn.contact.id, self.facts, self.turn.now)

    @property
    def misses(self) -> int:
        """How many messages in a row were no answer."""
        return int(self._tracker.get_slot("misses") or 0)

    def miss(self, hint: str | None, *, silent: bool = False) -> list[EventType]:
        """The message was no answer: say so, ask again; at the second one in a row a person is offered."""
        misses = self.misses + 1
        if not silent:
            self.say(hint or "utter_not_understood_here")
        if misses >= MISSES_BEFORE_PERSON:
            self.say("utter_offer_person")
        return self.ask(self.asked, misses=misses)

    def pause(self) -> list[EventType]:
        """Ask nothing now; the open question comes back with the next message."""
        before = self._tracker.get_slot("asked_before") if self.asked == PAUSE else self.asked
        return self.ask(PAUSE, asked_before=before)

    def ask(self, question: str | None, *, misses: int | None = None, **slots: Any) -> list[EventType]:
        """Keep the draft, mirror it in the slots, and let the form ask the question."""
        if question == SCREENED and not self.screened():  # the ground is gone: somebody is in danger now
            question = self.next()
        if self.draft is not None:
            gone = {name: None for name in self.draft.facts if self.facts.get(name) is None}
            kept = {name: value for name, value in self.facts.items() if value is not None}
            if gone or kept != self.draft.facts:
                service.update_draft(self.turn.session, self.draft, {**kept, **gone}, self.turn.now)
        mirrored: dict[str, Any] = {name: self.facts.get(name) for name in _MIRRORED}
        mirrored["evidence"] = "done" if self.facts.get(intake.EVIDENCE_DONE) else self.files or None
        mirrored.update(slots)
        events = [
            SlotSet(name, value) for name, value in mirrored.items() if self._tracker.get_slot(name) != value
        ]
        # Rasa takes an answer that sets nothing but the question for a rejection: `misses` is always set.
        return [*events, SlotSet("misses", misses), SlotSet(REQUESTED_SLOT, question)]

    def ask_beside(self, question: str, *, back_to: str | None = None) -> list[EventType]:
        """Ask something beside the complaint, and remember where to go back to."""
        return self.ask(question, asked_before=back_to or self.asked)

    def end(self, how: str) -> list[EventType]:
        """Close the form; `how` is what the rules go by."""
        return self.ask(None, confirm=how)

    def is_fresh(self) -> bool:
        """Was nothing done yet about this message?"""
        return is_fresh(self._tracker)

    def say(self, response: str, **values: object) -> None:
        """Say a response of domain.yml."""
        say(self.dispatcher, response, **values)
