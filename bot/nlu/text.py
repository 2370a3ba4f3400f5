"""One written form for what people type: compatibility forms folded (NFKC), Traditional characters made
Simplified.

Both are done character by character, so that every place in the folded text is known in the original one.
Words must not be converted here (軟體 → 软件): that would move offsets; the models learn such words from
data.
"""

from __future__ import annotations

import sys
import unicodedata
from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache

import opencc

# The blocks that hold Han characters which OpenCC maps: URO with extension A, compatibility forms, and plane
# 2.
_HAN_BLOCKS = ((0x3400, 0xA000), (0xF900, 0xFB00), (0x20000, 0x2FA20))


@dataclass(frozen=True, slots=True)
class Normalised:
    """A folded text and the way back to the text it came from.

    `offsets` is None while both have the same length; otherwise `offsets[i]` is the place in the original of
    the folded text's i-th character, with one more entry for the end.
    """

    text: str
    offsets: tuple[int, ...] | None = None

    def original_span(self, start: int, end: int) -> tuple[int, int]:
        """The span of the original that the folded text's `[start, end)` came from; never half a
        character."""
        if self.offsets is None:
            return start, end
        first = self.offsets[start]
        # A character that unfolded into several ends where the next original one begins.
        last = self.offsets[end - 1] if end > start else first
        following = bisect_left(self.offsets, last + 1)
        return first, self.offsets[following] if end > start else first

    def folded_span(self, start: int, end: int) -> tuple[int, int]:
        """The folded text's span that the original's `[start, end)` became."""
        if self.offsets is None:
            return start, end
        return bisect_left(self.offsets, start), bisect_left(self.offsets, end)


def normalise(text: str) -> Normalised:
    """Fold `text`: ＴＳ１２３ → TS123, 退貨 → 退货, ㎡ → m2. Case, spaces and punctuation of ASCII stay."""
    table = _table()
    folded = text.translate(table)
    if len(folded) == len(text):
        return Normalised(folded)
    offsets: list[int] = []
    for place, character in enumerate(text):
        offsets.extend([place] * len(character.translate(table)))
    offsets.append(len(text))
    return Normalised(folded, tuple(offsets))


@lru_cache(maxsize=1)
def _table() -> dict[int, str]:
    """What each character becomes. Built once, about 0.4 s: every character's NFKC form, then its Simplified
    one."""
    simplified = _simplified()
    table = {ord(traditional): simple for traditional, simple in simplified.items()}
    for code in range(0x80, sys.maxunicode + 1):
        if (
            0xAC00 <= code <= 0xD7A3
            or 0xD800 <= code <= 0xDFFF
            or 0x30000 <= code <= 0xE0FFF
            or code >= 0xF0000
        ):
            continue  # Hangul syllables, surrogates and planes without compatibility forms of their own
        character = chr(code)
        folded = unicodedata.normalize("NFKC", character)
        if folded != character and folded:
            table[code] = "".join(simplified.get(part, part) for part in folded)
    return table


def _simplified() -> dict[str, str]:
    characters = [chr(code) for start, end in _HAN_BLOCKS for code in range(start, end)]
    # One call for all; the line ends between keep OpenCC's phrases from matching across characters.
    converted = opencc.OpenCC("t2s").convert("\n".join(characters)).split("\n")
    return {
        before: after
        for before, after in zip(characters, converted, strict=True)
        if before != after and len(after) == 1
    }
