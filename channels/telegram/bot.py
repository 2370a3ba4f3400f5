"""python-telegram-bot's `Bot`, set up for us: any server address, short time-outs, failures with a status.

Nothing in here knows messages. No extras of PTB are used: they clash with Rasa's scheduler.
"""

from __future__ import annotations

import json
from typing import Any

from telegram import Bot
from telegram._utils.types import JSONDict
from telegram.error import NetworkError, TelegramError
from telegram.request import HTTPXRequest, RequestData

from channels.http import client_options, keep_credentials_out_of_logs

API_URL = "https://api.telegram.org"
ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")

_TOO_MANY_REQUESTS = 429


class ServerFailure(NetworkError):
    """The Bot API answered with a status that speaks of itself and not of the request (5xx, a bare 429)."""

    __slots__ = ("status",)

    def __init__(self, status: int) -> None:
        super().__init__(f"HTTP {status}")
        self.status = status


class ApiRequest(HTTPXRequest):
    """PTB's HTTP client, which names the status of a server's failure and logs no payloads."""

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *args: Any, **kwargs: Any
    ) -> tuple[int, bytes]:
        """See `HTTPXRequest.do_request`."""
        status, payload = await super().do_request(url, method, request_data, *args, **kwargs)
        if status >= 500 or (status == _TOO_MANY_REQUESTS and b"retry_after" not in payload):
            raise ServerFailure(status)
        return status, payload

    @staticmethod
    def parse_json_payload(payload: bytes) -> JSONDict:
        """As PTB's own, which would log an answer that is no JSON as a whole."""
        try:
            parsed = json.loads(payload)
        except ValueError as broken:
            raise TelegramError("Invalid server response") from broken
        if not isinstance(parsed, dict) or (parsed.get("ok") and "result" not in parsed):
            raise TelegramError("Invalid server response")
        return parsed


class ApiBot(Bot):
    """`Bot` with raw updates: in PTB's own form of that call one unreadable update blocks all others."""

    async def raw_updates(self, offset: int, wait: int) -> list[Any]:
        """`getUpdates` without parsing: what there is from `offset` on, after at most `wait` seconds."""
        data: JSONDict = {"offset": offset, "timeout": wait, "allowed_updates": list(ALLOWED_UPDATES)}
        updates = await self._post(
            "getUpdates", data, read_timeout=wait + (self._request[0].read_timeout or 0)
        )
        if not isinstance(updates, list):
            raise TelegramError("Invalid server response")
        return updates

    async def close_connections(self) -> None:
        """Give back connections; PTB's `shutdown` does so only after `initialize`, a network call."""
        for request in self._request:
            await request.shutdown()


def build_bot(token: str, api_url: str = API_URL, *, timeout: float = 10.0, connections: int = 32) -> ApiBot:
    """A bot on `api_url` whose every step (connect, write, read) takes at most `timeout` seconds."""
    keep_credentials_out_of_logs()
    root = api_url.rstrip("/")

    def request(size: int) -> ApiRequest:
        return ApiRequest(
            connection_pool_size=size,
            connect_timeout=min(timeout, 5.0),
            read_timeout=timeout,
            write_timeout=timeout,
            pool_timeout=timeout,
            httpx_kwargs=client_options(api_url),
        )

    return ApiBot(
        token,
        base_url=f"{root}/bot",
        base_file_url=f"{root}/file/bot",
        request=request(connections),
        get_updates_request=request(1),
    )
