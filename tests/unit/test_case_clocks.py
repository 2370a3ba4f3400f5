"""Clocks and working time: when a promise runs out, what starts, meets and stops it, what comes next."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases import clocks, working_time
from cases.clocks import ClockName, Promise, Running, Step, WorkingDays
from cases.lifecycle import MOVES, Effect
from cases.types import Complexity, Priority, Stage
from cases.working_time import WorkingHours

CHINA = ZoneInfo("Asia/Shanghai")
HOURS = WorkingHours()
instants = st.datetimes(datetime(2024, 1, 1), datetime(2028, 12, 31), timezones=st.just(timezone.utc))
spans = st.timedeltas(timedelta(minutes=1), timedelta(days=5))


def at(day: str, hour: str = "10:00") -> datetime:
    """An instant in China."""
    return datetime.fromisoformat(f"{day} {hour}").replace(tzinfo=CHINA)


def span(name: str, priority: str = "normal", complexity: str = "standard") -> object:
    """The default span."""
    return clocks.span_of(ClockName(name), Priority(priority), Complexity(complexity))


@pytest.mark.parametrize(
    ("name", "normal", "high", "urgent"),
    [
        ("receipt", timedelta(minutes=10), timedelta(minutes=10), timedelta(minutes=10)),
        ("first_contact", timedelta(hours=24), timedelta(hours=12), timedelta(hours=2)),
        ("progress", timedelta(hours=24), timedelta(hours=24), timedelta(hours=24)),
        ("plan", timedelta(hours=72), timedelta(hours=48), timedelta(hours=24)),
        ("resolution", WorkingDays(7), WorkingDays(5), timedelta(hours=48)),
        ("carry_out", WorkingDays(2), WorkingDays(2), WorkingDays(2)),
        ("contact_again", timedelta(hours=48), timedelta(hours=24), timedelta(hours=2)),
        ("confirm", timedelta(days=7), timedelta(days=7), timedelta(days=7)),
        ("second_visit", timedelta(days=7), timedelta(days=7), timedelta(days=7)),
    ],
)
def test_the_defaults_are_the_specification_s(
    name: str, normal: object, high: object, urgent: object
) -> None:
    assert [span(name, priority) for priority in ("normal", "high", "urgent")] == [normal, high, urgent]


def test_complex_cases_have_longer_and_simple_ones_a_day() -> None:
    assert span("resolution", "normal", "complex") == WorkingDays(15)
    assert span("resolution", "high", "complex") == WorkingDays(5)
    assert {span("resolution", p, "simple") for p in ("normal", "high", "urgent")} == {timedelta(hours=24)}


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2026-11-23", True),  # Monday
        ("2026-11-22", False),  # Sunday
        ("2026-10-01", False),  # National Day
        ("2026-10-10", True),  # a Saturday that is worked for it
        ("2025-01-26", True),  # a Sunday that is worked for the Spring Festival
        ("2025-01-29", False),  # the Spring Festival
    ],
)
def test_the_official_calendar_decides_where_it_is_known(day: str, works: bool) -> None:
    assert working_time.is_workday(date.fromisoformat(day)) is works


def test_a_year_that_is_not_known_falls_back_to_weekends_and_fixed_holidays() -> None:
    assert not working_time.knows(2099)
    assert working_time.knows(2025)
    assert working_time.is_workday(date(2099, 3, 2))  # Monday
    assert not working_time.is_workday(date(2099, 3, 1))  # Sunday
    assert not working_time.is_workday(date(2099, 10, 1))


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        (at("2026-11-23", "15:00"), 2, at("2026-11-25", "15:00")),
        (at("2026-11-23", "08:00"), 2, at("2026-11-24", "18:00")),
        (at("2026-11-23", "20:00"), 2, at("2026-11-25", "18:00")),
        (at("2026-11-21", "12:00"), 1, at("2026-11-23", "18:00")),  # Saturday: Monday's closing
        (at("2026-09-30", "10:00"), 2, at("2026-10-09", "10:00")),  # over National Day (1 to 7 October)
        (at("2026-10-09", "10:00"), 1, at("2026-10-10", "10:00")),  # the worked Saturday
    ],
)
def test_working_days_count_hours_of_work(start: datetime, days: int, due: datetime) -> None:
    assert clocks.due_at(WorkingDays(days), start, HOURS) == due


def test_wall_clocks_count_every_hour() -> None:
    assert clocks.due_at(timedelta(hours=24), at("2026-11-21"), HOURS) == at("2026-11-22")


def test_a_warning_comes_at_four_fifths() -> None:
    assert clocks.warn_at(timedelta(hours=10), at("2026-11-23"), HOURS) == at("2026-11-23", "18:00")
    assert clocks.warn_at(WorkingDays(5), at("2026-11-23", "09:00"), HOURS) == at("2026-11-26", "18:00")


@given(instants, st.timedeltas(timedelta(0), timedelta(days=6)))
def test_reckoning_forth_and_back_agrees(start: datetime, working: timedelta) -> None:
    end = HOURS.after(start, working)
    assert HOURS.between(start, end) == working
    assert end >= start


@given(instants)
def test_the_next_opening_is_working_time_and_not_before(start: datetime) -> None:
    opening = HOURS.next_opening(start)
    assert opening >= start
    assert HOURS.is_open(opening)
    assert HOURS.is_open(start) == (opening == start)


def test_reckoning_is_right_across_a_change_of_summer_time() -> None:
    berlin = WorkingHours(zone=ZoneInfo("Europe/Berlin"), opens=time(0, 30), closes=time(23, 30))
    # 2099: not a known year, so weekends decide. Clocks go forward on Sunday, 29 March 2099.
    friday = datetime(2099, 3, 27, 12, 30, tzinfo=ZoneInfo("Europe/Berlin"))
    assert berlin.after(friday, timedelta(hours=12)) == datetime(
        2099, 3, 30, 1, 30, tzinfo=ZoneInfo("Europe/Berlin")
    )


def test_a_day_must_open_before_it_closes() -> None:
    with pytest.raises(ValueError, match="open before"):
        WorkingHours(opens=time(18), closes=time(9))


@given(instants, st.integers(0, 100), st.integers(0, 100))
def test_a_stopped_wall_clock_goes_on_with_what_was_left(start: datetime, before: int, stood: int) -> None:
    whole = timedelta(hours=101)
    stopped, now = start + timedelta(hours=before), start + timedelta(hours=before + stood)
    due = clocks.resumed_due_at(whole, start + whole, stopped, now, HOURS)
    assert due - now == whole - timedelta(hours=before)


@given(instants, spans, spans)
def test_a_stopped_working_clock_goes_on_with_the_working_time_that_was_left(
    start: datetime, ran: timedelta, stood: timedelta
) -> None:
    whole = WorkingDays(7)
    due = clocks.due_at(whole, start, HOURS)
    stopped, now = start + ran, start + ran + stood
    left = HOURS.between(stopped, due)
    assert HOURS.between(now, clocks.resumed_due_at(whole, due, stopped, now, HOURS)) == left


def test_an_overdue_clock_stays_overdue_over_a_stop() -> None:
    due = at("2026-11-23")
    assert clocks.resumed_due_at(timedelta(hours=1), due, at("2026-11-24"), at("2026-11-25"), HOURS) == due


def test_acceptance_starts_contact_plan_and_resolution() -> None:
    change = clocks.turnover(Stage.SUBMITTED, Stage.ACCEPTED)
    assert change.start == (ClockName.FIRST_CONTACT, ClockName.PLAN, ClockName.RESOLUTION)


@pytest.mark.parametrize(
    ("old", "new", "effect", "meets", "starts"),
    [
        (None, "submitted", None, (), ("receipt",)),
        ("proposing", "awaiting_consent", None, ("plan",), ()),
        ("awaiting_consent", "resolving", Effect.CONSENT, (), ("carry_out",)),
        ("resolving", "confirming", None, ("plan", "resolution", "carry_out"), ("confirm",)),
        ("confirming", "closed", None, ("confirm",), ("second_visit",)),
        ("confirming", "verifying", Effect.REOPENING, ("confirm",), ("contact_again",)),
        ("closed", "verifying", Effect.REOPENING, (), ("contact_again",)),
    ],
)
def test_moves_meet_and_start_their_clocks(
    old: str | None, new: str, effect: Effect | None, meets: tuple[str, ...], starts: tuple[str, ...]
) -> None:
    change = clocks.turnover(Stage(old) if old else None, Stage(new), effect)
    assert tuple(name.value for name in change.meet) == meets
    assert tuple(name.value for name in change.start) == starts


def test_clocks_stop_when_the_user_is_waited_for_and_go_on_after() -> None:
    waiting = {Stage.WAITING_USER, Stage.AWAITING_CONSENT, Stage.CONFIRMING}
    assert waiting == clocks.WAITING
    for move in MOVES:
        for old in move.sources:
            change = clocks.turnover(old, move.to, move.effect)
            still_before = old in waiting or not old.is_open
            still_after = move.to in waiting or not move.to.is_open
            assert change.stop is (still_after and not still_before)
            assert change.resume is (still_before and not still_after)


NOW = at("2026-11-23")
SOON, LATER = NOW + timedelta(hours=3), NOW + timedelta(hours=9)


@pytest.mark.parametrize(
    ("stage", "running", "promise"),
    [
        ("accepted", [("plan", LATER), ("first_contact", SOON)], (Step.FIRST_CONTACT, SOON)),
        ("accepted", [("plan", LATER)], (Step.PLAN, LATER)),
        ("verifying", [("plan", LATER), ("contact_again", SOON)], (Step.CONTACT_AGAIN, SOON)),
        ("verifying", [("progress", SOON)], (Step.PROGRESS, SOON)),
        ("proposing", [("resolution", LATER), ("progress", SOON)], (Step.RESOLUTION, LATER)),
        ("resolving", [("resolution", LATER), ("carry_out", SOON)], (Step.CARRY_OUT, SOON)),
        ("confirming", [("confirm", LATER)], (Step.USER_CONFIRMS, LATER)),
        ("closed", [("second_visit", LATER)], (Step.SECOND_VISIT, LATER)),
        ("waiting_user", [], (Step.USER_ANSWERS, None)),
        ("awaiting_consent", [], (Step.USER_CONSENTS, None)),
        ("rejected", [], (Step.MAY_APPEAL, None)),
        ("withdrawn", [], (Step.NOTHING, None)),
    ],
)
def test_the_next_promise_is_the_first_that_still_runs(
    stage: str, running: list[tuple[str, datetime]], promise: tuple[Step, datetime | None]
) -> None:
    clock_rows = [Running(ClockName(name), due) for name, due in running]
    assert clocks.next_promise(Stage(stage), clock_rows, NOW) == Promise(*promise)


def test_a_clock_that_stands_still_promises_nothing() -> None:
    stopped = Running(ClockName.PLAN, SOON, stopped=True)
    assert clocks.next_promise(Stage.VERIFYING, [stopped], NOW) == Promise(Step.PLAN)


def test_a_promise_that_ran_out_is_known_to_be_overdue() -> None:
    late = Running(ClockName.PLAN, NOW - timedelta(minutes=1))
    assert clocks.next_promise(Stage.VERIFYING, [late], NOW).overdue


@given(st.sampled_from(list(Stage)))
def test_every_stage_promises_something_whatever_runs(stage: Stage) -> None:
    everything = [Running(name, LATER) for name in ClockName]
    assert clocks.next_promise(stage, everything, NOW)
    assert clocks.next_promise(stage, [], NOW).by is None
