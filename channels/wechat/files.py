"""Fetching what people send on WeChat: by media id where the account may, pictures also by their address.

Source: developers.weixin.qq.com, api_getmedia: bytes, a JSON with an errcode, or a JSON with a `video_url`.
"""

from __future__ import annotations

from collections.abc import Sequence
from email.message import Message as Headers
from typing import Any

import httpx

from channels.base import MediaGone, MediaNotAllowed, MediaTooLarge, RetryLater
from channels.http import read_file
from channels.message import Attachment, Fetched, MediaKind
from channels.wechat.account import Abilities
from channels.wechat.api import check_status, connection_failure, errcode_of, read_json
from channels.wechat.errors import TOKEN_REFUSED, UNAUTHORIZED, errcode_failure
from channels.wechat.parse import FILE_KEY
from channels.wechat.token import AccessToken

PICTURE_HOSTS = ("qpic.cn", "qlogo.cn", "weixin.qq.com")
"""Where WeChat keeps what `PicUrl` names. Addresses elsewhere are not fetched: in plain mode the webhook's
signature does not cover the body, and nothing inside our own network must be reachable through it."""

_MEDIA = "/cgi-bin/media/get"
_MAX_ANSWER_BYTES = 64_000
_JSON_TYPES = ("application/json", "text/plain", "text/json")


class WeChatFiles:
    """The files of one account. `own_host`: the API's address, whose host may serve pictures, too."""

    def __init__(
        self,
        http: httpx.AsyncClient,
        token: AccessToken,
        abilities: Abilities,
        *,
        own_host: str,
        picture_hosts: Sequence[str] = PICTURE_HOSTS,
    ) -> None:
        self._http = http
        self._token = token
        self._abilities = abilities
        self._own = httpx.URL(own_host)
        self._picture_hosts = tuple(picture_hosts)

    async def fetch(self, attachment: Attachment, limit: int) -> Fetched:
        """The content, at most `limit` bytes; see `channels.base.Channel.fetch`."""
        if attachment.reference.startswith(FILE_KEY):
            raise MediaNotAllowed("WeChat lets no account fetch files that are not media")
        if attachment.size is not None and attachment.size > limit:
            raise MediaTooLarge("the declared size is too large", limit=limit)
        picture = attachment.url if attachment.kind is MediaKind.IMAGE else None
        if not self._abilities.fetch_media:
            if picture is None:
                raise MediaNotAllowed("this account may not fetch media")
            return await self._picture(picture, limit)
        try:
            return await self._media(attachment.reference, limit)
        except (MediaGone, MediaNotAllowed):
            if picture is None:
                raise
            return await self._picture(picture, limit)

    async def _media(self, media_id: str, limit: int) -> Fetched:
        token = await self._token.get()
        found = await self._ask(media_id, token, limit)
        if isinstance(found, dict) and errcode_of(found)[0] in TOKEN_REFUSED:
            found = await self._ask(media_id, await self._token.renew(token), limit)
        if isinstance(found, Fetched):
            return found
        errcode, errmsg = errcode_of(found)
        if errcode == UNAUTHORIZED:
            raise MediaNotAllowed(errmsg[:200], code=str(errcode))
        if errcode:
            raise errcode_failure(errcode, errmsg, self._abilities)
        address = found.get("video_url")
        if not isinstance(address, str) or not address.startswith(("http://", "https://")):
            raise RetryLater("WeChat gave neither a file nor an address")
        return await self._download(address, limit, "video/mp4")

    async def _picture(self, address: str, limit: int) -> Fetched:
        try:
            url = httpx.URL(address)
        except httpx.InvalidURL:
            raise MediaGone("the picture's address is no address") from None
        known = any(url.host == host or url.host.endswith(f".{host}") for host in self._picture_hosts)
        if not known and (url.host, url.port) != (self._own.host, self._own.port):
            raise MediaGone("the picture's address is not one of WeChat's")
        return await self._download(address, limit, "image/jpeg")

    async def _ask(self, media_id: str, token: str, limit: int) -> Fetched | dict[str, Any]:
        """`media/get`: the file, or the JSON that came instead."""
        params = {"access_token": token, "media_id": media_id}
        try:
            async with self._http.stream("GET", _MEDIA, params=params) as response:
                check_status(response)
                if _mime_type(response) not in _JSON_TYPES:
                    return await _file(response, limit)
                answer = read_json(await read_file(response, _MAX_ANSWER_BYTES))
        except httpx.RequestError as error:
            raise connection_failure(error, repeatable=True) from error
        if answer is None:
            raise RetryLater("the answer is neither a file nor JSON")
        return answer

    async def _download(self, address: str, limit: int, usual_type: str) -> Fetched:
        """A file from an address that WeChat named; redirects are not followed, and no token is shown."""
        try:
            async with self._http.stream("GET", address) as response:
                status = response.status_code
                if status >= 500 or status == httpx.codes.TOO_MANY_REQUESTS:
                    raise RetryLater(f"HTTP {status}", code=f"HTTP {status}")
                if status != httpx.codes.OK:
                    raise MediaGone("the address gives no file", code=f"HTTP {status}")
                found = await _file(response, limit)
        except httpx.RequestError as error:
            raise connection_failure(error, repeatable=True) from error
        except httpx.InvalidURL:
            raise MediaGone("the address is no address") from None
        return Fetched(found.content, found.file_name, found.mime_type or usual_type)


async def _file(response: httpx.Response, limit: int) -> Fetched:
    content = await read_file(response, limit)
    headers = Headers()
    headers["Content-Disposition"] = response.headers.get("content-disposition", "")
    return Fetched(content, headers.get_filename() or None, _mime_type(response) or None)


def _mime_type(response: httpx.Response) -> str:
    kind: str = response.headers.get("content-type", "")
    return kind.partition(";")[0].strip().lower()
