"""The Bot API over HTTP: ``/telegram/bot<token>/<method>`` and ``/telegram/file/bot<token>/<file_path>``.

Token, faults and the ledger are seen to here; what a method does is in ``methods.py``.
"""

from __future__ import annotations

import hmac
import logging
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from simulator.breakage import BrokenConnection
from simulator.faults import Rule
from simulator.simulation import Simulation
from simulator.telegram.delivery import WebhookDelivery
from simulator.telegram.errors import BotApiError, too_many_requests
from simulator.telegram.methods import SHOWING, BotMethods
from simulator.telegram.params import Params, read_params
from simulator.telegram.polling import Polling
from simulator.telegram.updates import Updates
from simulator.telegram.webhook import WebhookSetting

log = logging.getLogger(__name__)
DEFAULT_HOLD_SECONDS = 30.0


class TelegramServer:
    """The parts of the platform put together. The user's phone announces to ``updates``."""

    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation
        self._webhook = WebhookSetting(simulation.store, simulation.config)
        self._delivery = WebhookDelivery(simulation, self._webhook, self._answer_to_webhook)
        self._polling = Polling(simulation, self._webhook)
        self._methods = BotMethods(
            simulation, self._webhook, self._polling, self._delivery.resume, self._delivery.forget
        )
        self.updates = Updates(simulation, self._webhook, self._delivery, self._polling)

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/telegram/bot{token}/{method}", self._call, methods=["GET", "POST"]),
            Route("/telegram/file/bot{token}/{path:path}", self._download, methods=["GET"]),
        ]

    def _is_ours(self, token: str) -> bool:
        return hmac.compare_digest(token.encode(), self._simulation.config.telegram_token.encode())

    async def _call(self, request: Request) -> Response:
        name = request.path_params["method"]
        try:
            if not self._is_ours(request.path_params["token"]):
                raise BotApiError(401, "Unauthorized")
            return await self._carry_out(name, await read_params(request))
        except BotApiError as error:
            headers = {"Retry-After": str(error.retry_after)} if error.retry_after else None
            return JSONResponse(error.body(), error.code, headers)

    async def _carry_out(self, name: str, params: Params) -> Response:
        """Run one method, faults included, and write it down."""
        method = self._methods.by_name.get(name.lower())
        if method is None:
            raise BotApiError(404, "Not Found: method not found")
        shows = name.lower() in SHOWING
        contact = params.text("chat_id")
        fault = self._simulation.faults.call("telegram", name, contact, shows=shows)
        kind = fault.kind if fault else ""
        record = self._simulation.ledger.record_call
        text = params.text("text") or params.text("caption")
        try:
            if fault is not None:
                broken = await self._fail_before(fault)
                if broken is not None:
                    record("telegram", name, contact, text, code=-2, reason="no answer", fault=kind)
                    return broken
            result = await method(params)
        except BotApiError as error:
            if shows or fault is not None:
                record("telegram", name, contact, text, code=error.code, reason=error.description, fault=kind)
            raise
        message = result["message_id"] if shows else None
        if fault is not None and fault.kind in ("timeout_after", "reset_after"):
            record("telegram", name, contact, text, code=-2, reason="no answer", fault=kind, message=message)
            if fault.kind == "timeout_after":
                await self._simulation.hold(fault.seconds or DEFAULT_HOLD_SECONDS)
            return BrokenConnection()
        if shows:
            record("telegram", name, contact, text, code=0, fault=kind, message=message)
        return JSONResponse({"ok": True, "result": result})

    async def _fail_before(self, fault: Rule) -> Response | None:
        """Raises the platform's refusal, or returns a broken answer; None: the method is to run."""
        if fault.kind == "rate_limited":
            raise too_many_requests(fault.retry_after)
        if fault.kind == "server_error":
            raise BotApiError(500, "Internal Server Error")
        if fault.kind == "busy":
            raise BotApiError(502, "Bad Gateway")
        if fault.kind == "timeout_before":
            await self._simulation.hold(fault.seconds or DEFAULT_HOLD_SECONDS)
            return BrokenConnection()
        return BrokenConnection() if fault.kind == "reset_before" else None

    async def _answer_to_webhook(self, name: str, values: dict[str, Any]) -> None:
        """A method inside the answer to a webhook: its result is not reported back."""
        try:
            await self._carry_out(name, Params(values))
        except BotApiError as error:
            log.info("method %s in the answer to a webhook was refused: %s", name, error.description)

    async def _download(self, request: Request) -> Response:
        if not self._is_ours(request.path_params["token"]):
            return JSONResponse(BotApiError(401, "Unauthorized").body(), 401)
        medium = self._simulation.media.find_path("telegram", request.path_params["path"])
        if medium is None:
            return JSONResponse(BotApiError(404, "Not Found").body(), 404)
        body = self._simulation.media.body(medium)
        fault = self._simulation.faults.media("telegram")
        if fault is not None:
            if fault.kind == "slow_media":
                await self._simulation.hold(fault.seconds)
            elif fault.kind == "cut_media":
                return BrokenConnection(body[: len(body) // 2], len(body), "application/octet-stream")
            else:
                body = body[: len(body) // 2]
        return Response(body, media_type="application/octet-stream")
