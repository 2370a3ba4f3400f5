"""Understanding a typed answer to a list of choices: "1", "一", "第一个", "1.", or the words of the choice. Pure rules."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from conversations.script import simplified

_DIGITS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}
_NUMBER = re.compile(r"^(?:我?选|第|选第)?\s*(\d{1,2}|[一二两三四五六七八九十]{1,3})\s*(?:个|项|条|号|种)?$")
_EDGES = " \t\r\n.。,，、!！?？)）(（:：;；~～\"'“”‘’「」【】"


def chosen(text: str, labels: Sequence[str], *, free_input: bool) -> int | None:
    """Which choice (from 0) the text names; None if it is no answer to the list.

    Where the open question wants a number or free words (`free_input`) only the words of a choice count.
    """
    plain = _plain(text)
    if not plain:
        return None
    for position, label in enumerate(labels):
        if plain == _plain(label):
            return position
    if free_input:
        return None
    match = _NUMBER.match(plain)
    if match is None:
        return None
    number = _number(match.group(1))
    return number - 1 if number is not None and 1 <= number <= len(labels) else None


def _plain(text: str) -> str:
    folded = simplified(unicodedata.normalize("NFKC", text)).casefold()
    return "".join(c for c in folded if unicodedata.category(c)[0] not in "CS").strip(_EDGES)


def _number(text: str) -> int | None:
    if text.isdecimal():
        return int(text)
    if text in _DIGITS:
        return _DIGITS[text]
    tens, ten, ones = text.partition("十")
    if not ten or (tens and tens not in _DIGITS) or (ones and ones not in _DIGITS):
        return None
    return (_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0)
