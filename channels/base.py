"""What every channel can do, and every way in which it can fail.

The courier and the media fetcher handle these failures and no others: a channel translates whatever its platform and
its HTTP client raise into one of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from channels.message import Attachment, Fetched, Outbound, Receipt


class ChannelError(Exception):
    """A platform refused or failed. `code` is the platform's own, for the operator; never shown to a user."""

    def __init__(self, reason: str, *, code: str | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.code = code


class RetryLater(ChannelError):
    """Not now: overload, a 5xx, a rate limit, no connection. Nothing was delivered.

    `after` is the platform's own wish in seconds, None where it names none. `whole_bot` says that the limit holds
    for every chat of the bot and not for this contact alone.
    """

    def __init__(
        self, reason: str, *, code: str | None = None, after: float | None = None, whole_bot: bool = False
    ) -> None:
        super().__init__(reason, code=code)
        self.after = after
        self.whole_bot = whole_bot


class OutcomeUnknown(ChannelError):
    """The connection broke after the request left: it may have been delivered or not. Sent again, and counted."""


class Rejected(ChannelError):
    """Never: the platform refuses this very message (malformed, too long, forbidden content)."""


class BlockedByUser(Rejected):
    """The person blocked the bot, unfollowed the account or deleted himself: nothing reaches him until he returns."""


class WindowClosed(ChannelError):
    """The platform allows no unasked message to this person now (WeChat 45015, or an account that may not send)."""


class QuotaSpent(WindowClosed):
    """As many messages as the platform allows after the person's last one were sent (WeChat 45047)."""


class Misconfigured(ChannelError):
    """A wrong token, secret, address or permission: an operator must act. The message waits."""


class MediaGone(ChannelError):
    """The platform no longer has the file, or never had it."""


class MediaTooLarge(ChannelError):
    """The platform or our limit forbids fetching the file. `limit` is in bytes."""

    def __init__(self, reason: str, *, limit: int, code: str | None = None) -> None:
        super().__init__(reason, code=code)
        self.limit = limit


class MediaNotAllowed(ChannelError):
    """This account may not fetch such a file at all (an unverified WeChat account and voice, for example)."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a platform lets us send: seconds between two messages of one chat, messages a second of the bot.

    `chat_burst`: so many messages of one chat may follow each other at once, if it was quiet before.
    """

    chat_interval: float
    bot_per_second: float
    chat_burst: int = 1


@dataclass(frozen=True, slots=True)
class SendWindow:
    """What may be sent after a person's act: at most `sends` messages within `lasts`. None: no limit."""

    lasts: timedelta
    sends: int


class Channel(Protocol):
    """One platform, ready to use. Methods raise only `ChannelError`s."""

    name: str
    pace: Pace
    max_media_bytes: int

    def window_after(self, kind: str, event: str | None) -> SendWindow | None:
        """The window that an inbound of this `kind` (and `event`) opens; None where sending is never limited.

        A window with `sends` 0 means that nothing may be sent except as the direct answer to a request.
        """

    async def send(self, message: Outbound) -> Receipt:
        """Deliver one message.

        A receipt means that the platform took all of it. A long text that has to be split goes out in order.
        """

    async def show_typing(self, contact: str) -> None:
        """Show "typing…" to the person, where the platform can. Best effort: never raises."""

    async def fetch(self, attachment: Attachment, *, max_bytes: int) -> Fetched:
        """The content of a file that a person sent, at most `max_bytes` (checked before and while reading)."""

    async def aclose(self) -> None:
        """Give back connections."""
