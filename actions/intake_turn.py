"""One message in the intake: what it means to the complaint being told, and which question comes next.

It looks for corrections, wishes to stop, files and digressions first and for an answer last, so that
nothing is filled by accident. What an answer says is read in answers, what is still missing is decided in
intake, questions beside the complaint are answered in asides; no sentence is worded here.
"""

from __future__ import annotations

from rasa_sdk.events import EventType

from actions import (
    answers,
    asides,
    corrections,
    files,
    intake,
    phrases,
    voice_complaint,
    wording,
)
from actions.case_choice import open_cases
from actions.digressions import FREE_WORDS, asks, is_account_after_all, may_state_a_wish, wants_a_moment
from actions.emergency import is_alarm
from actions.intake_state import CHANGE, LEAVING, PAUSE, REFUSAL, RESUME, SCREENED, VOICE, Intake
from actions.request_human import call_person

_TOLD_BY_ALARM = ("complaint_type", "description", intake.DETAIL)
_LEAST_CHARACTERS = 14  # of another complaint that is more than the wish for one
_NOTICE_SHOWN = frozenset({intake.CONFIRM, VOICE, REFUSAL})
_NOTHING_TO_ASK_AFTER = frozenset({"utter_send_evidence"})

Events = list[EventType]


def hear(it: Intake) -> Events:
    """What Rasa is to remember; empty: this message is a digression."""
    if it.asked is None or it.draft is None:  # nothing asked yet, or asked so long ago that it expired
        return _open(it)
    if not it.is_fresh():
        return _again(it)
    if it.asked == PAUSE:
        it.asked = it.before()
    return _hear(it)


# ---------------------------------------------------------------------- opening and coming back


def _open(it: Intake) -> Events:
    words = it.heard
    choice = words.value("choice")
    if (
        words.is_media
    ):  # somebody begins by speaking, or what he was asked for came after the draft had expired
        if it.draft is None:
            it.begin({})
        it.asked = it.next()
        return _keep_files(it)
    if it.draft is not None and intake.has_content(it.facts):
        if choice == "anew":
            it.drop()
        elif choice == "continue" or not (words.intent == "file_complaint" or intake.is_account(words)):
            it.say("utter_going_on")
            return it.ask(it.next())
        else:
            told = it.told()
            if intake.has_content(told):
                it.facts[intake.TOLD_ANEW] = told
            return it.ask(RESUME)
    tells = words.intent == "file_complaint" or intake.is_account(words) or intake.may_be_account(words)
    it.begin(it.told() if tells else {})
    if phrases.is_threatened(words.text):
        return _alarm(it)
    return it.ask(it.next())


def _again(it: Intake) -> Events:
    """A rule has answered; the question stands. While a person is on his way nothing is asked."""
    if it.turn.conversation.floor != "bot":
        return it.pause()
    # What the rules could not help with counts as not understood, as it does here.
    misses = it.misses if it.heard.intent == "out_of_scope" else None
    return it.ask(it.before() if it.asked == PAUSE else it.asked, misses=misses)


# ---------------------------------------------------------------------- hearing


def _hear(it: Intake) -> Events:
    words = it.heard
    if words.is_media:
        return _keep_files(it)
    if words.kind == "location":
        return _keep_place(it)
    if it.asked in _NOTICE_SHOWN and phrases.asks_for_notice(words.text):
        it.say("utter_privacy")
        return it.ask(it.asked)
    if it.asked in asides.READ_HERE:
        answered = asides.read(it)
        if answered is not None:
            return answered
    if is_alarm(words):
        return _alarm(it)
    if it.facts.get(intake.ANSWERED) and phrases.says_solved(words.text):
        return it.end("solved")
    if it.facts.get(intake.ANSWERED) and phrases.says_unsolved(words.text):
        it.say("utter_going_on")
        return it.ask(it.asked)
    if phrases.cannot_write(words.text):
        return voice_complaint.invited(it)
    if it.asked in intake.OPTIONAL and phrases.leaves_item(words.text):
        it.say("utter_item_kept")
        return it.ask(it.next())
    if words.intent in ("cancel", "withdraw_complaint") and phrases.asks_to_file(words.text):
        return it.add_words()
    if words.intent == "cancel":
        if not intake.has_content(it.facts) and not it.files:
            return it.end("later")
        return it.ask_beside(LEAVING)
    if words.intent == "withdraw_complaint" and not open_cases(it.turn.session, it.turn.contact.id).total:
        return it.ask_beside(LEAVING)  # there is nothing else to take back
    if words.pressed and words.intent == "file_complaint":
        return it.ask(it.asked)
    if not words.pressed and phrases.names_another(words.text):
        return _keep_for_later(it)
    at_read_back = it.asked in (intake.CONFIRM, CHANGE)
    if not at_read_back and wants_a_moment(words):
        it.say("utter_take_your_time")
        return it.pause()
    correction = corrections.read(words, intake.CONFIRM if at_read_back else it.asked, it.facts)
    if correction is not None:
        return _correct(it, correction)
    if at_read_back:
        return _answer_read_back(it)
    return _answer(it)


def _answer(it: Intake) -> Events:
    assert it.asked is not None
    if asks(it.heard):
        return []
    answer = answers.read(it.asked, it.heard, it.facts)
    if asides.digresses(it) and not (answer and (answer.sure or is_account_after_all(it.heard, it.asked))):
        return []
    if answer is None or not (answer.facts or answer.sure):
        return _not_the_answer(it, answer)
    if not all(intake.holdable(name, value) for name, value in answer.facts.items() if value):
        return it.miss(None)
    changed = {name: value for name, value in answer.facts.items() if value is not None}
    it.facts.update(answer.facts)
    it.absorb()
    it.watch_for_danger()
    if answer.hint:
        it.say(answer.hint)
    if answer.hint in _NOTHING_TO_ASK_AFTER:
        return it.pause()
    fulfilled = bool(changed) and answer.hint != "utter_phone_not_order"
    if it.asked in intake.OPTIONAL and (fulfilled or answer.hint == "utter_item_kept"):
        return it.ask(it.next())
    return it.ask(it.next() if fulfilled else it.asked)


def _not_the_answer(it: Intake, answer: answers.Answer | None) -> Events:
    """Something else than was asked for: what it brings is kept, and the question is asked again."""
    brought = it.absorb()
    if brought:
        it.say("utter_complaint_noted", noted=wording.noted(it.facts, brought))
        return it.ask(it.next() if it.asked == SCREENED else it.asked)
    text = it.heard.text
    enough = 2 if phrases.is_vague(str(it.facts.get("description") or "")) else 6
    if text and phrases.weight(text) >= enough and it.asked not in ("complaint_type", *FREE_WORDS):
        return it.add_words()
    if answers.stated(it.heard) and not (answer and answer.hint):
        it.say("utter_known_already")
        return it.ask(it.asked)
    if it.turn.media and it.asked == intake.EVIDENCE:
        return it.ask(it.asked)  # "看图": words that came with the files
    return it.miss(answer.hint if answer else None)


def _answer_read_back(it: Intake) -> Events:
    words = it.heard
    if words.text and phrases.refuses_notice(words.text):
        return it.ask_beside(REFUSAL, back_to=intake.CONFIRM)
    if words.intent == "affirm" if words.pressed else phrases.says_yes(words.text):
        return it.end("yes")
    if phrases.says_nothing_more(words.text):
        return it.ask(intake.CONFIRM)
    if words.intent == "deny" or phrases.says_no(words.text):
        return it.ask(CHANGE)
    if asides.digresses(it) and not may_state_a_wish(words):
        return []
    brought = it.absorb(replace=True)
    if brought:
        return _changed(it, brought)
    if asides.digresses(it):
        return []
    if words.text and phrases.weight(words.text) >= 5:
        return it.add_words()
    if words.intent == "affirm":
        return it.end("yes")
    return it.miss(None)


def _keep_for_later(it: Intake) -> Events:
    """Another complaint in the middle of this one waits until this one is filed."""
    told = it.told()
    if (
        len(told.get("description") or "") < _LEAST_CHARACTERS
    ):  # "我还要投诉另一家": that there is one, no more
        it.say("utter_one_at_a_time")
    else:
        before = it.facts.get(intake.NEXT) or {}
        it.facts[intake.NEXT] = {**before, **intake.add_words({**told, **before}, told["description"])}
        it.say("utter_kept_for_later")
    return it.ask(it.asked)


# ---------------------------------------------------------------------- corrections


def _correct(it: Intake, correction: corrections.Correction) -> Events:
    """Change one item and return to where he was."""
    if correction.values:
        it.facts.update(correction.values)
        if "order_no" in correction.values:
            it.facts[intake.NO_ORDER] = None
        return _changed(it, list(correction.values))
    return asides.ask_item(it, correction.item) if correction.item else it.ask(CHANGE)


def _changed(it: Intake, items: list[str]) -> Events:
    it.say("utter_item_changed", item=wording.noted(it.facts, items))
    stays = it.asked not in (None, intake.CONFIRM, CHANGE, SCREENED, *items)
    return it.ask(it.asked if stays else it.next())


# ---------------------------------------------------------------------- what else may come


def _keep_files(it: Intake) -> Events:
    assert it.draft is not None
    kept = files.keep(it.turn, it.draft, it.heard.media_ids)
    files.say_kept(it.dispatcher, kept)
    it.files = kept.total
    if it.heard.words_follow:
        return it.pause()
    if it.heard.kind == "voice" and it.asked != intake.EVIDENCE and (kept.added or kept.repeated):
        return voice_complaint.spoken(it)
    read = it.read_screenshot(it.heard.media_ids)
    if read and it.asked in ("order_no", intake.PROOF) and it.facts.get("order_no"):
        return it.ask(it.next())
    if it.asked == intake.CONFIRM and not read:  # how many files there are was just said
        items = wording.read_back(it.facts, it.files)
        return it.ask(it.asked, read_back=wording.digest_of(items))
    if it.asked == intake.PROOF and kept.added:
        it.facts[intake.PROOF] = "见证据"
        return it.ask(it.next())
    return it.ask(it.asked)


def _keep_place(it: Intake) -> Events:
    place = it.turn.message.details.get("place") if it.turn.messages else None
    if place:
        label = place.get("label") or f"{place.get('latitude')}, {place.get('longitude')}"
        it.facts = intake.add_words(it.facts, f"地点：{label}")
    it.say("utter_place_noted")
    return it.ask(it.asked)


def _alarm(it: Intake) -> Events:
    """Somebody is in danger now: advice at once, a person called. The account is kept, the form waits."""
    it.say("utter_emergency")
    it.facts[intake.DANGER] = True
    it.facts.setdefault("complaint_type", it.sure_type() or "safety")
    if it.heard.text:
        it.facts = intake.add_words(it.facts, it.heard.text)
    call_person(it.turn, "emergency")
    if it.asked in _TOLD_BY_ALARM:  # what is missing is asked afterwards
        return it.ask(PAUSE, asked_before=None)
    return it.pause()
