"""One message in the intake: what it means to the complaint being told, and which question comes next.

It looks for corrections, wishes to stop, files and digressions first and for an answer last, so that
nothing is filled by accident. The truth is the draft in the database; the slots mirror it. What an answer
says is read in answers, what is still missing is decided in intake; no sentence is worded here.
"""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.forms import REQUESTED_SLOT

from actions import answers, corrections, files, intake, phrases, wording
from actions.case_choice import awaiting_answer, open_cases
from actions.digressions import (
    FREE_WORDS,
    is_account_after_all,
    is_digression,
    may_state_a_wish,
    wants_a_moment,
)
from actions.emergency import is_alarm
from actions.heard import Heard, heard, is_fresh
from actions.request_human import call_person
from actions.wording import say
from cases import service
from conversations.turn import Turn

# Questions beside the items of the complaint, and the one that is none: the form waits without asking.
RESUME = "resume"
LEAVING = "leaving"
ANEW = "anew"
REFUSAL = "refusal"
CHANGE = "change"
PAUSE = "pause"

SIDE_QUESTIONS = frozenset({RESUME, LEAVING, ANEW, REFUSAL, CHANGE})
_QUESTIONS = SIDE_QUESTIONS | {*phrases.ITEMS, intake.DETAIL, intake.PROOF, intake.CONFIRM, PAUSE}
_NOTHING_TO_ASK_AFTER = frozenset({"utter_send_evidence"})
_MISSES_BEFORE_PERSON = 2

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


class IntakeTurn:
    """One message in the intake."""

    def __init__(self, turn: Turn, tracker: Tracker, dispatcher: CollectingDispatcher) -> None:
        self._turn = turn
        self._tracker = tracker
        self._dispatcher = dispatcher
        self._heard: Heard = heard(tracker, turn)
        asked = tracker.get_slot(REQUESTED_SLOT)
        # Where this form takes over from another one, Rasa still shows that one's question.
        self._asked: str | None = asked if asked in _QUESTIONS else None
        self._draft = service.current_draft(turn.session, turn.conversation.id, turn.now)
        self._facts: dict[str, Any] = dict(self._draft.facts) if self._draft else {}
        self._files = service.count_evidence(turn.session, self._draft) if self._draft else 0

    def events(self) -> list[EventType]:
        """What Rasa is to remember; empty: this message is a digression."""
        if (
            self._asked is None or self._draft is None
        ):  # nothing asked yet, or asked so long ago that it expired
            return self._open()
        if not is_fresh(self._tracker):
            return self._again()
        if self._asked == PAUSE:
            self._asked = self._before()
        return self._hear()

    # ------------------------------------------------------------------ opening and coming back

    def _open(self) -> list[EventType]:
        words = self._heard
        choice = words.value("choice")
        if self._draft is not None and intake.has_content(self._facts):
            if choice == "anew":
                self._drop()
            elif choice == "continue" or not (words.intent == "file_complaint" or intake.is_account(words)):
                self._say("utter_going_on")
                return self._ask(self._next())
            else:
                told = self._told()
                if intake.has_content(told):
                    self._facts[intake.TOLD_ANEW] = told
                return self._ask(RESUME)
        tells = words.intent == "file_complaint" or intake.is_account(words)
        self._begin(self._told() if tells else {})
        return self._ask(self._next())

    def _begin(self, told: dict[str, Any]) -> None:
        """Start a complaint with what was told at once."""
        self._draft = service.open_draft(
            self._turn.session, self._turn.conversation, self._turn.contact, self._turn.now
        )
        self._facts = {**self._draft.facts, **told}
        if told.get("description"):
            self._say("utter_complaint_opened")
            known = wording.noted(told)
            if known:
                self._say("utter_complaint_noted", noted=known)
            self._watch_for_danger()
        else:
            self._say("utter_complaint_opened_bare")

    def _told(self) -> dict[str, Any]:
        """What the message that opened the intake says already."""
        facts: dict[str, Any] = dict(answers.stated(self._heard, first=True))
        kind = self._sure_type()
        if kind:
            facts["complaint_type"] = kind
        if self._heard.text and phrases.tells_something(self._heard.text):
            facts["description"] = self._heard.text
        return facts

    def _again(self) -> list[EventType]:
        """A rule has answered; the question stands. While a person is on his way nothing is asked."""
        if self._turn.conversation.floor != "bot":
            return self._pause()
        return self._ask(self._before() if self._asked == PAUSE else self._asked)

    # ------------------------------------------------------------------ hearing

    def _hear(self) -> list[EventType]:
        words = self._heard
        if words.is_media:
            return self._keep_files()
        if words.kind == "location":
            return self._keep_place()
        if self._asked in SIDE_QUESTIONS:
            answered = self._answer_aside()
            if answered is not None:
                return answered
        if is_alarm(words):
            return self._alarm()
        if words.intent == "cancel":
            if not intake.has_content(self._facts) and not self._files:
                return self._end("later")
            return self._ask(LEAVING, asked_before=self._asked)
        if (
            words.intent == "withdraw_complaint"
            and not open_cases(self._turn.session, self._turn.contact.id).total
        ):
            return self._ask(LEAVING, asked_before=self._asked)  # there is nothing else to take back
        if words.pressed and words.intent == "file_complaint":
            return self._ask(self._asked)
        correction = corrections.read(words, self._asked)
        if correction is not None:
            return self._correct(correction)
        if self._asked == intake.CONFIRM:
            return self._answer_read_back()
        return self._answer()

    def _answer(self) -> list[EventType]:
        assert self._asked is not None
        if wants_a_moment(self._heard):
            self._say("utter_take_your_time")
            return self._pause()
        answer = answers.read(self._asked, self._heard, self._facts)
        if self._digresses() and not (
            answer and (answer.sure or is_account_after_all(self._heard, self._asked))
        ):
            return []
        if answer is None or not (answer.facts or answer.sure):
            return self._not_the_answer(answer)
        if not all(intake.holdable(name, value) for name, value in answer.facts.items() if value):
            return self._miss(None)
        changed = {name: value for name, value in answer.facts.items() if value is not None}
        self._facts.update(answer.facts)
        self._absorb()
        self._watch_for_danger()
        if answer.hint:
            self._say(answer.hint)
        if answer.hint in _NOTHING_TO_ASK_AFTER:
            return self._pause()
        fulfilled = bool(changed) and answer.hint != "utter_phone_not_order"
        if self._asked in intake.OPTIONAL and (fulfilled or answer.hint == "utter_item_kept"):
            return self._ask(self._next())
        return self._ask(self._next() if fulfilled else self._asked)

    def _not_the_answer(self, answer: answers.Answer | None) -> list[EventType]:
        """Something else than was asked for: what it brings is kept, and the question is asked again."""
        brought = self._absorb()
        if brought:
            self._say("utter_complaint_noted", noted=wording.noted(self._facts, brought))
            return self._ask(self._asked)
        text = self._heard.text
        enough = 2 if phrases.is_vague(str(self._facts.get("description") or "")) else 6
        if text and phrases.weight(text) >= enough and self._asked not in ("complaint_type", *FREE_WORDS):
            return self._add_words()
        if answers.stated(self._heard):
            self._say("utter_known_already")
            return self._ask(self._asked)
        if self._turn.media and self._asked == intake.EVIDENCE:
            return self._ask(self._asked)  # "看图": words that came with the files
        return self._miss(answer.hint if answer else None)

    def _answer_read_back(self) -> list[EventType]:
        words = self._heard
        if words.text and phrases.refuses_notice(words.text):
            return self._ask(REFUSAL, asked_before=intake.CONFIRM)
        if words.intent == "affirm" if words.pressed else phrases.says_yes(words.text):
            return self._end("yes")
        if words.intent == "deny" or phrases.says_no(words.text):
            return self._ask(CHANGE)
        if self._digresses() and not may_state_a_wish(words):
            return []
        brought = self._absorb(replace=True)
        if brought:
            return self._changed(brought)
        if self._digresses():
            return []
        if words.text and phrases.weight(words.text) >= 5:
            return self._add_words()
        if words.intent == "affirm":
            return self._end("yes")
        return self._miss(None)

    def _answer_aside(self) -> list[EventType] | None:
        """The answer to a question beside the complaint; None where the message is something else."""
        words, asked = self._heard, self._asked
        yes = words.intent == "affirm" or phrases.says_yes(words.text)
        no = words.intent == "deny" or phrases.says_no(words.text)
        before = self._before()
        if asked == RESUME:
            choice = words.value("choice")
            if choice == "continue" or yes:
                self._facts.pop(intake.TOLD_ANEW, None)
                self._say("utter_going_on")
                return self._ask(self._next())
            if choice == "anew" or no:
                told = self._facts.get(intake.TOLD_ANEW) or {}
                self._drop()
                self._begin(told)
                return self._ask(self._next())
            return [] if self._digresses() else self._miss(None)
        if asked == CHANGE:
            item = (
                words.value("item") or phrases.item_by_number(words.text) or phrases.item_by_name(words.text)
            )
            if item and not answers.stated(self._heard):
                return self._ask_item(item)
            if words.intent in ("skip", "affirm", "done") or no:
                return self._ask(self._next())
            self._asked = intake.CONFIRM
            return None
        if asked == REFUSAL and (yes or phrases.refuses_notice(words.text)):
            return self._end("refused")
        if asked == LEAVING and (yes or words.intent == "cancel"):
            return self._end("later")
        if asked == ANEW and yes:
            self._drop()
            self._begin({})
            return self._ask(self._next())
        if no or yes:
            return self._ask(before)
        self._asked = before
        return None

    # ------------------------------------------------------------------ corrections

    def _correct(self, correction: corrections.Correction) -> list[EventType]:
        """Change one item and return to where he was."""
        if correction.values:
            self._facts.update(correction.values)
            if "order_no" in correction.values:
                self._facts[intake.NO_ORDER] = None
            return self._changed(list(correction.values))
        return self._ask_item(correction.item) if correction.item else self._ask(CHANGE)

    def _ask_item(self, item: str) -> list[EventType]:
        if item == intake.EVIDENCE:
            self._facts[intake.EVIDENCE_DONE] = None
        elif item == "description":
            self._facts[intake.RETOLD] = True  # the old account stays until there is a new one
            self._facts[intake.ASKED_DETAIL] = True
        return self._ask(item)

    def _changed(self, items: list[str]) -> list[EventType]:
        self._say("utter_item_changed", item=wording.noted(self._facts, items))
        stays = self._asked not in (None, intake.CONFIRM, CHANGE, *items)
        return self._ask(self._asked if stays else self._next())

    # ------------------------------------------------------------------ what else may come

    def _keep_files(self) -> list[EventType]:
        assert self._draft is not None
        kept = files.keep(self._turn, self._draft, self._heard.media_ids)
        files.say_kept(self._dispatcher, kept)
        self._files = kept.total
        if self._heard.words_follow:
            return self._pause()
        if self._asked in ("complaint_type", *FREE_WORDS) and self._heard.kind == "voice":
            self._say("utter_voice_kept")
            return self._miss(None, silent=True)
        if self._asked == intake.PROOF and kept.added:
            self._facts[intake.PROOF] = "见证据"
            return self._ask(self._next())
        return self._ask(self._asked)

    def _keep_place(self) -> list[EventType]:
        place = self._turn.message.details.get("place") if self._turn.messages else None
        if place:
            label = place.get("label") or f"{place.get('latitude')}, {place.get('longitude')}"
            self._facts = intake.add_words(self._facts, f"地点：{label}")
        self._say("utter_place_noted")
        return self._ask(self._asked)

    def _add_words(self) -> list[EventType]:
        self._facts = intake.add_words(self._facts, self._heard.text)
        self._watch_for_danger()
        self._say("utter_words_added")
        return self._ask(self._asked)

    def _alarm(self) -> list[EventType]:
        """Somebody is in danger now: advice at once, a person called. The account is kept, the form waits."""
        self._say("utter_emergency")
        self._facts[intake.DANGER] = True
        self._facts.setdefault("complaint_type", self._sure_type() or "safety")
        if self._heard.text:
            self._facts = intake.add_words(self._facts, self._heard.text)
        call_person(self._turn, "emergency")
        return self._pause()

    def _watch_for_danger(self) -> None:
        """An account of harm gets the advice and goes first; the intake goes on."""
        if self._facts.get(intake.DANGER) or not phrases.tells_of_danger(
            str(self._facts.get("description") or "")
        ):
            return
        if self._facts.get("complaint_type") == "safety":
            self._facts[intake.DANGER] = True
            self._say("utter_safety_first")

    # ------------------------------------------------------------------ small parts

    def _digresses(self) -> bool:
        """Is it something for the rules? A yes or no to a plan is only where a plan waits for one."""
        if may_state_a_wish(self._heard) and not self._heard.pressed:
            return awaiting_answer(self._turn.session, self._turn.contact.id).total > 0
        return is_digression(self._heard)

    def _absorb(self, *, replace: bool = False) -> list[str]:
        """Keep what the message says beside the answer; returns the names of what is new."""
        brought = []
        for name, value in answers.stated(self._heard).items():
            if self._facts.get(name) == value or (self._facts.get(name) and not replace):
                continue
            self._facts[name] = value
            brought.append(name)
        kind = self._heard.value("complaint_type") if self._heard.pressed else self._sure_type()
        known = self._facts.get("complaint_type")
        if kind and kind != known and (self._heard.pressed or not known):
            self._facts["complaint_type"] = kind
            brought.append("complaint_type")
        return brought

    def _sure_type(self) -> str | None:
        return self._heard.surest("complaint_type", intake.SURE_OF_TYPE)

    def _miss(self, hint: str | None, *, silent: bool = False) -> list[EventType]:
        misses = int(self._tracker.get_slot("misses") or 0) + 1
        if not silent:
            self._say(hint or "utter_not_understood_here")
        if misses >= _MISSES_BEFORE_PERSON:
            self._say("utter_offer_person")
        return self._ask(self._asked, misses=misses)

    def _before(self) -> str:
        before = self._tracker.get_slot("asked_before")
        return str(before) if before else self._next()

    def _next(self) -> str:
        return intake.next_question(self._facts, self._files)

    def _pause(self) -> list[EventType]:
        before = self._tracker.get_slot("asked_before") if self._asked == PAUSE else self._asked
        return self._ask(PAUSE, asked_before=before)

    def _ask(self, question: str | None, *, misses: int | None = None, **slots: Any) -> list[EventType]:
        """Keep the draft, mirror it in the slots, and let the form ask the question."""
        if self._draft is not None:
            gone = {name: None for name in self._draft.facts if self._facts.get(name) is None}
            kept = {name: value for name, value in self._facts.items() if value is not None}
            if gone or kept != self._draft.facts:
                service.update_draft(self._turn.session, self._draft, {**kept, **gone}, self._turn.now)
        mirrored: dict[str, Any] = {name: self._facts.get(name) for name in _MIRRORED}
        mirrored["evidence"] = "done" if self._facts.get(intake.EVIDENCE_DONE) else self._files or None
        mirrored.update(slots)
        events = [
            SlotSet(name, value) for name, value in mirrored.items() if self._tracker.get_slot(name) != value
        ]
        # Rasa takes an answer that sets nothing but the question for a rejection: `misses` is always set.
        return [*events, SlotSet("misses", misses), SlotSet(REQUESTED_SLOT, question)]

    def _end(self, how: str) -> list[EventType]:
        return self._ask(None, confirm=how)

    def _drop(self) -> None:
        assert self._draft is not None
        service.drop_draft(self._turn.session, self._draft, self._turn.now)
        self._draft, self._facts, self._files = None, {}, 0

    def _say(self, response: str, **values: object) -> None:
        say(self._dispatcher, response, **values)
