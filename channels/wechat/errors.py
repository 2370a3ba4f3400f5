"""WeChat's errcodes as our failures. Every code but 0 becomes an error; one that we do not know, `Rejected`.

Sources: developers.weixin.qq.com, "全局返回码" and the error tables of api_sendcustommessage, api_getmedia
and api_getstableaccesstoken.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import structlog

from channels.base import (
    BlockedByUser,
    ChannelError,
    MediaGone,
    Misconfigured,
    QuotaSpent,
    Rejected,
    RetryLater,
    WindowClosed,
)
from channels.wechat.account import Abilities

log = structlog.get_logger(__name__)

TOKEN_REFUSED = frozenset({40001, 40014, 42001})
"""The access token is wrong, malformed or over: a new one helps."""

UNAUTHORIZED = 48001
_MINUTE_QUOTA_WAIT = 60.0
_DAY_QUOTA_WAIT = 600.0
"""Seconds. An operator can have the day's quota cleared at any time."""

_Failure = Callable[[str, str], ChannelError]


def _failure(kind: type[ChannelError]) -> _Failure:
    return lambda reason, code: kind(reason, code=code)


def _busy(after: float | None = None) -> _Failure:
    return lambda reason, code: RetryLater(reason, code=code, after=after, whole_bot=True)


_MEANINGS: Mapping[int, _Failure] = MappingProxyType(
    {
        -1: _busy(),  # the system is busy
        45009: _busy(_DAY_QUOTA_WAIT),  # the day's quota of calls
        45011: _busy(_MINUTE_QUOTA_WAIT),  # the minute's quota of calls
        50001: _failure(Misconfigured),  # no permission for the interface
        50002: _failure(Misconfigured),  # the account is restricted
        45015: _failure(WindowClosed),  # no answer is allowed any more
        45047: _failure(QuotaSpent),  # as many messages as the window allows were sent
        40003: _failure(BlockedByUser),  # no such OpenID, or not a follower
        43004: _failure(BlockedByUser),  # the receiver must follow the account
        43019: _failure(BlockedByUser),  # the receiver is on the account's black list
        48002: _failure(BlockedByUser),  # the receiver switched the account's messages off
        50005: _failure(BlockedByUser),  # not a follower
        40007: _failure(MediaGone),  # no such media id, or older than three days
        40004: _failure(MediaGone),  # not a kind of media
        40013: _failure(Misconfigured),  # wrong AppID
        40125: _failure(Misconfigured),  # wrong AppSecret
        40164: _failure(Misconfigured),  # our address is not on the account's white list
        40243: _failure(Misconfigured),  # the AppSecret is frozen
        41001: _failure(Misconfigured),  # no access token
        41002: _failure(Misconfigured),  # no AppID
        41004: _failure(Misconfigured),  # no AppSecret
        48003: _failure(Misconfigured),  # an agreement is not signed
        48004: _failure(Misconfigured),  # the interface was taken away
        61024: _failure(Misconfigured),  # the AppID belongs to a third-party platform
        89501: _failure(Misconfigured),  # our address waits for the administrator's consent
        89503: _failure(Misconfigured),  # the same
        89506: _failure(Misconfigured),  # our address was refused
        89507: _failure(Misconfigured),  # the same
        40008: _failure(Rejected),  # not a type of message
        44002: _failure(Rejected),  # no content
        44004: _failure(Rejected),  # no text
        45002: _failure(Rejected),  # too long
        45008: _failure(Rejected),  # too many articles
        87014: _failure(Rejected),  # forbidden content
    }
)


def errcode_failure(errcode: int, errmsg: str, abilities: Abilities) -> ChannelError:
    """What an errcode means, given what the account should be able to do."""
    reason, code = errmsg[:200], str(errcode)
    if errcode == UNAUTHORIZED:
        # Expected of an account that may not send; where the table says that it may, the setting is wrong.
        return (Misconfigured if abilities.customer_service else WindowClosed)(reason, code=code)
    if errcode in TOKEN_REFUSED:
        return RetryLater("the access token was refused even when renewed", code=code, whole_bot=True)
    meaning = _MEANINGS.get(errcode)
    if meaning is None:
        log.error("unknown errcode", channel="wechat", errcode=errcode)
        return Rejected(reason, code=code)
    return meaning(reason, code)


def token_failure(errcode: int, errmsg: str) -> ChannelError:
    """What an errcode of `stable_token` means: there, 40001 speaks of the AppSecret."""
    reason, code = errmsg[:200], str(errcode)
    meaning = _MEANINGS.get(errcode)
    if meaning is not None:
        failure = meaning(reason, code)
        if isinstance(failure, RetryLater):
            return failure
    return Misconfigured(reason, code=code)
