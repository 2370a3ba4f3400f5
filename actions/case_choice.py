"""Which case is meant: a number in the text, the only one there is, or the question "which one?".

Reads; changes nothing and says nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from actions.heard import Heard
from cases import notices, numbers, queries
from cases.queries import Own
from cases.tables import Case
from cases.types import ComplaintType, Stage

# 13 digits with whatever people put between them; then whatever looks like a slip of it.
_EXACT = re.compile(r"T\s*S[\s\-:#.]*(?:\d[\s\-]*){12}\d(?!\d)")
_SLIP = re.compile(r"T\s*S[\s\-:#.]*\d[0-9OILZSB\s\-]{6,22}")
CHOICES = 6
"""How many cases a choice shows, the newest ones; any other is named by its number."""
_BARE = re.compile(r"(?<!\d)\d{13}(?!\d)")


@dataclass(frozen=True, slots=True)
class Meant:
    """`own`: the asker's case. `stranger`: a well-formed number that is not. `mistyped`: no number can be
    that.
    """

    own: Case | None = None
    stranger: str | None = None
    mistyped: bool = False


def meant_case(session: Session, contact_id: int, heard: Heard, *, bare: bool = False) -> Meant | None:
    """The case that the message names by its number; None where it names none.

    `bare`: the number was asked for, so that 13 digits without TS are one too.
    """
    reading = _number_in(heard, bare)
    if isinstance(reading, numbers.Mistyped):
        return Meant(mistyped=True)
    if not isinstance(reading, numbers.Valid):
        return None
    own = queries.find_own(session, contact_id, reading.number)
    return Meant(own=own) if own else Meant(stranger=reading.number)


def choices(cases: Sequence[Case], intent: str) -> list[dict[str, str]]:
    """Buttons, one a case; pressing one says `intent` about it."""
    return [
        {
            "title": notices.case_line(case.number, ComplaintType(case.type), Stage(case.stage)),
            "payload": notices.action_payload(intent, case.number),
        }
        for case in cases
    ]


def open_cases(session: Session, contact_id: int) -> Own:
    """The contact's cases that are still worked on."""
    return queries.open_cases_of(session, contact_id, newest=CHOICES)


def awaiting_answer(session: Session, contact_id: int) -> Own:
    """The contact's cases that wait for his yes or no: to the plan, or to the outcome."""
    waiting = (Stage.AWAITING_CONSENT, Stage.CONFIRMING)
    return queries.open_cases_of(session, contact_id, stages=waiting, newest=CHOICES)


def awaiting_words(session: Session, contact_id: int) -> Own:
    """The contact's cases that wait for what he was asked to add."""
    return queries.open_cases_of(session, contact_id, stages=(Stage.WAITING_USER,))


def _number_in(heard: Heard, bare: bool) -> numbers.Reading:
    folded = unicodedata.normalize("NFKC", heard.text).upper()
    exact = _EXACT.search(folded)
    if exact:
        return numbers.check(exact.group())
    if bare and (digits := _BARE.search(folded)):
        return numbers.check(digits.group(), bare=True)
    entity = heard.value("case_no")
    if entity:
        return numbers.check(entity)
    slip = _SLIP.search(folded)
    return numbers.check(slip.group()) if slip else numbers.NotANumber()
