"""Reading a correction: "改订单号", "第三项不对", "金额是399不是299". Pure: the utterance and the open
question go in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from actions import answers, intake, items, phrases
from actions.digressions import FREE_WORDS
from actions.heard import Heard

_LONGEST_CORRECTION = 14
_ACCOUNT_WEIGHT = 10


@dataclass(frozen=True, slots=True)
class Correction:
    """What is to be changed. Without `values` the new value has to be asked for; without `item` the item as
    well.
    """

    item: str | None
    values: Mapping[str, str]


def read(heard: Heard, asked: str | None, facts: intake.Facts) -> Correction | None:
    """The correction in the message; None where it corrects nothing."""
    if heard.pressed and heard.intent != "correct":
        return None
    item = heard.value("item") or (items.item_to_correct(heard.text) if heard.text else None)
    values = answers.stated(heard)
    if item is None and heard.intent == "correct" and items.type_named(heard.text):
        item = "complaint_type"
    if item is None and asked not in FREE_WORDS:
        item = _told_otherwise(heard.text, values, facts)
        if item is not None:
            return Correction(item, {item: values[item]})
    if not _is_meant(heard, asked, item):
        return None
    if item is not None:
        one = values.get(item) or _typed(item, heard.text)
        others = {
            name: value
            for name, value in values.items()
            if name != item and (not facts.get(name) or items.names_item(heard.text, name))
        }
        values = {item: one, **others} if one else {}
    return Correction(item, values)


def _told_otherwise(text: str, values: Mapping[str, str], facts: intake.Facts) -> str | None:
    """The item that a short text gives another value than it has: "订单号是…", "金额：399"."""
    item = items.item_stated(text)
    if item is None or item not in values or phrases.weight(text) >= _LONGEST_CORRECTION:
        return None
    return item if facts.get(item) and facts[item] != values[item] else None


def _is_meant(heard: Heard, asked: str | None, item: str | None) -> bool:
    weight = phrases.weight(heard.text)
    if asked in FREE_WORDS:  # "订单上地址写错了，客服不给改" is an account
        return heard.intent == "correct" and weight < _ACCOUNT_WEIGHT
    if heard.intent == "correct":
        return True
    return item is not None and (asked == intake.CONFIRM or weight < _LONGEST_CORRECTION)


def _typed(item: str, text: str) -> str | None:
    if item == "complaint_type":
        return items.a_type(text) or items.type_named(text)
    if item == "amount":
        return items.an_amount(text)
    if item == "order_no":
        return items.an_order_number(text)
    if item == "remedy":
        return items.a_remedy(text)
    return answers.a_phone(text) if item == "phone" else None
