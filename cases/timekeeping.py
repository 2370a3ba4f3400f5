"""The rows of a case's clocks: started, met, stopped and resumed as the rules in clocks say.

A miss is recorded once, on the clock's row and in the timeline, and never erased.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from cases import clocks
from cases.clocks import ClockName, Running, Turnover
from cases.lifecycle import Actor
from cases.policy import Policy
from cases.tables import Case, CaseClock, TimelineEntry
from cases.types import Complexity, Priority, Stage


def turn_over(case: Case, turnover: Turnover, now: datetime, policy: Policy) -> None:
    """Apply what a move does to the clocks."""
    meet(case, turnover.meet, now)
    for clock in _unmet(case):
        if ClockName(clock.name) in clocks.RUNS_WHILE_WAITING:
            continue
        if turnover.stop and clock.stopped_at is None:
            clock.stopped_at = now
        elif turnover.resume and clock.stopped_at is not None:
            span = _span(case, ClockName(clock.name), policy)
            clock.due_at = clocks.resumed_due_at(span, clock.due_at, clock.stopped_at, now, policy.hours)
            clock.stopped_at = None
    if not Stage(case.stage).is_open:
        _stop_confirm(case, now)
    for name in turnover.start:
        start(case, name, now, policy)


def start(case: Case, name: ClockName, now: datetime, policy: Policy) -> CaseClock:
    """Start a clock; one of that name that still runs begins anew, and keeps a miss on record."""
    due = clocks.due_at(_span(case, name, policy), now, policy.hours)
    for clock in _unmet(case):
        if clock.name == name.value:
            if clock.due_at >= now and clock.missed_at is None:
                clock.started_at, clock.due_at, clock.stopped_at = now, due, None
                return clock
            _meet(case, clock, now)
    clock = CaseClock(name=name.value, started_at=now, due_at=due)
    case.clocks.append(clock)
    return clock


def meet(case: Case, names: Iterable[ClockName], now: datetime) -> None:
    """The promises of these names are kept now, in time or late."""
    wanted = {name.value for name in names}
    for clock in _unmet(case):
        if clock.name in wanted:
            _meet(case, clock, now)


def user_was_told(case: Case, now: datetime, policy: Policy) -> None:
    """The user just heard something from a person or a notice: the day until the next word begins anew."""
    meet(case, (ClockName.PROGRESS,), now)
    if Stage(case.stage) in clocks.PROGRESS_STAGES:
        start(case, ClockName.PROGRESS, now, policy)


def running(case: Case) -> list[Running]:
    """The clocks that were started and not yet met, as the rules want them."""
    return [
        Running(ClockName(clock.name), clock.due_at, stopped=clock.stopped_at is not None)
        for clock in _unmet(case)
    ]


def due_of(case: Case, name: ClockName) -> datetime | None:
    """Until when the promise of this name holds; None where none is open."""
    return next((clock.due_at for clock in running(case) if clock.name is name), None)


def _unmet(case: Case) -> list[CaseClock]:
    return [clock for clock in case.clocks if clock.met_at is None]


def _meet(case: Case, clock: CaseClock, now: datetime) -> None:
    clock.met_at = now
    # A clock that stood still when it was met ran only until then.
    if (clock.stopped_at or now) > clock.due_at and clock.missed_at is None:
        clock.missed_at = now
        case.timeline.append(
            TimelineEntry(
                at=now,
                actor=Actor.SYSTEM.value,
                what="missed",
                old=case.stage,
                new=clock.name,
                agent_id=case.handler_id,
                visible=False,
            )
        )


def _stop_confirm(case: Case, now: datetime) -> None:
    for clock in _unmet(case):
        if clock.name == ClockName.CONFIRM.value and clock.stopped_at is None:
            clock.stopped_at = now


def _span(case: Case, name: ClockName, policy: Policy) -> clocks.Span:
    return clocks.span_of(name, Priority(case.priority), Complexity(case.complexity), policy.spans)
