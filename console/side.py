"""What stands beside a conversation: the person, the complaint being told, his cases. Changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases import service
from cases.status import Status, status_of
from cases.tables import Case, Draft, Evidence, TimelineEntry
from cases.types import Stage
from console import words
from console.lists import person_name
from conversations.tables import Agent, Conversation, Team

MOST_CASES = 20
MOST_ENTRIES = 8
HANDLING = ("agent", "supervisor", "admin")


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of evidence as a thumbnail or a named file."""

    id: int
    kind: str
    name: str
    size: int
    content_type: str
    sha256: str
    side: str
    caption: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Side:
    """The side panel. `case` is the one in hand: the newest open, else the newest."""

    name: str
    holder: Agent | None
    draft: Draft | None
    facts: tuple[tuple[str, str], ...]
    case: Case | None
    status: Status | None
    others: tuple[Case, ...]
    timeline: tuple[TimelineEntry, ...]
    evidence: tuple[Piece, ...]
    colleagues: tuple[Agent, ...]


def side_of(session: Session, conversation: Conversation, viewer: Agent, now: datetime) -> Side:
    """The side panel of a conversation."""
    cases = session.scalars(
        select(Case)
        .where(Case.contact_id == conversation.contact_id)
        .order_by(Case.id.desc())
        .limit(MOST_CASES)
    ).all()
    open_ones = [case for case in cases if Stage(case.stage).is_open]
    case = next(iter([*open_ones, *cases]), None)
    draft = service.current_draft(session, conversation.id, now)
    files = service.evidence_of(session, draft) if draft is not None else []
    if case is not None:
        files += service.evidence_of(session, case)
    return Side(
        name=person_name(conversation.contact),
        holder=session.get(Agent, conversation.agent_id) if conversation.agent_id else None,
        draft=draft,
        facts=facts_of(draft),
        case=case,
        status=status_of(case, now) if case is not None else None,
        others=tuple(other for other in cases if other is not case),
        timeline=tuple(reversed(timeline_of(case)[-MOST_ENTRIES:])) if case is not None else (),
        evidence=pieces(files),
        colleagues=tuple(colleagues(session, viewer)),
    )


def timeline_of(case: Case) -> list[TimelineEntry]:
    """A case's timeline with the names of those who acted read."""
    entries = list(case.timeline)
    for entry in entries:
        entry.agent  # noqa: B018 - read while the session is open
    return entries


def pieces(files: Sequence[Evidence]) -> tuple[Piece, ...]:
    """Evidence as it is shown."""
    return tuple(
        Piece(
            id=row.id,
            kind=row.kind,
            name=row.file_name or words.MEDIA_KINDS.get(row.kind, "文件"),
            size=row.size,
            content_type=row.content_type,
            sha256=row.sha256,
            side=row.side,
            caption=row.caption,
            at=row.created_at,
        )
        for row in files
    )


def facts_of(draft: Draft | None) -> tuple[tuple[str, str], ...]:
    """What a draft says so far, in the order of the form."""
    if draft is None:
        return ()
    told = draft.facts
    return tuple(
        (label, words.fact(name, told[name]))
        for name, label in words.FACTS.items()
        if told.get(name) not in (None, "")
    )


def colleagues(session: Session, viewer: Agent) -> Sequence[Agent]:
    """To whom a conversation or a case can be passed."""
    return session.scalars(
        select(Agent)
        .where(Agent.disabled_at.is_(None), Agent.role.in_(HANDLING), Agent.id != viewer.id)
        .order_by(Agent.display_name)
    ).all()


def teams(session: Session) -> Sequence[Team]:
    """All teams."""
    return session.scalars(select(Team).order_by(Team.id)).all()
