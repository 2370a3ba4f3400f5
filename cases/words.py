"""What is said beside a case's stages: the complainant's further words and urging, calls, internal notes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases import clocks, notices, policy, timekeeping
from cases.lifecycle import Actor, MoveRefused
from cases.locking import lock_case
from cases.moving import take_as_answer
from cases.tables import Case, TimelineEntry
from cases.telling import tell
from cases.types import DECIDED, ComplaintType, Priority, Stage
from conversations.tables import Agent

MAX_WORDS = 10_000
SPOKEN = "voice"
"""The flag of a case whose account is in recordings and not yet written down."""


class CaseDecided(MoveRefused):
    """The case is closed, rejected or withdrawn: nothing can be urged any more."""


@dataclass(frozen=True, slots=True)
class Urged:
    """Whether the urging counted; if not, `again_at` says when the next one does."""

    counted: bool
    again_at: datetime


def add_words(session: Session, case_number: str, text: str, now: datetime) -> bool:
    """Keep what the complainant adds; True if the case waited for it and now goes on (he was told so).

    Raises `CaseNotFound`, and `ValueError` for a text of nothing.
    """
    words = text.replace("\x00", "").strip()[:MAX_WORDS]
    if not words:
        raise ValueError("there are no words to add")
    case = lock_case(session, case_number)
    _log(case, Actor.USER, "words", now, note=words)
    return take_as_answer(session, case, now)


def urge(session: Session, case_number: str, now: datetime) -> Urged:
    """The complainant presses for it: once in 24 h it raises an ordinary case and shows up with its handler.

    The running clocks keep their dates: urging shortens no promise, and lengthens none. Raises
    `CaseNotFound`, `CaseDecided`.
    """
    case = lock_case(session, case_number)
    if not Stage(case.stage).is_open:
        raise CaseDecided(f"「{Stage(case.stage).shown}」的投诉不能催办")
    every = policy.current().urge_once_in
    last = max((entry.at for entry in case.timeline if entry.what == "urge"), default=None)
    if last is not None and now < last + every:
        return Urged(False, last + every)
    _log(case, Actor.USER, "urge", now)
    if case.priority == Priority.NORMAL.value:
        case.priority = Priority.HIGH.value
        case.timeline.append(
            TimelineEntry(
                at=now,
                actor=Actor.SYSTEM.value,
                what="priority",
                old=Priority.NORMAL.value,
                new=Priority.HIGH.value,
                visible=False,
            )
        )
    return Urged(True, now + every)


def write_down(
    session: Session, case_number: str, agent: Agent, description: str, kind: ComplaintType, now: datetime
) -> Case:
    """An agent has listened and writes a spoken complaint down: the account, and its type where it is another one.

    What stood there before stays in the timeline; the complainant reads what was written and may correct it. Raises
    `CaseNotFound`, and `ValueError` for an empty account.
    """
    words = description.replace("\x00", "").strip()[:MAX_WORDS]
    if not words:
        raise ValueError("there is no account")
    case = lock_case(session, case_number)
    _log(case, Actor.AGENT, "written_down", now, note=case.description, agent=agent, visible=False)
    case.description = words
    if kind.value != case.type:
        _log(case, Actor.AGENT, "type", now, old=case.type, new=kind.value, agent=agent)
        case.type = kind.value
    case.flagged = None if case.flagged == SPOKEN else case.flagged
    timekeeping.user_was_told(case, now, policy.current())
    tell(session, case, notices.written_down(case.number, kind, words), now, agent_id=agent.id)
    return case


def note_contact(session: Session, case_number: str, agent: Agent, now: datetime, *, note: str = "") -> Case:
    """An agent called the complainant: he was told something by a person. `note` is for the house only.

    Raises `CaseNotFound`.
    """
    case = lock_case(session, case_number)
    _contact(case, agent, now, "call")
    if note.strip():
        _log(case, Actor.AGENT, "note", now, note=note.strip(), agent=agent, visible=False)
    return case


def agent_spoke(session: Session, conversation_id: int, agent: Agent, now: datetime) -> int:
    """An agent wrote to the person in the chat: it counts for each open case there. Returns how many.

    Call it in the transaction of the agent's message.
    """
    open_numbers = session.scalars(
        select(Case.number)
        .where(
            Case.conversation_id == conversation_id,
            Case.stage.not_in([stage.value for stage in DECIDED]),
        )
        .order_by(Case.id)
    ).all()
    for number in open_numbers:
        case = lock_case(session, number)
        waiting = {clock.name for clock in timekeeping.running(case)} & set(clocks.MET_BY_CONTACT)
        if waiting:
            _contact(case, agent, now, "chat")
        else:
            timekeeping.user_was_told(case, now, policy.current())
    return len(open_numbers)


def add_note(session: Session, case_number: str, agent: Agent, text: str, now: datetime) -> Case:
    """An internal note, never read by the complainant. Raises `CaseNotFound`; `ValueError` if empty."""
    words = text.replace("\x00", "").strip()[:MAX_WORDS]
    if not words:
        raise ValueError("there are no words to note")
    case = lock_case(session, case_number)
    _log(case, Actor.AGENT, "note", now, note=words, agent=agent, visible=False)
    return case


def _contact(case: Case, agent: Agent, now: datetime, how: str) -> None:
    _log(case, Actor.AGENT, "contact", now, agent=agent, new=how)
    timekeeping.meet(case, clocks.MET_BY_CONTACT, now)
    timekeeping.user_was_told(case, now, policy.current())


def _log(
    case: Case,
    actor: Actor,
    what: str,
    now: datetime,
    *,
    note: str | None = None,
    old: str | None = None,
    new: str | None = None,
    agent: Agent | None = None,
    visible: bool = True,
) -> None:
    case.changed_at = now
    case.timeline.append(
        TimelineEntry(
            at=now,
            actor=actor.value,
            agent_id=agent.id if agent else None,
            what=what,
            old=old,
            new=new,
            note=note,
            visible=visible,
        )
    )
