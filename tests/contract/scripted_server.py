"""A platform's server that answers what a test tells it to, or does not answer at all. Real sockets on
loopback.
"""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Answer:
    """One HTTP answer. `promised`: the declared length, where it is not the true one."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    promised: int | None = None


def json_answer(content: Any, status: int = 200) -> Answer:
    return Answer(
        status, json.dumps(content, ensure_ascii=False).encode(), {"Content-Type": "application/json"}
    )


@dataclass(frozen=True)
class Silence:
    """The request is read and never answered."""


@dataclass(frozen=True)
class HangUp:
    """The request is read and the connection closed."""


Act = Answer | Silence | HangUp


@dataclass(frozen=True)
class Call:
    """A request as it arrived."""

    method: str
    path: str
    query: dict[str, str]
    content_type: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    """Their names in small letters."""

    def form(self) -> dict[str, Any]:
        """A form's fields, JSON inside them read."""
        return {name: _read(values[0]) for name, values in parse_qs(self.body.decode()).items()}

    def json(self) -> Any:
        return json.loads(self.body)


def _read(value: str) -> Any:
    return json.loads(value) if value[:1] in ("{", "[") else value


class ScriptedServer:
    """`plan(path, act, …)` queues answers for paths that end so; the last one stays. Other paths get 404."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self._plans: dict[str, list[Act]] = defaultdict(list)
        self._writers: set[asyncio.StreamWriter] = set()
        self._closing = asyncio.Event()

    def plan(self, path: str, *acts: Act) -> None:
        self._plans[path] = list(acts)

    def called(self, path: str) -> list[Call]:
        return [call for call in self.calls if call.path.endswith(path)]

    @property
    def url(self) -> str:
        host, port = self._server.sockets[0].getsockname()[:2]
        return f"http://{host}:{port}"

    async def __aenter__(self) -> ScriptedServer:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.set()
        self._server.close()
        for writer in list(self._writers):
            writer.close()
        await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            call = await self._read(reader)
            self.calls.append(call)
            await self._act(self._next(call.path), writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # the client went away, which is its right
        finally:
            self._writers.discard(writer)
            writer.close()

    @staticmethod
    async def _read(reader: asyncio.StreamReader) -> Call:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        method, target, _ = head[0].split(" ")
        headers = {
            name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:])
        }
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        parts = urlsplit(target)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        return Call(method, parts.path, query, headers.get("content-type", ""), body, headers)

    def _next(self, path: str) -> Act:
        for end, acts in self._plans.items():
            if path.endswith(end):
                return acts.pop(0) if len(acts) > 1 else acts[0]
        return Answer(404)

    async def _act(self, act: Act, writer: asyncio.StreamWriter) -> None:
        if isinstance(act, Silence):
            await self._closing.wait()
        elif isinstance(act, Answer):
            length = len(act.body) if act.promised is None else act.promised
            head = {"Content-Length": str(length), "Connection": "close", **act.headers}
            lines = [f"HTTP/1.1 {act.status} Scripted", *(f"{name}: {value}" for name, value in head.items())]
            writer.write("\r\n".join([*lines, "", ""]).encode() + act.body)
            await writer.drain()
