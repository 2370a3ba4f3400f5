"""What a linear model sees of a text: its characters' n-grams, its words, and how it sounds.

Words say what characters only hint at (有限 is not 有 and 限); sounds bring together what people mistype and what
voice input mishears (从投来 and 从头来). All are strings that count how often they occur; none is decided by hand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from pypinyin import pinyin_dict

from bot.nlu.words import words_of

_PUNCTUATION = re.compile(r"[\s,.?!。、;:·…\"'“”‘’`()\[\]{}<>《》「」『』【】~|_\-—=+*/\\]+")
_DIGITS = re.compile(r"\d+")
_REPEATED = re.compile(r"(.)\1{2,}")
_LONGEST = 600
_LENGTHS = ((4, "S"), (8, "M"), (16, "L"), (30, "XL"), (_LONGEST, "XXL"))
_TONES = str.maketrans("āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿ", "aaaaeeeeiiiioooouuuuvvvvnnnm")
# What many speakers do not tell apart, and so mistype for one another.
_ALIKE = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ang", "an"), ("eng", "en"), ("ing", "in"))


@dataclass(frozen=True, slots=True)
class Features:
    """Which features a model has."""

    longest_ngram: int = 2
    words: bool = False
    sounds: bool = False

    def of(self, text: str) -> Iterator[str]:
        """The features of `text`, each as often as it occurs."""
        yield from ngrams(text, self.longest_ngram)
        if self.words:
            yield from words(text)
        if self.sounds:
            yield from sounds(text)


def ngrams(text: str, longest: int) -> Iterator[str]:
    """How long the text is, and its n-grams.

    N-grams are taken in lower case, without punctuation (which many leave out), with runs of digits as their
    length and both ends marked.
    """
    plain = _DIGITS.sub(lambda run: "0" * min(len(run.group()), 4), text[: _LONGEST // 2].lower())
    plain = _REPEATED.sub(r"\1\1", _PUNCTUATION.sub("", plain))
    marked = f"^{plain}$"
    yield f"length {next(sign for longest_of, sign in _LENGTHS if len(plain) <= longest_of)}"
    for length in range(1, longest + 1):
        for start in range(len(marked) - length + 1):
            yield marked[start : start + length]


def words(text: str) -> Iterator[str]:
    """The words of two characters and more, and every two words that follow each other."""
    said = [text[one.start : one.end].lower() for one in words_of(text[: _LONGEST // 2])]
    said = ["^", *(word for word in said if word.strip()), "$"]
    yield from (f"word {word}" for word in said if len(word) > 1)
    yield from (f"words {first} {second}" for first, second in pairwise(said))


def sounds(text: str) -> Iterator[str]:
    """Every two syllables that follow each other, without tones."""
    said = ["^", *map(_syllable, text[: _LONGEST // 2]), "$"]
    yield from (f"sound {first} {second}" for first, second in pairwise(said))


@lru_cache(maxsize=30_000)
def _syllable(character: str) -> str:
    """How the character is most often read; one that no dictionary has stands for itself."""
    readings: str = pinyin_dict.pinyin_dict.get(ord(character), "")
    syllable = readings.split(",")[0].translate(_TONES)
    for said, heard in _ALIKE:
        syllable = syllable.replace(said, heard)
    return syllable or character.lower()
