"""Talking to the Telegram Bot API: send, show typing, fetch files. Waits and retries are the courier's."""

from __future__ import annotations

import asyncio

import httpx
import structlog
from telegram import LinkPreviewOptions
from telegram.constants import ChatAction, FileSizeLimit, FloodLimit
from telegram.error import TelegramError

from channels.base import (
    ChannelError,
    MediaGone,
    MediaTooLarge,
    Misconfigured,
    Pace,
    Rejected,
    RetryLater,
    SendWindow,
)
from channels.delivered_parts import DeliveredParts
from channels.http import client_options, read_file
from channels.message import Attachment, Fetched, Outbound, Receipt
from channels.telegram.bot import API_URL, build_bot
from channels.telegram.errors import channel_error, fetch_error
from channels.telegram.render import Part, render

log = structlog.get_logger(__name__)

_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


class TelegramChannel:
    """See `channels.base.Channel`. `part_pause`: seconds between the parts of a split message."""

    name = "telegram"
    pace = Pace(
        chat_interval=1.0 / FloodLimit.MESSAGES_PER_SECOND_PER_CHAT,
        bot_per_second=float(FloodLimit.MESSAGES_PER_SECOND),
        chat_burst=3,  # "short bursts" are allowed (bots/faq); a turn has hardly ever more to say
    )
    max_media_bytes = int(FileSizeLimit.FILESIZE_DOWNLOAD)

    def __init__(
        self, token: str, *, api_url: str = API_URL, timeout: float = 10.0, part_pause: float = 1.0
    ) -> None:
        self._bot = build_bot(token, api_url, timeout=timeout)
        self._files = httpx.AsyncClient(
            timeout=httpx.Timeout(timeout, connect=min(timeout, 5.0)), **client_options(api_url)
        )
        self._part_pause = part_pause
        self._parts = DeliveredParts()

    def window_after(self, kind: str, event: str | None) -> SendWindow | None:
        """Telegram never limits how long after a person's act a bot may write."""
        return None

    async def send(self, message: Outbound) -> Receipt:
        """Deliver one message; text beyond 4,096 UTF-16 units goes out in parts, the buttons with the last.

        If a part fails, a retry in this process goes on with that part (`channels.delivered_parts`).
        """
        parts = render(message)
        if not parts:
            raise Rejected("the text has nothing that can be shown")
        taken = list(self._parts.of(message.key))
        try:
            for index, part in enumerate(parts[len(taken) :]):
                if index:
                    await asyncio.sleep(self._part_pause)
                external_id = await self._send_part(message.contact, part)
                taken.append(external_id)
                if len(parts) > 1:
                    self._parts.add(message.key, external_id)
        except Rejected:
            self._parts.finish(message.key)
            raise
        self._parts.finish(message.key)
        return Receipt(tuple(taken))

    async def _send_part(self, contact: str, part: Part) -> str:
        try:
            sent = await self._bot.send_message(
                chat_id=contact, text=part.text, reply_markup=part.markup, link_preview_options=_NO_PREVIEW
            )
        except TelegramError as error:
            raise channel_error(error) from error
        return str(sent.message_id)

    async def show_typing(self, contact: str) -> None:
        """Show "typing…" for up to 5 s; a failure is only noted."""
        try:
            await self._bot.send_chat_action(chat_id=contact, action=ChatAction.TYPING)
        except TelegramError as error:
            log.debug("typing not shown", channel=self.name, failure=type(error).__name__)

    async def fetch(self, attachment: Attachment, *, max_bytes: int) -> Fetched:
        """The file's content: `getFile`, then the download. Telegram gives no bot a file over 20 MB."""
        limit = min(max_bytes, self.max_media_bytes)
        if attachment.size is not None and attachment.size > limit:
            raise MediaTooLarge("the declared size is too large", limit=limit)
        try:
            file = await self._bot.get_file(attachment.reference)
        except TelegramError as error:
            raise fetch_error(error, limit) from error
        if file.file_size is not None and file.file_size > limit:
            raise MediaTooLarge("the file is too large", limit=limit)
        if not file.file_path or not file.file_path.startswith(("http://", "https://")):
            raise MediaGone("Telegram names no address for the file")
        content = await self._download(file.file_path, limit)
        return Fetched(content, file_name=attachment.file_name, mime_type=attachment.mime_type)

    async def _download(self, url: str, limit: int) -> bytes:
        try:
            async with self._files.stream("GET", url) as response:
                status = response.status_code
                if status == httpx.codes.OK:
                    return await read_file(response, limit)
        except httpx.RequestError as error:
            raise RetryLater(f"no download: {type(error).__name__}") from error
        except httpx.InvalidURL as error:
            raise MediaGone("Telegram names no usable address for the file") from error
        raise _download_error(status)

    async def aclose(self) -> None:
        """Give back connections."""
        await self._bot.close_connections()
        await self._files.aclose()


def _download_error(status: int) -> ChannelError:
    if status in (httpx.codes.NOT_FOUND, httpx.codes.GONE, httpx.codes.BAD_REQUEST):
        return MediaGone("Telegram no longer has the file", code=str(status))
    if status in (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN):
        return Misconfigured("Telegram refuses the token for files", code=str(status))
    return RetryLater(f"HTTP {status}", code=str(status))
