"""What a tagger sees of each character of a text, as numbers: itself and its neighbours, alone and together, the kinds of
characters, how far into its clause it stands, and the words and finds known there, beside it and ahead.

All of it for many texts at once, in arrays: a million characters take seconds. A feature is a hash of what was seen and
where; which ones matter is learnt.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from bot.nlu.lexicon import Lexicon
from bot.nlu.spans import Found

Hashes = npt.NDArray[np.uint32]
Places = npt.NDArray[np.int64]

BITS = 25  # of a hash: some millions of features among 33 million places seldom meet
_EDGE = 0xE000  # a character of private use: before and behind every text
_MARGIN = 8  # how many of them: nothing looks further
_NEAR = 3
_WINDOWS = (
    *((place,) for place in range(-_NEAR, _NEAR + 1)),
    *((place, place + 1) for place in range(-_NEAR, _NEAR)),
    *((place, place + 1, place + 2) for place in range(-_NEAR, 2)),
    (-4, -3, -2, -1), (-3, -2, -1, 0), (0, 1, 2, 3), (1, 2, 3, 4),
    # with a gap, where the character itself does not count: what a name stands between
    (-1, 1), (-2, 1), (-1, 2), (-2, -1, 1), (-1, 1, 2),
)  # fmt: skip
_FAR = (-8, -7, -6, -5, -4, 4, 5, 6, 7)  # pairs that begin there
_KINDS_OF_WINDOWS: dict[tuple[int, ...], int] = {
    **{window: number for number, window in enumerate(_WINDOWS)},
    **{(place, place + 1): 100 + place for place in _FAR},
}
# All windows of one length are hashed at once: their kinds, and the places of their first, second, … characters.
_WINDOWS_BY_LENGTH = [
    (
        np.array([kind for window, kind in _KINDS_OF_WINDOWS.items() if len(window) == length], np.uint64),
        np.array([window for window in _KINDS_OF_WINDOWS if len(window) == length]).T,
    )
    for length in sorted(set(map(len, _KINDS_OF_WINDOWS)))
]
_DEEPEST = 6  # into a clause: after that a character is simply far in
_BESIDE = (0, -1, 1, -2, 2)  # from which places a known word's characters are seen
_AHEAD = 6  # from how far before it a known word's beginning is seen
_BEGINS, _INSIDE, _ENDS, _COMES = range(4)
_SIGNS = "ps"  # kinds that end a clause: punctuation and spaces


@dataclass(frozen=True, slots=True)
class Seen:
    """The features of the characters of texts that follow one another."""

    fixed: Hashes  # one row a character, as many columns as every character has features
    more: Hashes  # further features, of known words
    more_of: Places  # to which character each of them belongs
    starts: Places  # at which character each text begins; the last entry is how many characters there are


def seen(texts: Sequence[str], hints: Sequence[Sequence[Found]], lexicon: Lexicon) -> Seen:
    """The features of every character of `texts`. `hints`: for each text spans of which something is known that is no
    label, and what; the lexicon's words are looked up."""
    lowered = [_lower(text) for text in texts]
    lengths = np.array([len(text) for text in lowered], dtype=np.int64)
    starts = np.concatenate(([0], np.cumsum(lengths)))
    codes, places = _padded(lowered, lengths, starts)
    kinds = _kinds(codes)

    windows = [
        _hash(kinds_of[:, None], *(codes[places + at[:, None]] for at in columns)).T
        for kinds_of, columns in _WINDOWS_BY_LENGTH
    ]
    shape = _hash(200, kinds[places - 1], kinds[places], kinds[places + 1])
    clause = _clause_starts(kinds[places], starts, lengths)
    depth = _hash(201, np.minimum(np.arange(len(places)) - clause, _DEEPEST))

    more, more_of = _known_words(lowered, hints, lexicon, starts, clause)
    return Seen(np.column_stack([*windows, shape, depth]), more, more_of, starts)


def _lower(text: str) -> str:
    lowered = text.lower()
    return lowered if len(lowered) == len(text) else text  # İ becomes two characters


def _padded(texts: Sequence[str], lengths: Places, starts: Places) -> tuple[npt.NDArray[np.uint32], Places]:
    """The code points of all texts with edges between them, and where in that each character lies."""
    joined = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    edges = _MARGIN * (2 * np.arange(len(texts)) + 1)
    places = np.arange(len(joined)) + np.repeat(edges, lengths)
    codes = np.full(len(joined) + 2 * _MARGIN * len(texts), _EDGE, dtype=np.uint32)
    codes[places] = joined
    return codes, places


def _kinds(codes: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint32]:
    different, where = np.unique(codes, return_inverse=True)
    kinds: npt.NDArray[np.uint32] = np.array([ord(_kind(chr(code))) for code in different], dtype=np.uint32)
    return np.asarray(kinds[where], dtype=np.uint32)


@lru_cache(maxsize=10_000)
def _kind(character: str) -> str:
    if ord(character) == _EDGE:
        return "E"
    if character.isdigit():
        return "0"
    if character.isascii() and character.isalpha():
        return "a"
    if "\u3400" <= character <= "\u9fff":
        return "H"
    return "s" if character.isspace() else "p"


def _clause_starts(kinds: npt.NDArray[np.uint32], starts: Places, lengths: Places) -> Places:
    """For each character the one at which its clause begins: behind the last sign before it, or with its text."""
    place = np.arange(len(kinds))
    behind_sign = np.where(np.isin(kinds, [ord(sign) for sign in _SIGNS]), place + 1, 0)
    last = np.maximum.accumulate(np.concatenate(([0], behind_sign))[:-1])
    return np.asarray(np.maximum(last, np.repeat(starts[:-1], lengths)), dtype=np.int64)


def _known_words(
    texts: Sequence[str], hints: Sequence[Sequence[Found]], lexicon: Lexicon, starts: Places, clause: Places
) -> tuple[Hashes, Places]:
    spans = [
        (starts[number] + one.start, starts[number] + min(one.end, len(text)), _named(one.value), number)
        for number, (text, known) in enumerate(zip(texts, hints, strict=True))
        for one in (*known, *lexicon.found_in(text))
        if one.start < len(text)
    ]
    if not spans:
        return np.zeros(0, np.uint32), np.zeros(0, np.int64)
    begins, ends, names, of_text = np.array(spans, dtype=np.int64).T
    lengths = ends - begins
    place = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)  # within its word
    where = np.where(place == 0, _BEGINS, np.where(place == np.repeat(lengths, lengths) - 1, _ENDS, _INSIDE))
    named, owner = np.repeat(names, lengths), np.repeat(of_text, lengths)
    place += np.repeat(begins, lengths)
    found = []
    for off in _BESIDE:
        inside = (place + off >= starts[owner]) & (place + off < starts[owner + 1])
        found.append((_hash(300 + off, named[inside], where[inside]), place[inside] + off))
    for distance in range(1, _AHEAD + 1):
        near = begins - distance
        inside = near >= clause[np.minimum(begins, len(clause) - 1)]
        found.append((_hash(400 + distance, names[inside], np.full(inside.sum(), _COMES)), near[inside]))
    return np.concatenate([hashes for hashes, _ in found]), np.concatenate([of for _, of in found])


@lru_cache(maxsize=1_000)
def _named(name: str) -> int:
    return zlib.crc32(name.encode())


def _hash(kind: int | npt.NDArray[np.uint64], *columns: npt.NDArray[Any]) -> Hashes:
    """One number of `BITS` bits for what stands in the columns, and for the kind of feature that it is."""
    with np.errstate(over="ignore"):  # a hash runs over
        mixed = (
            np.uint64(kind) * _KIND_APART + _START if isinstance(kind, int) else kind * _KIND_APART + _START
        )
        for column in columns:
            mixed = (mixed ^ column.astype(np.uint64)) * np.uint64(0xBF58476D1CE4E5B9)  # of SplitMix64
            mixed ^= mixed >> np.uint64(31)
    return np.asarray(mixed >> np.uint64(64 - BITS), dtype=np.uint32)


_START, _KIND_APART = np.uint64(0x9E3779B97F4A7C15), np.uint64(0x632BE59BD9B4E019)
