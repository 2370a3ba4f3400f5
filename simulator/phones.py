"""The user's side over HTTP: what a page, or a test in a user's place, may do with the two phones.

Routes only. What an action means is each platform's business (``telegram/phone.py``, ``wechat/phone.py``);
the sentences of a refusal are read by people, hence Chinese.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated, Any, Protocol

from fastapi import APIRouter, File, Form, Header, HTTPException, Query, Request, Response, UploadFile
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field

from simulator.config import Channel
from simulator.media import page_response
from simulator.messages import ShownMessage
from simulator.simulation import Simulation

UPLOAD_KINDS = ("photo", "voice", "video", "file", "audio", "video_note", "short_video")
UPLOAD_LIMIT = 64 * 1024 * 1024
_PING_SECONDS = 15.0


class Refused(Exception):
    """The phone's own app would not let the user do this. ``str()`` is a sentence for the user."""


@dataclass(frozen=True)
class Upload:
    """One file as the user picked it; ``mime`` as the browser declared it."""

    name: str
    mime: str
    body: bytes


class Phone(Protocol):
    """What a user can do on one platform. Each returns the bubbles that appear on the user's side at once.

    Raises ``Refused`` where the platform's app offers no such thing.
    """

    def text(self, contact: str, text: str) -> list[ShownMessage]: ...
    def press(self, contact: str, message_id: int, button_id: str) -> list[ShownMessage]: ...
    async def upload(
        self, contact: str, kind: str, files: list[Upload], caption: str, recognition: str
    ) -> list[ShownMessage]: ...
    def location(self, contact: str, latitude: float, longitude: float, label: str) -> list[ShownMessage]: ...
    def sticker(self, contact: str, emoji: str) -> list[ShownMessage]: ...
    def share_phone(self, contact: str, phone: str) -> list[ShownMessage]: ...
    def link(self, contact: str, title: str, description: str, url: str) -> list[ShownMessage]: ...
    def edit(self, contact: str, message_id: int, text: str) -> list[ShownMessage]: ...
    def block(self, contact: str) -> list[ShownMessage]: ...
    def unblock(self, contact: str) -> list[ShownMessage]: ...
    def menu(self, contact: str, key: str) -> list[ShownMessage]: ...
    def scan(self, contact: str, scene: str) -> list[ShownMessage]: ...
    def agree(self, contact: str, template_id: str) -> list[ShownMessage]: ...
    def profile(self, contact: str) -> dict[str, Any]: ...


class TextBody(BaseModel):
    text: str = Field(min_length=1, max_length=100_000)


class PressBody(BaseModel):
    message_id: int
    button_id: str


class LocationBody(BaseModel):
    latitude: float = Field(default=31.2304, ge=-90, le=90)
    longitude: float = Field(default=121.4737, ge=-180, le=180)
    label: str = "上海市黄浦区人民大道"


class StickerBody(BaseModel):
    emoji: str = "👍"


class PhoneBody(BaseModel):
    phone: str = Field(default="+8613800138000", pattern=r"^\+?\d{5,15}$")


class LinkBody(BaseModel):
    title: str
    description: str = ""
    url: str


class EditBody(BaseModel):
    message_id: int
    text: str = Field(min_length=1, max_length=4096)


class MenuBody(BaseModel):
    key: str = Field(min_length=1)


class ScanBody(BaseModel):
    scene: str = Field(default="playground", min_length=1)


class AgreeBody(BaseModel):
    template_id: str = Field(min_length=1)


ContactQuery = Annotated[
    str | None, Query(max_length=64, pattern=r"^[\w-]+$", description="Default: the playground's")
]


def phone_routes(simulation: Simulation, phones: dict[Channel, Phone]) -> APIRouter:
    """Everything under ``/playground/api`` that is a phone; errors are ``{"detail": sentence}``."""
    router = APIRouter(prefix="/playground/api", tags=["phones"])

    def who(channel: Channel, contact: str | None) -> str:
        chosen = contact or simulation.config.default_contact(channel)
        if channel == "telegram" and not chosen.isdigit():
            raise HTTPException(422, "Telegram 的用户编号只能是数字")
        return chosen

    def shown(request: Request, messages: list[ShownMessage]) -> dict[str, Any]:
        root = request.scope.get("root_path", "")
        return {"messages": [message.public(root) for message in messages]}

    @router.get("/{channel}/messages")
    async def messages(
        channel: Channel, request: Request, contact: ContactQuery = None, after: int = 0
    ) -> Any:
        person = who(channel, contact)
        found = simulation.messages.after(channel, person, after)
        return {
            **shown(request, found),
            "typing": simulation.feed.is_typing(channel, person),
            "revision": max((message.revision for message in found), default=0),
        }

    @router.get("/{channel}/events")
    async def events(
        channel: Channel,
        request: Request,
        contact: ContactQuery = None,
        since: int | None = None,
        last_event_id: Annotated[str | None, Header()] = None,
    ) -> Any:
        seen = int(last_event_id) if last_event_id and last_event_id.isdigit() else since
        stream = _stream(simulation, channel, who(channel, contact), seen, request.scope.get("root_path", ""))
        return StreamingResponse(
            stream,
            media_type="text/event-stream",
            headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
        )

    @router.get("/{channel}/profile")
    async def profile(channel: Channel, contact: ContactQuery = None) -> Any:
        return phones[channel].profile(who(channel, contact))

    @router.post("/{channel}/text")
    async def text(channel: Channel, body: TextBody, request: Request, contact: ContactQuery = None) -> Any:
        return shown(request, phones[channel].text(who(channel, contact), body.text))

    @router.post("/{channel}/press")
    async def press(channel: Channel, body: PressBody, request: Request, contact: ContactQuery = None) -> Any:
        return shown(request, phones[channel].press(who(channel, contact), body.message_id, body.button_id))

    @router.post("/{channel}/upload")
    async def upload(
        channel: Channel,
        request: Request,
        files: Annotated[list[UploadFile], File()],
        kind: Annotated[str, Form()] = "file",
        caption: Annotated[str, Form(max_length=1024)] = "",
        recognition: Annotated[str, Form(max_length=2000)] = "",
        contact: ContactQuery = None,
    ) -> Any:
        if kind not in UPLOAD_KINDS:
            raise HTTPException(422, f"kind 只能是 {'、'.join(UPLOAD_KINDS)}")
        picked = [await _read(file) for file in files]
        return shown(
            request, await phones[channel].upload(who(channel, contact), kind, picked, caption, recognition)
        )

    @router.post("/{channel}/location")
    async def location(
        channel: Channel, body: LocationBody, request: Request, contact: ContactQuery = None
    ) -> Any:
        person = who(channel, contact)
        return shown(request, phones[channel].location(person, body.latitude, body.longitude, body.label))

    @router.post("/{channel}/sticker")
    async def sticker(
        channel: Channel, body: StickerBody, request: Request, contact: ContactQuery = None
    ) -> Any:
        return shown(request, phones[channel].sticker(who(channel, contact), body.emoji))

    @router.post("/{channel}/share-phone")
    async def share_phone(
        channel: Channel, body: PhoneBody, request: Request, contact: ContactQuery = None
    ) -> Any:
        return shown(request, phones[channel].share_phone(who(channel, contact), body.phone))

    @router.post("/{channel}/link")
    async def link(channel: Channel, body: LinkBody, request: Request, contact: ContactQuery = None) -> Any:
        return shown(
            request, phones[channel].link(who(channel, contact), body.title, body.description, body.url)
        )

    @router.post("/{channel}/edit")
    async def edit(channel: Channel, body: EditBody, request: Request, contact: ContactQuery = None) -> Any:
        return shown(request, phones[channel].edit(who(channel, contact), body.message_id, body.text))

    @router.post("/{channel}/block")
    async def block(channel: Channel, request: Request, contact: ContactQuery = None) -> Any:
        return shown(request, phones[channel].block(who(channel, contact)))

    @router.post("/{channel}/unblock")
    async def unblock(channel: Channel, request: Request, contact: ContactQuery = None) -> Any:
        return shown(request, phones[channel].unblock(who(channel, contact)))

    # WeChat's words for the same two: following and unfollowing the account.
    @router.post("/{channel}/subscribe")
    async def subscribe(channel: Channel, request: Request, contact: ContactQuery = None) -> Any:
        return shown(request, phones[channel].unblock(who(channel, contact)))

    @router.post("/{channel}/unsubscribe")
    async def unsubscribe(channel: Channel, request: Request, contact: ContactQuery = None) -> Any:
        return shown(request, phones[channel].block(who(channel, contact)))

    @router.post("/{channel}/menu")
    async def menu(channel: Channel, body: MenuBody, request: Request, contact: ContactQuery = None) -> Any:
        return shown(request, phones[channel].menu(who(channel, contact), body.key))

    @router.post("/{channel}/scan")
    async def scan(channel: Channel, body: ScanBody, request: Request, contact: ContactQuery = None) -> Any:
        return shown(request, phones[channel].scan(who(channel, contact), body.scene))

    @router.post("/{channel}/agree")
    async def agree(channel: Channel, body: AgreeBody, request: Request, contact: ContactQuery = None) -> Any:
        return shown(request, phones[channel].agree(who(channel, contact), body.template_id))

    @router.get("/files/{identifier}")
    async def file(identifier: str, range_: Annotated[str | None, Header(alias="range")] = None) -> Response:
        medium = simulation.media.find(identifier)
        if medium is None:
            raise HTTPException(404, "文件不存在")
        return page_response(medium, simulation.media.body(medium), range_)

    return router


async def _read(file: UploadFile) -> Upload:
    body = await file.read(UPLOAD_LIMIT + 1)
    if len(body) > UPLOAD_LIMIT:
        raise HTTPException(413, f"文件超过 {UPLOAD_LIMIT // (1024 * 1024)} MB")
    return Upload(file.filename or "未命名", file.content_type or "application/octet-stream", body)


async def _stream(
    simulation: Simulation, channel: Channel, contact: str, since: int | None, root: str
) -> AsyncIterator[str]:
    watcher = simulation.feed.watch(channel, contact)
    try:
        yield "retry: 1000\n\n"
        if since is not None:
            for message in simulation.messages.changed_since(channel, contact, since):
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
        simulation.feed.unwatch(channel, contact, watcher)


def _server_sent_event(name: str, content: ShownMessage | dict[str, Any], root: str) -> str:
    if isinstance(content, ShownMessage):
        data = json.dumps(content.public(root), ensure_ascii=False)
        return f"id: {content.revision}\nevent: {name}\ndata: {data}\n\n"
    return f"event: {name}\ndata: {json.dumps(content, ensure_ascii=False)}\n\n"
