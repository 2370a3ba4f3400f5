"""How urgent a complaint is and how much work it will be, each with its reasons. The reasons go into the case's timeline,
so that whoever gets the case can see why it stands where it stands.

Pure: what is known when the case is filed goes in, a grade comes out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from cases.types import ComplaintType, Complexity, Priority, Remedy

LARGE_AMOUNT = Decimal(10_000)
"""From this many yuan on a dispute goes before the ordinary ones, and wants more work."""

SMALL_AMOUNT = Decimal(200)
"""Up to this many yuan a plain wish about a known order is settled on the spot."""

MANY_PEOPLE = 5
"""So many people with the same merchant and type within a day have one cause in common."""

_GO_FIRST = frozenset({ComplaintType.SAFETY, ComplaintType.PRIVACY})
_PLAIN_TYPES = frozenset(
    {
        ComplaintType.PRODUCT_QUALITY,
        ComplaintType.DELIVERY,
        ComplaintType.AFTER_SALES,
        ComplaintType.BILLING_REFUND,
        ComplaintType.SERVICE_SHORTFALL,
    }
)
_PLAIN_WISHES = frozenset({Remedy.REFUND, Remedy.EXCHANGE, Remedy.REDO_SERVICE})
_OUTSIDE = re.compile(
    r"律[师師]|起[诉訴]|法院|仲裁|12315|12345|消[协協]|消[费費]者[协協][会會]|市[场場][监監]|工商局|媒[体體]|[记記]者|"
    r"[鉴鑑]定|[检檢][测測][报報]告"
)


class Reason(str, Enum):
    """Why a case is more, or less, than an ordinary one."""

    DANGER = "danger"
    TYPE_GOES_FIRST = "type_goes_first"
    LARGE_AMOUNT = "large_amount"
    MANY_PEOPLE = "many_people"
    OUTSIDE_INVOLVED = "outside_involved"
    PLAIN_AND_SMALL = "plain_and_small"

    @property
    def shown(self) -> str:
        """The reason that agents read."""
        return _REASONS[self]


_REASONS: Mapping[Reason, str] = {
    Reason.DANGER: "有人身危险",
    Reason.TYPE_GOES_FIRST: "安全、隐私类优先",
    Reason.LARGE_AMOUNT: f"金额不低于 {LARGE_AMOUNT} 元",
    Reason.MANY_PEOPLE: f"一天内至少 {MANY_PEOPLE} 人投诉同一商家的同类问题",
    Reason.OUTSIDE_INVOLVED: "提到鉴定、媒体、监管或诉讼",
    Reason.PLAIN_AND_SMALL: f"订单清楚、诉求明确、金额不超过 {SMALL_AMOUNT} 元",
}


@dataclass(frozen=True, slots=True)
class Matter:
    """What a grade rests on. `danger`: somebody's body or safety is at stake; `people`: how many people, this one
    included, complained of the same merchant and type within a day; `flagged`: filed against a screening ground.
    """

    type: ComplaintType
    description: str
    amount: Decimal | None = None
    remedy: Remedy | None = None
    order_no: str | None = None
    danger: bool = False
    people: int = 1
    flagged: bool = False


@dataclass(frozen=True, slots=True)
class Grade:
    """Priority and complexity, with the reasons for what is not ordinary about them."""

    priority: Priority
    complexity: Complexity
    reasons: tuple[Reason, ...] = ()


def grade(matter: Matter) -> Grade:
    """Danger to persons goes first; then safety, privacy, large amounts and what hits many people at once."""
    first = [Reason.DANGER] if matter.danger else []
    high = [
        reason
        for reason, holds in (
            (Reason.TYPE_GOES_FIRST, matter.type in _GO_FIRST),
            (Reason.LARGE_AMOUNT, _is_large(matter.amount)),
            (Reason.MANY_PEOPLE, matter.people >= MANY_PEOPLE),
        )
        if holds
    ]
    priority = Priority.URGENT if first else Priority.HIGH if high else Priority.NORMAL
    outside = [Reason.OUTSIDE_INVOLVED] if _OUTSIDE.search(matter.description) else []
    if outside or _is_large(matter.amount) or matter.people >= MANY_PEOPLE:
        return Grade(priority, Complexity.COMPLEX, (*first, *high, *outside))
    if priority is Priority.NORMAL and _is_plain_and_small(matter):
        return Grade(priority, Complexity.SIMPLE, (Reason.PLAIN_AND_SMALL,))
    return Grade(priority, Complexity.STANDARD, (*first, *high))


def _is_large(amount: Decimal | None) -> bool:
    return amount is not None and amount >= LARGE_AMOUNT


def _is_plain_and_small(matter: Matter) -> bool:
    return (
        not matter.flagged
        and matter.type in _PLAIN_TYPES
        and matter.remedy in _PLAIN_WISHES
        and matter.order_no is not None
        and matter.amount is not None
        and matter.amount <= SMALL_AMOUNT
    )
