"""Who gets a case: the team by its type, the handler with the fewest open cases.

Pure: the rules and the candidates come in, a choice comes out. Reading them from the database is
assigning's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cases.types import ComplaintType, Priority

TEAM_OF_TYPE: Mapping[ComplaintType, str] = {
    ComplaintType.PRODUCT_QUALITY: "商品质量",
    ComplaintType.FALSE_ADVERTISING: "商品质量",
    ComplaintType.DELIVERY: "物流",
    ComplaintType.SERVICE_ATTITUDE: "服务监管",
    ComplaintType.AFTER_SALES: "售后",
    ComplaintType.BILLING_REFUND: "财务合规",
    ComplaintType.SERVICE_SHORTFALL: "服务监管",
    ComplaintType.PRIVACY: "合规",
    ComplaintType.SAFETY: "安全",
    ComplaintType.OTHER: "综合",
}
"""The default teams; a policy may name others."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Cases that match every condition that is given go to `team`."""

    team: str
    type: ComplaintType | None = None
    merchant: str | None = None
    priority: Priority | None = None

    def matches(self, type: ComplaintType, merchant: str | None, priority: Priority) -> bool:
        """Does the case fall under this rule?"""
        return (
            self.type in (None, type)
            and self.priority in (None, priority)
            and (self.merchant is None or self.merchant == merchant)
        )


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person of the team who could take the case."""

    agent_id: int
    on_duty: bool
    open_cases: int


def choose_team(
    type: ComplaintType, merchant: str | None, priority: Priority, rules: Iterable[Rule] = ()
) -> str:
    """The name of the team: the first rule that matches, else the team of the type."""
    for rule in rules:
        if rule.matches(type, merchant, priority):
            return rule.team
    return TEAM_OF_TYPE[type]


def choose_handler(candidates: Iterable[Candidate]) -> int | None:
    """The one on duty with the fewest open cases (of equals, the first made); None: the team as a whole."""
    on_duty = [candidate for candidate in candidates if candidate.on_duty]
    if not on_duty:
        return None
    return min(on_duty, key=lambda candidate: (candidate.open_cases, candidate.agent_id)).agent_id
