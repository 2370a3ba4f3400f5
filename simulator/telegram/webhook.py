"""What ``setWebhook`` set: kept in the state, so that it outlives a restart, as it does on the platform."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from simulator.config import SimulatorConfig
from simulator.state import Store
from simulator.telegram.errors import bad_request

_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


@dataclass(frozen=True)
class Webhook:
    """``url`` empty: none set, updates wait for ``getUpdates``. ``allowed_updates`` empty: the default."""

    url: str = ""
    secret_token: str = ""
    max_connections: int = 40
    allowed_updates: tuple[str, ...] = ()
    last_error_at: int = 0
    last_error: str = ""


class WebhookSetting:
    def __init__(self, store: Store, config: SimulatorConfig) -> None:
        self._store = store
        saved = store.setting("telegram.webhook", None)
        self.now = Webhook(max_connections=config.telegram_max_connections)
        if saved is not None:
            self.now = Webhook(**{**saved, "allowed_updates": tuple(saved["allowed_updates"])})
        if config.telegram_webhook:
            self.save(
                replace(
                    self.now,
                    url=config.telegram_webhook,
                    secret_token=config.telegram_secret,
                    max_connections=config.telegram_max_connections,
                )
            )

    def save(self, webhook: Webhook) -> None:
        self.now = webhook
        self._store.save_setting("telegram.webhook", asdict(webhook))

    def allow(self, kinds: Any) -> None:
        """Both ``setWebhook`` and ``getUpdates`` set the list; a missing one keeps what was set before."""
        if kinds is not None:
            if not isinstance(kinds, list) or not all(isinstance(kind, str) for kind in kinds):
                raise bad_request("can't parse allowed updates: expected an Array of String")
            self.save(replace(self.now, allowed_updates=tuple(kinds)))

    def wants(self, kind: str) -> bool:
        allowed = self.now.allowed_updates
        return kind in allowed if allowed else kind not in _NOT_BY_DEFAULT

    def note_error(self, at: float, error: str) -> None:
        self.now = replace(self.now, last_error_at=int(at), last_error=error)


def checked_url(url: str) -> str:
    """Plain HTTP and any port are taken, as a Bot API server in local mode takes them."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    return url


def checked_secret(secret: str) -> str:
    if secret and not _SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    return secret
