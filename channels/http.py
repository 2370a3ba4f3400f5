"""What both platforms need of HTTP: bodies of bounded size, and credentials that stay out of logs."""

from __future__ import annotations

import logging
import ssl
from functools import cache

import httpx
from starlette.requests import Request

from channels.base import MediaGone, MediaTooLarge, RetryLater

MAX_WEBHOOK_BYTES = 1_000_000
"""No platform sends more: files travel as references."""


class BodyTooLarge(Exception):
    """A request's body is longer than any that a platform sends."""


@cache
def tls() -> ssl.SSLContext:
    """The certificates that our clients trust. Reading them takes tens of milliseconds: one for all clients."""
    return httpx.create_ssl_context()


def keep_credentials_out_of_logs() -> None:
    """Telegram's token and WeChat's access token are parts of URLs, which HTTP clients log.

    PTB also logs every call with its parameters, that is with message texts, on its debug level.
    """
    for name in ("httpx", "httpcore", "telegram"):
        logger = logging.getLogger(name)
        logger.setLevel(max(logger.level, logging.WARNING))


async def read_request(request: Request, limit: int = MAX_WEBHOOK_BYTES) -> bytes:
    """The request's body; `BodyTooLarge` as soon as it is known to exceed `limit` bytes."""
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > limit:
        raise BodyTooLarge
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            raise BodyTooLarge
    return bytes(body)


async def read_file(response: httpx.Response, max_bytes: int) -> bytes:
    """The body of a streamed answer of at most `max_bytes`, checked against the declared length before the first byte.

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
    except httpx.TransportError as broken:
        raise RetryLater(f"the download broke off: {type(broken).__name__}") from broken
    if not content:
        raise MediaGone("the platform gave an empty file")
    return bytes(content)
