"""When it happened: 昨天, 上周五, 三天前, 去年双十一, 10月3号下午, 今早8点, resolved against the time of the
message.

Works on normalised text. A complaint looks back, so what could be past or future is taken as past. Durations
(用了三天), deadlines (24小时内) and vague words (最近, 前几天) are no points in time and are left out. The
answers are an ISO date, or an ISO date-time where the text names a clock hour; a part of the day alone
(下午) adds no invented hour.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time, timedelta

from bot.nlu.days import AGO, COUNT, Day, find_days, number_of
from bot.nlu.numerals import HAN_DIGIT
from bot.nlu.spans import Found, without_overlaps

_PART = (
    r"(?P<part>凌晨|清晨|早上|早晨|朝早|一早|上午|中午|午后|下午|下昼|晏昼|后晌|头晌|傍晚|晚上|夜里|黑里|夜间|半夜|深夜|晚间|晚黑|"
    r"早|晚|夜)"
)
_CLOCK = (
    rf"(?P<hour>\d{{1,2}}|[{HAN_DIGIT}十]{{1,3}})"
    rf"(?:[点时](?:(?P<minute>\d{{1,2}}|[{HAN_DIGIT}十]{{1,3}})分?|(?P<half>半)|(?P<quarter>[一三13])刻|"
    rf"钟|整)?"
    r"|:(?P<colon>[0-5]\d)(?::[0-5]\d)?(?:\s?(?P<half_of_day>[ap]m))?|\s?(?P<half_day>[ap]m)(?![a-z]))"
)
_AFTERNOON_PARTS = ("下午", "午后", "下昼", "晏昼", "后晌")
_NIGHT_PARTS = ("夜里", "黑里", "夜间", "深夜", "夜", "半夜")
_LATE_PARTS = (*_AFTERNOON_PARTS, *_NIGHT_PARTS, "傍晚", "晚上", "晚间", "晚黑", "晚")
_AFTER_CLOCK = r"(?:多钟|来钟|多|左右|前后|的时候)?"
_CLOCK_RE = re.compile(_CLOCK + _AFTER_CLOCK)
_PART_RE = re.compile(_PART)
_NOT_CLOCK = re.compile(
    r"\s?(?:问题|要求|建议|意见|原因|不满|诉求|理由|希望|疑问|说明|事|[:：]\d{2}:|赞|击|评|名|餐|单|外卖|菜|儿)"
)


_NOT_IT = re.compile(r"(?<!是)不是\s*$")
_NO_HOUR_AFTER = re.compile(
    r"(?:[第有这那几每内]|(?:年化|利率|收益率?|费率|百分之|[涨跌]|增长)(?:是|约|达|到|高达|了)?\s*)$"
)
_HAPPENED_AT = re.compile(r"(?:多钟?|钟|左右)?(?:才|就|来|去|到|送|打|给|还|又|我|他|她)")
_UNTIL = re.compile(r"[到至]\s*(?:了)?$")
_STILL = re.compile(
    r"今(?:天|日|儿个?)?(?:都|已经|还|才|就|是)?(?:第|还(?:在|没|是)|都(?:还|没)|才(?:知道|到|发现|打)|必须|之内|以内|内|再不|给我|要是)"
)
_OFTEN = re.compile(r"(?:天天|每天|每晚|经常|常常|总是|老是)[^,。!?\s]{0,6}$")
_BEFORE = re.compile(r"(?:之前|以前|前)(?![天台后面])")
_TO_COME = re.compile(
    r"\s?[到至\-~]\s?[^,。!?\s]{1,5}(?:之间|期间)?(?:打|致电|联系|来电|方便|有空)"
    r"|\s?(?:之?[前后]|以[前后])(?:再|才)?(?:可以|能|方便|都?有空|都?得闲|得闲|在家|打|致电|联系|来|送)"
)


def find_times(text: str, at: datetime) -> list[Found]:
    """Points in time in `text` as ISO values, seen from `at`. Aware in, aware out: the offset of `at` is
    kept."""
    found: list[Found] = []
    for pattern, resolve in _MOMENTS:
        for match in pattern.finditer(text):
            moment = resolve(match, at)
            if moment is not None:
                found.append(Found(match.start(), match.end(), _iso(moment)))
    for named in find_days(text, at.date()):
        found.append(_with_clock(text, named, at))
    found = without_overlaps(_longest_first(found))
    found.extend(without_overlaps(_bare_clocks(text, at, found), found))
    return sorted((one for one in found if not _denied(text, one)), key=lambda one: one.start)


def _denied(text: str, found: Found) -> bool:
    """日期是11/3不是11/13, 天天整到半夜两点, 国庆前到, 晚上十点后打: no, often, by then, and still to come."""
    before = text[: found.start]
    by_then = _BEFORE.match(text, found.end) and not re.search(r"前$", text[: found.end])
    until_now = (_UNTIL.search(before) and text[found.start] in "今") or _STILL.match(text[found.start :])
    return bool(
        by_then
        or until_now
        or _NOT_IT.search(before)
        or _OFTEN.search(before)
        or _TO_COME.match(text, found.end)
    )


def _longest_first(found: list[Found]) -> Iterator[Found]:
    """Drops what lies inside a longer find: 5月 inside 去年5月3号."""
    for one in found:
        if not any(
            other is not one and other.overlaps(one) and _length(other) > _length(one) for other in found
        ):
            yield one


def _length(found: Found) -> int:
    return found.end - found.start


def _iso(moment: datetime | date) -> str:
    if isinstance(moment, datetime):
        return moment.replace(microsecond=0).isoformat()
    return moment.isoformat()


def _with_clock(text: str, named: Day, at: datetime) -> Found:
    """The day with the part of the day and the clock hour that follow it directly."""
    end, part = named.end, named.part
    gap = re.compile(r"[\s,的T]{0,2}(?:成|around\s|at\s)?")
    opening = gap.match(text, end)
    part_match = _PART_RE.match(text, opening.end() if opening else end)
    if part_match and not part:
        end, part = part_match.end(), part_match["part"]
    opening = gap.match(text, end)
    clock = _CLOCK_RE.match(text, opening.end() if opening else end)
    moment = _clock_time(clock, part) if clock and not _NOT_CLOCK.match(text, clock.end()) else None
    if clock is None or moment is None:
        return Found(named.start, end, named.day.isoformat())
    day = named.day + timedelta(days=moment[1])
    return Found(named.start, clock.end(), _iso(datetime.combine(day, moment[0], tzinfo=at.tzinfo)))


def _clock_time(match: re.Match[str], part: str) -> tuple[time, int] | None:
    """The time of day and how many days later it lies: 晚上12点 is the next day's midnight."""
    hour_text = match["hour"]
    hour = number_of(hour_text)
    minute = number_of(match["minute"] or match["colon"] or "0")
    if match["half"]:
        minute = 30
    elif match["quarter"]:
        minute = 15 if match["quarter"] in "一1" else 45
    if hour is None or minute is None or hour > 24 or minute > 59:
        return None
    said_english = match["half_of_day"] or match["half_day"]
    if said_english:
        part = "下午" if said_english == "pm" and hour < 12 else "上午"
    late = 0
    if part in _LATE_PARTS:
        small_hours = part in _NIGHT_PARTS and hour < 7
        if hour == 12 and part not in _AFTERNOON_PARTS:
            hour, late = 0, 1
        elif 1 <= hour < 12 and not small_hours:
            hour += 12
    elif part == "中午":
        hour += 12 if hour < 4 else 0
    elif part in ("凌晨", "清晨") and hour == 12:
        hour = 0
    elif not part and 1 <= hour <= 5 and not hour_text.startswith("0"):
        hour += 12  # people who say 昨天3点 were awake
    if hour == 24:
        hour, late = 0, 1
    return time(hour, minute), late


def _bare_clocks(text: str, at: datetime, days: Sequence[Found]) -> Iterator[Found]:
    """Clock hours without a day (早上8点, 20:15): of the day named before them, or the last before the message."""
    pattern = re.compile(rf"(?<![\d:.]){_PART}?\s?{_CLOCK}{_AFTER_CLOCK}(?![\d:])")
    for match in pattern.finditer(text):
        named = [one.value for one in days if one.end <= match.start()]
        if not match["part"] and not _says_an_hour(match, text, bool(named)):
            continue
        if _NO_HOUR_AFTER.search(text[: match.start()]) or _NOT_CLOCK.match(text, match.end()):
            continue
        if text[match.end() - 1] == "时" or re.match(r"(?:内|之内|以内|效)", text[match.end() :]):
            continue  # 24时内, 48时效
        moment = _clock_time(match, match["part"] or "")
        if moment is None:
            continue
        if named and re.search(r"[到至]\s*$", text[: match.start()]):
            continue  # 八点等到九点半: how long, not when
        day = date.fromisoformat(named[-1][:10]) if named else at.date()
        seen = datetime.combine(day + timedelta(days=moment[1]), moment[0], tzinfo=at.tzinfo)
        if named and not match["part"]:
            seen = _later_the_same_day(named[-1], seen)
        while seen > at:
            seen -= timedelta(days=1)
        yield Found(match.start(), match.end(), _iso(seen))


def _says_an_hour(match: re.Match[str], text: str, a_day_is_named: bool) -> bool:
    """Whether a number with 点 and no part of the day is an hour of the clock, and not a bit or a point (一点, 三点意见)."""
    written_out = match["minute"] or match["half"] or match["quarter"] or match["colon"]
    if match["hour"].isdigit() or (written_out and match["hour"] not in ("一", "两")):
        return True
    after_hour = match.end("hour")
    if not a_day_is_named or text[after_hour : after_hour + 1] != "点":
        return False
    return bool(written_out or (match["hour"] != "一" and _HAPPENED_AT.match(text, after_hour + 1)))


def _later_the_same_day(named: str, seen: datetime) -> datetime:
    """晚上八点二十抵达，九点半报失: an hour after one that was named lies in the same half of the day."""
    if "T" not in named:
        return seen
    before = datetime.fromisoformat(named)
    half_a_day = timedelta(hours=12)
    return seen + half_a_day if seen < before <= seen + half_a_day else seen


def _hours_ago(match: re.Match[str], at: datetime) -> datetime | None:
    count = number_of(match["count"]) if match["count"] else 0
    half = match["half"] or match["and_half"]
    if count is None or not (count or half):
        return None
    minutes = count if match["unit"] == "分钟" else 60 * count + (30 if half else 0)
    return (at - timedelta(minutes=minutes)).replace(second=0)


def _just_now(match: re.Match[str], at: datetime) -> datetime:
    return at.replace(second=0)


# 刚才手滑, 刚才那段: of this conversation, not of what happened
_OUR_TALK = (
    r"[我你您]?(?:都|也|全)?(?:的\s?\d|钱|数字|价钱|名字|型号|写\d|手滑|店名|金额|单号|给的?编号|给的?单号|说\d|日期|时间|地址|按|填|打[错漏]|[说讲写]错|选|点|答|发|那[段句条个题]|第|没[看听懂]|问|[说写]的|整串|全是|乱|"
    r"提交|输|截|拍|传|给[你您])"
)
_Match = re.Match[str]
_MOMENTS: tuple[tuple[re.Pattern[str], Callable[[_Match, datetime], datetime | None]], ...] = (
    (
        re.compile(rf"(?<![\d{HAN_DIGIT}十百.]){COUNT}个?(?P<and_half>半)?(?P<unit>小时|钟头|分钟){AGO}"),
        _hours_ago,
    ),
    (re.compile(rf"(?:刚才|刚刚|方才)(?!{_OUR_TALK})"), _just_now),
)
