"""How a route of the console answers: with the security headers always, in a sentence when it refuses."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any
from urllib.parse import urlencode

import structlog
from fastapi import HTTPException, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, PlainTextResponse, RedirectResponse
from fastapi.routing import APIRoute
from sqlalchemy.exc import DBAPIError

from cases.lifecycle import MoveRefused
from console.access import NotSignedIn, Refused
from console.rendering import page
from console.security import HEADERS, MAX_BODY, SAFE_METHODS, is_script
from console.words import floor_refused
from conversations.floor import FloorRefused

log = structlog.get_logger(__name__)
Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class ConsoleRoute(APIRoute):
    """A route of the console."""

    def get_route_handler(self) -> Handler:
        """FastAPI's own handler, wrapped."""
        inner = super().get_route_handler()

        async def handle(request: Request) -> Response:
            try:
                _check_size(request)
                response = await inner(request)
            except NotSignedIn:
                response = _to_sign_in(request)
            except Refused as refused:
                response = _refusal(request, str(refused), refused.status, refused.field)
            except FloorRefused as refused:
                response = _refusal(request, floor_refused(refused.reason), 409)
            except MoveRefused as refused:
                response = _refusal(request, str(refused), 409, "note")
            except RequestValidationError:
                response = _refusal(request, "填写的内容不完整或格式不对，请检查后再试。", 422)
            except DBAPIError as failure:
                log.warning("the database refuses the console", failure=type(failure).__name__)
                response = _refusal(request, "系统暂时繁忙，刚才的操作没有保存，请稍后再试。", 503)
            except HTTPException as failure:
                response = _refusal(request, "这个请求处理不了，请刷新后再试。", failure.status_code)
            for name, value in HEADERS.items():
                response.headers.setdefault(name, value)
            return response

        return handle


def _check_size(request: Request) -> None:
    if request.method in SAFE_METHODS:
        return
    length = request.headers.get("content-length", "")
    if not length.isdecimal():
        raise Refused("请求没有说明长度。", 411)
    if int(length) > MAX_BODY:
        raise Refused("内容太长了，请分几次提交。", 413)


def _to_sign_in(request: Request) -> Response:
    if is_script(request) or request.method not in SAFE_METHODS:
        return JSONResponse({"message": "登录已过期，请重新登录。", "sign_in": True}, 401)
    target = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return RedirectResponse(f"/console/sign-in?{urlencode({'next': target})}", 303)


def _refusal(request: Request, message: str, status: int, field: str | None = None) -> Response:
    if is_script(request):
        return JSONResponse({"message": message, "field": field}, status)
    if not hasattr(request.state, "console"):  # refused before anything of ours was asked
        return PlainTextResponse(message, status)
    return page(request, "refused.html", {"message": message, "status": status}, status=status)
