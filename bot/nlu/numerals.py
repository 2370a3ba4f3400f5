"""Numbers as Chinese writes and says them: 三百二, 一万二, 1.5万, 3千5, 2w, 壹佰贰拾, 1,299.00.

Reads one number from the text of one number; finding numbers in a sentence, and what they count, is not its
business.
"""

from __future__ import annotations

import re
from decimal import Decimal

_DIGITS = {
    **{character: value for value, character in enumerate("零一二三四五六七八九")},
    **{character: value for value, character in enumerate("零壹贰叁肆伍陆柒捌玖")},
    "〇": 0,
    "两": 2,
    "俩": 2,
}
_UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000, "k": 1000, "K": 1000}
_SCORES = {"廿": 20, "卅": 30}
_MYRIADS = {"万": 10_000, "w": 10_000, "W": 10_000, "亿": 100_000_000}

HAN_DIGIT = "零〇一二两俩三四五六七八九壹贰叁肆伍陆柒捌玖"
HAN_UNIT = "十百千万亿拾佰仟廿卅"
ARABIC = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?"

# One number: 1.5万, 3千5, 2w (not 2wifi), 三百二十, 十五, 一点五万.
NUMBER = (
    rf"(?:{ARABIC}(?:(?:[十百千万亿拾佰仟]|[kKwW](?![A-Za-z]))(?:[\d{HAN_DIGIT}][十百千万]?)*)?"
    rf"|[{HAN_DIGIT}{HAN_UNIT}]+(?:点[{HAN_DIGIT}]+[百千万亿]?)?)"
)

_PART = re.compile(rf"{ARABIC}|.")

# 三百二, 两千八, 一万二, 3千5: the last digit counts tenths of the unit before it.
_ELIDED = re.compile(r".*[百千万佰仟kKwW][1-9一二三四五六七八九]")


def is_elided(text: str) -> bool:
    """Whether the number drops its last unit (三百二 for 320), as people do for prices and hardly for
    else."""
    return _ELIDED.fullmatch(text) is not None


def read_number(text: str) -> Decimal | None:
    """The number that the whole of `text` writes, None if it writes none (三四百 is two, 百万千 nonsense)."""
    total = Decimal(0)
    section = Decimal(0)  # what stands below the next 万
    current: Decimal | None = None
    smallest = 0  # the last unit read; 0: none yet
    after_zero = False
    digits_only: list[int] = []
    fraction: list[int] | None = None
    for part in _PART.findall(text):
        if part == "点":
            if current is None or fraction is not None:
                return None
            fraction = []
        elif part in _DIGITS:
            digit = _DIGITS[part]
            if fraction is not None:
                fraction.append(digit)
            elif digit == 0 and not (current is None and not smallest):
                after_zero = True
                digits_only.append(0)
            else:
                if current is not None and smallest:
                    return None
                current = Decimal(digit)
                digits_only.append(digit)
        elif part[0].isdigit():
            if current is not None:
                return None
            current = Decimal(part.replace(",", ""))
        elif part in _SCORES:
            if current is not None or (smallest and smallest <= 10):
                return None
            section += _SCORES[part]
            smallest = 10
        elif part in _UNITS or part in _MYRIADS:
            if len(digits_only) > 1 and not smallest:
                return None
            digits_only = digits_only if smallest else []
            if fraction:
                current = _with_fraction(current, fraction)
                fraction = None
            if part in _MYRIADS:
                amount = section + (current or 0)
                if amount == 0:
                    return None
                total = (total + amount) * _MYRIADS[part] if part == "亿" else total + amount * _MYRIADS[part]
                section, smallest = Decimal(0), _MYRIADS[part]
            else:
                unit = _UNITS[part]
                if smallest and smallest < 10_000 and unit >= smallest:
                    return None
                if current is None and unit != 10:
                    return None
                section += (Decimal(1) if current is None else current) * unit
                smallest = unit
            current, after_zero = None, False
        else:
            return None
    if fraction is not None:
        if not fraction:
            return None
        current = _with_fraction(current, fraction)
    if not smallest and len(digits_only) > 1:
        return Decimal("".join(map(str, digits_only)))
    if current is not None:
        elided = smallest >= 100 and not after_zero and 0 < current < 10 and current == int(current)
        section += current * smallest / 10 if elided else current
    elif not smallest:
        return None
    return total + section


def _with_fraction(current: Decimal | None, fraction: list[int]) -> Decimal:
    return Decimal(f"{int(current or 0)}." + "".join(map(str, fraction)))
