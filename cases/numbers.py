"""Case numbers: making them, reading what people type, telling a slip from a stranger's number.

`TS` + yymmdd + 6 random digits + a Verhoeff check digit over those 12 digits. Verhoeff catches every single
wrong digit and every swap of two neighbours. Pure: whether a number exists is the database's to say, not
this module's.
"""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from stdnum import verhoeff

PREFIX = "TS"
_RANDOM_DIGITS = 6
_WELL_FORMED = re.compile(r"TS(\d{6})(\d{6})(\d)")
_BARE = re.compile(r"\d{13}")
# What a slip looks like: digits lost, doubled, or typed as the letters that resemble them.
_RESEMBLES = re.compile(r"TS[0-9OILZSB]{8,18}")
_DASHES_AND_SPACES = frozenset({"Pd", "Pc", "Zs", "Cf", "Cc"})
_MORE_SEPARATORS = frozenset("\u2212·・.。:#")


@dataclass(frozen=True, slots=True)
class Valid:
    """A well-formed number; it may still belong to somebody else, or to nobody."""

    number: str


@dataclass(frozen=True, slots=True)
class Mistyped:
    """It was meant as a case number and cannot be one: a digit is wrong, missing or too many."""

    text: str


@dataclass(frozen=True, slots=True)
class NotANumber:
    """It was not meant as a case number."""


Reading = Valid | Mistyped | NotANumber


def new_number(day: date, random: Callable[[int], int] = secrets.randbelow) -> str:
    """A fresh number for a case that is filed on `day` (in the product's time zone).

    `random(n)` gives an integer below n. Two calls may agree, one in a million a day: the caller lets the
    database refuse the second and asks again.
    """
    digits = f"{day:%y%m%d}{random(10**_RANDOM_DIGITS):0{_RANDOM_DIGITS}d}"
    return f"{PREFIX}{digits}{verhoeff.calc_check_digit(digits)}"


def normalise(text: str) -> str:
    """What was typed without spaces, dashes, letter case and full-width forms."""
    folded = unicodedata.normalize("NFKC", text).upper()
    return "".join(
        c for c in folded if unicodedata.category(c) not in _DASHES_AND_SPACES and c not in _MORE_SEPARATORS
    )


def check(text: str, *, bare: bool = False) -> Reading:
    """Read a text that may be a case number.

    `bare` accepts the 13 digits without `TS`: for the answer to the question after the number, where nothing
    else is meant. Elsewhere 13 digits are rather an order number.
    """
    typed = normalise(text)
    if bare and _BARE.fullmatch(typed):
        typed = PREFIX + typed
    well_formed = _WELL_FORMED.fullmatch(typed)
    if well_formed and verhoeff.is_valid(typed[len(PREFIX) :]) and _is_day(well_formed.group(1)):
        return Valid(typed)
    if _RESEMBLES.fullmatch(typed):
        return Mistyped(typed)
    return NotANumber()


def _is_day(digits: str) -> bool:
    try:
        date(2000 + int(digits[:2]), int(digits[2:4]), int(digits[4:]))
    except ValueError:
        return False
    return True
