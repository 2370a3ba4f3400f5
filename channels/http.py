"""What both platforms need of HTTP: bodies of bounded size, and credentials that stay out of logs."""

from __future__ import annotations

import logging
import ssl
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import httpx
from starlette.requests import ClientDisconnect, Request

from channels.base import MediaGone, MediaTooLarge, RetryLater

MAX_WEBHOOK_BYTES = 1_000_000
"""No platform sends more: files travel as references."""


_LOOPBACK = ("127.0.0.1", "localhost", "::1")


class BodyRefused(Exception):
    """A request's body is longer than any that a platform sends (413), or broke off (400)."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


@cache
def tls() -> ssl.SSLContext:
    """The certificates that our clients trust; reading them takes a while, so that all share one."""
    return httpx.create_ssl_context()


def client_options(api_url: str) -> dict[str, Any]:
    """What every client of a platform's server is made with, beside its time limits.

    A proxy of the environment is used to reach the platforms, but not for the stand-ins on this machine.
    """
    return {"verify": tls(), "trust_env": urlsplit(api_url).hostname not in _LOOPBACK}


def keep_credentials_out_of_logs() -> None:
    """Telegram's token and WeChat's access token are parts of URLs, which HTTP clients log.

    PTB also logs every call with its parameters, that is with message texts, on its debug level.
    """
    for name in ("httpx", "httpcore", "telegram"):
        logger = logging.getLogger(name)
        logger.setLevel(max(logger.level, logging.WARNING))


async def read_request(request: Request, limit: int = MAX_WEBHOOK_BYTES) -> bytes:
    """The request's body; `BodyRefused` as soon as it exceeds `limit` bytes, or if it breaks off."""
    too_long = BodyRefused(413, "no message is so long")
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > limit:
        raise too_long
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > limit:
                raise too_long
    except ClientDisconnect:
        raise BodyRefused(400, "the body broke off") from None
    return bytes(body)


async def read_file(response: httpx.Response, max_bytes: int) -> bytes:
    """The body of a streamed answer, at most `max_bytes`; a declared length is checked before the first byte.

    A body that ends before its declared length raises `RetryLater`, an empty one `MediaGone`.
    """
    declared = response.headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > max_bytes:
        raise MediaTooLarge("the file is too large", limit=max_bytes)
    content = bytearray()
    try:
        async for chunk in response.aiter_bytes():
            content += chunk
            if len(content) > max_bytes:
                raise MediaTooLarge("the file is too large", limit=max_bytes)
    except httpx.RequestError as broken:
        raise RetryLater(f"the download broke off: {type(broken).__name__}") from broken
    if not content:
        raise MediaGone("the platform gave an empty file")
    return bytes(content)
