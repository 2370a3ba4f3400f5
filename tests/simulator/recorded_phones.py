"""The phones' HTTP interface with recorded answers, to test the page alone: no stand-in and no product behind
it.
"""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.responses import FileResponse, JSONResponse, StreamingResponse
from fastapi.staticfiles import StaticFiles

import simulator

PAGE = Path(simulator.__file__).parent / "page"
CSP = "default-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:"
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63606060000000040001"
    "f61738550000000049454e44ae426082"
)


class RecordedPhones:
    """``calls`` is what the page asked for; ``say`` is the bot speaking. Used from the test's thread."""

    def __init__(self) -> None:
        self.app = FastAPI()
        self.url = ""
        self.calls: list[tuple[str, str, dict[str, Any]]] = []
        self.refusing = False
        self.up = True
        self._shown: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self._streams: dict[str, set[asyncio.Queue[str | None]]] = defaultdict(set)
        self._number = 0
        self._loop = asyncio.new_event_loop()
        self._route()

    def said(self, channel: str, what: str) -> list[dict[str, Any]]:
        return [body for called, action, body in self.calls if (called, action) == (channel, what)]

    def say(self, channel: str, text: str, **more: Any) -> dict[str, Any]:
        """A message of the bot's appears on the phone."""
        return asyncio.run_coroutine_threadsafe(self._say(channel, text, more), self._loop).result(5)

    def typing(self, channel: str, on: bool) -> None:
        self._loop.call_soon_threadsafe(self._publish, channel, "typing", {"typing": on})

    def go_down(self) -> None:
        """Every stream ends and every call fails until ``up`` is set again."""
        self.up = False
        self._loop.call_soon_threadsafe(self._cut)

    def forget(self) -> None:
        self.calls.clear()
        self.refusing, self.up = False, True
        self._shown.clear()

    @contextmanager
    def serving(self) -> Iterator[RecordedPhones]:
        config = uvicorn.Config(self.app, port=0, log_level="error", ws="none", timeout_graceful_shutdown=1)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=lambda: self._loop.run_until_complete(server.serve()), daemon=True)
        thread.start()
        deadline = time.monotonic() + 10
        while not server.started:
            assert time.monotonic() < deadline, "the recorded phones did not start"
            time.sleep(0.01)
        self.url = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/"
        try:
            yield self
        finally:
            self._loop.call_soon_threadsafe(self._cut)
            server.should_exit = True
            thread.join(10)

    async def _say(self, channel: str, text: str, more: dict[str, Any]) -> dict[str, Any]:
        return self._show(channel, "bot", "text", text, **more)

    def _show(self, channel: str, sender: str, kind: str, text: str, **more: Any) -> dict[str, Any]:
        self._number += 1
        message = {
            "id": self._number,
            "from": sender,
            "kind": kind,
            "text": text,
            "buttons": [],
            "request_phone": False,
            "file": None,
            "at": datetime.now(timezone.utc).isoformat(),
            "state": "delivered",
            "edited": False,
            **more,
        }
        self._shown[channel].append(message)
        self._publish(channel, "message", message)
        return message

    def _publish(self, channel: str, event: str, data: dict[str, Any]) -> None:
        for stream in self._streams[channel]:
            stream.put_nowait(f"event: {event}\ndata: {json.dumps(data)}\n\n")

    def _cut(self) -> None:
        for stream in [stream for streams in self._streams.values() for stream in streams]:
            stream.put_nowait(None)

    def _route(self) -> None:
        @self.app.middleware("http")
        async def guard(request: Request, call_next: Any) -> Response:
            if not self.up and request.url.path.startswith("/playground/api"):
                return Response(status_code=503)
            response: Response = await call_next(request)
            response.headers["Content-Security-Policy"] = CSP
            return response

        @self.app.get("/")
        async def index() -> FileResponse:
            return FileResponse(PAGE / "index.html")

        @self.app.get("/playground/api/files/{name}")
        async def file(name: str) -> Response:
            return Response(PIXEL, media_type="image/png")

        @self.app.get("/playground/api/{channel}/messages")
        async def messages(channel: str) -> dict[str, Any]:
            return {"messages": self._shown[channel], "typing": False}

        @self.app.get("/playground/api/{channel}/events")
        async def events(channel: str) -> StreamingResponse:
            return StreamingResponse(self._stream(channel), media_type="text/event-stream")

        @self.app.post("/playground/api/reset")
        async def reset() -> dict[str, Any]:
            self._shown.clear()
            self.calls.append(("", "reset", {}))
            return {}

        @self.app.post("/playground/api/{channel}/upload")
        async def upload(channel: str, request: Request) -> dict[str, Any]:
            form = await request.form()
            body = {key: str(form[key]) for key in ("kind", "caption", "recognition")}
            files = [
                {
                    "url": "/playground/api/files/x",
                    "name": one.filename,
                    "mime": one.content_type,
                    "size": one.size,
                }
                for one in form.getlist("files")
                if not isinstance(one, str)
            ]
            self.calls.append((channel, "upload", {**body, "names": [file["name"] for file in files]}))
            return {"messages": [self._show(channel, "user", body["kind"], "", file=file) for file in files]}

        self.app.mount("/playground/static", StaticFiles(directory=PAGE))

        @self.app.post("/playground/api/{channel}/{action}")
        async def act(channel: str, action: str, request: Request) -> Any:
            if self.refusing:
                return JSONResponse({"detail": "平台忙"}, 503)
            body = await request.json()
            self.calls.append((channel, action, body))
            if action == "text":
                return {"messages": [self._show(channel, "user", "text", body["text"])]}
            if action == "edit":
                message = next(one for one in self._shown[channel] if one["id"] == body["message_id"])
                message.update(text=body["text"], edited=True)
                self._publish(channel, "update", message)
            return {"messages": []}

    async def _stream(self, channel: str) -> AsyncIterator[str]:
        stream: asyncio.Queue[str | None] = asyncio.Queue()
        self._streams[channel].add(stream)
        try:
            yield "retry: 1000\n\n"
            while (event := await stream.get()) is not None:
                yield event
        finally:
            self._streams[channel].discard(stream)
