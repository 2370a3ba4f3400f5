"""Telephone numbers of the mainland, Hong Kong, Macau and Taiwan, as people type them. Works on normalised
text.

Shapes are those of the numbering plans (ITU E.164 country codes 86, 852, 853, 886); whether a number is in
service is not asked. Numbers inside longer runs of digits are not telephone numbers.
"""

from __future__ import annotations

import re

from bot.nlu.spans import Found

_BEFORE = r"(?<![\dA-Za-z.\-])"
_AFTER = r"(?![\d]|-\d|\.\d)"
_GAP = r"[\s\-]?"

_MAINLAND = re.compile(
    rf"{_BEFORE}(?:(?:\+|00)?86{_GAP}|\({_GAP}\+?86\){_GAP})?"
    rf"(?P<number>1[3-9](?:{_GAP}\d){{9}}){_AFTER}"
)
_LANDLINE = re.compile(
    rf"{_BEFORE}(?:\(?(?P<area>0(?:10|2\d|[3-9]\d{{2}}|[2-8](?=[\s\-)])))\)?{_GAP})"
    rf"(?P<local>[1-9]\d{{3}}{_GAP}\d{{3,4}})"
    rf"(?:\s?(?:-|转|ext\.?)\s?(?P<extension>\d{{1,5}}))?{_AFTER}"
)
_HOTLINE = re.compile(rf"{_BEFORE}(?P<number>[48]00{_GAP}\d{{3,4}}{_GAP}\d{{3,4}}){_AFTER}")
_ABROAD = re.compile(
    rf"{_BEFORE}(?:\+|00)(?:(?P<hk>852{_GAP}[2-9]\d{{3}}{_GAP}\d{{4}})|"
    rf"(?P<mo>853{_GAP}[268]\d{{3}}{_GAP}\d{{4}})"
    rf"|(?P<tw>886{_GAP}(?:9\d{{2}}{_GAP}\d{{3}}{_GAP}\d{{3}}|[2-8]{_GAP}\d{{3,4}}{_GAP}\d{{4}}))){_AFTER}"
)
_TAIWAN_MOBILE = re.compile(rf"{_BEFORE}(?P<number>09\d{{2}}{_GAP}\d{{3}}{_GAP}\d{{3}}){_AFTER}")
# Hong Kong and Macau numbers have eight digits and no area code: told from other numbers by a word before
# them.
_CUED_EIGHT = re.compile(
    rf"(?:电话|手机|手提|联络|联系|致电|打|whatsapp|WhatsApp|tel|Tel|TEL)[^\d\n]{{0,6}}{_BEFORE}"
    rf"(?P<number>[2-9]\d{{3}}[\s\-]?\d{{4}}){_AFTER}"
)
# Read out: 幺三八零零一三八零零零 by voice, or by people who write numbers as they say them.
_SPOKEN_DIGITS = "零〇一二两三四五六七八九幺"
_SPOKEN = re.compile(
    rf"(?<![{_SPOKEN_DIGITS}])(?P<number>[一幺]{_GAP}[三四五六七八九](?:{_GAP}[{_SPOKEN_DIGITS}]){{9}})(?![{_SPOKEN_DIGITS}])"
)
_AS_DIGIT = str.maketrans(_SPOKEN_DIGITS, "00122345678" + "91")
_ORDER_CUE = re.compile(
    r"(?:订单|单号|运单|快递单|编号|流水|卡号|账号|order)[^\d,，。;\n]{0,6}$", re.IGNORECASE
)


def find_phones(text: str) -> list[Found]:
    """Telephone numbers with their values: mobile 13800138000, landline 010-12345678, abroad +85291234567.

    A landline keeps its dash (area-local) and an extension (-801); a hotline is its digits.
    """
    found: list[Found] = []

    def add(start: int, end: int, value: str) -> None:
        one = Found(start, end, value)
        if not _ORDER_CUE.search(text[:start]) and not any(one.overlaps(other) for other in found):
            found.append(one)

    for match in _ABROAD.finditer(text):
        add(match.start(), match.end(), "+" + _digits(match["hk"] or match["mo"] or match["tw"]))
    for match in _MAINLAND.finditer(text):
        add(match.start(), match.end(), _digits(match["number"]))
    for match in _SPOKEN.finditer(text):
        add(match.start(), match.end(), _digits(match["number"].translate(_AS_DIGIT)))
    for match in _TAIWAN_MOBILE.finditer(text):
        add(match.start(), match.end(), _digits(match["number"]))
    for match in _HOTLINE.finditer(text):
        if len(_digits(match["number"])) == 10:
            add(match.start(), match.end(), _digits(match["number"]))
    for match in _LANDLINE.finditer(text):
        extension = f"-{match['extension']}" if match["extension"] else ""
        add(match.start(), match.end(), f"{match['area']}-{_digits(match['local'])}{extension}")
    for match in _CUED_EIGHT.finditer(text):
        add(match.start("number"), match.end("number"), _digits(match["number"]))
    return sorted(found, key=lambda one: one.start)


def _digits(text: str) -> str:
    return "".join(character for character in text if character.isdigit())
