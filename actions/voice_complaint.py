"""A person who can only speak: his voice messages are kept, and at the second one without words he is offered to file a
voice complaint. Somebody of the house listens, calls back, and writes it down.

The offer names the privacy notice; accepting it is the consent.
"""

from __future__ import annotations

from typing import Any

from rasa_sdk.events import EventType

from actions import answers, intake, phrases
from actions.found_facts import told_only
from actions.intake_state import CALL_BACK, VOICE, Intake
from cases import service

_OFFERED_AT = 2
UNWRITTEN = "（语音投诉：经过在录音里，待听写）"
"""Stands for the account until somebody has listened."""


def spoken(it: Intake) -> list[EventType]:
    """A voice message without words, where words were asked for."""
    voices = int(it.facts.get(intake.VOICES) or 0) + 1
    it.facts[intake.VOICES] = voices
    if it.asked in (VOICE, CALL_BACK):
        return it.ask(it.asked)
    if voices >= _OFFERED_AT:
        return it.ask_beside(VOICE)
    it.say("utter_voice_kept")
    return it.miss(None, silent=True)


def invited(it: Intake) -> list[EventType]:
    """He says that he cannot type: what he has spoken can be filed; otherwise he may speak now."""
    if int(it.facts.get(intake.VOICES) or 0):
        return it.ask(it.asked) if it.asked in (VOICE, CALL_BACK) else it.ask_beside(VOICE)
    it.facts[intake.VOICES] = _OFFERED_AT - 1  # the next one is enough for the offer
    it.say("utter_speak_then")
    return it.pause()


def answer_to_offer(it: Intake) -> list[EventType] | None:
    """File it as a voice complaint, or go on in writing; None where the message is something else."""
    if it.heard.value("choice") == "voice" or it.heard.intent == "affirm" or phrases.says_yes(it.heard.text):
        return it.end("voice") if it.facts.get("phone") else it.ask(CALL_BACK)
    before = it.before()
    if it.heard.value("choice") == "write" or it.heard.intent == "deny" or phrases.says_no(it.heard.text):
        it.say("utter_going_on_in_writing")
        return it.ask(before)
    told = intake.is_account(it.heard) or intake.may_be_account(it.heard)
    if told and it.heard.intent not in ("cancel", "correct") and not phrases.names_another(it.heard.text):
        it.asked = before  # he writes after all
    return None


def answer_call_back(it: Intake) -> list[EventType] | None:
    """The number to call, or that there is none; None where the message is something else."""
    phone = answers.meant(it.heard, "phone") or answers.a_phone(it.heard.text)
    if phone and intake.holdable("phone", phone):
        it.facts["phone"] = phone
        return it.end("voice")
    if it.heard.intent in ("skip", "deny") or phrases.says_none(it.heard.text):
        return it.end("voice")
    if any(c.isdigit() for c in it.heard.text):
        return it.miss("utter_phone_unreadable")
    return None


def as_spoken(facts: intake.Facts) -> dict[str, Any]:
    """The facts as the case holds them: what was written stays, the rest is in the recordings."""
    facts = told_only(facts)  # nothing was read back to him
    told = str(facts.get("description") or "")
    return {
        **facts,
        "complaint_type": facts.get("complaint_type") or "other",
        "description": f"{told}\n{UNWRITTEN}" if told else UNWRITTEN,
        "flagged": service.SPOKEN,
    }
