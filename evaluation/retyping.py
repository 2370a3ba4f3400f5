"""The same texts as other people would have typed them: with slips, in Traditional characters, without punctuation."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

import opencc

_PUNCTUATION = re.compile(r"[，。！？、；：…,.!?;:~～“”\"'‘’（）()]+(?!\d)")
# Characters that input methods and ears confuse, both ways.
_CONFUSED = (
    "的得", "在再", "做作", "帐账", "他她", "那哪", "是事", "以已", "带代", "坐座", "部步", "货或", "退腿",
    "修休", "钱前", "快块", "单但", "发法", "就旧", "点电", "客可", "消销", "投头", "诉速", "机几", "没每",
)  # fmt: skip
SLIP_EVERY = 14
"""One slip in so many characters."""


def _pairs() -> Mapping[str, str]:
    pairs = [group for group in _CONFUSED if len(group) == 2]
    return MappingProxyType({a: b for one, two in pairs for a, b in ((one, two), (two, one))})


_HOMOPHONES = _pairs()


def with_slips(text: str) -> str:
    """A slip every few characters, the same ones each time: a homophone, a letter twice, or two exchanged.

    Digits and Latin letters stay: a slip there makes another number, not the same text badly typed.
    """
    chance = random.Random(text)
    characters = list(text)
    for _ in range(max(1, len(text) // SLIP_EVERY)):
        places = [i for i, one in enumerate(characters) if "\u4e00" <= one <= "\u9fff"]
        if not places:
            break
        confusable = [i for i in places if characters[i] in _HOMOPHONES]
        place = chance.choice(confusable or places)
        if confusable and chance.random() < 0.7:
            characters[place] = _HOMOPHONES[characters[place]]
        elif chance.random() < 0.5 and place + 1 < len(characters) and place + 1 in places:
            characters[place], characters[place + 1] = characters[place + 1], characters[place]
        else:
            characters.insert(place, characters[place])
    return "".join(characters)


def in_traditional() -> Callable[[str], str]:
    """A function that writes a text in Traditional characters."""
    return opencc.OpenCC("s2t").convert


def without_punctuation(text: str) -> str:
    """The text with a space, or nothing, where a mark stood; a decimal point stays."""
    return _PUNCTUATION.sub(" ", text).strip() or text
