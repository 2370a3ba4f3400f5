"""Moving a case: the rule asked, the row changed, the timeline written, the person told, all at once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cases import clocks, notices, policy, timekeeping
from cases.clocks import ClockName
from cases.lifecycle import Actor, Effect, Move, Need, check_move, escalation_after_objection, legal_moves
from cases.locking import lock_case
from cases.policy import Policy
from cases.status import status_of
from cases.tables import Case, TimelineEntry
from cases.telling import tell
from cases.types import Complexity, Priority, Stage
from conversations.tables import Agent, OutboundMessage

_SUPERVISORS = frozenset({"supervisor", "admin"})


def move_case(
    session: Session,
    case_number: str,
    to_stage: Stage | str,
    *,
    actor: Actor | str,
    now: datetime,
    agent: Agent | None = None,
    note: str | None = None,
    answer_by: datetime | None = None,
    details: Mapping[str, Any] | None = None,
) -> Case:
    """Move a case, write it down, and tell the complainant, all in this transaction.

    `note` is what the move needs in words (`lifecycle.need_of` says what to ask for) and is READ BY THE
    COMPLAINANT. `agent` is who moves it where a person of the house does; his role makes him a supervisor to
    the rules. `answer_by` goes with waiting_user; `details` are further fields of the proposal or result.
    Raises `CaseNotFound`, `IllegalMove` (names the legal moves), `NeedMissing`.
    """
    case = lock_case(session, case_number)
    return _move(session, case, Stage(to_stage), Actor(actor), now, agent, note, answer_by, details)


def withdraw(session: Session, case_number: str, now: datetime, *, reason: str | None = None) -> Case:
    """The complainant takes his complaint back (he was asked once). Raises `CaseNotFound`, `IllegalMove`."""
    return move_case(session, case_number, Stage.WITHDRAWN, actor=Actor.USER, now=now, note=reason)


def take_as_answer(session: Session, case: Case, now: datetime) -> bool:
    """If the (locked) case waits for the user, this is his answer and it goes on. Says whether it did."""
    if case.stage != Stage.WAITING_USER.value:
        return False
    _move(session, case, Stage.VERIFYING, Actor.USER, now)
    return True


def moves_for(case: Case, agent: Agent, now: datetime) -> tuple[Stage, ...]:
    """The stages that this agent may move the case to now."""
    return legal_moves(Stage(case.stage), staff(agent), since_closed=_since_closed(case, now))


def staff(agent: Agent) -> Actor:
    """What an agent is to the rules."""
    return Actor.SUPERVISOR if agent.role in _SUPERVISORS else Actor.AGENT


def contact_was_made(session: Session, case: Case, now: datetime) -> bool:
    """Did an agent speak to the complainant since the case was accepted: in the chat, or by a noted call?"""
    if timekeeping.due_of(case, ClockName.FIRST_CONTACT) is None:
        return any(clock.name == ClockName.FIRST_CONTACT.value for clock in case.clocks)
    started = max(clock.started_at for clock in case.clocks if clock.name == ClockName.FIRST_CONTACT.value)
    spoke_at: datetime | None = session.scalar(
        select(func.min(OutboundMessage.created_at)).where(
            OutboundMessage.conversation_id == case.conversation_id,
            OutboundMessage.author == "agent",
            OutboundMessage.created_at >= started,
        )
    )
    if spoke_at is None:
        return False
    timekeeping.meet(case, (ClockName.FIRST_CONTACT,), spoke_at)
    return True


def _move(
    session: Session,
    case: Case,
    to: Stage,
    actor: Actor,
    now: datetime,
    agent: Agent | None = None,
    note: str | None = None,
    answer_by: datetime | None = None,
    details: Mapping[str, Any] | None = None,
) -> Case:
    rules = policy.current()
    words = (note or "").replace("\x00", "").strip() or None
    if actor is Actor.AGENT and agent is not None:
        actor = staff(agent)
    by_staff = actor in (Actor.AGENT, Actor.SUPERVISOR)
    old = Stage(case.stage)
    move = check_move(
        old,
        to,
        actor,
        given=_given(session, case, words, by_staff, now),
        since_closed=_since_closed(case, now),
    )

    case.stage = to.value
    case.changed_at = now
    case.timeline.append(
        TimelineEntry(
            at=now,
            actor=Actor.AGENT.value if by_staff else actor.value,
            agent_id=agent.id if agent else None,
            what="stage",
            old=old.value,
            new=to.value,
            note=words,
        )
    )
    if by_staff and words:
        timekeeping.meet(case, clocks.MET_BY_CONTACT, now)
    _apply(case, move, words, answer_by, details, now, rules)
    timekeeping.turn_over(case, clocks.turnover(old, to, move.effect), now, rules)
    timekeeping.user_was_told(case, now, rules)
    session.flush()
    told = notices.stage_notice(
        status_of(case, now),
        old,
        effect=move.effect,
        note=words,
        by_user=actor is Actor.USER,
        carry_out=clocks.span_of(
            ClockName.CARRY_OUT, Priority(case.priority), Complexity(case.complexity), rules.spans
        ),
    )
    tell(session, case, told.text, now, options=told.options, agent_id=agent.id if agent else None)
    return case


def _given(session: Session, case: Case, words: str | None, by_staff: bool, now: datetime) -> set[Need]:
    given = {need for need in Need if need.is_words} if words else set()
    if case.team_id is not None:
        given.add(Need.TEAM)
    # An agent's words that go out with the move are words to the user like any others.
    if (by_staff and words) or contact_was_made(session, case, now):
        given.add(Need.FIRST_CONTACT)
    return given


def _apply(
    case: Case,
    move: Move,
    words: str | None,
    answer_by: datetime | None,
    details: Mapping[str, Any] | None,
    now: datetime,
    rules: Policy,
) -> None:
    """What a move brings to the case's other fields."""
    case.answer_by = (answer_by or now + rules.answer_within) if move.to is Stage.WAITING_USER else None
    if move.need is Need.PROPOSAL:
        case.proposal = {"measure": words, "at": now.isoformat(), **(details or {})}
    elif move.need is Need.RESULT:
        case.result = {"done": words, "at": now.isoformat(), **(details or {})}
    if move.effect is Effect.OBJECTION:
        objections = sum(1 for entry in case.timeline if _is_objection(entry))
        case.escalation = escalation_after_objection(case.escalation, objections)
    elif move.effect is Effect.REOPENING:
        case.reopen_count += 1
    case.closed_at = now if move.to is Stage.CLOSED else None


def _is_objection(entry: TimelineEntry) -> bool:
    return (
        entry.what == "stage"
        and entry.old == Stage.AWAITING_CONSENT.value
        and entry.new == Stage.PROPOSING.value
    )


def _since_closed(case: Case, now: datetime) -> timedelta | None:
    return None if case.closed_at is None else now - case.closed_at
