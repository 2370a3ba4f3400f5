"""The dates of the feasts of the Chinese lunar calendar, which no rule in days gives. Nothing but the table.

Each date is that of the civil calendar; the tests compare the days off among them with chinesecalendar's.
"""

from __future__ import annotations

from datetime import date, timedelta

# year: (春节, 端午, 七夕, 中秋) as (month, day)
_TABLE = {
    2018: ((2, 16), (6, 18), (8, 17), (9, 24)),
    2019: ((2, 5), (6, 7), (8, 7), (9, 13)),
    2020: ((1, 25), (6, 25), (8, 25), (10, 1)),
    2021: ((2, 12), (6, 14), (8, 14), (9, 21)),
    2022: ((2, 1), (6, 3), (8, 4), (9, 10)),
    2023: ((1, 22), (6, 22), (8, 22), (9, 29)),
    2024: ((2, 10), (6, 10), (8, 10), (9, 17)),
    2025: ((1, 29), (5, 31), (8, 29), (10, 6)),
    2026: ((2, 17), (6, 19), (8, 19), (9, 25)),
    2027: ((2, 6), (6, 9), (8, 8), (9, 15)),
    2028: ((1, 26), (5, 28), (8, 26), (10, 3)),
    2029: ((2, 13), (6, 16), (8, 16), (9, 22)),
    2030: ((2, 3), (6, 5), (8, 5), (9, 12)),
    2031: ((1, 23), (6, 24), (8, 24), (10, 1)),
    2032: ((2, 11), (6, 12), (8, 12), (9, 19)),
}
_COLUMNS = {"春节": 0, "端午": 1, "七夕": 2, "中秋": 3}


def lunar_feast(name: str, year: int) -> date | None:
    """The day of 春节, 除夕, 元宵, 端午, 七夕 or 中秋 in a civil year; None outside the table or for another
    name."""
    row = _TABLE.get(year)
    if row is None:
        return None
    if name in ("除夕", "元宵"):
        return date(year, *row[0]) + timedelta(days=-1 if name == "除夕" else 14)
    column = _COLUMNS.get(name)
    return None if column is None else date(year, *row[column])
