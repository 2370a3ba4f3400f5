"""Who may see and do what. Every page gets its visitor, its conversation, its case through here only.

Seeing is every signed-in person's and leaves a trace; acting is for those who handle complaints.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy import select
from sqlalchemy.orm import Session

from cases import queries
from cases.tables import Case, Evidence
from console import sessions
from console.context import ConsoleContext, context_of
from console.security import CSRF_FIELD, CSRF_HEADER, SAFE_METHODS, SESSION_COOKIE, csrf_matches, csrf_token
from conversations.tables import Agent, Conversation, Media, OutboundMessage

ACTING = frozenset({"agent", "supervisor", "admin"})
"""The roles that talk to people and move cases; an auditor only looks."""

SEEN_EVERY = timedelta(minutes=5)


class NotSignedIn(Exception):
    """Nobody we know."""


class Refused(Exception):
    """Not allowed, not there, or not possible now; the message is for the person. `field`: what to mend."""

    def __init__(self, message: str, status: int = 403, *, field: str | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.field = field


@dataclass(frozen=True, slots=True)
class Viewer:
    """The signed-in person."""

    session_id: int
    agent: Agent
    csrf: str = field(repr=False)

    @property
    def may_act(self) -> bool:
        """Does he handle complaints?"""
        return self.agent.role in ACTING


def signed_in(request: Request, context: Annotated[ConsoleContext, Depends(context_of)]) -> Viewer:
    """Whoever is signed in. Raises `NotSignedIn`."""
    token = request.cookies.get(SESSION_COOKIE)
    if not token:
        raise NotSignedIn
    now = context.clock()
    with context.database.read() as session:
        row = sessions.find(session, token, now)
    if row is None:
        raise NotSignedIn
    if now - row.last_seen_at > SEEN_EVERY:
        with context.database.write() as session:
            sessions.keep_alive(session, row.id, now)
    return Viewer(row.id, row.agent, csrf_token(context.signing_key, token))


async def with_token(
    request: Request,
    viewer: Annotated[Viewer, Depends(signed_in)],
    context: Annotated[ConsoleContext, Depends(context_of)],
) -> Viewer:
    """A signed-in person whose request really comes from one of our pages. Raises `Refused`."""
    assert request.method not in SAFE_METHODS
    given = request.headers.get(CSRF_HEADER)
    if given is None:
        field = (await request.form()).get(CSRF_FIELD)
        given = field if isinstance(field, str) else ""
    if not csrf_matches(context.signing_key, request.cookies.get(SESSION_COOKIE, ""), given):
        raise Refused("页面已过期，请刷新后再试。", 403)
    return viewer


def acting(viewer: Annotated[Viewer, Depends(with_token)]) -> Viewer:
    """A person who may act, with his token. Raises `Refused`."""
    if not viewer.may_act:
        raise Refused("您的账号只能查看，不能操作。", 403)
    return viewer


Context = Annotated[ConsoleContext, Depends(context_of)]
Signed = Annotated[Viewer, Depends(signed_in)]
WithToken = Annotated[Viewer, Depends(with_token)]
Acting = Annotated[Viewer, Depends(acting)]


def access_conversation(session: Session, viewer: Viewer, conversation_id: int) -> Conversation:
    """A conversation that the viewer may see. Raises `Refused`."""
    row = session.get(Conversation, conversation_id) if 0 < conversation_id < 2**63 else None
    if row is None:
        raise Refused("没有这个会话。", 404)
    return row


def access_outbound(session: Session, viewer: Viewer, outbound_id: int) -> OutboundMessage:
    """A message in a conversation that the viewer may see; locked for a change. Raises `Refused`."""
    row = session.scalars(
        select(OutboundMessage).where(OutboundMessage.id == outbound_id).with_for_update(of=OutboundMessage)
    ).one_or_none()
    if row is None:
        raise Refused("没有这条消息。", 404)
    access_conversation(session, viewer, row.conversation_id)
    return row


def access_case(session: Session, viewer: Viewer, number: str) -> Case:
    """A case that the viewer may see. Raises `Refused`."""
    case = queries.case_by_number(session, number) if number.isprintable() else None
    if case is None:
        raise Refused("没有这个编号的投诉。", 404)
    return case


def access_media(session: Session, viewer: Viewer, media_id: int) -> Media:
    """A file of a conversation that the viewer may see. Raises `Refused`."""
    row = session.get(Media, media_id)
    if row is None:
        raise Refused("没有这个文件。", 404)
    access_conversation(session, viewer, row.message.conversation_id)
    return row


def access_evidence(session: Session, viewer: Viewer, evidence_id: int) -> Evidence:
    """A piece of evidence of a case or draft that the viewer may see. Raises `Refused`."""
    row = session.get(Evidence, evidence_id)
    if row is None:
        raise Refused("没有这份证据。", 404)
    if row.case is not None:
        access_case(session, viewer, row.case.number)
    elif row.conversation_id is not None:
        access_conversation(session, viewer, row.conversation_id)
    return row


def acting_agent(session: Session, viewer: Viewer) -> Agent:
    """The viewer's own row in this transaction. Raises `Refused` if he was disabled meanwhile."""
    row = session.get(Agent, viewer.agent.id)
    if row is None or row.disabled_at is not None:
        raise Refused("您的账号已停用。", 403)
    return row
