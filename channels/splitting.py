"""Cutting a long text into messages that a platform takes, where a reader would pause.

Pure rules. Each platform brings its own limit and its own way of counting.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

Weight = Callable[[str], int]
"""What one character counts on a platform."""

_BORDERS = (
    re.compile(r"\n\s*\n"),
    re.compile(r"\n"),
    re.compile(r"[。！？…]+[”’」』）】]*|[.!?](?=\s)"),
    re.compile(r"[，、：；]|[,:;](?=\s)"),
    re.compile(r"\s"),
)
"""From the best place to cut to the worst; the cut is behind the match."""
_LONGEST_UNIT = 32
_TOKEN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.,:/_-")
_ZERO_WIDTH_JOINER = "\u200d"


def utf16_units(char: str) -> int:
    """Telegram counts UTF-16 code units: an emoji beyond the first plane is two."""
    return 2 if ord(char) > 0xFFFF else 1


def utf8_bytes(char: str) -> int:
    """WeChat counts UTF-8 bytes: a Chinese character is three."""
    code = ord(char)
    return 1 if code < 0x80 else 2 if code < 0x800 else 3 if code < 0x10000 else 4


def size(text: str, weight: Weight) -> int:
    """What the whole text counts."""
    return sum(map(weight, text))


def split_text(text: str, limit: int, weight: Weight) -> list[str]:
    """The text in parts of at most `limit`, in order; white space around a cut goes.

    Cuts at the last paragraph, line, sentence, clause or space in the second half of a part, in this order;
    where there is none, anywhere but inside a number or Latin word, or at least not inside one visible
    character.
    """
    parts: list[str] = []
    rest = text.strip()
    while rest:
        end = _fitting(rest, limit, weight)
        if end < len(rest):
            end = _border(rest, end)
        parts.append(rest[:end].rstrip())
        rest = rest[end:].lstrip()
    return parts


def _fitting(text: str, limit: int, weight: Weight) -> int:
    total = 0
    for index, char in enumerate(text):
        total += weight(char)
        if total > limit:
            if index == 0:
                raise ValueError("the limit does not even hold one character")
            return index
    return len(text)


def _border(text: str, end: int) -> int:
    for border in _BORDERS:
        cut = 0
        for match in border.finditer(text, end // 2, end):
            cut = match.end()
        if cut:
            return cut
    for cut in range(end, max(end - _LONGEST_UNIT, 0), -1):
        if not _joined(text, cut):
            return cut
    return end


def _joined(text: str, cut: int) -> bool:
    before, after = text[cut - 1], text[cut]
    if before in _TOKEN and after in _TOKEN:
        return True
    if before == _ZERO_WIDTH_JOINER or after == _ZERO_WIDTH_JOINER:
        return True
    if unicodedata.category(after) in ("Mn", "Me", "Mc"):
        return True
    if "\U0001f3fb" <= after <= "\U0001f3ff":  # skin tones
        return True
    if "\U000e0020" <= after <= "\U000e007f":  # tags, of which some flags are made
        return True
    if _is_flag_letter(before) and _is_flag_letter(after):
        start = cut
        while start and _is_flag_letter(text[start - 1]):
            start -= 1
        return (cut - start) % 2 == 1
    return False


def _is_flag_letter(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"
