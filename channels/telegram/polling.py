"""Telegram's updates by long polling, for servers that Telegram cannot reach.

An update counts as received when it is stored: only then does the offset move, so that a crash at any moment
makes Telegram hand it out again. One poller a bot; that there is only one is the server's business.
"""

from __future__ import annotations

import asyncio
from typing import Any

import structlog
from telegram.error import BadRequest, TelegramError

from channels.base import ChannelError, Misconfigured, OutcomeUnknown, RetryLater
from channels.inbox import Inbox, InboxUnavailable
from channels.telegram.bot import API_URL, build_bot
from channels.telegram.errors import channel_error
from channels.telegram.parse import MalformedUpdate, parse_update, pressed_button

log = structlog.get_logger(__name__)


class TelegramPoller:
    """Run `run()` until it is cancelled; that is safe at any moment.

    `wait`: seconds that one poll may wait for an update. `longest_pause`: seconds between tries while
    Telegram or the inbox refuses. `rejected` counts updates that could not be read.
    """

    def __init__(
        self,
        token: str,
        inbox: Inbox,
        *,
        api_url: str = API_URL,
        wait: int = 30,
        timeout: float = 10.0,
        first_pause: float = 0.5,
        longest_pause: float = 60.0,
    ) -> None:
        self._bot = build_bot(token, api_url, timeout=timeout, connections=4)
        self._inbox = inbox
        self._wait = wait
        self._first_pause = first_pause
        self._longest_pause = longest_pause
        self._offset = 0
        self._answers: set[asyncio.Task[None]] = set()
        self.rejected = 0

    async def run(self) -> None:
        """Take over from a webhook, if one is set, then poll until cancelled; no failure ends it."""
        pause = self._first_pause
        has_webhook = True
        try:
            while True:
                try:
                    if has_webhook:
                        await self._call(self._bot.delete_webhook(drop_pending_updates=False))
                        has_webhook = False
                    updates = await self._call(self._bot.raw_updates(self._offset, self._wait))
                    await self._store(updates)
                    pause = self._first_pause
                except (ChannelError, InboxUnavailable) as failure:
                    # A webhook set meanwhile makes polls fail with 409: it is taken down again.
                    has_webhook = has_webhook or isinstance(failure, Misconfigured)
                    wish = failure.after if isinstance(failure, RetryLater) else None
                    self._report(failure)
                    await asyncio.sleep(min(wish or pause, self._longest_pause))
                    pause = min(pause * 2, self._longest_pause)
        finally:
            await self._close()

    async def _store(self, updates: list[Any]) -> None:
        for payload in updates:
            try:
                inbound = parse_update(payload)
            except MalformedUpdate as broken:
                self.rejected += 1
                log.error("update skipped", channel="telegram", reason=str(broken))
            else:
                if inbound is not None:
                    await self._inbox.store(inbound)
            update_id = payload.get("update_id") if isinstance(payload, dict) else None
            if isinstance(update_id, int):
                self._offset = max(self._offset, update_id + 1)
            press = pressed_button(payload)
            if press is not None:
                answer = asyncio.create_task(self._answer(press))
                self._answers.add(answer)
                answer.add_done_callback(self._answers.discard)

    async def _answer(self, callback_query_id: str) -> None:
        try:
            await self._bot.answer_callback_query(callback_query_id)
        except TelegramError as error:  # too late is as good as done
            log.debug("button press not answered", channel="telegram", failure=type(error).__name__)

    @staticmethod
    async def _call(call: Any) -> Any:
        try:
            return await call
        except BadRequest as error:
            raise Misconfigured(error.message[:200], code="400") from error
        except TelegramError as error:
            raise channel_error(error) from error

    @staticmethod
    def _report(failure: ChannelError | InboxUnavailable) -> None:
        if isinstance(failure, OutcomeUnknown):
            # A poll that was cut off is asked again with the same offset; nothing is lost.
            log.info("poll cut off", channel="telegram", reason=failure.reason)
        elif isinstance(failure, Misconfigured):
            log.error("polling refused", channel="telegram", reason=failure.reason, code=failure.code)
        else:
            log.warning(
                "polling paused", channel="telegram", failure=type(failure).__name__, reason=str(failure)
            )

    async def _close(self) -> None:
        answers = list(self._answers)
        for answer in answers:
            answer.cancel()
        await asyncio.gather(*answers, return_exceptions=True)
        await self._bot.close_connections()
