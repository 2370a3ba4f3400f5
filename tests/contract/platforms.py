"""Each platform's side of the contract: how its calls look, how it says yes and no, how it posts a message.

Written from the platforms' documentation, not from our clients.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI

from channels.base import Channel
from channels.inbox import Inbox
from channels.telegram.client import TelegramChannel
from channels.telegram.webhook import telegram_router
from channels.wechat.client import WeChatChannel
from channels.wechat.webhook import wechat_router
from tests.contract.scripted_server import Act, Answer, ScriptedServer, json_answer

PAYLOADS = Path(__file__).parents[1] / "payloads"

TELEGRAM_TOKEN = "7264501938:AAtest-token-of-no-bot"
TELEGRAM_SECRET = "a-secret_of-64"
WECHAT_TOKEN = "wechat-token"
APP_ID = "wx5da5da5da5da5da5"


def payload(platform: str, name: str) -> bytes:
    suffix = "json" if platform == "telegram" else "xml"
    return (PAYLOADS / platform / f"{name}.{suffix}").read_bytes()


def telegram_update(name: str) -> dict[str, Any]:
    update: dict[str, Any] = json.loads(payload("telegram", name))
    return update


def wechat_signature(*parts: str) -> str:
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()


def wechat_query(timestamp: str | None = None, nonce: str = "831045") -> dict[str, str]:
    timestamp = timestamp or str(int(time.time()))
    return {
        "signature": wechat_signature(WECHAT_TOKEN, timestamp, nonce),
        "timestamp": timestamp,
        "nonce": nonce,
        "openid": "oSuda0dYk3xY7VbQpLm9RtUwZ1aE",
    }


@dataclass(frozen=True)
class Platform:
    """`send_path`: the call that sends. `limit`, `count`: how long a text may be and how that is counted."""

    name: str
    contact: str
    send_path: str
    limit: int
    count: Callable[[str], int]
    channel: Callable[[str, float], Channel]
    accept: Callable[[ScriptedServer], None]
    text_sent: Callable[[ScriptedServer, int], str]
    yes: Act
    too_busy: Act
    refused: Act
    wrong_credentials: Act
    blocked: Act
    router: Callable[[Inbox], Any]
    post: Callable[[bytes], dict[str, Any]]
    """The arguments of a POST of this body as the platform would send it."""
    forged: Callable[[bytes], dict[str, Any]]
    """The same with a wrong signature or secret."""

    def app(self, inbox: Inbox) -> FastAPI:
        app = FastAPI()
        app.include_router(self.router(inbox))
        return app

    def client(self, inbox: Inbox) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(self.app(inbox), raise_app_exceptions=True)
        return httpx.AsyncClient(transport=transport, base_url="http://suda.test")


def _telegram_channel(url: str, timeout: float) -> Channel:
    return TelegramChannel(TELEGRAM_TOKEN, api_url=url, timeout=timeout, part_pause=0.0)


def _telegram_sent(server: ScriptedServer, number: int) -> str:
    return str(server.called("/sendMessage")[number].form()["text"])


def telegram_ok(message_id: int = 99) -> Answer:
    chat = {"id": 6021735489, "type": "private", "first_name": "小雨"}
    return json_answer({"ok": True, "result": {"message_id": message_id, "date": 1763887200, "chat": chat}})


def telegram_no(code: int, description: str, **parameters: Any) -> Answer:
    body: dict[str, Any] = {"ok": False, "error_code": code, "description": description}
    if parameters:
        body["parameters"] = parameters
    return json_answer(body, code)


def _telegram_post(body: bytes, secret: str = TELEGRAM_SECRET) -> dict[str, Any]:
    headers = {"Content-Type": "application/json", "X-Telegram-Bot-Api-Secret-Token": secret}
    return {"url": "/webhooks/telegram", "content": body, "headers": headers}


TELEGRAM = Platform(
    name="telegram",
    contact="6021735489",
    send_path="/sendMessage",
    limit=4096,
    count=lambda text: len(text.encode("utf-16-le")) // 2,
    channel=_telegram_channel,
    accept=lambda server: server.plan("/sendMessage", telegram_ok()),
    text_sent=_telegram_sent,
    yes=telegram_ok(),
    too_busy=telegram_no(429, "Too Many Requests: retry after 7", retry_after=7),
    refused=telegram_no(400, "Bad Request: message is too long"),
    wrong_credentials=telegram_no(401, "Unauthorized"),
    blocked=telegram_no(403, "Forbidden: bot was blocked by the user"),
    router=lambda inbox: telegram_router(TELEGRAM_SECRET, inbox),
    post=_telegram_post,
    forged=lambda body: _telegram_post(body, "a-secret_of-65"),
)


def wechat_answer(errcode: int, errmsg: str = "ok") -> Answer:
    return json_answer({"errcode": errcode, "errmsg": errmsg})


WECHAT_GRANTS_TOKEN = json_answer({"access_token": "token-1", "expires_in": 7200})


def wechat_channel(url: str, timeout: float = 2.0, account: str = "service") -> WeChatChannel:
    return WeChatChannel(APP_ID, "app-secret", account=account, api_url=url, timeout=timeout)


def _wechat_accept(server: ScriptedServer) -> None:
    server.plan("/stable_token", WECHAT_GRANTS_TOKEN)
    server.plan("/message/custom/send", wechat_answer(0))


def _wechat_post(body: bytes, signature: str | None = None) -> dict[str, Any]:
    query = wechat_query()
    if signature is not None:
        query["signature"] = signature
    return {
        "url": "/webhooks/wechat",
        "params": query,
        "content": body,
        "headers": {"Content-Type": "text/xml"},
    }


WECHAT = Platform(
    name="wechat",
    contact="oSuda0dYk3xY7VbQpLm9RtUwZ1aE",
    send_path="/message/custom/send",
    limit=2048,
    count=lambda text: len(text.encode()),
    channel=wechat_channel,
    accept=_wechat_accept,
    text_sent=lambda server, number: str(server.called("/custom/send")[number].json()["text"]["content"]),
    yes=wechat_answer(0),
    too_busy=wechat_answer(45011, "api minute-quota reach limit"),
    refused=wechat_answer(45002, "content size out of limit"),
    wrong_credentials=wechat_answer(40164, "invalid ip, not in whitelist"),
    blocked=wechat_answer(43004, "require subscribe"),
    router=lambda inbox: wechat_router(WECHAT_TOKEN, inbox),
    post=_wechat_post,
    forged=lambda body: _wechat_post(body, "0" * 40),
)

PLATFORMS = (TELEGRAM, WECHAT)
