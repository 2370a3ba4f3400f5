"""The clocks of a case: how long a promise runs, what starts, meets and stops it, what to promise next.

Pure: instants and stages in, instants and names out. The rows are timekeeping's; firing what is due is the
courier's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from cases.lifecycle import Effect
from cases.types import Complexity, Priority, Stage
from cases.working_time import WorkingHours

WARN_AT = 0.8
"""The part of a clock after which its handler is warned."""

REMIND_TO_CONFIRM_AFTER = timedelta(days=3)


class ClockName(str, Enum):
    """The promises that are timed."""

    RECEIPT = "receipt"
    FIRST_CONTACT = "first_contact"
    PROGRESS = "progress"
    PLAN = "plan"
    RESOLUTION = "resolution"
    CARRY_OUT = "carry_out"
    CONTACT_AGAIN = "contact_again"
    CONFIRM = "confirm"
    SECOND_VISIT = "second_visit"


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """A span of working time: this many days of the team's hours."""

    count: int


Span = timedelta | WorkingDays


def _hours(count: int) -> timedelta:
    return timedelta(hours=count)


def _all(span: Span) -> dict[Priority, Span]:
    return dict.fromkeys(Priority, span)


def _by_priority(normal: Span, high: Span, urgent: Span) -> dict[Priority, Span]:
    return {Priority.NORMAL: normal, Priority.HIGH: high, Priority.URGENT: urgent}


DEFAULT_SPANS: Mapping[ClockName, Mapping[Priority, Span]] = {
    ClockName.RECEIPT: _all(timedelta(minutes=10)),
    ClockName.FIRST_CONTACT: _by_priority(_hours(24), _hours(12), _hours(2)),
    ClockName.PROGRESS: _all(_hours(24)),
    ClockName.PLAN: _by_priority(_hours(72), _hours(48), _hours(24)),
    ClockName.RESOLUTION: _by_priority(WorkingDays(7), WorkingDays(5), _hours(48)),
    ClockName.CARRY_OUT: _all(WorkingDays(2)),
    ClockName.CONTACT_AGAIN: _by_priority(_hours(48), _hours(24), _hours(2)),
    ClockName.CONFIRM: _all(timedelta(days=7)),
    ClockName.SECOND_VISIT: _all(timedelta(days=7)),
}

SIMPLE_RESOLUTION: Span = _hours(24)
"""A simple case is solved within a day whatever its priority: a higher one must never lengthen a promise."""

COMPLEX_RESOLUTION: Span = WorkingDays(15)
"""A complex case of normal priority; a higher priority keeps its own span."""

RUNS_WHILE_WAITING = frozenset({ClockName.RECEIPT, ClockName.CONFIRM, ClockName.SECOND_VISIT})
"""The clocks that do not stop while the case waits for the user."""

WAITING = frozenset({Stage.WAITING_USER, Stage.AWAITING_CONSENT, Stage.CONFIRMING})
"""The stages in which the case waits for the user."""

PROGRESS_STAGES = frozenset({Stage.ACCEPTED, Stage.VERIFYING, Stage.PROPOSING, Stage.RESOLVING})
"""The stages in which the user hears something every day."""

_STARTED_BY_STAGE: Mapping[Stage, tuple[ClockName, ...]] = {
    Stage.SUBMITTED: (ClockName.RECEIPT,),
    Stage.CONFIRMING: (ClockName.CONFIRM,),
    Stage.CLOSED: (ClockName.SECOND_VISIT,),
}
_MET_BY_STAGE: Mapping[Stage, tuple[ClockName, ...]] = {
    Stage.AWAITING_CONSENT: (ClockName.PLAN,),
    Stage.CONFIRMING: (ClockName.PLAN, ClockName.RESOLUTION, ClockName.CARRY_OUT),
}

MET_BY_CONTACT = (ClockName.FIRST_CONTACT, ClockName.CONTACT_AGAIN)
"""What an agent's words to the user, or a noted call, meet."""


@dataclass(frozen=True, slots=True)
class Turnover:
    """What a move does to the clocks, in this order: met, then stopped or resumed, then started."""

    meet: tuple[ClockName, ...]
    start: tuple[ClockName, ...]
    stop: bool
    resume: bool


def turnover(old: Stage | None, new: Stage, effect: Effect | None = None) -> Turnover:
    """What the move `old` → `new` does to the clocks (`old` is None when the case is filed)."""
    start = list(_STARTED_BY_STAGE.get(new, ()))
    if new is Stage.ACCEPTED:
        start += [ClockName.FIRST_CONTACT, ClockName.PLAN, ClockName.RESOLUTION]
    if effect is Effect.CONSENT:
        start.append(ClockName.CARRY_OUT)
    if effect is Effect.REOPENING:
        start.append(ClockName.CONTACT_AGAIN)
    meet = list(_MET_BY_STAGE.get(new, ()))
    if old is Stage.CONFIRMING:
        meet.append(ClockName.CONFIRM)
    was_stopped = old in WAITING or (old is not None and not old.is_open)
    is_stopped = new in WAITING or not new.is_open
    return Turnover(
        meet=tuple(meet),
        start=tuple(start),
        stop=is_stopped and not was_stopped,
        resume=was_stopped and not is_stopped,
    )


def span_of(
    name: ClockName,
    priority: Priority,
    complexity: Complexity,
    spans: Mapping[ClockName, Mapping[Priority, Span]] = DEFAULT_SPANS,
) -> Span:
    """How long the clock runs for such a case."""
    if name is ClockName.RESOLUTION:
        if complexity is Complexity.SIMPLE:
            return SIMPLE_RESOLUTION
        if complexity is Complexity.COMPLEX and priority is Priority.NORMAL:
            return COMPLEX_RESOLUTION
    return spans[name][priority]


def due_at(span: Span, started_at: datetime, hours: WorkingHours) -> datetime:
    """When a clock that started at `started_at` runs out."""
    if isinstance(span, WorkingDays):
        return hours.days_after(started_at, span.count)
    return started_at + span


def warn_at(span: Span, started_at: datetime, hours: WorkingHours) -> datetime:
    """When 80 % of the clock is gone."""
    if isinstance(span, WorkingDays):
        return hours.after(started_at, hours.day * span.count * WARN_AT)
    return started_at + span * WARN_AT


def resumed_due_at(
    span: Span, due: datetime, stopped_at: datetime, now: datetime, hours: WorkingHours
) -> datetime:
    """The new end of a clock that stood still from `stopped_at` to `now`; an overdue one stays overdue."""
    if due <= stopped_at:
        return due
    if isinstance(span, WorkingDays):
        return hours.after(now, hours.between(stopped_at, due))
    return due + (now - stopped_at)


@dataclass(frozen=True, slots=True)
class Running:
    """A clock that was started and not yet met. `stopped`: it stands still."""

    name: ClockName
    due_at: datetime
    stopped: bool = False


class Step(str, Enum):
    """What comes next, as the user is told."""

    ASSIGN = "assign"
    FIRST_CONTACT = "first_contact"
    CONTACT_AGAIN = "contact_again"
    PLAN = "plan"
    PROGRESS = "progress"
    USER_ANSWERS = "user_answers"
    USER_CONSENTS = "user_consents"
    CARRY_OUT = "carry_out"
    RESOLUTION = "resolution"
    USER_CONFIRMS = "user_confirms"
    SECOND_VISIT = "second_visit"
    MAY_APPEAL = "may_appeal"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Promise:
    """The next step and by when. `overdue`: the time has passed and it was not done."""

    step: Step
    by: datetime | None = None
    overdue: bool = False


_STEPS: Mapping[Stage, tuple[tuple[ClockName, Step], ...]] = {
    Stage.SUBMITTED: ((ClockName.RECEIPT, Step.ASSIGN),),
    Stage.ACCEPTED: (
        (ClockName.FIRST_CONTACT, Step.FIRST_CONTACT),
        (ClockName.PLAN, Step.PLAN),
        (ClockName.RESOLUTION, Step.RESOLUTION),
    ),
    Stage.VERIFYING: (
        (ClockName.CONTACT_AGAIN, Step.CONTACT_AGAIN),
        (ClockName.PLAN, Step.PLAN),
        (ClockName.RESOLUTION, Step.RESOLUTION),
        (ClockName.PROGRESS, Step.PROGRESS),
    ),
    Stage.PROPOSING: (
        (ClockName.PLAN, Step.PLAN),
        (ClockName.RESOLUTION, Step.RESOLUTION),
        (ClockName.PROGRESS, Step.PROGRESS),
    ),
    Stage.RESOLVING: (
        (ClockName.CARRY_OUT, Step.CARRY_OUT),
        (ClockName.RESOLUTION, Step.RESOLUTION),
        (ClockName.PROGRESS, Step.PROGRESS),
    ),
    Stage.CONFIRMING: ((ClockName.CONFIRM, Step.USER_CONFIRMS),),
    Stage.CLOSED: ((ClockName.SECOND_VISIT, Step.SECOND_VISIT),),
}
_WITHOUT_CLOCK: Mapping[Stage, Step] = {
    Stage.SUBMITTED: Step.ASSIGN,
    Stage.ACCEPTED: Step.FIRST_CONTACT,
    Stage.VERIFYING: Step.PLAN,
    Stage.WAITING_USER: Step.USER_ANSWERS,
    Stage.PROPOSING: Step.PLAN,
    Stage.AWAITING_CONSENT: Step.USER_CONSENTS,
    Stage.RESOLVING: Step.CARRY_OUT,
    Stage.CONFIRMING: Step.USER_CONFIRMS,
    Stage.CLOSED: Step.NOTHING,
    Stage.REJECTED: Step.MAY_APPEAL,
    Stage.WITHDRAWN: Step.NOTHING,
}


def next_promise(stage: Stage, clocks: Iterable[Running], now: datetime) -> Promise:
    """What a person in this stage is promised next: the first of the stage's clocks that still runs."""
    running = {clock.name: clock for clock in clocks if not clock.stopped}
    for name, step in _STEPS.get(stage, ()):
        if name in running:
            due = running[name].due_at
            return Promise(step, due, overdue=due < now)
    return Promise(_WITHOUT_CLOCK[stage])
