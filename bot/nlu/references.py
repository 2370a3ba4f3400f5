"""Numbers that name a thing: our case numbers, and the order, parcel and policy numbers of others.

Works on normalised text. Says what a number looks like; whether a case number's check digit holds or an
order exists is for those to answer who keep them.
"""

from __future__ import annotations

import re

from bot.nlu.spans import Found

# TS, yymmdd, six digits, a check digit; typed with any spaces and dashes. A wrong length is reported all the
# same, so that the person can be told that it is mistyped.
_CASE = re.compile(r"(?<![A-Za-z])[Tt]\s?[Ss][\s\-_:#.]*(?P<digits>\d(?:[\s\-_]*\d){9,15})(?![\dA-Za-z])")

_CUE = (
    r"(?:订单编号|订单号码|订单号|订单|单号|单子|运单|我的号|[Nn][Oo]\.|快递|物流|编号|流水号?|保单号?|票号|合同号?|受理号|"
    r"工单号?|回执号?|交易号|序列号|"
    r"order(?:\s?(?:no|number|id))?|Order(?:\s?(?:No|Number|ID))?|ORDER)"
)
_LINK = (
    r"[\s:.#№]*(?:(?:ID|[Ii]d|is|IS)(?![A-Za-z0-9]))?[\s:.#№]*(?:号码?|的号)?[\s:.#]*"
    r"(?:是|为|就是|叫|=|填|应该是|改成|改为|不是)?[\s:.#\"'“「【\[(]*"
)
_WRITTEN = r"[A-Za-z0-9](?:[A-Za-z0-9]|[\-_](?=[A-Za-z0-9]))*"
_GROUPS_AFTER_CUE = (
    r"(?:\d{2,8}(?:[\s\-]\d{1,8}){1,5}"  # 1234 5678 9012
    r"|[A-Za-z]{1,4}(?:[ \-][A-Za-z]{1,4})?[ \-]?\d{2,6}(?:[\s\-]\d{1,6}){1,5}"  # WH-BJ 0930 0027
    r"|[A-Za-z]{1,4}[ \-]?[A-Za-z0-9]{2,6}(?: (?=[A-Za-z]*\d)[A-Za-z0-9]{1,6}){1,4})"  # sh-88a6 021 7c
    r"(?![A-Za-z0-9\-_])"
)
# 2025 1018 TS 0043, 773 0088 4512 99, 3 3 1 0-8 8 2 0-K: short groups of any kind, with five digits among them.
_MIXED_GROUPS = (
    r"(?=(?:[A-Za-z \-]*\d){5})[A-Za-z0-9]{1,8}(?:[ \-](?:(?=[A-Za-z]*\d)[A-Za-z0-9]{1,6}|[A-Z]{1,3}(?![A-Za-z]))){2,12}"
    r"(?![A-Za-z0-9\-_])"
)
_AFTER_CUE = re.compile(rf"{_CUE}{_LINK}(?P<number>{_MIXED_GROUPS}|{_GROUPS_AFTER_CUE}|{_WRITTEN})")
_BARE = re.compile(rf"(?<![A-Za-z0-9@._/\-])(?P<number>{_WRITTEN})(?![A-Za-z0-9@_/]|\.[A-Za-z0-9])")
_GROUPED = re.compile(
    r"(?<![A-Za-z0-9.\-])(?P<number>\d{4}(?:[ \-]\d{4}){2,5}(?:[ \-]\d{1,3})?)(?![A-Za-z0-9])"
)
# A number in groups behind a carrier's or shop's letters: SF 1440 8827 9013, WH-BJ 0930 0027.
_LETTERED = re.compile(
    r"(?<![A-Za-z0-9._@/\-])(?P<number>[A-Za-z]{1,6}(?:-[A-Za-z]{1,4})?[ \-]?\d{2,8}(?:[ \-]\d{1,6}){1,5}"
    r"(?: ?[A-Z]{2}(?![A-Za-z]))?)"
    r"(?![A-Za-z0-9\-_.:/])"
)
FEWEST_LETTERED_DIGITS = 8
# Spelled out, sign by sign: H B 2 6 0 8 8 1 4; and read out after its cue: 订单号是八八二零四四一七三九.
_SPELLED = re.compile(
    r"(?<![A-Za-z0-9] )(?<![A-Za-z0-9])(?P<number>[A-Za-z0-9](?: [A-Za-z0-9]){6,})(?! ?[A-Za-z0-9])"
)
_READ_OUT = re.compile(rf"{_CUE}{_LINK}(?P<number>[零〇一二两三四五六七八九幺]{{6,20}})")
_AS_DIGITS = str.maketrans("零〇一二两三四五六七八九幺", "0012234567891")
_DATE = re.compile(r"(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
# What stands before a number that belongs to a person or an account, not to an order.
_NOT_ORDER = re.compile(
    r"(?:身份证|证件|银行卡|信用卡|储蓄卡|卡|账户|账|帐|户|车牌|工|学|手机|电话|联系电话|热线|微信|QQ|qq|"
    r"邮编|会员|房间|门牌|尾|"
    r"税|客服|型|批|条形码|IMEI|imei)号?(?:码)?[\s:]*(?:是|为)?[\s:]*$"
)
_MODEL = re.compile(
    r"(?:i[3579]|r[3579]|rtx|gtx|iphone|ipad|mate|nova|macbook|redmi|hz|usb|mp)[\-]?\d", re.IGNORECASE
)
_COUNT_AFTER = re.compile(r"\s?(?:元|块|万|千|人|次|个|件|年|天|毫|克|[kK]?[gG](?![A-Za-z])|ml|mAh|mah|%)")
SHORTEST_BARE, SHORTEST_CUED, LONGEST = 8, 5, 32
LONGEST_DIGITS = 25


def find_case_numbers(text: str) -> list[Found]:
    """Case numbers as `TS` and their digits; 13 digits make a well-formed one, 10 to 16 are reported."""
    return [
        Found(match.start(), match.end(), "TS" + re.sub(r"\D", "", match["digits"]))
        for match in _CASE.finditer(text)
    ]


def find_order_numbers(text: str) -> list[Found]:
    """Order numbers, upper case, without spaces and dashes, so that one number is one: jd2024 abc-99 → JD2024ABC99.

    With 订单号 or the like before them from 5 characters; without it from 8, digits (to 25) or letters and
    at least six digits. Dates, telephone-shaped numbers, model names, addresses, and numbers of cards and
    persons are not orders.
    """
    found: list[Found] = []

    def add(match: re.Match[str]) -> None:
        value = re.sub(r"[\s\-_]", "", match["number"]).upper()
        one = Found(match.start("number"), match.end("number"), value)
        if not any(one.overlaps(other) for other in found):
            found.append(one)

    for match in _AFTER_CUE.finditer(text):
        number = re.sub(r"\s", "", match["number"])
        digits = sum(character.isdigit() for character in number)
        if (
            SHORTEST_CUED <= len(number) <= LONGEST
            and digits >= 3
            and not _COUNT_AFTER.match(text, match.end())
            and text[match.end() : match.end() + 1] not in ("@", ".")
        ):
            add(match)
    for match in _READ_OUT.finditer(text):
        found.append(Found(*match.span("number"), match["number"].translate(_AS_DIGITS)))
    for match in _SPELLED.finditer(text):
        if sum(character.isdigit() for character in match["number"]) >= SHORTEST_CUED:
            add(match)
    for match in _LETTERED.finditer(text):
        digits = sum(character.isdigit() for character in match["number"])
        if (
            digits >= FEWEST_LETTERED_DIGITS
            and not _MODEL.match(match["number"])
            and not _NOT_ORDER.search(text[: match.start()])
            and not _COUNT_AFTER.match(text, match.end())
        ):
            add(match)
    for match in _GROUPED.finditer(text):
        if not _NOT_ORDER.search(text[: match.start()]):
            add(match)
    for match in _BARE.finditer(text):
        if (
            _looks_like_order(match["number"])
            and not _NOT_ORDER.search(text[: match.start()])
            and not _COUNT_AFTER.match(text, match.end())
        ):
            add(match)
    return sorted(found, key=lambda one: one.start)


def _looks_like_order(number: str) -> bool:
    digits = sum(character.isdigit() for character in number)
    if number.isdigit():
        is_phone = len(number) == 11 and number[0] == "1" and number[1] in "3456789"
        is_date = _DATE.fullmatch(number) is not None
        return SHORTEST_BARE <= len(number) <= LONGEST_DIGITS and not is_phone and not is_date
    if not SHORTEST_BARE <= len(number) <= LONGEST or digits < 6 or _MODEL.match(number):
        return False
    if re.fullmatch(r"\d+(?:[\-_]\d+)+", number):
        groups = re.split(r"[\-_]", number)
        return digits >= 10 and not (len(groups) == 3 and len(groups[0]) == 4 and len(groups[1]) <= 2)
    return True
