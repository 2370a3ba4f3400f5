"""Talking to WeChat's API: customer-service messages, typing, files. Waits and retries are the courier's."""

from __future__ import annotations

from collections.abc import Sequence
from email.message import Message as Headers
from typing import Any

import httpx
import structlog

from channels.base import (
    ChannelError,
    MediaGone,
    MediaNotAllowed,
    MediaTooLarge,
    Misconfigured,
    Pace,
    Rejected,
    RetryLater,
    SendWindow,
    WindowClosed,
)
from channels.delivered_parts import DeliveredParts
from channels.http import client_options, keep_credentials_out_of_logs, read_file
from channels.message import Attachment, Fetched, MediaKind, Outbound, Receipt
from channels.wechat.account import abilities_of, window_after
from channels.wechat.api import check_status, connection_failure, errcode_of, post_json, read_json
from channels.wechat.errors import TOKEN_REFUSED, errcode_failure
from channels.wechat.parse import FILE_KEY
from channels.wechat.render import render_parts
from channels.wechat.token import AccessToken

log = structlog.get_logger(__name__)

API_URL = "https://api.weixin.qq.com"
PICTURE_HOSTS = ("qpic.cn", "qlogo.cn", "weixin.qq.com")
"""Where WeChat keeps what `PicUrl` names. Addresses elsewhere are not fetched: in plain mode the webhook's
signature does not cover the body, and nothing inside our own network must be reachable through it."""

_SEND = "/cgi-bin/message/custom/send"
_TYPING = "/cgi-bin/message/custom/typing"
_MEDIA = "/cgi-bin/media/get"
_MAX_ANSWER_BYTES = 64_000


class WeChatChannel:
    """See `channels.base.Channel`. `account` is the row of the table in `channels.wechat.account`."""

    name = "wechat"
    pace = Pace(chat_interval=0.2, bot_per_second=50.0)
    max_media_bytes = 20 * 1024 * 1024

    def __init__(
        self,
        app_id: str,
        app_secret: str,
        *,
        account: str = "service",
        api_url: str = API_URL,
        timeout: float = 10.0,
        picture_hosts: Sequence[str] = PICTURE_HOSTS,
    ) -> None:
        keep_credentials_out_of_logs()
        self._account = account
        self._abilities = abilities_of(account)
        self._http = httpx.AsyncClient(
            base_url=api_url.rstrip("/"),
            timeout=httpx.Timeout(timeout, connect=min(timeout, 5.0)),
            **client_options(api_url),
        )
        self._api = httpx.URL(api_url)
        self._picture_hosts = tuple(picture_hosts)
        self._token = AccessToken(self._http, app_id, app_secret)
        self._parts = DeliveredParts()

    def window_after(self, kind: str, event: str | None) -> SendWindow | None:
        """How many customer-service messages an inbound allows, and for how long."""
        return window_after(self._account, kind, event)

    async def send(self, message: Outbound) -> Receipt:
        """Deliver one message by the customer-service API; beyond 2,048 bytes in parts, and each part counts.

        WeChat names no ids for such messages: the receipt has an empty one for each part. If a part fails, a
        retry in this process goes on with that part (`channels.delivered_parts`).
        """
        if not self._abilities.customer_service:
            raise WindowClosed("this account may only answer while a person writes")
        parts = render_parts(message)
        if not parts:
            raise Rejected("the text has nothing that can be shown")
        taken = list(self._parts.of(message.key))
        try:
            for part in parts[len(taken) :]:
                body = {"touser": message.contact, "msgtype": "text", "text": {"content": part}}
                answer = await self._call(_SEND, body)
                taken.append(str(answer.get("msgid", "")))
                if len(parts) > 1:
                    self._parts.add(message.key, taken[-1])
        except Rejected:
            self._parts.finish(message.key)
            raise
        self._parts.finish(message.key)
        return Receipt(tuple(taken))

    async def show_typing(self, contact: str) -> None:
        """Show "对方正在输入"; a failure is only noted. It needs an open window but spends none of its quota."""
        if not self._abilities.customer_service:
            return
        try:
            await self._call(_TYPING, {"touser": contact, "command": "Typing"}, repeatable=True)
        except ChannelError as failure:
            log.debug(
                "typing not shown", channel=self.name, failure=type(failure).__name__, code=failure.code
            )

    async def fetch(self, attachment: Attachment, *, max_bytes: int) -> Fetched:
        """The file's content: by its media id where the account may; pictures also by their address."""
        limit = min(max_bytes, self.max_media_bytes)
        if attachment.reference.startswith(FILE_KEY):
            raise MediaNotAllowed("WeChat lets no account fetch files that are not media")
        if attachment.size is not None and attachment.size > limit:
            raise MediaTooLarge("the declared size is too large", limit=limit)
        picture = attachment.url if attachment.kind is MediaKind.IMAGE else None
        if not self._abilities.fetch_media:
            if picture is None:
                raise MediaNotAllowed("this account may not fetch media")
            return await self._fetch_picture(picture, limit)
        try:
            return await self._fetch_media(attachment.reference, limit)
        except (MediaGone, MediaNotAllowed):
            if picture is None:
                raise
            return await self._fetch_picture(picture, limit)

    async def _fetch_media(self, media_id: str, limit: int) -> Fetched:
        token = await self._token.get()
        found = await self._get_media(media_id, token, limit)
        if isinstance(found, dict) and errcode_of(found)[0] in TOKEN_REFUSED:
            found = await self._get_media(media_id, await self._token.renew(token), limit)
        if isinstance(found, Fetched):
            return found
        errcode, errmsg = errcode_of(found)
        if errcode:
            failure = errcode_failure(errcode, errmsg, self._abilities)
            if isinstance(failure, Misconfigured) and errcode == 48001:
                raise MediaNotAllowed(failure.reason, code=failure.code)
            raise failure
        address = found.get("video_url")
        if not isinstance(address, str) or not address.startswith(("http://", "https://")):
            raise RetryLater("WeChat gave neither a file nor an address")
        return await self._download(address, None, limit, "video/mp4")

    async def _get_media(self, media_id: str, token: str, limit: int) -> Fetched | dict[str, Any]:
        return await self._stream(_MEDIA, {"access_token": token, "media_id": media_id}, limit)

    async def _fetch_picture(self, address: str, limit: int) -> Fetched:
        try:
            url = httpx.URL(address)
        except httpx.InvalidURL:
            raise MediaGone("the picture's address is no address") from None
        known = any(url.host == host or url.host.endswith(f".{host}") for host in self._picture_hosts)
        if not known and (url.host, url.port) != (self._api.host, self._api.port):
            raise MediaGone("the picture's address is not one of WeChat's")
        return await self._download(address, None, limit, "image/jpeg")

    async def _download(
        self, address: str, params: dict[str, str] | None, limit: int, mime_type: str
    ) -> Fetched:
        found = await self._stream(address, params, limit)
        if isinstance(found, dict):
            raise MediaGone("the address gives no file")
        return Fetched(found.content, file_name=found.file_name, mime_type=found.mime_type or mime_type)

    async def _stream(
        self, address: str, params: dict[str, str] | None, limit: int
    ) -> Fetched | dict[str, Any]:
        try:
            async with self._http.stream("GET", address, params=params) as response:
                if response.status_code in (httpx.codes.NOT_FOUND, httpx.codes.GONE):
                    raise MediaGone("WeChat no longer has the file", code=f"HTTP {response.status_code}")
                check_status(response)
                mime_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
                if mime_type in ("application/json", "text/plain", "text/json"):
                    answer = read_json(await read_file(response, _MAX_ANSWER_BYTES))
                    if answer is None:
                        raise RetryLater("the answer is neither a file nor JSON")
                    return answer
                content = await read_file(response, limit)
                name = _file_name(response.headers.get("content-disposition", ""))
                return Fetched(content, file_name=name, mime_type=mime_type or None)
        except httpx.RequestError as error:
            raise connection_failure(error, repeatable=True) from error
        except httpx.InvalidURL as error:
            raise MediaGone("the address is no address") from error

    async def _call(self, path: str, body: dict[str, Any], *, repeatable: bool = False) -> dict[str, Any]:
        """One call with the token; if it is refused, it is renewed and the call made once more, never again."""
        token = await self._token.get()
        answer = await post_json(self._http, path, body, token=token, repeatable=repeatable)
        if errcode_of(answer)[0] in TOKEN_REFUSED:
            token = await self._token.renew(token)
            answer = await post_json(self._http, path, body, token=token, repeatable=repeatable)
        errcode, errmsg = errcode_of(answer)
        if errcode:
            raise errcode_failure(errcode, errmsg, self._abilities)
        return answer

    async def aclose(self) -> None:
        """Give back connections."""
        await self._http.aclose()


def _file_name(disposition: str) -> str | None:
    headers = Headers()
    headers["Content-Disposition"] = disposition
    return headers.get_filename() or None
