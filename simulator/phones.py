"""The user's side over HTTP: what a page, or a test in a user's place, may do with the two phones.

Routes only; what an action means is each platform's business. Plain Starlette routes: an update's whole
cost is to stay small beside the product's, and nothing here is documented by OpenAPI.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

from fastapi import HTTPException, Request
from starlette.datastructures import UploadFile
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from simulator.actions import ACTIONS
from simulator.config import Channel
from simulator.incoming import check_site, read_channel, read_contact, read_fields, read_number
from simulator.media import page_response
from simulator.messages import ShownMessage
from simulator.phone import Phone, Upload
from simulator.simulation import Simulation

UPLOAD_KINDS = ("photo", "voice", "video", "file", "audio", "video_note", "short_video")
UPLOAD_LIMIT = 64 * 1024 * 1024
_CAPTION_LIMIT = 1024
_PING_SECONDS = 15.0


class PhoneRoutes:
    """Everything under ``/playground/api`` that is a phone; errors are ``{"detail": sentence}``."""

    def __init__(self, simulation: Simulation, phones: dict[Channel, Phone]) -> None:
        self._simulation = simulation
        self._phones = phones

    def routes(self) -> list[BaseRoute]:
        base = "/playground/api"
        return [
            Route(f"{base}/files/{{identifier}}", self._file, methods=["GET"]),
            Route(f"{base}/{{channel}}/messages", self._messages, methods=["GET"]),
            Route(f"{base}/{{channel}}/events", self._events, methods=["GET"]),
            Route(f"{base}/{{channel}}/profile", self._profile, methods=["GET"]),
            Route(f"{base}/{{channel}}/upload", self._upload, methods=["POST"]),
            Route(f"{base}/{{channel}}/{{action}}", self._act, methods=["POST"]),
        ]

    def _who(self, request: Request) -> tuple[Channel, str]:
        check_site(request)
        channel = read_channel(request)
        return channel, read_contact(request, channel, self._simulation.config)

    async def _act(self, request: Request) -> Response:
        channel, contact = self._who(request)
        action = ACTIONS.get(request.path_params["action"])
        if action is None:
            raise HTTPException(404, "没有这个操作")
        given = await read_fields(request, action.fields)
        return JSONResponse({"messages": _public(request, action.act(self._phones[channel], contact, given))})

    async def _messages(self, request: Request) -> Response:
        """Those after the id ``after``; ``revision`` is where a stream opened with ``since`` goes on."""
        channel, contact = self._who(request)
        found = self._simulation.messages.after(channel, contact, read_number(request, "after", 0))
        return JSONResponse(
            {
                "messages": _public(request, found),
                "typing": self._simulation.feed.is_typing(channel, contact),
                "revision": max((message.revision for message in found), default=0),
            }
        )

    async def _profile(self, request: Request) -> Response:
        """The chat partner as the phone knows it: name, commands or menu, whether it is blocked."""
        channel, contact = self._who(request)
        return JSONResponse(self._phones[channel].profile(contact))

    async def _upload(self, request: Request) -> Response:
        """Multipart: ``files`` (one or more), ``kind``, ``caption``, ``recognition`` (WeChat's voice to
        text).
        """
        channel, contact = self._who(request)
        async with request.form(max_files=20) as form:
            words = {name: value for name, value in form.items() if isinstance(value, str)}
            kind, caption = words.get("kind", "file"), words.get("caption", "")
            if kind not in UPLOAD_KINDS:
                raise HTTPException(422, f"kind 只能是 {'、'.join(UPLOAD_KINDS)}")
            if len(caption) > _CAPTION_LIMIT:
                raise HTTPException(422, "说明文字过长")
            files = [await _read(file) for file in form.getlist("files") if isinstance(file, UploadFile)]
        recognition = words.get("recognition", "")
        messages = await self._phones[channel].upload(contact, kind, files, caption, recognition)
        return JSONResponse({"messages": _public(request, messages)})

    async def _file(self, request: Request) -> Response:
        medium = self._simulation.media.find(request.path_params["identifier"])
        if medium is None:
            raise HTTPException(404, "文件不存在")
        return page_response(medium, self._simulation.media.body(medium), request.headers.get("range"))

    async def _events(self, request: Request) -> Response:
        """Server-sent events ``message``, ``update``, ``typing``, ``toast`` and ``reset``.

        A reconnecting page first gets, as updates, what changed after ``Last-Event-ID`` or ``since``.
        """
        channel, contact = self._who(request)
        seen = request.headers.get("last-event-id", "")
        since = int(seen) if seen.isascii() and seen.isdigit() else read_number(request, "since", -1)
        stream = self._stream(channel, contact, since, request.scope.get("root_path", ""))
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(stream, media_type="text/event-stream", headers=headers)

    async def _stream(self, channel: Channel, contact: str, since: int, root: str) -> AsyncIterator[str]:
        feed = self._simulation.feed
        watcher = feed.watch(channel, contact)
        try:
            yield "retry: 1000\n\n"
            if since >= 0:
                for message in self._simulation.messages.changed_since(channel, contact, since):
                    yield _server_sent_event("update", message, root)
            while True:
                try:
                    news = await asyncio.wait_for(watcher.queue.get(), _PING_SECONDS)
                except asyncio.TimeoutError:
                    yield ": ping\n\n"
                    continue
                if news is None:
                    return
                yield _server_sent_event(news.name, news.content, root)
        finally:
            feed.unwatch(channel, contact, watcher)


def _public(request: Request, messages: list[ShownMessage]) -> list[dict[str, object]]:
    root = request.scope.get("root_path", "")
    return [message.public(root) for message in messages]


async def _read(file: UploadFile) -> Upload:
    body = await file.read(UPLOAD_LIMIT + 1)
    if len(body) > UPLOAD_LIMIT:
        raise HTTPException(413, f"文件超过 {UPLOAD_LIMIT // (1024 * 1024)} MB")
    return Upload(file.filename or "未命名", file.content_type or "application/octet-stream", body)


def _server_sent_event(name: str, content: ShownMessage | dict[str, object], root: str) -> str:
    if isinstance(content, ShownMessage):
        data = json.dumps(content.public(root), ensure_ascii=False)
        return f"id: {content.revision}\nevent: {name}\ndata: {data}\n\n"
    return f"event: {name}\ndata: {json.dumps(content, ensure_ascii=False)}\n\n"
