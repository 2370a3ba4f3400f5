"""`POST /webhooks/telegram`: verify, parse, store, answer. 200 means that the message is durable.

Sources: core.telegram.org/bots/api#setwebhook (secret header), #making-requests-when-getting-updates
(answering a button in the response itself).
"""

from __future__ import annotations

import hmac
import json

import structlog
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from channels.http import BodyRefused, read_request
from channels.inbox import Inbox, InboxUnavailable
from channels.telegram.parse import MalformedUpdate, parse_update, pressed_button

log = structlog.get_logger(__name__)

HEADER = "X-Telegram-Bot-Api-Secret-Token"


def telegram_router(secret: str, inbox: Inbox) -> APIRouter:
    """The route of Telegram's webhook; `secret` is the one given to `setWebhook` and must not be empty.

    Answers 401 without the secret and 403 to a wrong one, 415, 413 and 400 to a body that is no update
    (nothing is stored), 503 while the inbox cannot store, so that Telegram delivers again.
    """
    if not secret:
        raise ValueError("a webhook without a secret would take anybody's messages")
    expected = secret.encode()
    router = APIRouter()

    @router.post("/webhooks/telegram", include_in_schema=False)
    async def receive(request: Request) -> Response:
        given = request.headers.get(HEADER)
        if given is None:
            return _refuse(401, "no secret")
        if not hmac.compare_digest(given.encode(), expected):
            return _refuse(403, "wrong secret")
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
            return _refuse(415, "an update is JSON")
        try:
            body = await read_request(request)
        except BodyRefused as refusal:
            return _refuse(refusal.status, refusal.reason)
        try:
            payload = json.loads(body)
            inbound = parse_update(payload)
        except (ValueError, RecursionError) as broken:  # among the ValueErrors: bad JSON, UTF-8, updates
            reason = str(broken) if isinstance(broken, MalformedUpdate) else type(broken).__name__
            return _refuse(400, "not an update", reason=reason)
        if inbound is not None:
            try:
                await inbox.store(inbound)
            except InboxUnavailable:
                log.warning("webhook put off", channel="telegram")
                return PlainTextResponse("try again", status_code=503, headers={"Retry-After": "1"})
        press = pressed_button(payload)
        if press is None:
            return Response(status_code=200)
        return JSONResponse({"method": "answerCallbackQuery", "callback_query_id": press})

    return router


def _refuse(status: int, words: str, *, reason: str | None = None) -> Response:
    log.warning("webhook refused", channel="telegram", status=status, reason=reason or words)
    return PlainTextResponse(words, status_code=status)
