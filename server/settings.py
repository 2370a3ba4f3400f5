"""All settings of the product: one typed table, read from the environment and `.env`, checked once at start.

`python -m server.settings` prints the table for the README.
"""

from __future__ import annotations

import ipaddress
import secrets
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class SettingsError(Exception):
    """A setting is wrong: which one, and why, in one line each."""


class Settings(BaseSettings):
    """Every setting with its default and meaning. Each is read from `SUDA_<NAME>`."""

    model_config = SettingsConfigDict(env_prefix="SUDA_", env_file=".env", extra="ignore", frozen=True)

    database_url: str = Field(
        "sqlite:///var/suda.db", description="SQLAlchemy URL: SQLite file or PostgreSQL"
    )
    host: str = Field("127.0.0.1", description="address that the web role binds to")
    port: int = Field(8000, ge=1, le=65535, description="port of the web role")
    public_url: str | None = Field(None, description="address under which the platforms reach the web role")
    secret_key: SecretStr | None = Field(
        None,
        description="signs console sessions (≥ 32 characters); made and kept in the data folder if not set",
    )
    data_dir: Path = Field(Path("var"), description="folder of everything that the product writes by default")
    bots: int = Field(1, ge=1, le=64, description="bot processes that `serve` starts")
    model_dir: Path = Field(
        Path("models"), description="folder of trained models (the newest is used), or one model file"
    )
    telegram_token: SecretStr | None = Field(None, description="token of the Telegram bot")
    telegram_mode: Literal["polling", "webhook"] = Field(
        "polling", description="how Telegram's updates arrive"
    )
    telegram_webhook_secret: SecretStr | None = Field(
        None, description="secret that Telegram sends with each webhook call (A-Z a-z 0-9 _ -, ≤ 256)"
    )
    telegram_api_url: str = Field("https://api.telegram.org", description="root of the Telegram Bot API")
    wechat_app_id: str | None = Field(None, description="AppID of the Official Account")
    wechat_app_secret: SecretStr | None = Field(None, description="AppSecret of the Official Account")
    wechat_token: SecretStr | None = Field(None, description="token that signs WeChat's webhook calls")
    wechat_aes_key: SecretStr | None = Field(
        None, description="EncodingAESKey (43 characters); empty: plain mode"
    )
    wechat_api_url: str = Field("https://api.weixin.qq.com", description="root of the WeChat API")
    wechat_account: Literal["service", "subscription", "unverified", "sandbox"] = Field(
        "service", description="kind of Official Account: decides what it may do"
    )
    evidence_url: str = Field("file://var/evidence", description="fsspec URL of the evidence store")
    evidence_max_files: int = Field(20, ge=1, description="files a case")
    evidence_max_bytes: int = Field(20_000_000, ge=1, description="bytes a file")
    playground: Literal["auto", "on", "off"] = Field(
        "auto",
        description="the two phones at `/`; auto: while no platform is configured and HOST is loopback",
    )
    timezone: str = Field("Asia/Shanghai", description="time zone of what people read")
    policy_file: Path | None = Field(None, description="YAML file that overrides clocks and routing")
    order_lookup_url: str | None = Field(
        None, description="address of the company's order system; unset: orders are not looked up"
    )
    order_lookup_secret: SecretStr | None = Field(
        None, description="signs the calls to the order system (≥ 16 characters)"
    )
    rate_limit_messages: int = Field(20, ge=1, description="messages a contact may send in the window below")
    rate_limit_seconds: int = Field(10, ge=1, description="the window of the rate limit")
    agent_away_minutes: int = Field(
        10, ge=1, description="after which an absent agent's chats return to the queue"
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="least level that is logged"
    )
    log_format: Literal["console", "json"] = Field("console", description="how log lines look")

    @field_validator("telegram_webhook_secret")
    @classmethod
    def _telegram_secret_alphabet(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            text = value.get_secret_value()
            if not 1 <= len(text) <= 256 or not all(c.isascii() and (c.isalnum() or c in "_-") for c in text):
                raise ValueError("must be 1-256 characters out of A-Z a-z 0-9 _ -")
        return value

    @field_validator("wechat_aes_key")
    @classmethod
    def _aes_key_length(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and value.get_secret_value() and len(value.get_secret_value()) != 43:
            raise ValueError("must be empty or 43 characters")
        return value

    @field_validator("secret_key")
    @classmethod
    def _secret_key_length(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and len(value.get_secret_value()) < 32:
            raise ValueError("must be at least 32 characters")
        return value

    @field_validator("timezone")
    @classmethod
    def _known_timezone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, ValueError) as unknown:
            raise ValueError("is not a known time zone") from unknown
        return value

    @model_validator(mode="after")
    def _complete_platforms(self) -> Settings:
        if self.telegram_token and self.telegram_mode == "webhook" and not self.telegram_webhook_secret:
            raise ValueError("TELEGRAM_WEBHOOK_SECRET is needed in webhook mode")
        wechat = (self.wechat_app_id, self.wechat_app_secret, self.wechat_token)
        if any(wechat) and not all(wechat):
            raise ValueError("WECHAT_APP_ID, WECHAT_APP_SECRET and WECHAT_TOKEN are needed together")
        if self.order_lookup_url is not None:
            if not self.order_lookup_url.startswith(("https://", "http://")):
                raise ValueError("ORDER_LOOKUP_URL must begin with https:// (or http:// inside the house)")
            secret = self.order_lookup_secret
            if secret is None or len(secret.get_secret_value()) < 16:
                raise ValueError("ORDER_LOOKUP_SECRET is needed with ORDER_LOOKUP_URL (≥ 16 characters)")
        if self.playground == "on" and not self.binds_to_loopback:
            raise ValueError("PLAYGROUND=on needs a loopback HOST: the phones have no sign-in")
        return self

    @property
    def binds_to_loopback(self) -> bool:
        """Is the web role reachable from this machine alone?"""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    @property
    def any_platform(self) -> bool:
        """Is at least one real platform configured?"""
        return self.telegram_token is not None or self.wechat_app_id is not None

    @property
    def playground_is_on(self) -> bool:
        """Are the two phones shown at `/`, with stand-ins in place of the platforms?"""
        if self.playground == "auto":
            return not self.any_platform and self.binds_to_loopback
        return self.playground == "on"

    def signing_key(self) -> str:
        """The key that signs console sessions; made at the first need and kept where only the owner reads it."""
        if self.secret_key is not None:
            return self.secret_key.get_secret_value()
        path = self.data_dir / "secret_key"
        if not path.exists():
            self.data_dir.mkdir(parents=True, exist_ok=True)
            draft = path.with_suffix(f".{secrets.token_hex(4)}")
            draft.touch(mode=0o600)
            draft.write_text(secrets.token_urlsafe(48))
            try:
                draft.rename(path) if not path.exists() else draft.unlink()
            except FileExistsError:
                draft.unlink()
        return path.read_text().strip()


def load_settings() -> Settings:
    """Read and check all settings; `SettingsError` names each wrong one."""
    try:
        return Settings()
    except ValidationError as wrong:
        lines = []
        for error in wrong.errors():
            name = "_".join(str(part) for part in error["loc"]).upper()
            reason = error["msg"].removeprefix("Value error, ")
            lines.append(f"SUDA_{name}: {reason}" if name else f"SUDA_{reason}")
        raise SettingsError("\n".join(lines)) from wrong


def settings_table() -> str:
    """The table of the README, made from the fields above."""
    rows = ["| setting | default | meaning |", "|---|---|---|"]
    for name, info in Settings.model_fields.items():
        default = "" if info.default is None else f"`{info.default}`"
        rows.append(f"| `SUDA_{name.upper()}` | {default} | {info.description} |")
    return "\n".join(rows)


if __name__ == "__main__":
    print(settings_table())
