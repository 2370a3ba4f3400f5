"""Talking to WeChat's API: customer-service messages, typing, files. Waits and retries are the courier's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import httpx
import structlog

from channels.base import ChannelError, Pace, Rejected, SendWindow, WindowClosed
from channels.delivered_parts import DeliveredParts
from channels.http import client_options, keep_credentials_out_of_logs
from channels.message import Attachment, Fetched, Outbound, Receipt
from channels.wechat.account import abilities_of, window_after
from channels.wechat.api import errcode_of, post_json
from channels.wechat.errors import TOKEN_REFUSED, errcode_failure
from channels.wechat.files import PICTURE_HOSTS, WeChatFiles
from channels.wechat.render import render_parts
from channels.wechat.token import AccessToken

log = structlog.get_logger(__name__)

API_URL = "https://api.weixin.qq.com"
_SEND = "/cgi-bin/message/custom/send"
_TYPING = "/cgi-bin/message/custom/typing"


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
        self._token = AccessToken(self._http, app_id, app_secret)
        self._files = WeChatFiles(
            self._http, self._token, self._abilities, own_host=api_url, picture_hosts=picture_hosts
        )
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
        """Show "对方正在输入"; a failure is only noted. It needs an open window and spends no quota."""
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
        return await self._files.fetch(attachment, min(max_bytes, self.max_media_bytes))

    async def _call(self, path: str, body: dict[str, Any], *, repeatable: bool = False) -> dict[str, Any]:
        """One call with the token; a refused one is renewed and the call made once more, never again."""
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
