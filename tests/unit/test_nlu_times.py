"""Golden tests of relative times: any other resolver put in the place of ours must pass them."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import chinese_calendar
import pytest

from bot.nlu.lunar_feasts import lunar_feast
from bot.nlu.text import normalise
from bot.nlu.times import find_times

AT = datetime(2025, 3, 12, 15, 30)  # a Wednesday


def _values(sentence: str, at: datetime = AT) -> list[str]:
    return [found.value for found in find_times(normalise(sentence).text, at)]


@pytest.mark.parametrize(
    ("sentence", "value"),
    [
        ("昨天", "2025-03-11"), ("前天", "2025-03-10"), ("大前天", "2025-03-09"), ("前晚", "2025-03-10"),
        ("昨天下午三点多", "2025-03-11T15:00:00"), ("今早8点", "2025-03-12T08:00:00"),
        ("大前天晚上9点半", "2025-03-09T21:30:00"), ("昨晚12点", "2025-03-12T00:00:00"),
        ("昨天凌晨2点", "2025-03-11T02:00:00"), ("今天上午10:05", "2025-03-12T10:05:00"),
        ("三月八号中午12点", "2025-03-08T12:00:00"), ("3月15日晚上8点20分", "2024-03-15T20:20:00"),
        ("上周五", "2025-03-07"), ("周五", "2025-03-07"), ("这周二", "2025-03-11"),
        ("上礼拜六", "2025-03-08"),
        ("上上周三下午3点", "2025-02-26T15:00:00"), ("星期天", "2025-03-09"), ("上周", "2025-03-03"),
        ("三天前", "2025-03-09"), ("半个月前", "2025-02-25"), ("一个半月前", "2025-01-28"),
        ("半年前", "2024-09-12"),
        ("一年前", "2024-03-12"), ("两周前", "2025-02-26"), ("100天前", "2024-12-02"),
        ("两个小时前", "2025-03-12T13:30:00"), ("半小时前", "2025-03-12T15:00:00"),
        ("10分钟前", "2025-03-12T15:20:00"),
        ("上个月底", "2025-02-28"), ("上个月15号", "2025-02-15"), ("本月初", "2025-03-01"),
        ("五月份", "2024-05-01"),
        ("去年", "2024-01-01"), ("去年年底", "2024-12-31"), ("今年3月5号", "2025-03-05"),
        ("前年三月", "2023-03-01"),
        ("去年双十一", "2024-11-11"), ("双12", "2024-12-12"), ("618买的", "2024-06-18"),
        ("国庆期间", "2024-10-01"),
        ("去年十一", "2024-10-01"), ("中秋节", "2024-09-17"), ("去年春节", "2024-02-10"),
        ("大年三十", "2025-01-28"),
        ("10月3号下午", "2024-10-03"), ("3号", "2025-03-03"), ("十月三号", "2024-10-03"),
        ("2月29号", "2024-02-29"),
        ("2024年5月1日", "2024-05-01"), ("二〇二四年五月一日", "2024-05-01"),
        ("2024-10-03 12:30", "2024-10-03T12:30:00"),
        ("2024/10/3", "2024-10-03"), ("20241003买的", "2024-10-03"), ("10.3号", "2024-10-03"),
        ("12/25下单", "2024-12-25"),
        ("早上8点", "2025-03-12T08:00:00"), ("20:15", "2025-03-11T20:15:00"), ("刚才", "2025-03-12T15:30:00"),
        ("昨黑里冒烟了", "2025-03-11"), ("尋日下昼三点", "2025-03-11T15:00:00"), ("噚日朝早十點", "2025-03-11T10:00:00"),
        ("前晚成九點", "2025-03-10T21:00:00"), ("10/17 取消訂房", "2024-10-17"), ("12/25做完", "2024-12-25"),
        ("11-08 19:30，停了6分钟", "2024-11-08T19:30:00"), ("11/11零点充的", "2024-11-11T00:00:00"),
        ("日期是1/3不是1/13", "2025-01-03"), ("上个礼拜二八点等到九点半", "2025-03-04T08:00:00"),
        ("二十三日那天", "2025-02-23"),
        ("昨个下午", "2025-03-11"), ("昨儿头晌十点来钟", "2025-03-11T10:00:00"), ("11月15號晏晝兩點", "2024-11-15T14:00:00"),
        ("Nov 21 2pm", "2024-11-21T14:00:00"), ("It was Nov 13 around 6pm", "2024-11-13T18:00:00"),
        ("11月4日21时发生", "2024-11-04T21:00:00"), ("11.14 那场", "2024-11-14"), ("光棍节那天", "2024-11-11"),
        ("上個月底", "2025-02-28"), ("１０月３號", "2024-10-03"), ("11.15住的", "2024-11-15"),
    ],
)  # fmt: skip
def test_a_time_is_resolved_against_the_message(sentence: str, value: str) -> None:
    assert _values(sentence) == [value]


@pytest.mark.parametrize(
    "sentence",
    [
        "用了三天", "3天没发货", "24小时内", "用了3个月", "明天", "下周", "几天前", "最近", "一点都不好",
        "三点要求", "有一点贵", "前台说",
        "三号楼", "1号线", "每周一", "周一至周五", "1299", "订单号20241003", "13月5号", "2月30号", "25:00",
        "48时内", "用了1/2", "两月有余", "封号10年", "西北八日游", "等足三日", "周五前给个结论", "年底了耗不起",
        "晚上十点后打", "国庆前到", "11月10日前到厂", "天天整到半夜两三点", "刚刚日期打错", "阴历十月初三",
        "刚才手滑", "方才那段没看清", "今年涨价了", "这个月给俺扣了", "等到今天没见个人影", "今儿都第六天了",
        "方才店名写错了一个字", "八十五一台", "到今天还在同一个城",
    ],
)  # fmt: skip
def test_durations_deadlines_and_other_numbers_are_no_times(sentence: str) -> None:
    assert _values(sentence) == []


def test_several_times_come_in_the_order_of_the_text() -> None:
    assert _values("上周五买的 昨天坏了") == ["2025-03-07", "2025-03-11"]


def test_a_clock_hour_belongs_to_the_day_spoken_of() -> None:
    assert _values("前天上午九点约的 十一点半才来") == ["2025-03-10T09:00:00", "2025-03-10T11:30:00"]


def test_an_hour_after_one_that_was_named_lies_in_the_same_half_of_the_day() -> None:
    assert _values("3月10日晚上八点二十抵达，九点半先报失") == ["2025-03-10T20:20:00", "2025-03-10T21:30:00"]
    assert _values("周六下午两点上门 师傅六点才到") == ["2025-03-08T14:00:00", "2025-03-08T18:00:00"]
    assert _values("昨天中午12点10分点的饭，一点五十才到") == ["2025-03-11T12:10:00", "2025-03-11T13:50:00"]


@pytest.mark.parametrize(
    "sentence",
    [
        "保本、年化四点五",
        "更正，剛才的7,820打反了",
        "刚才钱写错了",
        "今儿必须来人修",
        "下午两点到四点打电话给我",
    ],
)
def test_rates_words_of_our_talk_and_what_is_to_come_are_no_times(sentence: str) -> None:
    assert _values(sentence) == []


def test_a_bare_day_belongs_to_the_month_spoken_of() -> None:
    assert _values("5月1号买的3号就坏了") == ["2024-05-01", "2024-05-03"]


def test_the_offset_of_the_message_is_kept() -> None:
    at = AT.replace(tzinfo=timezone(timedelta(hours=8)))
    assert _values("今早8点", at) == ["2025-03-12T08:00:00+08:00"]


def test_the_last_day_of_a_short_month_stays_in_it() -> None:
    assert _values("一个月前", datetime(2025, 3, 31, 9)) == ["2025-02-28"]


@pytest.mark.parametrize("year", range(2019, 2026))
def test_the_lunar_feasts_are_days_off_in_the_official_calendar(year: int) -> None:
    for name, holiday in (
        ("春节", "Spring Festival"),
        ("端午", "Dragon Boat Festival"),
        ("中秋", "Mid-autumn Festival"),
    ):
        day = lunar_feast(name, year)
        assert day is not None
        off, kind = chinese_calendar.get_holiday_detail(day)
        shares_national_day = name == "中秋" and day.month == 10
        assert off
        assert kind == holiday or shares_national_day


def test_a_feast_outside_the_table_has_no_day() -> None:
    assert lunar_feast("春节", 1999) is None
    assert _values("春节", datetime(1999, 5, 1)) == []
    assert lunar_feast("除夕", 2025) == date(2025, 1, 28)
