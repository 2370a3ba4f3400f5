"""The commands that set a platform up, or ask it what we may do."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Coroutine
from typing import Any

from channels.base import ChannelError
from channels.telegram.setup import set_webhook
from channels.wechat.setup import check_account, put_up_menu
from server.platforms import Telegram, WeChat, platforms_of
from server.settings import Settings


def set_telegram_webhook(settings: Settings) -> int:
    """`suda telegram set-webhook`."""
    telegram = platforms_of(settings).telegram
    if telegram is None:
        return _wrong("SUDA_TELEGRAM_TOKEN is not set")
    if telegram.polling or telegram.webhook_secret is None:
        return _wrong("SUDA_TELEGRAM_MODE must be webhook, with SUDA_TELEGRAM_WEBHOOK_SECRET")
    if not settings.public_url:
        return _wrong("SUDA_PUBLIC_URL is not set: Telegram must know where to reach us")
    address = f"{settings.public_url.rstrip('/')}/webhooks/telegram"
    return _run(_set_webhook(telegram, address, telegram.webhook_secret))


def put_up_wechat_menu(settings: Settings) -> int:
    """`suda wechat menu`."""
    wechat = platforms_of(settings).wechat
    if wechat is None:
        return _wrong("SUDA_WECHAT_APP_ID is not set")
    return _run(_menu(wechat))


def check_wechat(settings: Settings) -> int:
    """`suda wechat check`: exit status 1 where the API denies what the table promises."""
    wechat = platforms_of(settings).wechat
    if wechat is None:
        return _wrong("SUDA_WECHAT_APP_ID is not set")
    return _run(_check(wechat))


async def _set_webhook(telegram: Telegram, address: str, secret: str) -> int:
    name = await set_webhook(telegram.token, address, secret, api_url=telegram.api_url)
    print(f"@{name} now calls {address}")
    return 0


async def _menu(wechat: WeChat) -> int:
    await put_up_menu(wechat.app_id, wechat.app_secret, wechat.account, api_url=wechat.api_url)
    print("the menu is up")
    return 0


async def _check(wechat: WeChat) -> int:
    status = 0
    found = await check_account(wechat.app_id, wechat.app_secret, wechat.account, api_url=wechat.api_url)
    print(f"account kind: {wechat.account}\nability\ttable\tAPI")
    for ability in found:
        by_api = (
            "not asked" if ability.by_api is None else f"{_yes(ability.by_api)} (errcode {ability.errcode})"
        )
        print(f"{ability.name}\t{_yes(ability.by_table)}\t{by_api}")
        if ability.by_table and ability.by_api is False:
            status = 1
    return status


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _run(command: Coroutine[Any, Any, int]) -> int:
    try:
        return asyncio.run(command)
    except ChannelError as failure:
        return _wrong(f"{failure.reason}" + (f" (code {failure.code})" if failure.code else ""))


def _wrong(words: str) -> int:
    print(words, file=sys.stderr)
    return 1
