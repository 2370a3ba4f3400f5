"""The questions beside the complaint: go on with the old one, leave it, start anew, refuse the notice, change an item,
file it although a ground stands against it, file it as it was spoken.

One reader a question. It says what comes next, or None where the message answers something else: then it is heard as
if the question beside had not been put.
"""

from __future__ import annotations

from collections.abc import Callable

from rasa_sdk.events import EventType

from actions import answers, intake, items, phrases, screening, voice_complaint
from actions.case_choice import awaiting_answer
from actions.digressions import asks, is_digression, may_state_a_wish
from actions.intake_state import (
    ANEW,
    CALL_BACK,
    CHANGE,
    LEAVING,
    REFUSAL,
    RESUME,
    SCREENED,
    VOICE,
    Intake,
)

Events = list[EventType]


def read(it: Intake) -> Events | None:
    """The answer to the open question beside the complaint; None where the message is something else."""
    assert it.asked is not None
    return _READERS[it.asked](it)


def digresses(it: Intake) -> bool:
    """Is it something for the rules? A yes or no to a plan is only where a plan waits for one."""
    if may_state_a_wish(it.heard) and not it.heard.pressed:
        return awaiting_answer(it.turn.session, it.turn.contact.id).total > 0
    return is_digression(it.heard)


def ask_item(it: Intake, item: str) -> Events:
    """Ask for one item again."""
    if item == intake.EVIDENCE:
        it.facts[intake.EVIDENCE_DONE] = None
    elif item == "description":
        it.facts[intake.RETOLD] = True  # the old account stays until there is a new one
        it.facts[intake.ASKED_DETAIL] = True
    return it.ask(item)


def says_yes(it: Intake) -> bool:
    """Is it a plain yes?"""
    return it.heard.intent == "affirm" or phrases.says_yes(it.heard.text)


def says_no(it: Intake) -> bool:
    """Is it a plain no?"""
    return it.heard.intent == "deny" or phrases.says_no(it.heard.text)


def _resume(it: Intake) -> Events | None:
    choice = it.heard.value("choice")
    if choice == "continue" or says_yes(it):
        it.facts.pop(intake.TOLD_ANEW, None)
        it.say("utter_going_on")
        return it.ask(it.next())
    if choice == "anew" or says_no(it):
        told = it.facts.get(intake.TOLD_ANEW) or {}
        it.drop()
        it.begin(told)
        return it.ask(it.next())
    return [] if digresses(it) else it.miss(None)


def _change(it: Intake) -> Events | None:
    words = it.heard
    item = words.value("item") or items.item_by_number(words.text) or items.item_by_name(words.text)
    if item and not answers.stated(words) and not asks(words):
        return ask_item(it, item)
    if words.intent in ("skip", "affirm", "done") or says_no(it) or phrases.leaves_as_it_is(words.text):
        return it.ask(it.next())
    return None  # heard as at the read-back


def _refusal(it: Intake) -> Events | None:
    if says_yes(it) or phrases.refuses_notice(it.heard.text):
        return it.end("refused")
    return _back(it)


def _leaving(it: Intake) -> Events | None:
    if says_yes(it) or it.heard.intent == "cancel" or phrases.puts_off(it.heard.text):
        return it.end("later")
    return _back(it)


def _anew(it: Intake) -> Events | None:
    if says_yes(it):
        it.drop()
        it.begin({})
        return it.ask(it.next())
    return _back(it)


def _screened(it: Intake) -> Events | None:
    found = it.screened()
    if found is None:  # what it rested on is gone
        it.asked = it.next()
        return None
    meant = screening.choice(it.heard.value("choice"), it.heard.text)
    if meant is None and says_yes(it):
        meant = screening.JOIN if found.same is not None else screening.INSIST
    elif meant is None and says_no(it) and found.same is None:
        meant = screening.LEAVE
    if meant == screening.JOIN and found.same is not None and screening.can_join(found.same, it.turn.now):
        return it.end("join")
    if meant == screening.INSIST:
        screening.overrule(it.facts, found.ground)
        it.say("utter_filed_all_the_same")
        return it.ask(it.next())
    if meant == screening.LEAVE:
        return it.end("later")
    return None


def _back(it: Intake) -> Events | None:
    """A plain yes or no leads back; anything else is heard as an answer to the question before."""
    before = it.before()
    if says_no(it) or says_yes(it):
        return it.ask(before)
    it.asked = before
    return None


_READERS: dict[str, Callable[[Intake], Events | None]] = {
    RESUME: _resume,
    CHANGE: _change,
    REFUSAL: _refusal,
    LEAVING: _leaving,
    ANEW: _anew,
    SCREENED: _screened,
    VOICE: voice_complaint.answer_to_offer,
    CALL_BACK: voice_complaint.answer_call_back,
}
READ_HERE = frozenset(_READERS)
"""The questions whose answers are read here."""
