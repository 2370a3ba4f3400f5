"""`GET|POST /webhooks/wechat`: verify, decrypt, parse, store, and answer with what the turn has to say.

WeChat waits 5 s for the answer, then delivers the same message again, three times in all. The request is
therefore held for at most 4 s from its arrival; what is not said by then is pushed by the courier, where the
account may.

Sources: developers.weixin.qq.com, "接入指南", "被动回复用户消息", "消息加解密说明".
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import structlog
from fastapi import APIRouter
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from channels.http import BodyRefused, read_request
from channels.inbox import DirectReply, Inbox, InboxUnavailable
from channels.message import Inbound, Outbound
from channels.wechat.account import abilities_of
from channels.wechat.crypto import Cipher, Undecipherable, signature_matches
from channels.wechat.parse import MalformedMessage, parse_message
from channels.wechat.render import cut_to_fit, fitting, passive_reply, render_merged
from channels.wechat.xml import MalformedXml, read_fields

log = structlog.get_logger(__name__)

ANSWER_SECONDS = 4.0
GIVEN_UP_AFTER = 4.9
"""An answer that goes out later than this after the request does not reach the person: WeChat hung up at 5 s."""
STALE_AFTER = timedelta(minutes=15)
"""How far a request's time stamp may be from our clock. WeChat's retries come within some 15 s; the rest is
for clocks that are off. It bounds how long a leaked query string could sign forged bodies (plain mode)."""

_SHOWS_NO_ANSWER = ("blocked", "view")
"""Events after which the person sees no passive reply: he left, or is looking at a web page."""


class Refused(Exception):
    """The request gets this status and nothing is stored."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


@dataclass(frozen=True, slots=True)
class _Verified:
    fields: dict[str, str]
    timestamp: str
    nonce: str


def wechat_router(
    token: str,
    inbox: Inbox,
    *,
    app_id: str = "",
    aes_key: str | None = None,
    account: str = "service",
    answer_within: float = ANSWER_SECONDS,
    stale_after: timedelta = STALE_AFTER,
) -> APIRouter:
    """The routes of WeChat's webhook. With `aes_key` (and `app_id`) only encrypted messages are taken.

    Answers 403 to a wrong or stale signature, 413 and 400 to a body that is no message (nothing is stored),
    503 while the inbox cannot store, so that WeChat delivers again; else a passive reply or `success`.
    """
    if not token:
        raise ValueError("a webhook without a token would take anybody's messages")
    cipher = Cipher(aes_key, app_id) if aes_key else None
    endpoint = _Endpoint(token, inbox, cipher, account, answer_within, stale_after)
    router = APIRouter()
    router.add_api_route("/webhooks/wechat", endpoint.verify, methods=["GET"], include_in_schema=False)
    router.add_api_route("/webhooks/wechat", endpoint.receive, methods=["POST"], include_in_schema=False)
    return router


class _Endpoint:
    def __init__(
        self,
        token: str,
        inbox: Inbox,
        cipher: Cipher | None,
        account: str,
        answer_within: float,
        stale_after: timedelta,
    ) -> None:
        self._token = token
        self._inbox = inbox
        self._cipher = cipher
        self._may_push = abilities_of(account).customer_service
        self._answer_within = answer_within
        self._stale_after = stale_after.total_seconds()

    async def verify(self, request: Request) -> Response:
        """WeChat asks whether this address is ours: echo its text, if the signature is right."""
        try:
            self._check_signature(request, "signature")
        except Refused as refusal:
            return _refuse(refusal)
        return PlainTextResponse(request.query_params.get("echostr", ""))

    async def receive(self, request: Request) -> Response:
        """One message or event."""
        arrived = asyncio.get_running_loop().time()
        try:
            verified = await self._verified(request)
            inbound = _parse(verified.fields)
        except Refused as refusal:
            return _refuse(refusal)
        if inbound is None:
            return _success()
        answerable = inbound.event not in _SHOWS_NO_ANSWER
        waited = _waited(verified.timestamp)

        def age() -> float:
            return waited + asyncio.get_running_loop().time() - arrived

        def left() -> float:
            return max(self._answer_within - age(), 0.0)

        try:
            stored = await self._inbox.store(inbound, reply_within=left() if answerable else None)
        except InboxUnavailable:
            log.warning("webhook put off", channel="wechat")
            return PlainTextResponse("try again", status_code=503)
        if not answerable:
            return _success()
        try:
            reply = await self._inbox.direct_reply(stored.inbound_id, within=left(), fits=self._fits)
        except InboxUnavailable:  # the message is safe; its answer will be pushed
            return _success()
        return _success() if reply is None else self._answer(reply, verified, age)

    async def _verified(self, request: Request) -> _Verified:
        """The fields of a message that WeChat signed."""
        if self._cipher is None:
            self._check_signature(request, "signature")
        try:
            body = await read_request(request)
        except BodyRefused as refusal:
            raise Refused(refusal.status, refusal.reason) from None
        fields = _read(body)
        if self._cipher is not None:
            encrypted = fields.get("Encrypt", "")
            self._check_signature(request, "msg_signature", encrypted)
            try:
                fields = _read(self._cipher.decrypt(encrypted))
            except Undecipherable as broken:
                log.error("webhook undecipherable: check the AES key and the AppID", channel="wechat")
                raise Refused(403, str(broken)) from None
        elif "Encrypt" in fields and "MsgType" not in fields:
            log.error("webhook encrypted, but no AES key is set", channel="wechat")
            raise Refused(400, "encrypted")
        query = request.query_params
        return _Verified(fields, query.get("timestamp", ""), query.get("nonce", ""))

    def _check_signature(self, request: Request, name: str, *more: str) -> None:
        query = request.query_params
        timestamp, nonce = query.get("timestamp", ""), query.get("nonce", "")
        if not signature_matches(query.get(name, ""), self._token, timestamp, nonce, *more):
            raise Refused(403, "wrong signature")
        if not (timestamp.isascii() and timestamp.isdecimal() and len(timestamp) <= 12):
            raise Refused(403, "no time stamp")
        if abs(time.time() - int(timestamp)) > self._stale_after:
            raise Refused(403, "stale time stamp: is the clock of this server right?")

    def _fits(self, messages: tuple[Outbound, ...]) -> int:
        count = fitting(messages)
        # An account that may not push has this reply only: better cut short, and said so, than never given.
        return count if count or self._may_push or not messages else 1

    def _answer(self, reply: DirectReply, verified: _Verified, age: Callable[[], float]) -> Response:
        async def gone_out() -> None:
            if age() < GIVEN_UP_AFTER:
                await reply.delivered()
            else:  # its outcome stays open: a redelivery gets it again, or it is pushed
                log.warning("a reply went out too late", channel="wechat")

        delivered = BackgroundTask(gone_out)
        text = render_merged(reply.messages)
        if text is None:
            return _success(delivered)
        shown = cut_to_fit(text)
        if shown != text:
            log.error("reply cut short", channel="wechat", keys=[message.key for message in reply.messages])
        fields = verified.fields
        xml = passive_reply(shown, to=fields["FromUserName"], sender=fields["ToUserName"])
        if self._cipher is not None:
            xml = self._cipher.encrypt_reply(
                xml, token=self._token, timestamp=str(int(time.time())), nonce=verified.nonce
            )
        return Response(xml, media_type="application/xml", background=delivered)


def _waited(timestamp: str) -> float:
    """Seconds for which WeChat had waited at least when we took up its request, by its time stamp (whole seconds).

    More than nothing when the request stood in the queue of the listening socket, as after a restart. A clock
    that is far off says nothing.
    """
    seconds = time.time() - int(timestamp) - 1.0
    return seconds if 0.0 < seconds < ANSWER_SECONDS else 0.0


def _read(document: str | bytes) -> dict[str, str]:
    try:
        return read_fields(document)
    except MalformedXml as broken:
        raise Refused(400, str(broken)) from None


def _parse(fields: dict[str, str]) -> Inbound | None:
    try:
        return parse_message(fields)
    except MalformedMessage as broken:
        raise Refused(400, str(broken)) from None


def _success(background: BackgroundTask | None = None) -> Response:
    return PlainTextResponse("success", background=background)


def _refuse(refusal: Refused) -> Response:
    log.warning("webhook refused", channel="wechat", status=refusal.status, reason=refusal.reason)
    return PlainTextResponse("refused", status_code=refusal.status)
