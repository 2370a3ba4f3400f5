"""Signing in and out."""

from __future__ import annotations

import secrets
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from console import sessions
from console.access import Context, WithToken, acting_agent
from console.audit import record
from console.context import ConsoleContext
from console.rendering import page
from console.route import ConsoleRoute
from console.security import (
    COOKIE_PATH,
    SESSION_COOKIE,
    VISITOR_COOKIE,
    address_of,
    csrf_matches,
    csrf_token,
    safe_next,
)
from console.signing_in import Door, SignInRefused

router = APIRouter(route_class=ConsoleRoute)


@router.get("/sign-in")
def form(request: Request, context: Context, next: str | None = None) -> Response:
    """The form; a person who is signed in already goes on."""
    token = request.cookies.get(SESSION_COOKIE)
    if token:
        with context.database.read() as session:
            if sessions.find(session, token, context.clock()) is not None:
                return RedirectResponse(safe_next(next), 303)
    return _form(request, context, next=safe_next(next))


@router.post("/sign-in")
def sign_in(
    request: Request,
    context: Context,
    login: Annotated[str, Form(max_length=200)] = "",
    password: Annotated[str, Form(max_length=1000)] = "",
    csrf: Annotated[str, Form(max_length=200)] = "",
    next: Annotated[str, Form(max_length=500)] = "",
) -> Response:
    """Check login and password; a new session's cookie, or the form with the reason."""
    visitor = request.cookies.get(VISITOR_COOKIE, "")
    if not visitor or not csrf_matches(context.signing_key, visitor, csrf):
        return _form(
            request,
            context,
            login=login,
            next=safe_next(next),
            wrong="页面已过期，请再登录一次。",
            status=403,
        )
    door = request.state.door
    assert isinstance(door, Door)
    if not login.strip() or not password:
        wrong = "请填写账号和密码。"
        return _form(request, context, login=login, next=safe_next(next), wrong=wrong, status=422)
    try:
        token = door.sign_in(login, password, address_of(request), context.clock())
    except SignInRefused as refused:
        return _form(
            request, context, login=login, next=safe_next(next), wrong=str(refused), status=refused.status
        )
    response = RedirectResponse(safe_next(next), 303)
    _set_cookie(request, response, SESSION_COOKIE, token, int(sessions.LASTS.total_seconds()))
    response.delete_cookie(VISITOR_COOKIE, path=COOKIE_PATH)
    return response


@router.post("/sign-out")
def sign_out(request: Request, context: Context, viewer: WithToken) -> Response:
    """End the session."""
    now = context.clock()
    with context.database.write() as session:
        sessions.end(session, viewer.session_id, now)
        record(session, acting_agent(session, viewer), "sign_out", f"agent:{viewer.agent.id}", now)
    response = RedirectResponse("/console/sign-in", 303)
    response.delete_cookie(SESSION_COOKIE, path=COOKIE_PATH)
    return response


def _form(
    request: Request,
    context: ConsoleContext,
    *,
    next: str,
    login: str = "",
    wrong: str | None = None,
    status: int = 200,
) -> Response:
    visitor = request.cookies.get(VISITOR_COOKIE) or secrets.token_urlsafe(24)
    response = page(
        request,
        "sign_in.html",
        {"login": login[:64], "next": next, "wrong": wrong, "csrf": csrf_token(context.signing_key, visitor)},
        status=status,
    )
    _set_cookie(request, response, VISITOR_COOKIE, visitor, 24 * 3600)
    return response


def _set_cookie(request: Request, response: Response, name: str, value: str, seconds: int) -> None:
    response.set_cookie(
        name,
        value,
        max_age=seconds,
        path=COOKIE_PATH,
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )
