"""Simplified or Traditional: which script a person writes, and our words in it.

Rows hold our words in Simplified, so that typed choices and the console need to know one form only; what goes to a
person who writes Traditional is turned on its way out. Characters only, no regional words: 軟體 stays what it was.
"""

from __future__ import annotations

from functools import lru_cache

import opencc

HANS = "hans"
HANT = "hant"


def script_of(text: str) -> str | None:
    """The script that `text` is written in; None where it does not show (你好 and 台 are the same in both).

    A character shows it that only one of the two scripts' old national sets has: GB 2312 (Simplified) or Big5.
    """
    shows = [_shown_by(before, after) for before, after in zip(text, simplified(text), strict=False)]
    traditional, simple = shows.count(HANT), shows.count(HANS)
    if traditional == simple:
        return None
    return HANT if traditional > simple else HANS


def _shown_by(character: str, as_simplified: str) -> str | None:
    if not "\u3400" <= character <= "\u9fff":
        return None
    if character != as_simplified:
        return None if _is_in(character, "gb2312") else HANT
    return HANS if _is_in(character, "gb2312") and not _is_in(character, "big5") else None


def _is_in(character: str, codec: str) -> bool:
    try:
        character.encode(codec)
    except UnicodeEncodeError:
        return False
    return True


def simplified(text: str) -> str:
    """The text in Simplified characters."""
    return str(_converter("t2s").convert(text))


def as_said(text: str, author: str, script: str) -> str:
    """What goes to a person: our words in his script, an agent's as the agent wrote them."""
    return str(_converter("s2tw").convert(text)) if script == HANT and author != "agent" else text


@lru_cache(maxsize=4)
def _converter(name: str) -> opencc.OpenCC:
    return opencc.OpenCC(name)
