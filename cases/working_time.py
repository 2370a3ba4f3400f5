"""Working time in China: which days are worked (调休 included), and reckoning in working hours.

Pure but for the calendar's data, which comes with chinesecalendar. A year that it does not know falls back to
weekends and the holidays of fixed date; `knows` says so, for whoever warns about it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import chinese_calendar
from chinese_calendar.constants import holidays as _known_holidays

# Statutory holidays of fixed date: New Year, Labour Day (two days since 2025), National Day.
_FIXED_HOLIDAYS = frozenset({(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)})
_KNOWN_YEARS = range(min(day.year for day in _known_holidays), max(day.year for day in _known_holidays) + 1)
CHINA = ZoneInfo("Asia/Shanghai")


def knows(year: int) -> bool:
    """Is the year's official calendar (holidays and 调休) known, or only guessed?"""
    return year in _KNOWN_YEARS


def is_workday(day: date) -> bool:
    """Is it a day of work?"""
    if knows(day.year):
        return bool(chinese_calendar.is_workday(day))
    return day.weekday() < 5 and (day.month, day.day) not in _FIXED_HOLIDAYS


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """The hours of every working day, in the time zone where they are kept."""

    zone: ZoneInfo = CHINA
    opens: time = time(9)
    closes: time = time(18)

    def __post_init__(self) -> None:
        if self.opens >= self.closes:
            raise ValueError("a working day must open before it closes")

    @property
    def day(self) -> timedelta:
        """How much working time a working day has."""
        return _since_midnight(self.closes) - _since_midnight(self.opens)

    def is_open(self, at: datetime) -> bool:
        """Is it working time now?"""
        local = at.astimezone(self.zone)
        return is_workday(local.date()) and self.opens <= local.time() < self.closes

    def next_opening(self, at: datetime) -> datetime:
        """The first working instant at or after `at`."""
        local = at.astimezone(self.zone)
        if is_workday(local.date()):
            if self.opens <= local.time() < self.closes:
                return at.astimezone(timezone.utc)
            if local.time() < self.opens:
                return self._instant(local.date(), self.opens)
        return self._instant(_next_workday(local.date()), self.opens)

    def after(self, start: datetime, working: timedelta) -> datetime:
        """When `working` time has passed since `start`; at a day's closing rather than the next opening."""
        if working <= timedelta(0):
            return start
        at = self.next_opening(start)
        left = working
        while True:
            day = at.astimezone(self.zone).date()
            room = self._instant(day, self.closes) - at
            if left <= room:
                return at + left
            left -= room
            at = self._instant(_next_workday(day), self.opens)

    def days_after(self, start: datetime, days: int) -> datetime:
        """The instant `days` working days after `start`."""
        return self.after(start, self.day * days)

    def between(self, start: datetime, end: datetime) -> timedelta:
        """How much working time lies between two instants; zero if `end` is not after `start`."""
        total = timedelta(0)
        at = self.next_opening(start)
        while at < end:
            day = at.astimezone(self.zone).date()
            total += min(self._instant(day, self.closes), end) - at
            at = self._instant(_next_workday(day), self.opens)
        return total

    def _instant(self, day: date, at: time) -> datetime:
        # In UTC: Python subtracts instants of one zone by the wall clock, wrong across a summer time change.
        return datetime.combine(day, at, self.zone).astimezone(timezone.utc)


def _since_midnight(at: time) -> timedelta:
    return timedelta(hours=at.hour, minutes=at.minute, seconds=at.second)


def _next_workday(day: date) -> date:
    following = day + timedelta(days=1)
    while not is_workday(following):
        following += timedelta(days=1)
    return following
