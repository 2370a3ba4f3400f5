"""What crosses the seam between a platform and the product: frozen values, nothing else.

A channel turns its platform's payloads into `Inbound` and turns `Outbound` into its platform's calls. Nothing in
here knows a platform, a database or a dialogue.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum


class Kind(str, Enum):
    """What a person (or his platform) did."""

    TEXT = "text"
    PHOTO = "photo"
    VOICE = "voice"
    AUDIO = "audio"
    VIDEO = "video"
    DOCUMENT = "document"
    CONTACT = "contact"
    LOCATION = "location"
    LINK = "link"
    STICKER = "sticker"
    COMMAND = "command"
    CHOICE = "choice"
    EDIT = "edit"
    EVENT = "event"
    UNSUPPORTED = "unsupported"


class MediaKind(str, Enum):
    """What the platform says an attachment is; what it really is, its content decides later."""

    IMAGE = "image"
    AUDIO = "audio"
    VIDEO = "video"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that the platform keeps for us, not yet fetched.

    `reference` is what the platform's fetch call wants (Telegram `file_id`, WeChat `MediaId`); `url` is a direct
    address where the platform gives one (WeChat `PicUrl`). `size` is in bytes, `duration` in seconds; both as
    declared by the platform, None where it says nothing.
    """

    kind: MediaKind
    reference: str
    url: str | None = None
    file_name: str | None = None
    mime_type: str | None = None
    size: int | None = None
    duration: int | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A location that a person shared; degrees, WGS 84 as sent by the platform."""

    latitude: float
    longitude: float
    label: str | None = None


@dataclass(frozen=True, slots=True)
class Inbound:
    """One thing that reached us from a platform.

    `external_id` is unique within the channel and equal for every redelivery of the same thing: it is what
    "handled once" hangs on. `order` sorts the messages of one contact as the platform created them. `message_id` is
    the platform's name for the message itself (Telegram's `message_id`, WeChat's `MsgId`), which edits and replies
    refer to; `edits` is the `message_id` of the message whose text this one replaces.

    `text` is what the person wrote or said: a text, a caption, a recognised voice message, a link's title. `choice`
    is the token of a pressed button. `event` names what is not a message: `subscribe`, `unsubscribe`, `blocked`,
    `unblocked`, `menu`, `scan`, `view`; its argument (a menu key, a command's name) is in `argument`.
    """

    channel: str
    external_id: str
    contact: str
    kind: Kind
    sent_at: datetime
    order: int
    message_id: str | None = None
    text: str | None = None
    attachments: tuple[Attachment, ...] = ()
    album_id: str | None = None
    choice: str | None = None
    event: str | None = None
    argument: str | None = None
    edits: str | None = None
    phone: str | None = None
    place: Place | None = None
    display_name: str | None = None


@dataclass(frozen=True, slots=True)
class Button:
    """One choice offered with a message. `token` (at most 64 bytes) is what comes back when it is pressed."""

    label: str
    token: str


@dataclass(frozen=True, slots=True)
class Outbound:
    """One message to send. `buttons` are rows of choices; a platform without buttons renders them as a list.

    `key` names the outbound row, so that a platform that knows idempotency keys can use it.
    """

    contact: str
    text: str
    key: str
    buttons: tuple[Button, ...] = ()
    request_phone: bool = False
    free_input: bool = False
    """The question wants a number or free words: a list must not invite to answer by its numbers."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """The platform took it: its own ids of the message or messages (a long text becomes several)."""

    external_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fetched:
    """The bytes of an attachment with what the platform said about them."""

    content: bytes = field(repr=False)
    file_name: str | None = None
    mime_type: str | None = None
