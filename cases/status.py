"""How a case stands: stages with times, who has it, what was last done, what comes next and by when.

Values for whoever words or shows them; changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from cases import clocks, policy
from cases.clocks import ClockName, Promise, Step
from cases.tables import Case, TimelineEntry
from cases.timekeeping import due_of, running
from cases.types import PATH, STEP_OF, ComplaintType, Stage

TOLD = frozenset({"filed", "stage", "handler", "evidence", "words", "urge", "contact"})
"""The entries of the timeline that count as something done, for the one who asks."""


@dataclass(frozen=True, slots=True)
class PathStep:
    """A step of the road that the user sees. `state`: `done`, `current`, `ahead`; `at`: when reached."""

    stage: Stage
    state: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Act:
    """Something that was done, as the timeline keeps it; the words for it are the notices'."""

    at: datetime
    what: str
    actor: str
    new: str | None


@dataclass(frozen=True, slots=True)
class Status:
    """Everything that a status text says."""

    number: str
    type_shown: str
    stage: Stage
    since: datetime
    """Since when the case is in this stage."""
    path: tuple[PathStep, ...]
    team: str | None
    handler: str | None
    contact: str | None
    on_duty_from: datetime | None
    """Where nobody in person has the case yet: when the team's next working time begins; None while it is."""
    last_act: Act | None
    promise: Promise
    resolve_by: datetime | None
    evidence: int
    escalation: int
    now: datetime
    zone: ZoneInfo


def status_of(case: Case, now: datetime) -> Status:
    """How the case stands at `now`."""
    rules = policy.current()
    stage = Stage(case.stage)
    promise = clocks.next_promise(stage, running(case), now)
    if promise.step is Step.USER_ANSWERS and case.answer_by is not None:
        promise = Promise(promise.step, case.answer_by)
    off_duty = case.handler is None and not rules.hours.is_open(now)
    return Status(
        number=case.number,
        type_shown=ComplaintType(case.type).shown,
        stage=stage,
        since=_since(case),
        path=_path(case, stage),
        team=case.team.name if case.team else None,
        handler=case.handler.display_name if case.handler else None,
        contact=case.team.contact if case.team else None,
        on_duty_from=rules.hours.next_opening(now) if off_duty else None,
        last_act=_last_act(case.timeline),
        promise=promise,
        resolve_by=due_of(case, ClockName.RESOLUTION),
        evidence=len(case.evidence),
        escalation=case.escalation,
        now=now,
        zone=rules.hours.zone,
    )


def _since(case: Case) -> datetime:
    for entry in reversed(case.timeline):
        if entry.what == "stage" and entry.new == case.stage:
            return entry.at
    return case.created_at


def _path(case: Case, stage: Stage) -> tuple[PathStep, ...]:
    reached: dict[Stage, datetime] = {}
    for entry in case.timeline:
        step = STEP_OF.get(Stage(entry.new)) if entry.what == "stage" and entry.new else None
        if step is None:
            continue
        ahead = [later for later in PATH[PATH.index(step) + 1 :] if later in reached]
        for later in ahead:  # the case went back: what lay ahead lies ahead again
            del reached[later]
        if ahead or step not in reached:
            reached[step] = entry.at
    current = STEP_OF.get(stage)
    steps = []
    for step in PATH:
        state = "current" if step is current else "done" if step in reached else "ahead"
        if step is current is Stage.CLOSED:
            state = "done"
        steps.append(PathStep(step, state, reached.get(step)))
    return tuple(steps)


def _last_act(timeline: Sequence[TimelineEntry]) -> Act | None:
    for entry in reversed(timeline):
        if entry.visible and entry.what in TOLD:
            return Act(entry.at, entry.what, entry.actor, entry.new)
    return None
