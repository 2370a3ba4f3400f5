"""What an operator does once for a bot: name its webhook, show its commands, ask who it is."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TypeVar

from telegram import BotCommand
from telegram.error import BadRequest, TelegramError

from channels.base import Misconfigured
from channels.telegram.bot import ALLOWED_UPDATES, API_URL, build_bot
from channels.telegram.errors import channel_error

_T = TypeVar("_T")

COMMANDS = (
    ("start", "开始"),
    ("status", "查询我的投诉进度"),
    ("human", "转人工客服"),
    ("cancel", "取消当前操作"),
    ("help", "我能帮您做什么"),
)


async def set_webhook(token: str, url: str, secret: str, *, api_url: str = API_URL) -> None:
    """Make Telegram deliver to `url` (https) with `secret`, and show the commands. Raises `ChannelError`."""
    bot = build_bot(token, api_url, connections=2)
    try:
        await _call(bot.set_webhook(url, secret_token=secret, allowed_updates=ALLOWED_UPDATES))
        await _call(bot.set_my_commands([BotCommand(name, words) for name, words in COMMANDS]))
    finally:
        await bot.close_connections()


async def who_am_i(token: str, *, api_url: str = API_URL) -> str:
    """The bot's user name, which proves that token and address are right. Raises `ChannelError`."""
    bot = build_bot(token, api_url, connections=2)
    try:
        return (await _call(bot.get_me())).username or ""
    finally:
        await bot.close_connections()


async def _call(call: Awaitable[_T]) -> _T:
    try:
        return await call
    except BadRequest as error:
        raise Misconfigured(error.message[:200], code="400") from error
    except TelegramError as error:
        raise channel_error(error) from error
