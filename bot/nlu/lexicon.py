"""Named lists of words, and where their words stand in a text."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from bot.nlu.spans import Found

_SHORTEST = 2


class Lexicon:
    """Lists of words by name; words of one character are left out, for they are everywhere."""

    def __init__(self, words: Mapping[str, Collection[str]]) -> None:
        self.words = {
            name: frozenset(word for word in entries if len(word) >= _SHORTEST)
            for name, entries in words.items()
        }
        self._longest = {name: max(map(len, entries), default=0) for name, entries in self.words.items()}
        self._beginnings = {
            name: frozenset(word[:_SHORTEST] for word in entries) for name, entries in self.words.items()
        }

    def found_in(self, text: str) -> list[Found]:
        """Each list's words in `text` (in lower case), the longest first; the value is the list's name."""
        found = []
        for name, entries in self.words.items():
            beginnings, longest = self._beginnings[name], self._longest[name]
            place = 0
            while place <= len(text) - _SHORTEST:
                length = 0
                if text[place : place + _SHORTEST] in beginnings:
                    most = min(longest, len(text) - place)
                    length = next(
                        (n for n in range(most, _SHORTEST - 1, -1) if text[place : place + n] in entries), 0
                    )
                    if length:
                        found.append(Found(place, place + length, name))
                place += length or 1
        return found
