"""A stand-in with a product behind it that answers as the test says, both in this process."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qsl
from xml.etree import ElementTree

import httpx
import uvicorn
from fastapi import FastAPI

from simulator.app import create_simulator
from simulator.config import SimulatorConfig

TELEGRAM_USER = "700100200"
WECHAT_USER = "oSuda_PlaygroundPhone_000001"

CONFIG = SimulatorConfig(
    telegram_webhook="http://product/webhooks/telegram",
    telegram_secret="s3cret",
    telegram_backoff_seconds=0.02,
    telegram_backoff_max_seconds=0.05,
    wechat_webhook="http://product/webhooks/wechat",
    wechat_try_seconds=5,
    wechat_retry_seconds=0.02,
)


@dataclass
class Delivered:
    """One request that reached the product."""

    path: str
    headers: dict[str, str]
    query: dict[str, str]
    body: bytes
    answer_headers: dict[str, str] = field(default_factory=dict)
    """What the product's behaviour adds to its answer."""

    @property
    def update(self) -> dict[str, Any]:
        parsed: dict[str, Any] = json.loads(self.body)
        return parsed

    @property
    def xml(self) -> dict[str, str]:
        return {child.tag: child.text or "" for child in ElementTree.fromstring(self.body)}


Answer = tuple[int, str]
Behaviour = Callable[[Delivered], Awaitable[Answer]]


async def takes_everything(delivered: Delivered) -> Answer:
    return 200, ""


@dataclass
class Product:
    """``answers``: how it behaves; an answer beginning with "{" is sent as JSON."""

    answers: Behaviour = takes_everything
    seen: list[Delivered] = field(default_factory=list)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        body = b""
        while True:
            part = await receive()
            body += part.get("body", b"")
            if not part.get("more_body"):
                break
        headers = {name.decode().lower(): value.decode() for name, value in scope["headers"]}
        delivered = Delivered(scope["path"], headers, dict(parse_qsl(scope["query_string"].decode())), body)
        self.seen.append(delivered)
        status, text = await self.answers(delivered)
        kind = "application/json" if text.startswith("{") else "text/plain; charset=utf-8"
        answered = {"content-type": kind, **delivered.answer_headers}
        pairs = [(name.encode(), value.encode()) for name, value in answered.items()]
        await send({"type": "http.response.start", "status": status, "headers": pairs})
        await send({"type": "http.response.body", "body": text.encode()})


class Stand:
    """The stand-in's HTTP interfaces, as a product, a page and a checker use them."""

    def __init__(
        self, app: FastAPI, config: SimulatorConfig, product: Product, http: httpx.AsyncClient
    ) -> None:
        self.app = app
        self.config = config
        self.product = product
        self.http = http

    async def user(self, channel: str, action: str, expect: int = 200, contact: str = "", **body: Any) -> Any:
        """A user's action on the phone."""
        params = {"contact": contact} if contact else {}
        response = await self.http.post(f"/playground/api/{channel}/{action}", json=body, params=params)
        assert response.status_code == expect, response.text
        return response.json()

    async def upload(self, channel: str, *files: tuple[str, bytes, str], **form: str) -> Any:
        parts = [("files", file) for file in files]
        response = await self.http.post(f"/playground/api/{channel}/upload", files=parts, data=form)
        assert response.status_code == 200, response.text
        return response.json()["messages"]

    async def phone(self, channel: str, contact: str = "") -> list[dict[str, Any]]:
        """The bubbles now."""
        params = {"contact": contact} if contact else {}
        response = await self.http.get(f"/playground/api/{channel}/messages", params=params)
        messages: list[dict[str, Any]] = response.json()["messages"]
        return messages

    async def bot(self, method: str, **params: Any) -> dict[str, Any]:
        """A Bot API call; returns the whole answer, its HTTP status checked against the body."""
        response = await self.http.post(f"/telegram/bot{self.config.telegram_token}/{method}", json=params)
        answer: dict[str, Any] = response.json()
        assert response.status_code == answer.get("error_code", 200)
        return answer

    async def token(self) -> str:
        asked = {
            "grant_type": "client_credential",
            "appid": self.config.wechat_app_id,
            "secret": self.config.wechat_app_secret,
        }
        response = await self.http.post("/wechat/cgi-bin/stable_token", json=asked)
        return str(response.json()["access_token"])

    async def account(self, path: str, **body: Any) -> dict[str, Any]:
        """A WeChat API call with a good token."""
        token = await self.token()
        response = await self.http.post(f"/wechat/cgi-bin/{path}", params={"access_token": token}, json=body)
        assert response.status_code == 200
        answer: dict[str, Any] = response.json()
        return answer

    async def say(self, text: str, contact: str = WECHAT_USER) -> dict[str, Any]:
        """A customer-service text."""
        return await self.account(
            "message/custom/send", touser=contact, msgtype="text", text={"content": text}
        )

    async def faults(self, *rules: dict[str, Any], seed: int = 1) -> None:
        response = await self.http.post("/playground/api/faults", json={"rules": list(rules), "seed": seed})
        assert response.status_code == 200, response.text

    async def advance(self, seconds: float) -> None:
        await self.http.post("/playground/api/clock", json={"advance_seconds": seconds})

    async def ledger(self, channel: str) -> dict[str, list[dict[str, Any]]]:
        response = await self.http.get("/playground/api/ledger", params={"channel": channel})
        report: dict[str, list[dict[str, Any]]] = response.json()[channel]
        return report

    async def until(self, condition: Callable[[], Awaitable[bool]], seconds: float = 20.0) -> None:
        """Wait for something that must come; fails when it does not."""
        deadline = time.monotonic() + seconds
        while not await condition():
            assert time.monotonic() < deadline, "it did not happen in time"
            await asyncio.sleep(0.005)

    async def settled(self) -> None:
        """Wait until the platforms have nothing left to deliver."""

        async def idle() -> bool:
            pending = (await self.http.get("/playground/api/pending")).json()
            return not any(pending.values())

        await self.until(idle)


async def run_on() -> None:
    """Let everything in this process go on until it waits for something from outside or for the clock."""
    for _ in range(200):
        await asyncio.sleep(0)


@asynccontextmanager
async def stand(answers: Behaviour = takes_everything, **changes: Any) -> AsyncIterator[Stand]:
    """``changes``: settings that differ from ``CONFIG``."""
    config = replace(CONFIG, **changes)
    product = Product(answers)
    app = create_simulator(config, httpx.ASGITransport(product))
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://simulator") as http,
    ):
        yield Stand(app, config, product, http)


@contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """The app behind a real socket, for what only a socket shows; yields its URL."""
    server = uvicorn.Server(
        uvicorn.Config(app, port=0, log_level="critical", ws="none", timeout_graceful_shutdown=1)
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 10
    while not server.started:
        assert time.monotonic() < deadline, "the server did not start"
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(10)
        assert not thread.is_alive(), "the server did not stop"


def passive_text(delivered: Delivered, text: str) -> str:
    """A passive reply as the documentation shows it, in answer to this push."""
    pushed = delivered.xml
    return (
        f"<xml><ToUserName><![CDATA[{pushed['FromUserName']}]]></ToUserName>"
        f"<FromUserName><![CDATA[{pushed['ToUserName']}]]></FromUserName><CreateTime>12345678</CreateTime>"
        f"<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[{text}]]></Content></xml>"
    )
