"""What a complaint still lacks and what to ask next. The facts of a draft go in, a question comes out.

Pure: the facts are the draft's JSON (slot → value, plus the few marks named here). No wording, no Rasa, no
database.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from actions import phrases
from actions.heard import Heard
from cases.facts import InvalidFact, read_facts

Facts = Mapping[str, Any]

FILLED_BY_ENTITY = ("order_no", "amount", "phone", "merchant", "remedy", "incident_time")
"""Facts that an entity of any message may bring, asked for or not."""

OPTIONAL = ("merchant", "amount", "remedy", "incident_time", "phone")
"""Facts that are never asked for, only shown as 可补充."""

# Marks in the facts: what was asked and answered without leaving a value.
NO_ORDER = "no_order"
"""He has no order number."""
PROOF = "proof"
"""What he has in its place, in his words; empty: nothing."""
ASKED_DETAIL = "asked_detail"
"""The one follow-up question was put."""
EVIDENCE_DONE = "evidence_done"
"""He has sent all, or has none."""
RETOLD = "retold"
"""The account is being told anew: the next words take its place."""
TOLD_ANEW = "told_anew"
"""Facts of a new account that wait until he has said whether the old draft goes on."""
FOUND = "found"
"""Facts that were read off a picture or looked up: name → [value, source] (found_facts)."""
NEXT = "next"
"""Facts of another complaint that he named in the middle of this one: taken up when this one is filed."""
ANSWERED = "answered"
"""The ready answer to his matter was said."""
VOICES = "voices"
"""How many voice messages came without words where words were asked for."""
OVERRULED = "overruled"
"""The screening grounds against which he wants the complaint filed all the same."""
DANGER = "danger"
"""Somebody's body or safety is at stake: the case goes first (read by cases.facts)."""

# A type surer than this is taken without asking (he sees it in the read-back, and can change it there); below, the menu is
# shown. Of guesses between 0.3 and 0.4 half are right, which is worth as much as a message more for everybody.
SURE_OF_TYPE = 0.3

# Without a purchase there is no proof of one.
_WITHOUT_PURCHASE = frozenset({"privacy", "other"})

LEAST_ACCOUNT = 7
"""From this weight on (`phrases.weight`) words may be an account, whatever their intent."""

DETAIL = "detail"
CONFIRM = "confirm"
EVIDENCE = "evidence"


def next_question(facts: Facts, evidence: int) -> str:
    """The next thing to ask, `confirm` when nothing is missing. `evidence`: how many files the draft has."""
    if not facts.get("complaint_type"):
        return "complaint_type"
    if not facts.get("description"):
        return "description"
    if phrases.is_vague(str(facts["description"])) and not facts.get(ASKED_DETAIL):
        return DETAIL
    if not facts.get("order_no"):
        if not facts.get(NO_ORDER):
            return "order_no"
        if PROOF not in facts and needs_proof(facts, evidence):
            return PROOF
    if evidence == 0 and not facts.get(EVIDENCE_DONE):
        return EVIDENCE
    return CONFIRM


def needs_proof(facts: Facts, evidence: int) -> bool:
    """Does a complaint without an order number need another proof of the purchase?"""
    if facts.get("complaint_type") in _WITHOUT_PURCHASE:
        return False
    return evidence == 0 and not facts.get("purchase_date")


def has_content(facts: Facts) -> bool:
    """Was anything told that is worth going on with later?"""
    return any(facts.get(key) for key in ("complaint_type", "description", *FILLED_BY_ENTITY))


def is_account(heard: Heard) -> bool:
    """Is a text an account of a grievance, by its intent or by the type that it surely has?"""
    if heard.pressed or not phrases.tells_something(heard.text):
        return False
    if heard.intent == "file_complaint":
        return True
    if (
        heard.intent in ("inform", "nlu_fallback")
        and heard.value("order_no")
        and phrases.tells_beside_numbers(heard.text)
    ):
        return True  # "榨汁机转两下就冒糊味，订单号…": the number drowns the grievance
    return heard.surest("complaint_type", SURE_OF_TYPE) is not None and not phrases.wants_person(heard.text)


def may_be_account(heard: Heard) -> bool:
    """Is a text long enough to be an account where nothing else can be meant?"""
    return not heard.pressed and phrases.weight(heard.text) >= LEAST_ACCOUNT


def add_words(facts: Facts, text: str) -> dict[str, Any]:
    """The facts with `text` added to the account; the same words again change nothing."""
    known = str(facts.get("description") or "")
    words = text.strip()
    if not words or words in known:
        return dict(facts)
    return {**facts, "description": f"{known}\n{words}" if known else words}


def holdable(name: str, value: str) -> bool:
    """Can a case hold this value (an amount within reason, a known code)? Others are as good as not said."""
    try:
        read_facts({"complaint_type": "other", "description": "-", name: value})
    except InvalidFact:
        return False
    return True
