"""Which platforms are spoken to, with which addresses and secrets: the configured ones, or the playground's stand-ins."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field
from pathlib import Path

from channels.base import Channel
from channels.telegram.client import TelegramChannel
from channels.wechat.client import WeChatChannel
from server.settings import Settings


@dataclass(frozen=True, slots=True)
class Telegram:
    """What is needed to speak to Telegram."""

    token: str = field(repr=False)
    webhook_secret: str | None = field(repr=False)
    api_url: str
    polling: bool


@dataclass(frozen=True, slots=True)
class WeChat:
    """What is needed to speak to WeChat."""

    app_id: str
    app_secret: str = field(repr=False)
    token: str = field(repr=False)
    aes_key: str | None = field(repr=False)
    api_url: str
    account: str


@dataclass(frozen=True, slots=True)
class Platforms:
    """The platforms of this installation; None where one is not used."""

    telegram: Telegram | None
    wechat: WeChat | None
    stand_ins: bool


def platforms_of(settings: Settings) -> Platforms:
    """The platforms that the settings name, or the stand-ins while the playground is on."""
    if settings.playground_is_on:
        return _stand_ins(settings)
    telegram = wechat = None
    if settings.telegram_token is not None:
        secret = settings.telegram_webhook_secret
        telegram = Telegram(
            token=settings.telegram_token.get_secret_value(),
            webhook_secret=None if secret is None else secret.get_secret_value(),
            api_url=settings.telegram_api_url.rstrip("/"),
            polling=settings.telegram_mode == "polling",
        )
    if settings.wechat_app_id and settings.wechat_app_secret and settings.wechat_token:
        aes = settings.wechat_aes_key.get_secret_value() if settings.wechat_aes_key else ""
        wechat = WeChat(
            app_id=settings.wechat_app_id,
            app_secret=settings.wechat_app_secret.get_secret_value(),
            token=settings.wechat_token.get_secret_value(),
            aes_key=aes or None,
            api_url=settings.wechat_api_url.rstrip("/"),
            account=settings.wechat_account,
        )
    return Platforms(telegram, wechat, stand_ins=False)


def _stand_ins(settings: Settings) -> Platforms:
    base = f"http://127.0.0.1:{settings.port}"
    key = settings.signing_key().encode()

    def secret(name: str) -> str:  # the same in every process, nowhere written down
        return hmac.new(key, f"playground:{name}".encode(), hashlib.sha256).hexdigest()[:32]

    return Platforms(
        Telegram(
            token=f"100200300:{secret('telegram-token')}",
            webhook_secret=secret("telegram-secret"),
            api_url=f"{base}/telegram",
            polling=False,
        ),
        WeChat(
            app_id="wxplayground000000",
            app_secret=secret("wechat-secret"),
            token=secret("wechat-token"),
            aes_key=None,
            api_url=f"{base}/wechat",
            account=settings.wechat_account,
        ),
        stand_ins=True,
    )


def open_channels(platforms: Platforms) -> dict[str, Channel]:
    """The channels of the platforms, by name. Close each when done."""
    channels: dict[str, Channel] = {}
    if platforms.telegram is not None:
        channels["telegram"] = TelegramChannel(platforms.telegram.token, api_url=platforms.telegram.api_url)
    if platforms.wechat is not None:
        channels["wechat"] = WeChatChannel(
            app_id=platforms.wechat.app_id,
            app_secret=platforms.wechat.app_secret,
            api_url=platforms.wechat.api_url,
            account=platforms.wechat.account,
        )
    return channels


def playground_state(settings: Settings) -> Path:
    """Where the stand-ins keep the phones' chats, so that they outlive the web process."""
    return settings.data_dir / "playground.db"
