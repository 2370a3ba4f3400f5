"""One reading of a message, shared by the components of a pipeline: its normalised text and what has a shape
in it.

Everything found by rule comes from here, in the order in which one shape excludes another: a case number is
no order number, an order number no amount. Which of it becomes an entity, and under which name, is the
components' setting.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone

from bot.nlu.amounts import find_amounts
from bot.nlu.merchants import find_merchants
from bot.nlu.phones import find_phones
from bot.nlu.references import find_case_numbers, find_order_numbers
from bot.nlu.remedies import find_remedies
from bot.nlu.shares import in_shares
from bot.nlu.spans import Found, without_overlaps
from bot.nlu.text import Normalised, normalise
from bot.nlu.times import find_times

CASE_NUMBER = "case_no"
PHONE = "phone"
ORDER_NUMBER = "order_no"
TIME = "incident_time"
AMOUNT = "amount"
REMEDY = "remedy"
MERCHANT = "merchant"
KINDS = (CASE_NUMBER, PHONE, ORDER_NUMBER, TIME, AMOUNT, REMEDY, MERCHANT)

# Beyond this a message is no sentence of a person's; rules read its beginning only, so that a turn stays
# short.
LONGEST_READ = 2000


TRAINING_TIME = datetime(2024, 12, 31, 23, 59, tzinfo=timezone.utc)
"""When training texts are taken to have been written: a model must not depend on the day of its training."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A normalised message and the finds in it by kind; spans are those of the normalised text."""

    normalised: Normalised
    found: Mapping[str, tuple[Found, ...]]


def read(text: str, at: datetime) -> Reading:
    """Read `text` as a message sent at `at` (its time zone is that of the answers)."""
    normalised = normalise(text)
    readable = normalised.text[:LONGEST_READ]
    found: dict[str, tuple[Found, ...]] = {}
    taken: list[Found] = []

    def keep(kind: str, candidates: Iterable[Found]) -> None:
        found[kind] = tuple(without_overlaps(candidates, taken))
        taken.extend(found[kind])

    has_digits = any(character.isdigit() for character in readable)
    keep(CASE_NUMBER, find_case_numbers(readable) if has_digits else ())
    keep(PHONE, find_phones(readable))  # also read out: 幺三八零零…
    keep(ORDER_NUMBER, find_order_numbers(readable))  # also read out
    keep(TIME, find_times(readable, at))
    keep(AMOUNT, find_amounts(readable))
    found[REMEDY] = tuple(find_remedies(readable))  # may share words with an amount: 退我1299
    found[MERCHANT] = tuple(find_merchants(readable))
    return Reading(normalised, found)


def read_in_training(text: str) -> Reading:
    """Read a training text; the same on every day that a model is trained. Kept: several components learn from it."""
    kept = _READ.get(text)
    if kept is None:
        kept = _READ[text] = read(text, TRAINING_TIME)
    return kept


def read_all_in_training(texts: Sequence[str]) -> None:
    """Read training texts on all processors, so that `read_in_training` knows them."""
    unread = [text for text in dict.fromkeys(texts) if text not in _READ]
    for share in in_shares(_read_share, unread):
        _READ.update(share)


_READ: dict[str, Reading] = {}


def _read_share(texts: Sequence[str]) -> dict[str, Reading]:
    return {text: read(text, TRAINING_TIME) for text in texts}
