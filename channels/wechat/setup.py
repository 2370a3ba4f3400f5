"""The account's menu, and what the account may really do against what the table says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from channels.http import client_options, keep_credentials_out_of_logs
from channels.wechat.account import abilities_of
from channels.wechat.api import errcode_of, post_json
from channels.wechat.client import API_URL
from channels.wechat.errors import errcode_failure
from channels.wechat.token import AccessToken

MENU: dict[str, Any] = {
    "button": [
        {"type": "click", "name": "我要投诉", "key": "file_complaint"},
        {"type": "click", "name": "我的进度", "key": "query_status"},
        {"type": "click", "name": "转人工", "key": "request_human"},
    ]
}
"""The keys are the dialogue's intents."""

NOBODY = "o0000000000000000000000000000"
"""An OpenID that nobody has: a call with it is answered by what the account may do, and reaches no person."""
NOT_ALLOWED = (48001, 50001)


@dataclass(frozen=True, slots=True)
class Ability:
    """One thing an account may do: by the table, and by what the API answered (None: not asked)."""

    name: str
    by_table: bool
    by_api: bool | None
    errcode: int | None


async def put_up_menu(app_id: str, app_secret: str, account: str, *, api_url: str = API_URL) -> None:
    """Replace the account's menu by ours. Raises `ChannelError`."""
    async with _client(api_url) as http:
        token = await AccessToken(http, app_id, app_secret).get()
        answer = await post_json(http, "/cgi-bin/menu/create", MENU, token=token, repeatable=True)
    errcode, errmsg = errcode_of(answer)
    if errcode:
        raise errcode_failure(errcode, errmsg, abilities_of(account))


async def check_account(
    app_id: str, app_secret: str, account: str, *, api_url: str = API_URL
) -> Sequence[Ability]:
    """Ask the API about each ability with calls that reach nobody. Raises `ChannelError`."""
    table = abilities_of(account)
    probes: tuple[tuple[str, bool, str, dict[str, Any]], ...] = (
        (
            "customer-service messages",
            table.customer_service,
            "/cgi-bin/message/custom/send",
            {"touser": NOBODY, "msgtype": "text", "text": {"content": "."}},
        ),
        (
            "template messages",
            table.template_messages,
            "/cgi-bin/message/template/send",
            {"touser": NOBODY, "template_id": "-", "data": {}},
        ),
        (
            "subscription messages",
            table.subscription_messages,
            "/cgi-bin/message/subscribe/bizsend",
            {"touser": NOBODY, "template_id": "-", "data": {}},
        ),
    )
    found = [Ability("passive reply", table.passive_reply, None, None)]
    async with _client(api_url) as http:
        token = await AccessToken(http, app_id, app_secret).get()
        for name, by_table, path, body in probes:
            errcode, _ = errcode_of(await post_json(http, path, body, token=token, repeatable=True))
            found.append(Ability(name, by_table, errcode not in NOT_ALLOWED, errcode))
        response = await http.get("/cgi-bin/media/get", params={"access_token": token, "media_id": "-"})
        is_json = response.headers.get("content-type", "").startswith(("application/json", "text/plain"))
        errcode = errcode_of(response.json())[0] if is_json else 0
        found.append(Ability("fetch media by id", table.fetch_media, errcode not in NOT_ALLOWED, errcode))
    return found


def _client(api_url: str) -> httpx.AsyncClient:
    keep_credentials_out_of_logs()
    return httpx.AsyncClient(base_url=api_url.rstrip("/"), timeout=10.0, **client_options(api_url))
