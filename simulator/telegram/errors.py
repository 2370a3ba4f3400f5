"""Refusals of the Bot API: HTTP status, ``error_code`` and ``description`` as the platform words them."""

from __future__ import annotations

from typing import Any


class BotApiError(Exception):
    """``retry_after``: whole seconds, only with 429 (core.telegram.org/bots/api#responseparameters)."""

    def __init__(self, code: int, description: str, retry_after: int | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.retry_after = retry_after

    def body(self) -> dict[str, Any]:
        answer: dict[str, Any] = {"ok": False, "error_code": self.code, "description": self.description}
        if self.retry_after is not None:
            answer["parameters"] = {"retry_after": self.retry_after}
        return answer


def bad_request(what: str) -> BotApiError:
    return BotApiError(400, f"Bad Request: {what}")


def too_many_requests(retry_after: int) -> BotApiError:
    return BotApiError(429, f"Too Many Requests: retry after {retry_after}", retry_after)
