"""The access token: fetched when needed, kept until shortly before its end, renewed once when it is refused.

Source: developers.weixin.qq.com, api_getstableaccesstoken: the normal mode gives every process the same token
while it is valid; a forced refresh ends the old token at once and is allowed 20 times a day, 30 s apart.
"""

from __future__ import annotations

import asyncio
import time

import httpx
import structlog

from channels.base import RetryLater
from channels.wechat.api import errcode_of, post_json
from channels.wechat.errors import token_failure

log = structlog.get_logger(__name__)

_PATH = "/cgi-bin/stable_token"
_EARLY_SECONDS = 300.0
"""WeChat gives out the next token five minutes before the present one ends."""
_FORCE_INTERVAL_SECONDS = 60.0


class AccessToken:
    """The token of one account in one process; a lock makes all who need it wait for one fetch."""

    def __init__(self, http: httpx.AsyncClient, app_id: str, app_secret: str) -> None:
        self._http = http
        self._app_id = app_id
        self._app_secret = app_secret
        self._lock = asyncio.Lock()
        self._token = ""
        self._valid_until = 0.0
        self._forced_at = -_FORCE_INTERVAL_SECONDS

    async def get(self) -> str:
        """A token that should be valid."""
        async with self._lock:
            if time.monotonic() >= self._valid_until:
                await self._fetch(force=False)
            return self._token

    async def renew(self, refused: str) -> str:
        """Another token than the one that WeChat refused; `RetryLater` where there is none for now.

        Somebody else's renewal is taken over. Where the normal mode still gives the refused token, a refresh
        is forced, at most once a minute.
        """
        async with self._lock:
            if self._token == refused:
                await self._fetch(force=False)
            if self._token == refused:
                now = time.monotonic()
                if now - self._forced_at < _FORCE_INTERVAL_SECONDS:
                    self._valid_until = 0.0
                    raise RetryLater("the access token was refused again", after=30.0, whole_bot=True)
                self._forced_at = now
                log.warning("access token refresh forced", channel="wechat")
                await self._fetch(force=True)
            return self._token

    async def _fetch(self, *, force: bool) -> None:
        body = {
            "grant_type": "client_credential",
            "appid": self._app_id,
            "secret": self._app_secret,
            "force_refresh": force,
        }
        answer = await post_json(self._http, _PATH, body, repeatable=True)
        errcode, errmsg = errcode_of(answer)
        if errcode:
            raise token_failure(errcode, errmsg)
        token, lasts = answer.get("access_token"), answer.get("expires_in")
        if not isinstance(token, str) or not token or not isinstance(lasts, (int, float)):
            raise RetryLater("WeChat gave no access token", whole_bot=True)
        self._token = token
        self._valid_until = time.monotonic() + max(lasts - _EARLY_SECONDS, lasts / 2)
