"""What a company may set about its complaint handling: hours, spans, routing, limits; set once at start.

Values only; the rules that use them are in clocks, routing, working_time. Defaults are those of the
specification.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from cases.clocks import DEFAULT_SPANS, ClockName, Span
from cases.ready_answers import ReadyAnswer
from cases.routing import Rule
from cases.screening import Elsewhere
from cases.types import Priority
from cases.working_time import WorkingHours


@dataclass(frozen=True)
class Policy:
    """One company's settings for complaint handling."""

    hours: WorkingHours = field(default_factory=WorkingHours)
    spans: Mapping[ClockName, Mapping[Priority, Span]] = field(default_factory=lambda: DEFAULT_SPANS)
    routing: tuple[Rule, ...] = ()
    decided_elsewhere: tuple[Elsewhere, ...] = ()
    """Matters that this company does not decide, and where to go with them, before the general ones."""
    ready_answers: tuple[ReadyAnswer, ...] = ()
    """What this company can answer on the spot, before the general answers."""
    looks_up_orders: bool = False
    """Does the company's order system tell what an order is about?"""
    evidence_max_files: int = 20
    """Files of the user's side a case."""
    draft_kept: timedelta = timedelta(hours=72)
    """How long a set-aside draft waits to be taken up again."""
    urge_once_in: timedelta = timedelta(hours=24)
    answer_within: timedelta = timedelta(hours=72)
    """How long the user has for what he is asked to add, where the agent names no date."""


_installed = Policy()


def install(policy: Policy) -> None:
    """Make `policy` the one that this process works by: once, by the composition root, before any work."""
    global _installed
    _installed = policy


def current() -> Policy:
    """The policy that this process works by."""
    return _installed
