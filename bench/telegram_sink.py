"""The platform's side of our product while it is measured: answers each Bot API call at once, counts sends.

It checks nothing. The stand-in that checks what we send is the simulator; here it would only take time.
"""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any
from urllib.parse import parse_qs

_ME = {"id": 1, "is_bot": True, "first_name": "诉达", "username": "suda_bench_bot"}


class TelegramSink:
    """A loopback HTTP server with the shape of api.telegram.org."""

    def __init__(self) -> None:
        self.sends = 0
        self._server: asyncio.base_events.Server | None = None

    async def start(self) -> str:
        """Listen on a free loopback port; the root URL to give to the product."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        port = self._server.sockets[0].getsockname()[1]
        return f"http://127.0.0.1:{port}"

    def stop(self) -> None:
        """Listen no more."""
        if self._server is not None:
            self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                length = 0
                for line in head.split("\r\n"):
                    name, _, value = line.partition(":")
                    if name.lower() == "content-length":
                        length = int(value)
                body = await reader.readexactly(length)
                method = head.split(" ", 2)[1].rpartition("/")[2]
                answer = json.dumps({"ok": True, "result": self._result(method, body)}).encode()
                writer.write(
                    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                    + f"Content-Length: {len(answer)}\r\n\r\n".encode()
                    + answer
                )
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            return  # the product closed the connection
        finally:
            writer.close()

    def _result(self, method: str, body: bytes) -> Any:
        if method.lower() == "getme":
            return _ME
        if method.lower() == "getwebhookinfo":
            return {"url": "", "has_custom_certificate": False, "pending_update_count": 0}
        if method.lower() == "getupdates":
            return []
        if not method.lower().startswith("send") or method.lower() == "sendchataction":
            return True
        self.sends += 1
        form = parse_qs(body.decode(errors="replace"))
        chat = int(form["chat_id"][0]) if "chat_id" in form else 1
        return {
            "message_id": self.sends,
            "date": int(time.time()),
            "chat": {"id": chat, "type": "private"},
            "from": _ME,
            "text": form.get("text", [""])[0],
        }
