"""Reading the answer to a question of the intake: what was asked and what was heard go in, facts come out.

Pure. Whether the message is an answer at all, or a question, a correction, a wish to stop, the form decides
before.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import phonenumbers

from actions import intake, items, phrases
from actions.heard import Heard

LONGEST_NAME = 60
_LONGEST_BARE_NAME = 20
SURE_OF_MERCHANT = 0.5


@dataclass(frozen=True, slots=True)
class Answer:
    """What an answer brings. `sure`: it can hardly be anything else than an answer to this question.

    `hint` names the response that says what was wrong with it, or what was made of it.
    """

    facts: Mapping[str, Any] = field(default_factory=dict)
    sure: bool = False
    hint: str | None = None


def read(question: str, heard: Heard, facts: intake.Facts) -> Answer | None:
    """The answer to the question; None where the message holds none.

    An `Answer` without facts was understood as "nothing there" or needs to be asked again (`hint`).
    """
    reader = _READERS.get(question)
    return reader(heard, facts) if reader else None


def _complaint_type(heard: Heard, facts: intake.Facts) -> Answer | None:
    if heard.pressed:
        pressed = heard.value("complaint_type")
        return Answer({"complaint_type": pressed}, sure=True) if pressed else None
    named = items.a_type(heard.text)
    if named and len(phrases.plain(heard.text)) <= 8:
        return Answer({"complaint_type": named}, sure=True)
    if _passes(heard):
        return Answer({"complaint_type": "other"}, sure=True)
    if not phrases.tells_something(heard.text):
        return None
    if stated(heard) and not phrases.tells_beside_numbers(heard.text):
        return None  # his number, and nothing of what happened
    # The menu was shown and he told his story instead: the best guess is taken, the read-back shows it.
    guess = heard.value("complaint_type") or "other"
    return Answer({"complaint_type": guess, **_with_words(facts, heard.text)})


def _description(heard: Heard, facts: intake.Facts) -> Answer | None:
    if heard.pressed:
        return None
    if _passes(heard) or phrases.weight(heard.text) < 1:
        return Answer(hint="utter_description_needed")
    bare_wish = (
        heard.intent == "file_complaint" and heard.surest("complaint_type", intake.SURE_OF_TYPE) is None
    )
    if bare_wish and not phrases.tells_something(heard.text):
        return Answer(hint="utter_description_needed")
    return Answer(_with_words(facts, heard.text))


def _detail(heard: Heard, facts: intake.Facts) -> Answer | None:
    asked = {intake.ASKED_DETAIL: True}
    if heard.pressed:
        return Answer(asked, sure=True) if heard.intent in _PASSING else None
    if _passes(heard) or not heard.text:
        return Answer(asked, sure=True)
    return Answer({**_with_words(facts, heard.text), **asked})


def _order_no(heard: Heard, facts: intake.Facts) -> Answer | None:
    number = heard.value("order_no")
    if number:
        return Answer({"order_no": number, intake.NO_ORDER: None}, sure=True)
    more = phrases.none_and_more(heard.text)
    if more:
        return Answer({intake.NO_ORDER: True, intake.PROOF: more}, sure=True)
    if phrases.says_no_order_is_concerned(heard.text):
        return Answer({intake.NO_ORDER: True, intake.PROOF: heard.text}, sure=True)
    if _passes(heard):
        return Answer({intake.NO_ORDER: True}, sure=True)
    phone = heard.value("phone")
    if phone:
        return Answer({"phone": phone}, sure=True, hint="utter_phone_not_order")
    if heard.pressed or heard.value("case_no"):
        return None
    typed = items.an_order_number(heard.text)
    if typed:
        return Answer({"order_no": typed, intake.NO_ORDER: None}, sure=True)
    return Answer(hint="utter_order_no_unreadable") if any(c.isdigit() for c in heard.text) else None


def _proof(heard: Heard, facts: intake.Facts) -> Answer | None:
    number = heard.value("order_no")
    if number:
        return Answer({"order_no": number, intake.NO_ORDER: None}, sure=True)
    if _passes(heard):
        return Answer({intake.PROOF: ""}, sure=True, hint="utter_no_proof")
    when = heard.value("incident_time")
    if when:
        return Answer({intake.PROOF: heard.text, "purchase_date": when[:10]})
    if heard.pressed or not any(c > "\u2e7f" for c in heard.text):
        return None
    if heard.value("remedy") and phrases.weight(heard.text) <= 6:  # what he wants, not how he paid
        return None
    return Answer({intake.PROOF: heard.text})


def _evidence(heard: Heard, facts: intake.Facts) -> Answer | None:
    if heard.intent == "done" or _passes(heard) or phrases.says_done(heard.text):
        return Answer({intake.EVIDENCE_DONE: True}, sure=True)
    will_send = heard.intent == "affirm" or (heard.intent == "add_evidence" and not heard.pressed)
    if will_send or phrases.says_yes(heard.text):
        return Answer(hint="utter_send_evidence", sure=True)
    return None


def _merchant(heard: Heard, facts: intake.Facts) -> Answer | None:
    if _passes(heard):
        return Answer(sure=True, hint="utter_item_kept")
    name = heard.value("merchant")
    if name and len(heard.text) > _LONGEST_BARE_NAME:  # a sentence with the name in it
        return Answer({"merchant": name[:LONGEST_NAME]})
    if heard.pressed or not phrases.plain(heard.text):
        return None
    return Answer({"merchant": _LEAD_OF_NAME.sub("", heard.text).strip(" 。.，,")[:LONGEST_NAME]})


def _amount(heard: Heard, facts: intake.Facts) -> Answer | None:
    if _passes(heard):
        return Answer(sure=True, hint="utter_item_kept")
    value = meant(heard, "amount") or items.an_amount(heard.text)
    return Answer({"amount": value}, sure=True) if value else Answer(hint="utter_amount_unreadable")


def _remedy(heard: Heard, facts: intake.Facts) -> Answer | None:
    if _passes(heard):
        return Answer(sure=True, hint="utter_item_kept")
    value = meant(heard, "remedy") or items.a_remedy(heard.text)
    if value:
        return Answer({"remedy": value}, sure=True)
    if heard.pressed or phrases.weight(heard.text) < 2:
        return None
    return Answer({"remedy": "other", **_with_words(facts, heard.text)})


def _incident_time(heard: Heard, facts: intake.Facts) -> Answer | None:
    if _passes(heard):
        return Answer(sure=True, hint="utter_item_kept")
    value = meant(heard, "incident_time")
    return Answer({"incident_time": value}, sure=True) if value else Answer(hint="utter_time_unreadable")


def _phone(heard: Heard, facts: intake.Facts) -> Answer | None:
    if _passes(heard):
        return Answer(sure=True, hint="utter_item_kept")
    value = meant(heard, "phone") or a_phone(heard.text)
    return Answer({"phone": value}, sure=True) if value else Answer(hint="utter_phone_unreadable")


def meant(heard: Heard, entity: str) -> str | None:
    """The value that is meant where a text may also name the wrong one: "金额是399不是299"; the last one
    given.
    """
    values = [
        str(found["value"])
        for found in heard.all_of(entity)
        if not (heard.text and "start" in found and items.is_negated(heard.text, int(found["start"])))
    ]
    return values[-1] if values else None


def stated(heard: Heard, *, first: bool = False) -> dict[str, str]:
    """The facts that the message states by its entities, asked for or not.

    Of several values the last one counts, as in a correction; in an account (`first`) the first.
    """
    values = {name: heard.value(name) if first else meant(heard, name) for name in intake.FILLED_BY_ENTITY}
    return {name: value for name, value in values.items() if value and _credible(heard, name, value)}


def _credible(heard: Heard, name: str, value: str) -> bool:
    """A value that a case can hold; a word that is the whole message is no merchant's name by itself."""
    if name == "merchant" and not heard.pressed:
        surely = heard.surest(name, SURE_OF_MERCHANT) is not None
        if not surely or phrases.plain(value) == phrases.plain(heard.text):
            return False
    if name == "amount" and not heard.pressed and _ONLY_A_NUMBER.fullmatch(phrases.plain(heard.text)):
        return False  # "8821": of the order, the day or the room; a sum only where one was asked for
    return intake.holdable(name, value)


def a_phone(text: str) -> str | None:
    """The phone number in the answer to "which number?"; mainland numbers without their country code."""
    for match in phonenumbers.PhoneNumberMatcher(text, "CN"):
        number = match.number
        if number.country_code == 86:
            return str(number.national_number)
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return None


def _passes(heard: Heard) -> bool:
    """He has none, does not know, or would rather not say."""
    if heard.pressed:
        return heard.intent in _PASSING
    if heard.intent in _PASSING and phrases.sounds_like_none(heard.text):
        return True
    return phrases.says_none(heard.text)


def _with_words(facts: intake.Facts, text: str) -> dict[str, Any]:
    if facts.get(intake.RETOLD):
        return {"description": text.strip(), intake.RETOLD: None}
    return {"description": intake.add_words(facts, text)["description"]}


_PASSING = frozenset({"skip", "deny"})
_LEAD_OF_NAME = re.compile(
    r"^(?:是|就是|叫|在|商家(?:是|叫)?|店名(?:是|叫)?|店铺(?:是|叫)?|名字(?:是|叫)?)[:： ]?"
)
_ONLY_A_NUMBER = re.compile(r"\d+")
_READERS: Mapping[str, Callable[[Heard, intake.Facts], Answer | None]] = {
    "complaint_type": _complaint_type,
    "description": _description,
    intake.DETAIL: _detail,
    "order_no": _order_no,
    intake.PROOF: _proof,
    intake.EVIDENCE: _evidence,
    "merchant": _merchant,
    "amount": _amount,
    "remedy": _remedy,
    "incident_time": _incident_time,
    "phone": _phone,
}
