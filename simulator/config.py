"""What the stand-ins are told at start: addresses, credentials, time limits.

Values only. It reads no environment and no file: the product and ``python -m simulator`` build it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Account = Literal["service", "subscription", "unverified", "sandbox"]
Channel = Literal["telegram", "wechat"]

CHANNELS: tuple[Channel, ...] = ("telegram", "wechat")
ACCOUNTS: tuple[Account, ...] = ("service", "subscription", "unverified", "sandbox")

MEMORY = ":memory:"


@dataclass(frozen=True)
class SimulatorConfig:
    """All times are seconds.

    ``state``: path of the SQLite file, or ``":memory:"``.
    ``public_url``: where the product reaches this app (scheme, host, port, and the mount path if any);
    absolute links handed to the product (WeChat's ``PicUrl`` and ``video_url``) begin with it.
    """

    state: str = MEMORY
    public_url: str = "http://127.0.0.1:8000"

    telegram_token: str = "700000001:AAsuda-playground-stand-in-token-00"  # noqa: S105 - of no real bot
    telegram_username: str = "suda_playground_bot"
    telegram_name: str = "诉达"
    telegram_webhook: str = ""
    """Set at start as if by ``setWebhook``; empty leaves what the product set itself (or ``getUpdates``)."""
    telegram_secret: str = ""
    telegram_max_connections: int = 40
    telegram_limits: bool = False
    """One message a second to a chat (short bursts tolerated) and 30 a second overall, then 429."""
    telegram_webhook_seconds: float = 60.0
    telegram_backoff_seconds: float = 1.0
    telegram_backoff_max_seconds: float = 60.0
    telegram_callback_seconds: float = 30.0
    telegram_contact: str = "700100200"

    wechat_webhook: str = ""
    wechat_token: str = "suda-playground"  # noqa: S105 - of no real account
    wechat_app_id: str = "wx5da5da5da5da5da5"
    wechat_app_secret: str = "5da5da5da5da5da5da5da5da5da5da5d"  # noqa: S105
    wechat_aes_key: str = ""
    """43 characters: messages travel in AES mode. Empty: plain mode."""
    wechat_account: Account = "service"
    wechat_original_id: str = "gh_5da5da5da5da"
    wechat_name: str = "诉达"
    wechat_tries: int = 3
    wechat_try_seconds: float = 5.0
    wechat_retry_seconds: float = 1.0
    """Pause before the next try after a refused or broken connection, which uses up no five seconds."""
    wechat_max_connections: int = 500
    wechat_contact: str = "oSuda_PlaygroundPhone_000001"

    clock_offset_seconds: float = 0.0
    """How far the platforms' clock for windows, quotas and lifetimes runs ahead; see ``clock.py``."""

    def __post_init__(self) -> None:
        if self.wechat_account not in ACCOUNTS:
            raise ValueError(f"wechat_account must be one of {', '.join(ACCOUNTS)}")
        if self.wechat_aes_key and len(self.wechat_aes_key) != 43:
            raise ValueError("wechat_aes_key must have 43 characters (WeChat's EncodingAESKey)")
        if not self.telegram_token.partition(":")[0].isdigit():
            raise ValueError("telegram_token must look like 123456:ABC-DEF")

    def default_contact(self, channel: Channel) -> str:
        """The user who holds the playground's phone of this channel."""
        return self.telegram_contact if channel == "telegram" else self.wechat_contact
