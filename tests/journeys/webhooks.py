"""Calls of the product's webhooks as the platforms make them, right or wrong on purpose.

Sources: core.telegram.org/bots/api#setwebhook (secret_token) and developers.weixin.qq.com, "接入指南" (signature).
"""

from __future__ import annotations

import hashlib
import itertools
import json
import re
import time
from dataclasses import dataclass, field
from typing import Any

import httpx

_numbers = itertools.count(2_000_000_000)


@dataclass
class Webhooks:
    """The two addresses of one running product."""

    url: str
    environment: dict[str, str] = field(repr=False)
    http: httpx.Client

    def telegram(
        self,
        update: dict[str, Any] | bytes,
        *,
        secret: str | None = "right",
        content_type: str = "application/json",
    ) -> httpx.Response:
        """Deliver an update (or a body as it is)."""
        headers = {b"Content-Type": content_type.encode()}
        if secret is not None:
            right = self.environment["SUDA_TELEGRAM_WEBHOOK_SECRET"]
            given = right if secret == "right" else secret
            headers[b"X-Telegram-Bot-Api-Secret-Token"] = given.encode("latin-1")
        body = update if isinstance(update, bytes) else json.dumps(update).encode()
        return self.http.post(f"{self.url}/webhooks/telegram", content=body, headers=headers)

    def wechat(
        self, body: bytes, *, age: float = 0.0, signature: str | None = "right", method: str = "POST"
    ) -> httpx.Response:
        """Push a body, signed as of `age` seconds ago; `signature` None: without one."""
        timestamp, nonce = str(int(time.time() - age)), "4711"
        signed = "".join(sorted([self.environment["SUDA_WECHAT_TOKEN"], timestamp, nonce])).encode()
        right = hashlib.sha1(signed).hexdigest()
        query = {"timestamp": timestamp, "nonce": nonce, "echostr": "echo-4711"}
        if signature is not None:
            query["signature"] = right if signature == "right" else signature
        headers = {"Content-Type": "text/xml"}
        return self.http.request(
            method, f"{self.url}/webhooks/wechat", params=query, content=body, headers=headers
        )


def telegram_update(contact: str, **content: Any) -> dict[str, Any]:
    """An update with one message; the content is what the message holds beside its head."""
    person = {"id": int(contact), "is_bot": False, "first_name": "用户"}
    head = {
        "message_id": next(_numbers),
        "date": int(time.time()),
        "chat": {"id": int(contact), "type": "private", "first_name": "用户"},
        "from": person,
    }
    return {"update_id": next(_numbers), "message": {**head, **content}}


def telegram_press(contact: str, token: str) -> dict[str, Any]:
    """An update with one press of a button."""
    update = telegram_update(contact, text="哪一类？")
    person = update["message"]["from"]
    press = {
        "id": str(next(_numbers)),
        "from": person,
        "message": update["message"],
        "chat_instance": "1",
        "data": token,
    }
    return {"update_id": update["update_id"], "callback_query": press}


def wechat_xml(contact: str, kind: str, **content: str) -> bytes:
    """A message as WeChat pushes it in plain mode."""
    fields = {
        "ToUserName": "gh_5da5da5da5da",
        "FromUserName": contact,
        "CreateTime": str(int(time.time())),
        "MsgType": kind,
        **content,
        "MsgId": str(next(_numbers)),
    }
    return ("<xml>" + "".join(f"<{k}><![CDATA[{v}]]></{k}>" for k, v in fields.items()) + "</xml>").encode()


def reply_text(answer: httpx.Response) -> str:
    """The words of WeChat's passive reply."""
    found = re.search(r"<Content>\s*<!\[CDATA\[(.*?)\]\]>\s*</Content>", answer.text, re.DOTALL)
    assert found, answer.text
    return found.group(1)
