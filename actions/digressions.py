"""Is a message in the intake about something else than the open question? Pure: the utterance and the
question go in.
"""

from __future__ import annotations

from actions import intake, phrases
from actions.heard import Heard

FREE_WORDS = frozenset({"description", intake.DETAIL, intake.PROOF})
"""Questions whose answer may be any words."""

_MEANT_AS_HEARD = frozenset(
    {
        "ask_evidence",
        "ask_external",
        "ask_handling_time",
        "ask_privacy",
        "ask_scope",
        "query_status",
        "repeat",
        "request_human",
    }
)
# A long account may sound like one of these: "我催了三次也没人理".
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
_DIGRESSIONS = _MEANT_AS_HEARD | _MAY_BE_AN_ACCOUNT
# "我要退款" at the read-back may be heard as an answer to a plan.
_MAY_STATE_A_WISH = frozenset({"accept_resolution", "reject_resolution"})
_ACCOUNT_WEIGHT = 8
_SURE_OF_URGING = 0.5
_SURE_OF_ASKING = 0.5
_SURE_OF_LEAVING = 0.8


def is_digression(heard: Heard) -> bool:
    """By its intent, is it something that the rules answer?"""
    if heard.intent == "urge" and heard.confidence < _SURE_OF_URGING and not heard.pressed:
        return False  # "打了三次电话没人接": rather a part of the account than pressing a case
    return heard.intent in _DIGRESSIONS


def asks(heard: Heard) -> bool:
    """Is it a question of the person's own, or a goodbye, whatever its words might answer? "这种情况一般能赔多少"."""
    if heard.intent == "goodbye":
        return heard.confidence >= _SURE_OF_LEAVING
    if not heard.intent.startswith("ask_"):
        return False
    return heard.pressed or (heard.confidence >= _SURE_OF_ASKING and phrases.is_question(heard.text))


def may_state_a_wish(heard: Heard) -> bool:
    """Is it a digression that may yet say what the person wants?"""
    return heard.intent in _MAY_STATE_A_WISH


def is_account_after_all(heard: Heard, asked: str | None) -> bool:
    """Is it, whatever its intent, a part of the account that was asked for?"""
    if asked not in ("complaint_type", *FREE_WORDS) or heard.pressed or asks(heard):
        return False
    if intake.is_account(heard):
        return True
    return heard.intent in _MAY_BE_AN_ACCOUNT and phrases.weight(heard.text) >= _ACCOUNT_WEIGHT


def wants_a_moment(heard: Heard) -> bool:
    """Does he want to look for something first? "查一下进度" asks, "等一下 我看看" does not, whatever it sounds like."""
    if heard.pressed or not phrases.asks_for_time(heard.text):
        return False
    return not is_digression(heard) or heard.intent == "repeat" or heard.intent in _MAY_BE_AN_ACCOUNT
