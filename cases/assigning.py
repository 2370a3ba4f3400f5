"""Who has a case: finding team and handler for a new one, and passing one on."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from cases import notices, policy, routing
from cases.lifecycle import Actor
from cases.locking import lock_case
from cases.phrases import team_in_words
from cases.routing import Candidate
from cases.status import status_of
from cases.tables import Case, TimelineEntry
from cases.telling import tell
from cases.timekeeping import user_was_told
from cases.types import DECIDED, ComplaintType, Priority
from conversations.tables import Agent, Team

_HANDLERS = ("agent", "supervisor")


class CannotAssign(Exception):
    """The agent cannot have the case (disabled, or of a role that handles none), or nothing was named."""


def find_team(session: Session, case_type: ComplaintType, merchant: str | None, priority: Priority) -> Team:
    """The team for such a case; made where the house has none of that name yet."""
    name = routing.choose_team(case_type, merchant, priority, policy.current().routing)
    by_name = select(Team).where(Team.name == name)
    team = session.scalars(by_name).one_or_none()
    if team is not None:
        return team
    try:
        with session.begin_nested():
            team = Team(name=name)
            session.add(team)
            session.flush()
    except IntegrityError:
        return session.scalars(by_name).one()  # another process made it in the same moment
    return team


def ensure_teams(session: Session) -> None:
    """Make every team that the default routing names (at set-up). The session must be writing already."""
    there = set(session.scalars(select(Team.name)))
    for name in dict.fromkeys(routing.TEAM_OF_TYPE.values()):
        if name not in there:
            session.add(Team(name=name))
    session.flush()


def find_handler(session: Session, team: Team) -> Agent | None:
    """The team's member on duty with the fewest open cases; None: the team as a whole."""
    open_cases = (
        select(Case.handler_id, func.count().label("open_cases"))
        .where(Case.stage.not_in([stage.value for stage in DECIDED]), Case.handler_id.is_not(None))
        .group_by(Case.handler_id)
        .subquery()
    )
    members = session.execute(
        select(Agent, func.coalesce(open_cases.c.open_cases, 0))
        .outerjoin(open_cases, open_cases.c.handler_id == Agent.id)
        .where(Agent.team_id == team.id, Agent.disabled_at.is_(None), Agent.role.in_(_HANDLERS))
    ).all()
    chosen = routing.choose_handler(Candidate(agent.id, agent.on_duty, count) for agent, count in members)
    return next((agent for agent, _ in members if agent.id == chosen), None)


def assign(
    session: Session,
    case_number: str,
    *,
    by: Agent,
    note: str,
    now: datetime,
    team: Team | None = None,
    handler: Agent | None = None,
) -> Case:
    """Pass a case to another team, handler or both; the complainant is told who has it now.

    A team alone takes it from its handler; a handler alone brings his team. `note` (why) is for the house
    only. Raises `CaseNotFound`, `CannotAssign`.
    """
    if team is None and handler is None:
        raise CannotAssign("请选择团队或处理人")
    if handler is not None and (handler.disabled_at is not None or handler.role == "auditor"):
        raise CannotAssign("这位同事不能接案")
    case = lock_case(session, case_number)
    before = (case.team_id, case.handler_id)
    new_team = team or (handler.team if handler else None) or case.team
    if (new_team.id if new_team else None, handler.id if handler else None) == before:
        return case
    old_name = holder_name(case)
    case.team, case.handler = new_team, handler
    case.team_id = new_team.id if new_team else None
    case.handler_id = handler.id if handler else None
    case.changed_at = now
    log_holder(case, Actor.AGENT, old_name, now, by)
    if note.strip():
        case.timeline.append(
            TimelineEntry(
                at=now, actor=Actor.AGENT.value, agent_id=by.id, what="note", note=note.strip(), visible=False
            )
        )
    session.flush()
    tell(session, case, notices.new_handler(status_of(case, now)), now, agent_id=by.id)
    user_was_told(case, now, policy.current())
    return case


def holder_name(case: Case) -> str | None:
    """Who has the case, in a word."""
    if case.handler is not None:
        return case.handler.display_name
    return team_in_words(case.team.name) if case.team is not None else None


def log_holder(case: Case, actor: Actor, old: str | None, now: datetime, by: Agent | None = None) -> None:
    """Write who has the case now into its timeline."""
    case.timeline.append(
        TimelineEntry(
            at=now,
            actor=actor.value,
            agent_id=by.id if by else None,
            what="handler",
            old=old,
            new=holder_name(case),
        )
    )
