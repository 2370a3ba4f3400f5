"""One's own account: where one is signed in, ending those sessions, a new password."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from console import accounts, sessions
from console.access import Context, Refused, Signed, Viewer, WithToken, acting_agent
from console.audit import record
from console.context import ConsoleContext
from console.rendering import page
from console.route import ConsoleRoute

router = APIRouter(route_class=ConsoleRoute)


@router.get("/account")
def account(request: Request, context: Context, viewer: Signed) -> Response:
    """The page."""
    return _page(request, context, viewer)


@router.post("/account/duty")
def duty(request: Request, context: Context, viewer: WithToken, on: Annotated[bool, Form()]) -> Response:
    """On duty or not: new cases go only to those who are."""
    now = context.clock()
    with context.database.write() as session:
        agent = acting_agent(session, viewer)
        agent.on_duty = on
        record(session, agent, "agent.duty", f"agent:{agent.id}", now, on=on)
    return RedirectResponse("/console/account", 303)


@router.post("/account/sessions/{session_id}/end")
def end_session(context: Context, viewer: WithToken, session_id: int) -> Response:
    """End one of one's own sessions."""
    now = context.clock()
    with context.database.write() as session:
        if session_id not in {row.id for row in sessions.running_of(session, viewer.agent.id, now)}:
            raise Refused("没有这个登录。", 404)
        sessions.end(session, session_id, now)
        record(session, viewer.agent, "session.end", f"agent:{viewer.agent.id}", now, ended=session_id)
    return RedirectResponse("/console/account", 303)


@router.post("/account/password")
def password(
    request: Request,
    context: Context,
    viewer: WithToken,
    current: Annotated[str, Form(max_length=1000)] = "",
    new: Annotated[str, Form(max_length=1000)] = "",
    again: Annotated[str, Form(max_length=1000)] = "",
) -> Response:
    """A new password; every session ends, this one too."""
    if not accounts.password_matches(viewer.agent, current):
        return _page(request, context, viewer, wrong="当前密码不对。")
    if new != again:
        return _page(request, context, viewer, wrong="两次输入的新密码不一样。")
    if len(new) < accounts.SHORTEST_PASSWORD:
        return _page(request, context, viewer, wrong=f"新密码至少 {accounts.SHORTEST_PASSWORD} 个字符。")
    now = context.clock()
    with context.database.write() as session:
        accounts.set_password(session, viewer.agent.login, new, now=now)
        record(session, viewer.agent, "agent.own_password", f"agent:{viewer.agent.id}", now)
    return RedirectResponse("/console/sign-in", 303)


def _page(request: Request, context: ConsoleContext, viewer: Viewer, *, wrong: str | None = None) -> Response:
    with context.database.read() as session:
        running = sessions.running_of(session, viewer.agent.id, context.clock())
        values = {"viewer": viewer, "running": running, "wrong": wrong}
        return page(request, "account.html", values, status=422 if wrong else 200)
