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

from actions import answers, files, intake, phrases, wording
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
_FREE = frozenset({"description", intake.DETAIL, intake.PROOF})

_DIGRESSIONS = frozenset(
    {
        "abuse",
        "accept_resolution",
        "add_evidence",
        "ask_compensation",
        "ask_evidence",
        "ask_external",
        "ask_handling_time",
        "ask_privacy",
        "ask_scope",
        "goodbye",
        "greet",
        "help",
        "out_of_scope",
        "query_status",
        "reject_resolution",
        "repeat",
        "request_human",
        "thank",
        "urge",
        "withdraw_complaint",
    }
)
# A long account may sound like one of these ("我催了三次也没人理"); the others are meant when they are heard.
_MAY_BE_AN_ACCOUNT = frozenset(
    {
        "abuse",
        "accept_resolution",
        "add_evidence",
        "ask_compensation",
        "goodbye",
        "greet",
        "help",
        "out_of_scope",
        "reject_resolution",
        "thank",
        "urge",
        "withdraw_complaint",
    }
)
# "我要退款" at the read-back may be heard as an answer to a plan.
_MAY_STATE_A_WISH = frozenset({"accept_resolution", "reject_resolution"})
_SURE_OF_MERCHANT = 0.5
_ACCOUNT_WEIGHT = 8
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
        self._asked: str | None = tracker.get_slot(REQUESTED_SLOT)
        self._draft = service.current_draft(turn.session, turn.conversation.id, turn.now)
        self._facts: dict[str, Any] = dict(self._draft.facts) if self._draft else {}
        self._files = service.count_evidence(turn.session, self._draft) if self._draft else 0

    def events(self) -> list[EventType]:
        """What Rasa is to remember; empty: this message is a digression."""
        if self._asked is None:
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
        facts: dict[str, Any] = {}
        for entity in intake.FILLED_BY_ENTITY:
            value = self._heard.value(entity)
            if value and self._credible(entity, value):
                facts[entity] = value
        kind = self._sure_type()
        if kind:
            facts["complaint_type"] = kind
        if self._heard.text and phrases.tells_something(self._heard.text):
            facts["description"] = self._heard.text
        return facts

    def _again(self) -> list[EventType]:
        """A rule has answered; the question stands as it stood. While a person is on his way nothing is
        asked.
        """
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
        if words.pressed and words.intent == "file_complaint":
            return self._ask(self._asked)
        corrected = self._correct()
        if corrected is not None:
            return corrected
        if self._asked == intake.CONFIRM:
            return self._answer_read_back()
        return self._answer()

    def _answer(self) -> list[EventType]:
        assert self._asked is not None
        answer = answers.read(self._asked, self._heard, self._facts)
        if self._is_digression() and not (answer and (answer.sure or self._is_account())):
            return []
        if answer is None or not (answer.facts or answer.sure):
            return self._not_the_answer(answer)
        if not all(intake.holdable(name, value) for name, value in answer.facts.items() if value):
            return self._miss(None)
        changed = {name: value for name, value in answer.facts.items() if value is not None}
        self._facts.update(answer.facts)
        self._absorb()
        if "description" in changed:
            self._watch_for_danger()
        if answer.hint:
            self._say(answer.hint)
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
        if self._heard.text and phrases.weight(self._heard.text) >= 6 and self._asked not in _FREE:
            return self._add_words()
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
        if self._is_digression() and words.intent not in _MAY_STATE_A_WISH:
            return []
        brought = self._absorb(replace=True)
        if brought:
            return self._changed(brought)
        if self._is_digression():
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
            return [] if self._is_digression() else self._miss(None)
        if asked == CHANGE:
            item = (
                words.value("item") or phrases.item_by_number(words.text) or phrases.item_by_name(words.text)
            )
            if item and not self._meant_values():
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

    def _correct(self) -> list[EventType] | None:
        """ "改订单号", "第三项不对", "金额是399不是299": changes one item and returns; None where nothing is
        corrected.
        """
        words = self._heard
        if words.pressed and words.intent != "correct":
            return None
        item = words.value("item") or (phrases.item_to_correct(words.text) if words.text else None)
        meant = words.intent == "correct" or (item is not None and self._may_be_correction())
        if not meant:
            return None
        values = self._meant_values()
        if item is not None:
            one = values.get(item) or self._typed_value(item)
            if one is None:
                return self._ask_item(item)
            values = {item: one}
        if not values:
            return self._ask(CHANGE)
        self._facts.update(values)
        if "order_no" in values:
            self._facts[intake.NO_ORDER] = None
        return self._changed(list(values))

    def _may_be_correction(self) -> bool:
        return self._asked == intake.CONFIRM or (
            self._asked not in _FREE and phrases.weight(self._heard.text) < 14
        )

    def _meant_values(self) -> dict[str, Any]:
        values = {name: answers.meant(self._heard, name) for name in intake.FILLED_BY_ENTITY}
        return {name: value for name, value in values.items() if value and self._credible(name, value)}

    def _credible(self, name: str, value: str) -> bool:
        """A value that a case can hold; a word that is the whole message is no merchant's name by itself."""
        if name == "merchant" and not self._heard.pressed:
            surely = self._heard.surest(name, _SURE_OF_MERCHANT) is not None
            if not surely or phrases.plain(value) == phrases.plain(self._heard.text):
                return False
        return intake.holdable(name, value)

    def _typed_value(self, item: str) -> str | None:
        text = self._heard.text
        if item == "complaint_type":
            return phrases.a_type(text)
        if item == "amount":
            return phrases.an_amount(text)
        if item == "order_no":
            return phrases.an_order_number(text)
        if item == "remedy":
            return phrases.a_remedy(text)
        return answers.a_phone(text) if item == "phone" else None

    def _ask_item(self, item: str) -> list[EventType]:
        if item == intake.EVIDENCE:
            self._facts[intake.EVIDENCE_DONE] = None
        elif item == "description":
            self._facts[item] = None  # told anew, not patched
            self._facts[intake.ASKED_DETAIL] = True
        return self._ask(item)

    def _changed(self, items: list[str]) -> list[EventType]:
        self._say("utter_item_changed", item=wording.noted(self._facts, items))
        stays = self._asked not in (None, intake.CONFIRM, CHANGE, *items)
        return self._ask(self._asked if stays else self._next())

    # ------------------------------------------------------------------ what else may come

    def _keep_files(self) -> list[EventType]:
        if self._draft is None:
            self._begin({})
        assert self._draft is not None
        kept = files.keep(self._turn, self._draft, self._heard.media_ids)
        files.say_kept(self._dispatcher, kept)
        self._files = kept.total
        if self._heard.words_follow:
            return self._pause()
        if self._asked in ("complaint_type", *_FREE) and self._heard.kind == "voice":
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
        self._facts["danger"] = True
        self._facts.setdefault("complaint_type", self._sure_type() or "safety")
        if self._heard.text:
            self._facts = intake.add_words(self._facts, self._heard.text)
        call_person(self._turn, "emergency")
        return self._pause()

    def _watch_for_danger(self) -> None:
        """An account of harm gets the advice and goes first; the intake goes on."""
        if self._facts.get("danger") or not phrases.tells_of_danger(
            str(self._facts.get("description") or "")
        ):
            return
        if self._facts.get("complaint_type") == "safety":
            self._facts["danger"] = True
            self._say("utter_safety_first")

    # ------------------------------------------------------------------ small parts

    def _is_digression(self) -> bool:
        return self._heard.intent in _DIGRESSIONS

    def _is_account(self) -> bool:
        if self._asked not in ("complaint_type", *_FREE) or self._heard.pressed:
            return False
        if intake.is_account(self._heard):
            return True
        long = phrases.weight(self._heard.text) >= _ACCOUNT_WEIGHT
        return long and self._heard.intent in _MAY_BE_AN_ACCOUNT

    def _absorb(self, *, replace: bool = False) -> list[str]:
        """Keep what the message says beside the answer; returns the names of what is new."""
        brought = []
        for name, value in self._meant_values().items():
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
