"""Telling Telegram where our webhook is, which updates we want, and which commands the bot offers."""

from __future__ import annotations

from telegram import BotCommand
from telegram.error import BadRequest, TelegramError

from channels.base import Misconfigured
from channels.telegram.bot import ALLOWED_UPDATES, API_URL, build_bot
from channels.telegram.errors import channel_error

COMMANDS = (
    BotCommand("start", "开始，看看能帮您做什么"),
    BotCommand("status", "我的投诉进度"),
    BotCommand("human", "转人工"),
    BotCommand("cancel", "取消正在填写的投诉"),
    BotCommand("help", "使用说明"),
)


async def set_webhook(token: str, address: str, secret: str, *, api_url: str = API_URL) -> str:
    """Set webhook and commands; returns the bot's name. Raises `ChannelError`."""
    bot = build_bot(token, api_url, connections=2)
    try:
        me = await bot.get_me()
        await bot.set_webhook(address, secret_token=secret, allowed_updates=ALLOWED_UPDATES)
        await bot.set_my_commands(COMMANDS)
    except BadRequest as refusal:  # Telegram says what it dislikes about the address
        raise Misconfigured(refusal.message[:200], code="400") from refusal
    except TelegramError as failure:
        raise channel_error(failure) from failure
    finally:
        await bot.close_connections()
    return me.username or me.first_name
