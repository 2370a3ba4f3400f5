"""What a complaint says, read from what the dialogue gathered; what a case cannot hold is refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from cases.types import ComplaintType, Complexity, Priority, Remedy

MAX_AMOUNT = Decimal(10) ** 12


class InvalidFact(ValueError):
    """A fact that a case cannot hold: which one, and why."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"{name}: {why}")
        self.name = name


@dataclass(frozen=True, slots=True)
class Facts:
    """A complaint as told. `danger`: health is at stake now. `flagged`: the screening ground overruled."""

    type: ComplaintType
    description: str
    order_no: str | None = None
    merchant: str | None = None
    amount: Decimal | None = None
    remedy: Remedy | None = None
    incident_time: str | None = None
    purchase_date: date | None = None
    phone: str | None = None
    sub_type: str | None = None
    complexity: Complexity | None = None
    priority: Priority | None = None
    danger: bool = False
    flagged: str | None = None

    @property
    def amount_fen(self) -> int | None:
        """The amount as the database keeps it."""
        return None if self.amount is None else int(self.amount * 100)


def read_facts(told: Mapping[str, Any]) -> Facts:
    """Read slot → value as the dialogue keeps it; `complaint_type` and `description` must be there.

    `amount` is decimal yuan (text or number), `purchase_date` an ISO date. Names that a case does not have
    are ignored. Raises `InvalidFact`.
    """
    description = _text(told, "description", 10_000)
    if description is None:
        raise InvalidFact("description", "is missing")
    return Facts(
        type=_code(told, "complaint_type", ComplaintType) or _missing("complaint_type"),
        description=description,
        order_no=_text(told, "order_no", 64),
        merchant=_text(told, "merchant", 120),
        amount=_amount(told.get("amount")),
        remedy=_code(told, "remedy", Remedy),
        incident_time=_text(told, "incident_time", 32),
        purchase_date=_date(told, "purchase_date"),
        phone=_text(told, "phone", 32),
        sub_type=_text(told, "sub_type", 40),
        complexity=_code(told, "complexity", Complexity),
        priority=_code(told, "priority", Priority),
        danger=bool(told.get("danger")),
        flagged=_text(told, "flagged", 40),
    )


def _missing(name: str) -> Any:
    raise InvalidFact(name, "is missing")


def _text(told: Mapping[str, Any], name: str, longest: int) -> str | None:
    value = told.get(name)
    if value is None:
        return None
    # NUL cannot be stored by PostgreSQL, and no person ever meant to write it.
    cleaned = str(value).replace("\x00", "").strip()
    return cleaned[:longest] or None


def _code(told: Mapping[str, Any], name: str, codes: Any) -> Any:
    value = told.get(name)
    if value is None or value == "":
        return None
    try:
        return codes(value)
    except ValueError as unknown:
        raise InvalidFact(name, "is not a known code") from unknown


def _amount(value: Any) -> Decimal | None:
    if value is None or value == "":
        return None
    try:
        amount = Decimal(str(value))
    except InvalidOperation as wrong:
        raise InvalidFact("amount", "is not a decimal number") from wrong
    if not amount.is_finite() or not 0 <= amount < MAX_AMOUNT:
        raise InvalidFact("amount", "is out of range")
    return amount.quantize(Decimal("0.01"))


def _date(told: Mapping[str, Any], name: str) -> date | None:
    value = told.get(name)
    if value is None or value == "":
        return None
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError as wrong:
        raise InvalidFact(name, "is not an ISO date") from wrong
