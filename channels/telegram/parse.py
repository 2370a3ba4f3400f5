"""Telegram's updates as `Inbound`. Parses only: what a message means is for others to say.

Source: core.telegram.org/bots/api#update and #message. Only private chats count; everything else gives None.
"""

from __future__ import annotations

import math
import re
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any, TypeGuard

from telegram import (
    Animation,
    Audio,
    CallbackQuery,
    Chat,
    ChatMemberUpdated,
    Document,
    Message,
    PhotoSize,
    Update,
    User,
    Video,
    VideoNote,
    Voice,
)
from telegram.constants import ChatMemberStatus, ChatType, FileSizeLimit
from telegram.error import TelegramError

from channels.characters import clean_text
from channels.message import Attachment, Inbound, Kind, MediaKind, Place

CHANNEL = "telegram"

_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@\w+)?(?=\s|$)")
_GONE = (ChatMemberStatus.BANNED, ChatMemberStatus.LEFT)
_BIGGEST_ID = 2**63 - 1
_UNREADABLE = (TypeError, AttributeError, LookupError, ValueError, ArithmeticError, OSError, TelegramError)
"""What PTB and the code below raise where a field is missing or of another type than the Bot API's."""


class MalformedUpdate(ValueError):
    """The payload is not an update of the Bot API."""


def parse_update(payload: object, *, received_at: datetime | None = None) -> Inbound | None:
    """What a person did, or None for what is not said to the bot in private (groups, channels, other kinds).

    `received_at` dates what Telegram does not date (a pressed button); now, where it is not given. Raises
    `MalformedUpdate`.
    """
    if not isinstance(payload, dict):
        raise MalformedUpdate("an update is an object")
    update_id = payload.get("update_id")
    if not (_is_number(update_id) and update_id >= 0):
        raise MalformedUpdate("an update has a number")
    try:
        update = Update.de_json(payload, None)
        inbound = _parse(update, received_at or datetime.now(timezone.utc))
        if inbound is not None:
            _check_types(inbound)
    except MalformedUpdate:
        raise
    except _UNREADABLE as broken:
        raise MalformedUpdate(f"the update cannot be read: {type(broken).__name__}") from broken
    return inbound


def pressed_button(payload: object) -> str | None:
    """The id of the callback query in an update, to be answered at once; None where there is none."""
    query = payload.get("callback_query") if isinstance(payload, dict) else None
    query_id = query.get("id") if isinstance(query, dict) else None
    return query_id if isinstance(query_id, str) else None


def _parse(update: Update, received_at: datetime) -> Inbound | None:
    if update.message is not None:
        return _message(update.update_id, update.message)
    if update.edited_message is not None:
        return _edit(update.update_id, update.edited_message)
    if update.callback_query is not None:
        return _choice(update.update_id, update.callback_query, received_at)
    if update.my_chat_member is not None:
        return _membership(update.update_id, update.my_chat_member)
    return None


def _blank(update_id: int, chat: Chat, sender: User | None, sent_at: datetime) -> Inbound | None:
    if chat.type != ChatType.PRIVATE:
        return None
    if not _is_number(chat.id):
        raise MalformedUpdate("a chat has a number")
    return Inbound(
        channel=CHANNEL,
        external_id=str(update_id),
        contact=str(chat.id),
        kind=Kind.UNSUPPORTED,
        sent_at=sent_at,
        order=update_id,
        display_name=clean_text(sender.full_name) if sender else None,
    )


def _message(update_id: int, message: Message) -> Inbound | None:
    blank = _blank(update_id, message.chat, message.from_user, message.date)
    if blank is None:
        return None
    blank = replace(blank, message_id=str(message.message_id), album_id=message.media_group_id)
    if message.text is not None:
        return _text(blank, message.text)
    media = _media(message)
    if media is not None:
        kind, attachment = media
        return replace(blank, kind=kind, attachments=(attachment,), text=clean_text(message.caption))
    if message.sticker is not None:
        return replace(blank, kind=Kind.STICKER, text=clean_text(message.sticker.emoji))
    if message.contact is not None:
        names = (message.contact.first_name, message.contact.last_name)
        name = clean_text(" ".join(filter(None, names)))
        return replace(blank, kind=Kind.CONTACT, phone=message.contact.phone_number, text=name)
    if message.venue is not None:
        where = message.venue.location
        label = clean_text(" ".join(filter(None, (message.venue.title, message.venue.address))))
        return replace(blank, kind=Kind.LOCATION, place=Place(where.latitude, where.longitude, label))
    if message.location is not None:
        return replace(
            blank, kind=Kind.LOCATION, place=Place(message.location.latitude, message.location.longitude)
        )
    return replace(blank, text=clean_text(message.caption))


def _text(blank: Inbound, raw: str) -> Inbound:
    text = clean_text(raw)
    if text is None:  # nothing that can be seen: controls, joiners
        return blank
    command = _COMMAND.match(text)
    if command:
        return replace(blank, kind=Kind.COMMAND, argument=command.group(1).lower(), text=text)
    return replace(blank, kind=Kind.TEXT, text=text)


def _edit(update_id: int, message: Message) -> Inbound | None:
    """An edit brings the whole message anew: its text or caption, and its file, changed or not.

    A live location moves by edits; those are no words of the person and give None.
    """
    blank = _blank(update_id, message.chat, message.from_user, message.edit_date or message.date)
    if blank is None or message.location is not None:
        return None
    media = _media(message)
    number = str(message.message_id)
    return replace(
        blank,
        kind=Kind.EDIT,
        message_id=number,
        edits=number,
        text=clean_text(message.text if message.text is not None else message.caption),
        attachments=() if media is None else (media[1],),
    )


def _choice(update_id: int, query: CallbackQuery, received_at: datetime) -> Inbound | None:
    if query.message is None:  # sent by way of another chat
        return None
    blank = _blank(update_id, query.message.chat, query.from_user, received_at)
    if blank is None or query.data is None:
        return blank
    return replace(blank, kind=Kind.CHOICE, choice=clean_text(query.data))


def _membership(update_id: int, change: ChatMemberUpdated) -> Inbound | None:
    blank = _blank(update_id, change.chat, change.from_user, change.date)
    if blank is None:
        return None
    event = "blocked" if change.new_chat_member.status in _GONE else "unblocked"
    return replace(blank, kind=Kind.EVENT, event=event)


def _media(message: Message) -> tuple[Kind, Attachment] | None:
    if message.photo:
        best = _best_photo(message.photo)
        return Kind.PHOTO, _attachment(MediaKind.IMAGE, best, mime_type="image/jpeg")
    if message.voice:
        return Kind.VOICE, _attachment(MediaKind.AUDIO, message.voice, mime_type="audio/ogg")
    if message.audio:
        return Kind.AUDIO, _attachment(MediaKind.AUDIO, message.audio)
    if message.video:
        return Kind.VIDEO, _attachment(MediaKind.VIDEO, message.video)
    if message.video_note:
        return Kind.VIDEO, _attachment(MediaKind.VIDEO, message.video_note, mime_type="video/mp4")
    # A GIF, and what a short video without sound becomes; it comes with a `document` of the same file.
    if message.animation:
        return Kind.VIDEO, _attachment(MediaKind.VIDEO, message.animation)
    if message.document:
        return Kind.DOCUMENT, _attachment(MediaKind.DOCUMENT, message.document)
    return None


def _best_photo(sizes: tuple[PhotoSize, ...]) -> PhotoSize:
    """The largest that a bot may fetch; the smallest, should all be too large."""
    fetchable = [s for s in sizes if s.file_size is None or s.file_size <= FileSizeLimit.FILESIZE_DOWNLOAD]
    return max(fetchable, key=_area) if fetchable else min(sizes, key=_area)


def _area(size: PhotoSize) -> int:
    return size.width * size.height


def _attachment(
    kind: MediaKind,
    media: PhotoSize | Voice | Audio | Video | VideoNote | Animation | Document,
    *,
    mime_type: str | None = None,
) -> Attachment:
    # The public attribute warns until PTB makes it a timedelta; the value behind it already is one.
    length: Any = getattr(media, "_duration", None)
    return Attachment(
        kind=kind,
        reference=media.file_id,
        file_name=clean_text(getattr(media, "file_name", None)),
        mime_type=clean_text(getattr(media, "mime_type", None)) or mime_type,
        size=media.file_size,
        duration=int(length.total_seconds()) if isinstance(length, timedelta) else None,
    )


def _is_number(value: object) -> TypeGuard[int]:
    """A whole number that a database holds; JSON's true is none."""
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) <= _BIGGEST_ID


def _check_types(inbound: Inbound) -> None:
    """PTB takes fields as they come; nothing of a wrong type may reach the database."""
    if inbound.message_id is not None and not inbound.message_id.isdecimal():
        raise MalformedUpdate("a message has a number")
    words = (inbound.album_id, inbound.phone, *(a.reference for a in inbound.attachments))
    if not all(word is None or isinstance(word, str) for word in words):
        raise MalformedUpdate("a name is no text")
    sizes = [attachment.size for attachment in inbound.attachments]
    if not all(size is None or (_is_number(size) and size >= 0) for size in sizes):
        raise MalformedUpdate("a size is no number")
    place = inbound.place
    if place is not None and not (math.isfinite(place.latitude) and math.isfinite(place.longitude)):
        raise MalformedUpdate("a place is no place")
    if not isinstance(inbound.sent_at, datetime):
        raise MalformedUpdate("a message has a time")
