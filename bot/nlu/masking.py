"""What a classifier reads in place of a text: what has a shape becomes one sign each.

So 订单号是 202405178823456 and 订单号是 JD99812201 are the same sentence to it, and it cannot learn
anybody's number.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from bot.nlu.reading import AMOUNT, CASE_NUMBER, ORDER_NUMBER, PHONE, TIME, Reading

# Signs of a private use area: no person types them, and no normalisation changes them.
SIGNS: Mapping[str, str] = MappingProxyType(
    {CASE_NUMBER: "\ue001", PHONE: "\ue002", ORDER_NUMBER: "\ue003", AMOUNT: "\ue004", TIME: "\ue005"}
)


# What an encoder that knows only language reads in their place: one of each kind, always the same.
SPOKEN: Mapping[str, str] = MappingProxyType(
    {CASE_NUMBER: "编号1234", PHONE: "13800000000", ORDER_NUMBER: "12345678", AMOUNT: "100元", TIME: "昨天"}
)


def masked(reading: Reading) -> str:
    """The normalised text with every case number, phone, order number, amount and time as one sign."""
    return _replaced(reading, SIGNS)


def said_aloud(reading: Reading) -> str:
    """The normalised text with one and the same number, amount or time of its kind in the place of each."""
    return _replaced(reading, SPOKEN)


def _replaced(reading: Reading, by: Mapping[str, str]) -> str:
    text = reading.normalised.text
    finds = sorted((one.start, one.end, by[kind]) for kind in by for one in reading.found.get(kind, ()))
    parts = []
    done = 0
    for start, end, sign in finds:
        parts += [text[done:start], sign]
        done = end
    parts.append(text[done:])
    return "".join(parts)
