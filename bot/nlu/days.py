"""Days that a text names: 昨天, 上周五, 三天前, 去年双十一, 10月3号, 月底, resolved against the day of the
message.

Works on normalised text. A complaint looks back, so a day that could be past or to come is taken as past;
words that are only about days to come (明天, 下周) are left out, and so are durations. Clock hours are not
its business.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.nlu.lunar_feasts import lunar_feast
from bot.nlu.numerals import HAN_DIGIT, read_number

_N = rf"(?:\d{{1,2}}|[{HAN_DIGIT}十廿]{{1,3}})"
_DAYS_OF_WEEK = "一二三四五六日"
_FIXED_FEASTS = {
    "元旦": (1, 1), "情人节": (2, 14), "三八": (3, 8), "妇女节": (3, 8), "315": (3, 15), "清明": (4, 5),
    "五一": (5, 1), "劳动节": (5, 1), "六一": (6, 1), "儿童节": (6, 1), "618": (6, 18), "六一八": (6, 18),
    "国庆": (10, 1), "十一": (10, 1), "双十一": (11, 11), "双11": (11, 11), "双十二": (12, 12),
    "双12": (12, 12), "光棍节": (11, 11), "平安夜": (12, 24), "圣诞": (12, 25),
}  # fmt: skip
_LUNAR_NAMES = {
    "春节": "春节", "过年": "春节", "大年初一": "春节", "除夕": "除夕", "大年三十": "除夕",
    "元宵": "元宵", "端午": "端午", "七夕": "七夕", "中秋": "中秋",
}  # fmt: skip
# 十一 and 三八 alone are numbers: they are feasts only with 节, 期间, 假期 or a year before them.
_FEASTS = (
    rf"(?P<feast>光棍节|双十一|双11|双十二|双12|618|六一八|元旦|情人节|妇女节|清明|(?<![{HAN_DIGIT}十百千万块毛角元点])五一|劳动节|儿童节|国庆|平安夜|"
    r"圣诞|春节|过年|"
    r"大年初一|除夕|大年三十|元宵|端午|七夕|中秋|315(?=晚会|那)|三八(?=节)|六一(?=节|儿童节)|十一(?=期间|"
    r"假期|长假|黄金周|放假|国庆)|(?<=年)十一(?![月点时个号日]))"
    r"(?:儿童节|劳动节|国庆节|节)?(?:当天|那天|期间|假期|长假|的时候|当晚|晚会)?"
)
_YEAR = (
    r"(?P<year>(?:19|20)\d{2}|[二一][〇零九][〇零一二三四五六七八九]{2}"
    r"|(?:0\d|1\d|2\d)(?=年(?:\d{1,2}月|[一二三四五六七八九十]{1,2}月|初|中|底|末|上半年|下半年|[买签办装]的?)))年"
)
_YEAR_WORD = r"(?P<year_word>今年|去年|前年|大前年)"
_NOT_DAY = re.compile(
    r"(?:楼|线|店|门|房|车|桌|技师|员工|客服|链接|柜|机|院|座|厅|床|仓|库|馆|站|台|球|电池|字|色|码|选手|"
    r"位|坑|理发师|包间|包厢)"
)
_DATED = re.compile(r"(?:日期|时间|日子|是|于|在|从|自|^)\s*:?\s*$")
AGO = r"(?:之前|以前|前)(?!台|后|面|期|任|排)"
COUNT = rf"(?P<half>半)?(?P<count>\d{{1,3}}|[{HAN_DIGIT}十百]{{1,4}})?"


@dataclass(frozen=True, slots=True)
class Day:
    """A day that a part of the text names."""

    start: int
    end: int
    day: date
    part: str = ""
    month_unsaid: bool = False  # 3号: of the month spoken of, or the last such day


def find_days(text: str, today: date) -> list[Day]:
    """The days that `text` names, seen from `today`, in the order of the text; they may overlap."""
    return list(_in_month_spoken_of(_days(text, today), today))


def number_of(text: str | None) -> int | None:
    """The whole number that `text` writes, 廿五 too; None if it writes none."""
    if not text:
        return None
    value = read_number(text.replace("廿", "二十"))
    return int(value) if value is not None else None


def _days(text: str, today: date) -> Iterator[Day]:
    for pattern, resolve in _DAYS:
        for match in pattern.finditer(text):
            day = resolve(match, today)
            if day is not None:
                part = match.groupdict().get("word_part") or ""
                yield Day(match.start(), match.end(), day, part, resolve is _day_of_month)


def _in_month_spoken_of(days: Iterable[Day], today: date) -> Iterator[Day]:
    """5月1号买的3号就坏了: the third of May."""
    spoken_of: date | None = None
    for named in sorted(days, key=lambda one: (one.start, -one.end)):
        if named.month_unsaid and spoken_of is not None:
            for months in (0, 1):
                day = _date(*_shift_month(spoken_of, months), named.day.day)
                if day is not None and spoken_of <= day <= today:
                    named = replace(named, day=day)
                    break
        spoken_of = named.day
        yield named


def _date(year: int, month: int | None, day: int | None) -> date | None:
    if month is None or day is None or not 1 <= month <= 12 or not 1 <= day <= monthrange(year, month)[1]:
        return None
    return date(year, month, day)


def _year(match: re.Match[str], today: date) -> int | None:
    groups = match.groupdict()
    if groups.get("year_word"):
        return today.year - {"今年": 0, "去年": 1, "前年": 2, "大前年": 3}[groups["year_word"]]
    written = groups.get("year")
    if not written:
        return None
    year = int("".join(str(number_of(digit)) for digit in written))
    return year + 2000 if year < 100 else year


def _shift_month(today: date, months: int) -> tuple[int, int]:
    index = today.year * 12 + today.month - 1 + months
    return index // 12, index % 12 + 1


def _within_month(year: int, month: int, part: str | None, day: str | None) -> date | None:
    if day:
        return _date(year, month, number_of(day))
    if part in ("底", "末", "月底", "月末"):
        return date(year, month, monthrange(year, month)[1])
    if part in ("中", "中旬"):
        return date(year, month, 15)
    if part == "下旬":
        return date(year, month, 21)
    return date(year, month, 1)


def _month_and_day(match: re.Match[str], today: date) -> date | None:
    month = number_of(match["month"])
    if month is None or not 1 <= month <= 12:
        return None
    year = _year(match, today)
    if year is not None:
        return _within_month(year, month, match["within"], match["day"])
    seen = _within_month(today.year, month, match["within"], match["day"])
    if seen is None or seen > today:
        return _within_month(today.year - 1, month, match["within"], match["day"])
    return seen


def _relative_month(match: re.Match[str], today: date) -> date | None:
    back = match["back"].count("上")
    year, month = _shift_month(today, -back)
    seen = _within_month(year, month, match["within"], match["day"])
    return seen if seen is None or seen <= today else None


def _numeric(match: re.Match[str], today: date) -> date | None:
    return _date(int(match["y"]), int(match["m"]), int(match["d"]))


def _numeric_month_day(match: re.Match[str], today: date) -> date | None:
    seen = _date(today.year, int(match["m"]), int(match["d"]))
    if seen is None or seen > today:
        return _date(today.year - 1, int(match["m"]), int(match["d"]))
    return seen


_ENGLISH_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def _english(match: re.Match[str], today: date) -> date | None:
    month, day = _ENGLISH_MONTHS.index(match["name"].lower()) + 1, int(match["d"])
    seen = _date(today.year, month, day)
    return _date(today.year - 1, month, day) if seen is None or seen > today else seen


def _stroke(match: re.Match[str], today: date) -> date | None:
    month, day = int(match["m"] or match["m2"]), int(match["d"] or match["d2"])
    if match["m"] and day <= 10 and month < day and not _DATED.search(match.string[: match.start()]):
        return None  # 1/2, 2/3: a part of something
    seen = _date(today.year, month, day)
    return _date(today.year - 1, month, day) if seen is None or seen > today else seen


def _day_of_month(match: re.Match[str], today: date) -> date | None:
    day = number_of(match["day"].rstrip("日号"))
    if day is None or not 1 <= day <= 31 or _NOT_DAY.match(match.string, match.end()):
        return None
    for months in range(3):
        seen = _date(*_shift_month(today, -months), day)
        if seen is not None and seen <= today:
            return seen
    return None


def _weekday(match: re.Match[str], today: date) -> date | None:
    weekday = match["weekday"]
    back = (match["back"] or "").count("上")
    index = 5 if weekday == "末" else _DAYS_OF_WEEK.index("日" if weekday == "天" else weekday)
    monday = today - timedelta(days=today.weekday())
    seen = monday + timedelta(days=index - 7 * back)
    if not match["back"] and seen > today:
        seen -= timedelta(days=7)
    return seen if seen <= today else None


def _week(match: re.Match[str], today: date) -> date:
    return today - timedelta(days=today.weekday() + 7 * match["back"].count("上"))


_WORDS = {"大前": 3, "前": 2, "昨": 1, "寻": 1, "琴": 1, "噚": 1, "㖊": 1, "擒": 1, "今": 0}


def _day_word(match: re.Match[str], today: date) -> date:
    return today - timedelta(days=_WORDS[match["word"]])


def _feast(match: re.Match[str], today: date) -> date | None:
    name = match["feast"]

    def of(year: int) -> date | None:
        if name in _FIXED_FEASTS:
            if (
                name == "清明"
            ):  # the sun's term: 4 April in leap years and the years after them in this half of the century
                return date(year, 4, 4 if year % 4 in (0, 1) else 5)
            return date(year, *_FIXED_FEASTS[name])
        return lunar_feast(_LUNAR_NAMES[name], year)

    year = _year(match, today)
    if year is not None:
        return of(year)
    seen = of(today.year)
    return of(today.year - 1) if seen is None or seen > today else seen


def _part_of_year(match: re.Match[str], today: date) -> date | None:
    year = _year(match, today)
    part = match["year_part"]
    if year is None and part not in ("年初", "年底", "年末"):
        return None
    if year == today.year and part is None:
        return None  # 今年 alone says nothing
    months = {"初": (1, 1), "年初": (1, 1), "中": (7, 1), "年中": (7, 1), "底": (12, 31), "末": (12, 31)}
    months |= {"年底": (12, 31), "年末": (12, 31), "下半年": (7, 1), "上半年": (1, 1)}
    seen = date(year or today.year, *months.get(part or "初", (1, 1)))
    return seen.replace(year=seen.year - 1) if year is None and seen > today else seen


def _days_ago(match: re.Match[str], today: date) -> date | None:
    unit = match["unit"]
    half = match["half"] or match["and_half"]
    count = number_of(match["count"]) if match["count"] else 0
    if count is None or not (count or half):
        return None
    if unit.endswith(("天", "日")):
        return today - timedelta(days=count) if count else None
    if unit.endswith(("周", "星期", "礼拜")):
        return today - timedelta(days=7 * count)
    if unit.endswith("月"):
        year, month = _shift_month(today, -count)
        seen = date(year, month, min(today.day, monthrange(year, month)[1]))
        return seen - timedelta(days=15) if half else seen
    year, month = _shift_month(today, -12 * count - (6 if half else 0))
    return date(year, month, min(today.day, monthrange(year, month)[1]))


_WITHIN = r"(?P<within>初|中旬|中(?![午秋])|下旬|上旬|底|末)"
_MONTH_DAY = (
    rf"(?P<month>(?!两|俩){_N})月(?!有余|多|来)份?"
    rf"(?:(?P<day>{_N})(?:[日号]|(?!\d|[{HAN_DIGIT}]*[个件次元块天]))|{_WITHIN})?"
)

_Match = re.Match[str]
_DAYS: tuple[tuple[re.Pattern[str], Callable[[_Match, date], date | None]], ...] = (
    (re.compile(rf"(?<!\d)(?:{_YEAR}|{_YEAR_WORD})的?{_MONTH_DAY}"), _month_and_day),
    (re.compile(r"(?<!\d)(?P<y>20\d{2})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})(?!\d)[日号]?"), _numeric),
    (
        re.compile(
            r"(?<![\dA-Za-z号:])(?P<y>20\d{2})(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])(?![\dA-Za-z-])"
        ),
        _numeric,
    ),
    (
        re.compile(rf"(?<![\d{HAN_DIGIT}十年])(?<!阴历)(?<!农历)(?<!旧历)(?<!古历){_MONTH_DAY}"),
        _month_and_day,
    ),
    (
        re.compile(
            rf"(?<![A-Za-z])(?P<name>{'|'.join(_ENGLISH_MONTHS)})[a-z]*\.?\s?(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?!\d)",
            re.I,
        ),
        _english,
    ),
    (
        re.compile(
            r"(?<![\d./-])(?P<m>1[0-2]|0?[1-9])[./](?P<d>3[01]|[12]\d|0?[1-9])"
            r"(?=[日号]|\s?那[天场次晚]|当天|买|下单|到货|收|住|跟|签|办|付|去|的时候|早|上午|中午|下午|晚|零点|凌晨|\s?\d{1,2}[:点])[日号]?"
        ),
        _numeric_month_day,
    ),
    (
        # 10/17, 11-08 19:30: a stroke makes a date of what no fraction, score or range is.
        re.compile(
            r"(?<![\d./A-Za-z-])(?:(?P<m>1[0-2]|0?[1-9])/(?P<d>3[01]|[12]\d|0?[1-9])"
            r"(?!\d*[/%.\d]|的|以上|份|[A-Za-z])"
            r"|(?P<m2>1[0-2]|0[1-9])-(?P<d2>3[01]|[12]\d|0[1-9])(?=\s\d{1,2}:\d{2}))"
        ),
        _stroke,
    ),
    (
        # 上个月 alone is a time, 这个月 alone is none.
        re.compile(
            rf"(?P<back>这个?|本|上上?个?)月(?:(?P<day>{_N})[日号]|{_WITHIN}|(?<!这月)(?<!这个月)(?<!本月))"
        ),
        _relative_month,
    ),
    (
        re.compile(
            rf"(?<![\d{HAN_DIGIT}十月第.年/A-Za-z])(?P<day>{_N}号|\d{{1,2}}日|(?:[二三]?十[{HAN_DIGIT}]|廿[{HAN_DIGIT}]?)日)(?!码|线|游)"
        ),
        _day_of_month,
    ),
    (
        re.compile(
            r"(?<![每至到])(?P<back>上上个?|上个?|这个?|本)?(?:周|星期|"
            r"礼拜)(?P<weekday>[一二三四五六日天末])(?!个|次|年|天|直|会|到周|至周|到日|之?前|以前)"
        ),
        _weekday,
    ),
    (re.compile(r"(?P<back>上上个?|上个?)(?:周|星期|礼拜)(?![一二三四五六日天末])"), _week),
    (re.compile(r"(?P<word>大前|前|昨|今)(?:天|日|儿(?:个)?|个儿?(?=[上下早晚中头后\s,]))"), _day_word),
    (
        re.compile(
            r"(?P<word>前|昨|今|寻|琴|噚|㖊)(?P<word_part>早上|早晨|朝早|早|晨|晚上|晚黑|晚|夜里|黑里|夜|下昼)"
        ),
        _day_word,
    ),
    (re.compile(r"(?P<word>寻|琴|噚|㖊|擒)日"), _day_word),  # Cantonese: yesterday
    (re.compile(rf"(?:{_YEAR}|{_YEAR_WORD})?的?{_FEASTS}"), _feast),
    (
        re.compile(rf"(?:{_YEAR}|{_YEAR_WORD})的?(?P<year_part>初|中|底|末|年初|年中|年底|上半年|下半年)?"),
        _part_of_year,
    ),
    (re.compile(r"(?<![今去前])(?P<year_part>年初|年底|年末)(?!了|前|之前|冲)"), _part_of_year),
    (
        re.compile(
            rf"(?<![\d{HAN_DIGIT}十百几.]){COUNT}(?:个(?P<and_half>半)?)?(?P<unit>天|日|周|星期|礼拜|月|"
            rf"年){AGO}"
        ),
        _days_ago,
    ),
)
