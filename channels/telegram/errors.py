"""PTB's errors as ours. What each means for a message that was being sent is decided here and nowhere else.

Sources: core.telegram.org/bots/api#making-requests and #responseparameters; PTB's `telegram.error`.
"""

from __future__ import annotations

from datetime import timedelta

import httpx
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    RetryAfter,
    TelegramError,
)

from channels.base import (
    BlockedByUser,
    ChannelError,
    MediaGone,
    MediaTooLarge,
    Misconfigured,
    OutcomeUnknown,
    Rejected,
    RetryLater,
)
from channels.telegram.bot import ServerFailure

_NOBODY = (
    "chat not found",
    "user not found",
    "peer_id_invalid",
    "user is deactivated",
    "input_user_deactivated",
)
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)
_WRONG_ADDRESS = (httpx.UnsupportedProtocol, httpx.InvalidURL)


def channel_error(error: TelegramError) -> ChannelError:
    """What a failed call that changes something (a send) means."""
    reason = error.message[:200]
    if isinstance(error, RetryAfter):
        return RetryLater(reason, code="429", after=_seconds(error))
    if isinstance(error, Forbidden):
        return BlockedByUser(reason, code="403")
    if isinstance(error, InvalidToken):
        return Misconfigured(
            "Telegram refuses the token, or the address is not that of a Bot API", code="401"
        )
    if isinstance(error, BadRequest):
        if any(words in reason.lower() for words in _NOBODY):
            return BlockedByUser(reason, code="400")
        return Rejected(reason, code="400")
    if isinstance(error, ChatMigrated):
        return Rejected(reason, code="400")
    if isinstance(error, Conflict):
        return Misconfigured("another poller or a webhook takes this bot's updates", code="409")
    if isinstance(error, ServerFailure):
        return RetryLater(reason, code=str(error.status), whole_bot=error.status >= 500)
    cause = error.__cause__
    if isinstance(cause, _NOT_SENT):
        return RetryLater(f"no connection: {type(cause).__name__}")
    if isinstance(cause, _WRONG_ADDRESS):
        return Misconfigured("the address of the Bot API is not usable")
    # Everything else broke after the request had left: a read time-out, a reset, an answer that is no answer.
    return OutcomeUnknown(f"no answer: {type(cause or error).__name__}")


def fetch_error(error: TelegramError, limit: int) -> ChannelError:
    """What a failed `getFile` means: it changes nothing, so that it may always be asked again."""
    if isinstance(error, BadRequest):
        if "too big" in error.message.lower():
            return MediaTooLarge(error.message[:200], limit=limit, code="400")
        return MediaGone(error.message[:200], code="400")
    translated = channel_error(error)
    if isinstance(translated, OutcomeUnknown):
        return RetryLater(translated.reason)
    return translated


def _seconds(error: RetryAfter) -> float:
    # `retry_after` warns until PTB makes it a timedelta; the value behind it already is one.
    wish = error._retry_after
    return wish.total_seconds() if isinstance(wish, timedelta) else float(wish)
