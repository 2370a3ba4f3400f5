"""工作台: the lists, the live conversation, what stands beside it; whole, and in parts."""

from __future__ import annotations

import hashlib
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy.orm import Session

from console import thread
from console.access import Context, Refused, Signed, Viewer, access_conversation
from console.audit import Sittings, record
from console.context import ConsoleContext
from console.lists import person_name, workbench_lists
from console.rendering import page, render
from console.route import ConsoleRoute
from console.side import side_of
from conversations.tables import Agent

router = APIRouter(route_class=ConsoleRoute)


@router.get("/workbench")
def workbench(request: Request, context: Context, viewer: Signed) -> Response:
    """The lists, with no conversation open."""
    with context.database.read() as session:
        return page(request, "workbench.html", {**_frame(session, viewer), "open": None})


@router.get("/conversations/{conversation_id}")
def conversation(request: Request, context: Context, viewer: Signed, conversation_id: int) -> Response:
    """The workbench with this conversation open."""
    with context.database.read() as session:
        values = {
            **_frame(session, viewer),
            **_open(session, context, viewer, conversation_id),
        }
        response = page(request, "workbench.html", values)
    _opened(request, context, viewer, conversation_id)
    return response


@router.get("/conversations/{conversation_id}/panes")
def panes(request: Request, context: Context, viewer: Signed, conversation_id: int) -> Response:
    """The middle and the right pane, for a page that is open already."""
    with context.database.read() as session:
        values = {"viewer": viewer, **_open(session, context, viewer, conversation_id)}
        response = page(request, "parts/panes.html", values)
    _opened(request, context, viewer, conversation_id)
    return response


@router.get("/conversations/{conversation_id}/messages")
def messages(
    request: Request, context: Context, viewer: Signed, conversation_id: int, before: str | None = None
) -> Response:
    """The latest messages, or those before a cursor. Unchanged since the page last asked: 304."""
    with context.database.read() as session:
        access_conversation(session, viewer, conversation_id)
        try:
            part = thread.latest(session, conversation_id, before=before)
        except thread.BadCursor as wrong:
            raise Refused("请刷新页面。", 422) from wrong
        html = render(request, "parts/messages.html", {"thread": part, "viewer": viewer})
    _seen(request, context, viewer, conversation_id)
    return _unless_known(request, html)


@router.get("/conversations/{conversation_id}/beside")
def beside(request: Request, context: Context, viewer: Signed, conversation_id: int) -> Response:
    """What changes around the messages: the head with the floor, the composer's state, the side panel."""
    with context.database.read() as session:
        values = {"viewer": viewer, **_open(session, context, viewer, conversation_id, messages=False)}
        html = render(request, "parts/beside.html", values)
    _seen(request, context, viewer, conversation_id)
    return _unless_known(request, html)


@router.get("/lists")
def lists(request: Request, context: Context, viewer: Signed, open: int = 0) -> Response:
    """The left pane; `open` is the conversation that the page shows."""
    with context.database.read() as session:
        values = {"lists": workbench_lists(session, viewer.agent), "open_id": open, "viewer": viewer}
        html = render(request, "parts/lists.html", values)
    return _unless_known(request, html)


def _frame(session: Session, viewer: Viewer) -> dict[str, Any]:
    return {"viewer": viewer, "lists": workbench_lists(session, viewer.agent), "open_id": 0}


def _open(
    session: Session, context: ConsoleContext, viewer: Viewer, conversation_id: int, *, messages: bool = True
) -> dict[str, Any]:
    row = access_conversation(session, viewer, conversation_id)
    holder = session.get(Agent, row.agent_id) if row.agent_id is not None else None
    return {
        "open": row,
        "open_id": row.id,
        "name": person_name(row.contact),
        "holder": holder,
        "is_mine": row.floor == "agent" and row.agent_id == viewer.agent.id,
        "side": side_of(session, row, viewer.agent, context.clock()),
        "thread": thread.latest(session, conversation_id) if messages else None,
    }


def _seen(request: Request, context: ConsoleContext, viewer: Viewer, conversation_id: int) -> None:
    """Part of a conversation was read: a look of its own, unless the page that asks is open anyway."""
    sittings = request.state.sittings
    assert isinstance(sittings, Sittings)
    if not sittings.goes_on(viewer.session_id, conversation_id, context.clock()):
        _record_look(context, viewer, conversation_id)


def _opened(request: Request, context: ConsoleContext, viewer: Viewer, conversation_id: int) -> None:
    request.state.sittings.goes_on(viewer.session_id, conversation_id, context.clock())
    _record_look(context, viewer, conversation_id)


def _record_look(context: ConsoleContext, viewer: Viewer, conversation_id: int) -> None:
    with context.database.write() as session:
        record(session, viewer.agent, "conversation.view", f"conversation:{conversation_id}", context.clock())


def _unless_known(request: Request, html: str) -> Response:
    """The text, or 304 where the page has this very text already. (It says nothing about time passing by.)"""
    tag = f'"{hashlib.sha256(html.encode()).hexdigest()[:24]}"'
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers={"ETag": tag})
    return HTMLResponse(html, headers={"ETag": tag})
