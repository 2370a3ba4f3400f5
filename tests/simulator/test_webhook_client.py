"""The client for webhooks reads what a server may send, and says what went wrong otherwise."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest

from simulator.webhook_client import PooledClient, Unanswered


@dataclass
class Wire:
    """A server that sends these bytes to every request; ``b""``: hangs up."""

    url: str = ""
    connections: int = 0
    asked: bytes = b""


@asynccontextmanager
async def _answering(answer: bytes | None, *, hang_up: bool = False) -> AsyncIterator[Wire]:
    """``answer`` None: silence."""
    wire = Wire()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        wire.connections += 1
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
                wire.asked = head + await reader.readexactly(length)
                if answer is None:
                    await reader.read()
                    return
                writer.write(answer)
                if hang_up:
                    return
        except asyncio.IncompleteReadError:
            return
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    wire.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/hook?a=1"
    async with server:
        yield wire


def test_a_connection_is_used_again_and_the_request_is_whole() -> None:
    async def run() -> None:
        async with _answering(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-A: b\r\n\r\nhi") as wire:
            client = PooledClient()
            for _ in range(3):
                answer = await client.request("POST", wire.url, 5, "正文".encode(), {"X-Secret": "s"})
                assert (answer.status, answer.text, answer.headers["x-a"]) == (200, "hi", "b")
            assert wire.connections == 1
            assert wire.asked.startswith(b"POST /hook?a=1 HTTP/1.1\r\n")
            assert b"X-Secret: s\r\n" in wire.asked
            assert wire.asked.endswith("正文".encode())
            await client.close()

    asyncio.run(run())


@pytest.mark.parametrize(
    ("raw", "hang_up", "body"),
    [
        (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n3;x=y\r\n yo\r\n0\r\n\r\n",
            False,
            "hi yo",
        ),
        (b"HTTP/1.0 200 OK\r\n\r\nuntil the end", True, "until the end"),
        (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx", False, "x"),
        (b"HTTP/1.1 204 No Content\r\n\r\n", False, ""),
        (b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx", True, "x"),
    ],
)
def test_every_way_to_frame_a_body_is_read(raw: bytes, hang_up: bool, body: str) -> None:
    async def run() -> None:
        async with _answering(raw, hang_up=hang_up) as wire:
            client = PooledClient()
            for _ in range(2):
                assert (await client.request("POST", wire.url, 5)).text == body
            await client.close()

    asyncio.run(run())


@pytest.mark.parametrize(
    ("raw", "cause"),
    [
        (b"", "ConnectionBroken"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf", "ConnectionBroken"),
        (b"SSH-2.0-OpenSSH\r\n\r\n", "MalformedAnswer"),
        (b"HTTP/1.1 abc\r\n\r\n", "MalformedAnswer"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", "MalformedAnswer"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"a" * 200_000, "ConnectionBroken"),
    ],
)
def test_a_broken_answer_has_a_name(raw: bytes, cause: str) -> None:
    async def run() -> None:
        async with _answering(raw, hang_up=True) as wire:
            with pytest.raises(Unanswered, match=cause):
                await PooledClient().request("POST", wire.url, 5)

    asyncio.run(run())


def test_silence_ends_with_the_time_limit_and_the_connection_is_not_used_again() -> None:
    async def run() -> None:
        async with _answering(None) as wire:
            client = PooledClient()
            for count in (1, 2):
                with pytest.raises(Unanswered, match="Timeout") as raised:
                    await client.request("POST", wire.url, 0.1)
                assert raised.value.timed_out
                assert wire.connections == count

    asyncio.run(run())


def test_nobody_at_the_address_is_a_refusal() -> None:
    async def run() -> None:
        async with _answering(b"") as wire:
            url = wire.url
        with pytest.raises(Unanswered, match="ConnectionRefused"):
            await PooledClient().request("POST", url, 5)

    asyncio.run(run())
