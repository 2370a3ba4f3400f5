"""The WeChat API over HTTP: ``/wechat/cgi-bin/…``, and the links to pictures and videos that it hands out.

Token, account privileges, faults and the ledger are seen to here; what a call does is in the modules beside.
"""

from __future__ import annotations

import json
import mimetypes
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from simulator.breakage import BrokenConnection
from simulator.faults import Rule
from simulator.media import Medium
from simulator.messages import ShownMessage
from simulator.simulation import Simulation
from simulator.wechat.accounts import ABILITIES, Ability
from simulator.wechat.errors import WechatError
from simulator.wechat.menus import check_menu
from simulator.wechat.push import Push
from simulator.wechat.sending import Sending
from simulator.wechat.tokens import Tokens
from simulator.wechat.xml import push_xml

MEDIA_LIFE_SECONDS = 3 * 24 * 3600.0  # temporary media live three days
MENU = "wechat.menu"
DEFAULT_HOLD_SECONDS = 30.0

_OK = {"errcode": 0, "errmsg": "ok"}
_ERRCODE_OF_FAULT = {
    "rate_limited": 45011,
    "busy": -1,
    "window_closed": 45015,
    "quota_spent": 45047,
    "token_expired": 42001,
}
Handler = Callable[[Request], Awaitable[Response]]


class WechatServer:
    """The parts of the platform put together. The user's phone acts upon ``push`` and ``sending``."""

    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation
        self._tokens = Tokens(simulation.config, simulation.store, simulation.clock)
        self.push = Push(simulation)
        self.sending = Sending(simulation, self.announce_event)

    def announce_event(self, openid: str, event: str, content: dict[str, Any], text: str) -> None:
        """Push an event; WeChat gives events no MsgId, so FromUserName and CreateTime tell them apart."""
        created = int(self._simulation.clock.wall())
        xml = push_xml(
            self._simulation.config.wechat_original_id, openid, created, "event", {"Event": event, **content}
        )
        self.push.announce(f"{openid}{created}", openid, event, xml, text=text)

    def routes(self) -> list[BaseRoute]:
        both = ["GET", "POST"]
        api: dict[str, Handler] = {
            "stable_token": self._stable_token,
            "token": self._token,
            "getcallbackip": self._callback_ip,
            "message/custom/send": self._custom_send,
            "message/custom/typing": self._typing,
            "message/template/send": self._template_send,
            "message/subscribe/bizsend": self._subscribe_send,
            "media/get": self._media_get,
            "menu/create": self._menu_create,
            "menu/get": self._menu_get,
            "menu/delete": self._menu_delete,
        }
        return [
            *(
                Route(f"/wechat/cgi-bin/{path}", _answering(handler), methods=both)
                for path, handler in api.items()
            ),
            Route("/wechat/pic/{identifier}/0", self._picture, methods=["GET"]),
            Route("/wechat/video/{identifier}", self._video, methods=["GET"]),
        ]

    async def _stable_token(self, request: Request) -> Response:
        return JSONResponse(self._tokens.stable(await _posted(request)))

    async def _token(self, request: Request) -> Response:
        return JSONResponse(self._tokens.legacy(dict(request.query_params)))

    def _authorise(self, request: Request, ability: Ability | None = None) -> None:
        self._tokens.check(request.query_params.get("access_token", ""))
        if ability is not None and ability not in ABILITIES[self._simulation.config.wechat_account]:
            raise WechatError(48001)

    async def _callback_ip(self, request: Request) -> Response:
        self._authorise(request)
        return JSONResponse({"ip_list": ["127.0.0.1"]})

    async def _custom_send(self, request: Request) -> Response:
        def send(given: dict[str, Any]) -> tuple[ShownMessage, dict[str, Any]]:
            return self.sending.custom(given), _OK

        return await self._send(request, "custom/send", "custom_send", send)

    async def _template_send(self, request: Request) -> Response:
        def send(given: dict[str, Any]) -> tuple[ShownMessage, dict[str, Any]]:
            message, number = self.sending.template(given)
            return message, {**_OK, "msgid": number}

        return await self._send(request, "template/send", "template", send)

    async def _subscribe_send(self, request: Request) -> Response:
        def send(given: dict[str, Any]) -> tuple[ShownMessage, dict[str, Any]]:
            return self.sending.subscribed(given), _OK

        return await self._send(request, "subscribe/bizsend", "subscribe_message", send)

    async def _send(
        self,
        request: Request,
        method: str,
        ability: Ability,
        send: Callable[[dict[str, Any]], tuple[ShownMessage, dict[str, Any]]],
    ) -> Response:
        """One call that shows the user something, faults included, written down."""
        given = await _posted(request)
        contact, text = str(given.get("touser", "")), _words(given)
        fault = self._simulation.faults.call("wechat", method, contact, shows=True)
        kind = fault.kind if fault else ""
        record = self._simulation.ledger.record_call
        try:
            self._authorise(request, ability)
            if fault is not None:
                broken = await self._fail_before(fault)
                if broken is not None:
                    record("wechat", method, contact, text, code=-2, reason="no answer", fault=kind)
                    return broken
            message, answer = send(given)
        except WechatError as error:
            record("wechat", method, contact, text, code=error.code, reason=error.reason, fault=kind)
            raise
        if fault is not None and fault.kind in ("timeout_after", "reset_after"):
            record(
                "wechat", method, contact, text, code=-2, reason="no answer", fault=kind, message=message.id
            )
            if fault.kind == "timeout_after":
                await self._simulation.hold(fault.seconds or DEFAULT_HOLD_SECONDS)
            return BrokenConnection()
        record("wechat", method, contact, text, code=0, fault=kind, message=message.id)
        return JSONResponse(answer)

    async def _fail_before(self, fault: Rule) -> Response | None:
        """Raises the platform's refusal, or returns a bad answer; None: the call is to run."""
        if fault.kind in _ERRCODE_OF_FAULT:
            raise WechatError(_ERRCODE_OF_FAULT[fault.kind])
        if fault.kind == "server_error":
            return Response("Internal Server Error", 500, media_type="text/plain")
        if fault.kind == "timeout_before":
            await self._simulation.hold(fault.seconds or DEFAULT_HOLD_SECONDS)
            return BrokenConnection()
        return BrokenConnection() if fault.kind == "reset_before" else None

    async def _typing(self, request: Request) -> Response:
        self._authorise(request, "custom_send")
        self.sending.typing(await _posted(request))
        return JSONResponse(_OK)

    async def _menu_create(self, request: Request) -> Response:
        self._authorise(request, "menu")
        self._simulation.store.save_setting(MENU, check_menu(await _posted(request)))
        return JSONResponse(_OK)

    async def _menu_get(self, request: Request) -> Response:
        self._authorise(request, "menu")
        buttons = self._simulation.store.setting(MENU, [])
        if not buttons:
            raise WechatError(46003)
        return JSONResponse({"menu": {"button": buttons}})

    async def _menu_delete(self, request: Request) -> Response:
        self._authorise(request, "menu")
        self._simulation.store.save_setting(MENU, [])
        return JSONResponse(_OK)

    async def _media_get(self, request: Request) -> Response:
        """Bytes, or for a video a JSON with its link (developers.weixin.qq.com/doc/…/api_getmedia)."""
        self._authorise(request, "media")
        identifier = request.query_params.get("media_id", "")
        if not identifier:
            raise WechatError(41006)
        medium = self._medium(identifier)
        if medium is None or medium.created_at + MEDIA_LIFE_SECONDS < self._simulation.clock.now():
            raise WechatError(40007)
        if medium.kind in ("video", "short_video"):
            link = f"{self._simulation.config.public_url.rstrip('/')}/wechat/video/{medium.id}"
            return JSONResponse({"video_url": link})
        suffix = mimetypes.guess_extension(medium.mime.partition(";")[0]) or ""
        headers = {"Content-disposition": f'attachment; filename="{medium.id}{suffix}"'}
        return await self._bytes(medium, headers)

    async def _picture(self, request: Request) -> Response:
        medium = self._medium(request.path_params["identifier"])
        return Response(status_code=404) if medium is None else await self._bytes(medium, {})

    async def _video(self, request: Request) -> Response:
        medium = self._medium(request.path_params["identifier"])
        return Response(status_code=404) if medium is None else await self._bytes(medium, {})

    def _medium(self, identifier: str) -> Medium | None:
        medium = self._simulation.media.find(identifier)
        # A file message carries no media_id, so its content is out of the API's reach.
        return medium if medium is not None and medium.channel == "wechat" and medium.kind != "file" else None

    async def _bytes(self, medium: Medium, headers: dict[str, str]) -> Response:
        body = self._simulation.media.body(medium)
        fault = self._simulation.faults.media("wechat")
        if fault is not None:
            if fault.kind == "slow_media":
                await self._simulation.hold(fault.seconds)
            elif fault.kind == "cut_media":
                return BrokenConnection(body[: len(body) // 2], len(body), medium.mime)
            else:
                body = body[: len(body) // 2]
        safe = {
            **headers,
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'; sandbox",
        }
        return Response(body, headers=safe, media_type=medium.mime)


def _answering(handler: Handler) -> Handler:
    """Refusals become the platform's JSON."""

    async def endpoint(request: Request) -> Response:
        try:
            return await handler(request)
        except WechatError as error:
            return JSONResponse(error.body())

    return endpoint


async def _posted(request: Request) -> dict[str, Any]:
    if request.method != "POST":
        raise WechatError(43002)
    body = await request.body()
    if not body:
        raise WechatError(44002)
    try:
        given = json.loads(body)
    except ValueError as error:
        raise WechatError(47001) from error
    if not isinstance(given, dict):
        raise WechatError(47001)
    return given


def _words(given: dict[str, Any]) -> str:
    """The text of a send, for the ledger."""
    text = given.get("text")
    if isinstance(text, dict):
        return str(text.get("content", ""))
    data = given.get("data")
    return json.dumps(data, ensure_ascii=False) if data is not None else ""
