"""Which characters of a platform's text we keep, and which we pass on.

Pure rules over single strings. It cleans; it does not understand, shorten or mask.
"""

from __future__ import annotations

import unicodedata
from functools import cache

import opencc

_KEPT_CONTROLS = "\n\t"
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Zs", "Zl", "Zp", "Mn", "Me"})


def clean_text(text: str | None) -> str | None:
    """The text without what no person typed: controls, halves of surrogate pairs, non-characters.

    Line ends become `\\n`. Joiners and variation selectors stay, since emoji are made of them. None where
    nothing visible is left. XML 1.0 (WeChat's replies) and PostgreSQL can hold every character that is left.
    """
    if text is None:
        return None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.isprintable():
        text = "".join(c for c in text if _kept(c))
    return text if any(unicodedata.category(c) not in _INVISIBLE for c in text) else None


def _kept(char: str) -> bool:
    if char in _KEPT_CONTROLS:
        return True
    code = ord(char)
    if code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF:
        return False
    return unicodedata.category(char) not in ("Cc", "Cs")


def is_traditional(text: str) -> bool:
    """Is the text written in Traditional characters, so that words of ours beside it should be, too?"""
    return bool(_to_simplified().convert(text) != text)


@cache
def _to_simplified() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def display_columns(text: str) -> int:
    """How wide a text is shown: a Chinese character or an emoji takes two columns, a Latin letter one."""
    return sum(map(_columns, text))


def _columns(char: str) -> int:
    if unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1
