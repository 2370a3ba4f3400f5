"""Posting to the product's webhooks: a small HTTP/1.1 client that keeps connections open.

A general client costs several times the processor time of everything else done for one update, on the very
cores on which the product is being measured; what a webhook post needs is little. Through ``HttpxClient``
the same seam takes any httpx transport, so that tests put the product's app itself behind it.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import urlsplit

import httpx

_HEAD_LIMIT = 65_536
_BODY_LIMIT = 4 * 1024 * 1024
# Servers close idle connections after a while (uvicorn: 5 s); one that may be closing is not used again.
_IDLE_SECONDS = 2.0


class Unanswered(Exception):
    """No whole answer came. ``str()`` names the cause in one word."""

    def __init__(self, cause: str, *, timed_out: bool = False) -> None:
        super().__init__(cause)
        self.timed_out = timed_out


@dataclass(frozen=True)
class WebAnswer:
    """Header names are in lower case."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def is_success(self) -> bool:
        return 200 <= self.status <= 299

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")


class WebhookClient(Protocol):
    async def request(
        self, method: str, url: str, seconds: float, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> WebAnswer:
        """One request within ``seconds``. Raises ``Unanswered``."""
        ...

    async def close(self) -> None: ...


class HttpxClient:
    """Over an httpx transport; for tests."""

    def __init__(self, transport: httpx.AsyncBaseTransport) -> None:
        self._http = httpx.AsyncClient(transport=transport)

    async def request(
        self, method: str, url: str, seconds: float, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> WebAnswer:
        asked = self._http.request(method, url, content=body, headers=headers)
        try:
            answer = await asyncio.wait_for(asked, seconds)
        except asyncio.TimeoutError as error:
            raise Unanswered("Timeout", timed_out=True) from error
        except httpx.HTTPError as error:
            raise Unanswered(type(error).__name__) from error
        return WebAnswer(answer.status_code, dict(answer.headers), answer.content)

    async def close(self) -> None:
        await self._http.aclose()


_Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class PooledClient:
    """HTTP/1.1 with kept connections. No redirects, no proxies, no cookies: a webhook has none."""

    def __init__(self) -> None:
        self._idle: dict[tuple[str, str, int], list[tuple[float, _Connection]]] = {}

    async def request(
        self, method: str, url: str, seconds: float, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> WebAnswer:
        try:
            return await asyncio.wait_for(self._exchange(method, url, body, headers or {}), seconds)
        except asyncio.TimeoutError as error:
            raise Unanswered("Timeout", timed_out=True) from error
        except ConnectionRefusedError as error:
            raise Unanswered("ConnectionRefused") from error
        except (OSError, EOFError, asyncio.LimitOverrunError) as error:
            raise Unanswered("ConnectionBroken") from error
        except ValueError as error:
            raise Unanswered("MalformedAnswer") from error

    async def _exchange(self, method: str, url: str, body: bytes, headers: dict[str, str]) -> WebAnswer:
        parts = urlsplit(url)
        secure = parts.scheme == "https"
        host, port = parts.hostname or "", parts.port or (443 if secure else 80)
        key = (parts.scheme, host, port)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        lines = [f"{method} {target} HTTP/1.1", f"Host: {parts.netloc}", f"Content-Length: {len(body)}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        connection = self._take(key)
        if connection is None:
            connection = await asyncio.open_connection(
                host, port, ssl=True if secure else None, limit=_HEAD_LIMIT
            )
        reader, writer = connection
        kept = False
        try:
            writer.write("\r\n".join([*lines, "", ""]).encode("latin-1") + body)
            answer, keep = await _read_answer(reader)
            if keep:
                self._idle.setdefault(key, []).append((time.monotonic(), connection))
                kept = True
            return answer
        finally:
            # Also after a time-out: the platform hangs up, and the product sees it.
            if not kept:
                writer.close()

    def _take(self, key: tuple[str, str, int]) -> _Connection | None:
        idle = self._idle.get(key, [])
        while idle:
            since, connection = idle.pop()
            if time.monotonic() - since < _IDLE_SECONDS and not connection[0].at_eof():
                return connection
            connection[1].close()
        return None

    async def close(self) -> None:
        for idle in self._idle.values():
            for _, (_, writer) in idle:
                writer.close()
        self._idle.clear()


async def _read_answer(reader: asyncio.StreamReader) -> tuple[WebAnswer, bool]:
    """The answer, and whether the connection may be used again. Raises ``ValueError`` if it is not HTTP."""
    status = 100
    while 100 <= status < 200:  # informational answers come before the real one
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        version, _, rest = head[0].partition(" ")
        if not version.startswith("HTTP/1."):
            raise ValueError("not HTTP/1")
        status = int(rest[:3])
    headers = {}
    for line in head[1:]:
        name, colon, value = line.partition(":")
        if colon:
            headers[name.strip().lower()] = value.strip()
    keep = version == "HTTP/1.1" and headers.get("connection", "").lower() != "close"
    if status in (204, 304):
        return WebAnswer(status, headers), keep
    if headers.get("transfer-encoding", "").lower() == "chunked":
        return WebAnswer(status, headers, await _read_chunks(reader)), keep
    if "content-length" in headers:
        length = int(headers["content-length"])
        if not 0 <= length <= _BODY_LIMIT:
            raise ValueError("body too long")
        return WebAnswer(status, headers, await reader.readexactly(length)), keep
    return WebAnswer(status, headers, await reader.read(_BODY_LIMIT)), False


async def _read_chunks(reader: asyncio.StreamReader) -> bytes:
    body = b""
    while True:
        size = int((await reader.readuntil(b"\r\n")).split(b";")[0], 16)
        if size < 0 or len(body) + size > _BODY_LIMIT:
            raise ValueError("body too long")
        chunk = await reader.readexactly(size + 2)
        if size == 0:
            return body
        body += chunk[:-2]
