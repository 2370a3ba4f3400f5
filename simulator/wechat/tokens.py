"""Access tokens: the stable one, which callers share, and the old one, which every call replaces.

The two are isolated from each other. Source:
developers.weixin.qq.com/doc/service/api/base/api_getstableaccesstoken and …/api_getaccesstoken: 7200 s of
life; a replaced old token lives 5 minutes more, a stable one replaced by force dies at once.
"""

from __future__ import annotations

import hmac
import secrets
from typing import Any

from simulator.clock import Clock
from simulator.config import SimulatorConfig
from simulator.state import Store
from simulator.wechat.errors import WechatError

LIFE_SECONDS = 7200
_OVERLAP_SECONDS = 300
_SETTING = "wechat.tokens"


class Tokens:
    def __init__(self, config: SimulatorConfig, store: Store, clock: Clock) -> None:
        self._config = config
        self._store = store
        self._clock = clock
        # token → [kind, end of life]; expired ones are kept a while, so that 42001 differs from 40001.
        self._known: dict[str, tuple[str, float]] = {
            token: (kind, until) for token, (kind, until) in store.setting(_SETTING, {}).items()
        }

    def stable(self, given: dict[str, Any]) -> dict[str, Any]:
        self._check_secret(given)
        now = self._clock.now()
        if given.get("force_refresh") is not True:
            for token, (kind, until) in self._known.items():
                if kind == "stable" and until > now:
                    return {"access_token": token, "expires_in": int(until - now)}
        else:
            self._shorten("stable", now - 1, drop=True)
        return self._issue("stable")

    def legacy(self, given: dict[str, Any]) -> dict[str, Any]:
        self._check_secret(given)
        self._shorten("legacy", self._clock.now() + _OVERLAP_SECONDS)
        return self._issue("legacy")

    def check(self, token: str) -> None:
        """Raises 41001, 40001 or 42001."""
        if not token:
            raise WechatError(41001)
        known = self._known.get(token)
        if known is None:
            raise WechatError(40001)
        if known[1] <= self._clock.now():
            raise WechatError(42001)

    def _check_secret(self, given: dict[str, Any]) -> None:
        if given.get("grant_type") != "client_credential":
            raise WechatError(40002)
        if given.get("appid") != self._config.wechat_app_id:
            raise WechatError(40013)
        if not hmac.compare_digest(
            str(given.get("secret", "")).encode(), self._config.wechat_app_secret.encode()
        ):
            raise WechatError(40125)

    def _shorten(self, kind: str, until: float, *, drop: bool = False) -> None:
        for token, (its_kind, its_until) in list(self._known.items()):
            if its_kind == kind:
                if drop:
                    del self._known[token]
                else:
                    self._known[token] = (kind, min(its_until, until))

    def _issue(self, kind: str) -> dict[str, Any]:
        token = secrets.token_urlsafe(102)
        now = self._clock.now()
        self._known = {old: entry for old, entry in self._known.items() if entry[1] > now - 24 * 3600}
        self._known[token] = (kind, now + LIFE_SECONDS)
        self._store.save_setting(_SETTING, self._known)
        return {"access_token": token, "expires_in": LIFE_SECONDS}
