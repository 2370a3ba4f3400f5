"""Both platforms' stand-ins and our webhooks in front of a remembering inbox, all behind real sockets on
loopback.
"""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import uvicorn
from fastapi import FastAPI

from channels.base import Channel
from channels.message import Inbound, Kind, Outbound
from channels.telegram.client import TelegramChannel
from channels.telegram.webhook import telegram_router
from channels.wechat.client import WeChatChannel
from channels.wechat.webhook import wechat_router
from simulator.app import create_simulator
from simulator.config import SimulatorConfig
from tests.contract.memory_inbox import MemoryInbox

SECRET = "stand-in-secret"
AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def serving(app: FastAPI, port: int) -> Iterator[None]:
    """The app on this port, in a thread and a loop of its own."""
    server = uvicorn.Server(
        uvicorn.Config(app, port=port, log_level="critical", ws="none", timeout_graceful_shutdown=1)
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 20
    while not server.started:
        assert time.monotonic() < deadline, "the server did not start"
        time.sleep(0.01)
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(10)
        assert not thread.is_alive(), "the server did not stop"


@dataclass
class StandIns:
    """Both platforms, a person on each, and what reached our inbox."""

    url: str
    inbox: MemoryInbox
    config: SimulatorConfig
    http: httpx.Client = field(repr=False)

    def contact(self, channel: str) -> str:
        return self.config.telegram_contact if channel == "telegram" else self.config.wechat_contact

    def person(self, channel: str, action: str, **body: Any) -> list[dict[str, Any]]:
        """A person does something on the phone; returns the bubbles."""
        answer = self.http.post(f"/playground/api/{channel}/{action}", json=body)
        assert answer.status_code == 200, answer.text
        bubbles: list[dict[str, Any]] = answer.json()["messages"]
        return bubbles

    def upload(self, channel: str, kind: str, name: str, content: bytes, mime: str, **form: str) -> None:
        answer = self.http.post(
            f"/playground/api/{channel}/upload",
            files=[("files", (name, content, mime))],
            data={"kind": kind, **form},
        )
        assert answer.status_code == 200, answer.text

    def phone(self, channel: str) -> list[dict[str, Any]]:
        """What the bot said, as the person sees it."""
        bubbles = self.http.get(f"/playground/api/{channel}/messages").json()["messages"]
        return [bubble for bubble in bubbles if bubble["from"] == "bot"]

    def fault(self, **rule: Any) -> None:
        answer = self.http.post("/playground/api/faults", json={"rules": [rule] if rule else []})
        assert answer.status_code == 200, answer.text

    def advance(self, seconds: float) -> None:
        self.http.post("/playground/api/clock", json={"advance_seconds": seconds})

    def until(self, condition: Callable[[], bool]) -> None:
        """Wait for something that must come."""
        deadline = time.monotonic() + 10
        while not condition():
            assert time.monotonic() < deadline, "it did not happen in time"
            time.sleep(0.01)

    def received(self, kind: Kind, count: int = 1) -> list[Inbound]:
        """The inbound messages of this kind, once there are so many."""

        def found() -> list[Inbound]:
            return [inbound for inbound in self.inbox.stored if inbound.kind is kind]

        self.until(lambda: len(found()) >= count)
        return found()

    def settled(self) -> None:
        """Wait until the platforms have nothing left to deliver."""
        self.until(lambda: not any(self.http.get("/playground/api/pending").json().values()))

    def with_channel(self, channel: str, scene: Callable[[Channel], Any], *, timeout: float = 5.0) -> Any:
        """Play a scene with our channel, on a loop of its own."""

        async def run() -> Any:
            opened = self._open(channel, timeout)
            try:
                return await scene(opened)
            finally:
                await opened.aclose()

        return asyncio.run(run())

    def send(self, channel: str, text: str, key: str = "1", *, timeout: float = 5.0, **more: Any) -> Any:
        message = Outbound(self.contact(channel), text, key, **more)
        return self.with_channel(channel, lambda opened: opened.send(message), timeout=timeout)

    def _open(self, channel: str, timeout: float) -> Channel:
        if channel == "telegram":
            return TelegramChannel(
                self.config.telegram_token, api_url=f"{self.url}/telegram", timeout=timeout, part_pause=0.0
            )
        return WeChatChannel(
            self.config.wechat_app_id,
            self.config.wechat_app_secret,
            account=self.config.wechat_account,
            api_url=f"{self.url}/wechat",
            timeout=timeout,
        )


@contextmanager
def stand_ins(
    inbox: MemoryInbox | None = None, *, polling: bool = False, **changes: Any
) -> Iterator[StandIns]:
    """`changes`: settings of the stand-ins; `polling`: no Telegram webhook is set."""
    inbox = inbox or MemoryInbox()
    simulator_port, product_port = free_port(), free_port()
    url, product_url = f"http://127.0.0.1:{simulator_port}", f"http://127.0.0.1:{product_port}"
    settings: dict[str, Any] = {
        "public_url": url,
        "telegram_webhook": "" if polling else f"{product_url}/webhooks/telegram",
        "telegram_secret": SECRET,
        "telegram_backoff_seconds": 0.05,
        "wechat_webhook": f"{product_url}/webhooks/wechat",
        "wechat_retry_seconds": 0.05,
        **changes,
    }
    config = SimulatorConfig(**settings)
    product = FastAPI()
    product.include_router(telegram_router(SECRET, inbox))
    product.include_router(
        wechat_router(
            config.wechat_token,
            inbox,
            app_id=config.wechat_app_id,
            aes_key=config.wechat_aes_key or None,
            account=config.wechat_account,
        )
    )
    with (
        serving(product, product_port),
        serving(create_simulator(config), simulator_port),
        httpx.Client(base_url=url, trust_env=False, timeout=20) as http,
    ):
        yield StandIns(url, inbox, config, http)
