"""WeChat's messages and events as `Inbound`. Parses only: what a message means is for others to say.

Sources: developers.weixin.qq.com, "接收普通消息", "接收事件推送", "自定义菜单事件推送". Not documented there,
but sent: `file` messages (no way to fetch them), and the text that stands for a sticker.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timezone
from types import MappingProxyType

import structlog

from channels.characters import clean_text
from channels.message import Attachment, Inbound, Kind, MediaKind, Place

log = structlog.get_logger(__name__)

CHANNEL = "wechat"
FILE_KEY = "filekey:"
"""What the reference of a `file` message begins with: it names no media id, nothing can be fetched by it."""

_STICKER = "【收到不支持的消息类型，暂无法显示】"
_ORDER_STEP = 10**9
_LATEST = 2**32
_SCANNED_AT_SUBSCRIPTION = "qrscene_"

Fields = Mapping[str, str]


class MalformedMessage(ValueError):
    """Not a message or event as WeChat sends them."""


def parse_message(fields: Fields) -> Inbound | None:
    """What a person did, or None for events that are no act towards us (job reports, position reports, …).

    Raises `MalformedMessage`.
    """
    kind = _needed(fields, "MsgType").lower()
    contact = _needed(fields, "FromUserName")
    _needed(fields, "ToUserName")
    created = _number(_needed(fields, "CreateTime"), _LATEST)
    if len(contact) > 128:
        raise MalformedMessage("an OpenID is shorter")
    blank = Inbound(
        channel=CHANNEL,
        external_id="",
        contact=contact,
        kind=Kind.UNSUPPORTED,
        sent_at=datetime.fromtimestamp(created, timezone.utc),
        order=created * _ORDER_STEP,
    )
    if kind == "event":
        return _event(blank, fields, created)
    number = _number(_needed(fields, "MsgId"), 2**64)
    blank = replace(
        blank,
        external_id=str(number),
        message_id=str(number),
        # CreateTime counts seconds. Within one, MsgId decides: not promised, but seen to grow with time.
        order=created * _ORDER_STEP + number % _ORDER_STEP,
    )
    parse = _MESSAGES.get(kind)
    return blank if parse is None else parse(blank, fields)


def _text(blank: Inbound, fields: Fields) -> Inbound:
    text = clean_text(_needed(fields, "Content", empty=True))
    if text == _STICKER:
        return replace(blank, kind=Kind.STICKER)
    return blank if text is None else replace(blank, kind=Kind.TEXT, text=text)


def _image(blank: Inbound, fields: Fields) -> Inbound:
    picture = Attachment(
        MediaKind.IMAGE, _needed(fields, "MediaId"), url=fields.get("PicUrl") or None, mime_type="image/jpeg"
    )
    return replace(blank, kind=Kind.PHOTO, attachments=(picture,))


def _voice(blank: Inbound, fields: Fields) -> Inbound:
    """`Recognition` is there only where the account switched it on."""
    form = fields.get("Format", "").lower()
    voice = Attachment(
        MediaKind.AUDIO, _needed(fields, "MediaId"), mime_type="audio/amr" if form in ("", "amr") else None
    )
    return replace(blank, kind=Kind.VOICE, attachments=(voice,), text=clean_text(fields.get("Recognition")))


def _video(blank: Inbound, fields: Fields) -> Inbound:
    video = Attachment(MediaKind.VIDEO, _needed(fields, "MediaId"), mime_type="video/mp4")
    return replace(blank, kind=Kind.VIDEO, attachments=(video,))


def _file(blank: Inbound, fields: Fields) -> Inbound:
    reference = fields.get("MediaId") or f"{FILE_KEY}{fields.get('FileKey', '')}"
    length = fields.get("FileTotalLen", "")
    document = Attachment(
        MediaKind.DOCUMENT,
        reference,
        file_name=clean_text(fields.get("Title")),
        size=_number(length, 2**63) if length else None,
    )
    return replace(blank, kind=Kind.DOCUMENT, attachments=(document,))


def _location(blank: Inbound, fields: Fields) -> Inbound:
    """WeChat's coordinates are GCJ-02, some hundred metres off WGS 84; the label is what people read."""
    place = Place(
        latitude=_degrees(_needed(fields, "Location_X"), 90),
        longitude=_degrees(_needed(fields, "Location_Y"), 180),
        label=clean_text(fields.get("Label")),
    )
    return replace(blank, kind=Kind.LOCATION, place=place)


def _link(blank: Inbound, fields: Fields) -> Inbound:
    words = "\n".join(filter(None, (fields.get("Title"), fields.get("Description"), fields.get("Url"))))
    return replace(blank, kind=Kind.LINK, text=clean_text(words))


_MESSAGES: Mapping[str, Callable[[Inbound, Fields], Inbound]] = MappingProxyType(
    {
        "text": _text,
        "image": _image,
        "voice": _voice,
        "video": _video,
        "shortvideo": _video,
        "file": _file,
        "location": _location,
        "link": _link,
    }
)

_EVENTS: Mapping[str, str] = MappingProxyType(
    {
        "subscribe": "subscribe",
        "unsubscribe": "blocked",
        "scan": "scan",
        "click": "menu",
        "scancode_push": "menu",
        "scancode_waitmsg": "menu",
        "view": "view",
    }
)


def _event(blank: Inbound, fields: Fields, created: int) -> Inbound | None:
    """WeChat gives events no id: who and when tell a redelivery, what happened tells two apart."""
    name = _needed(fields, "Event").lower()
    event = _EVENTS.get(name)
    if event is None:
        log.info("event ignored", channel=CHANNEL, event_name=name[:64])
        return None
    key = fields.get("EventKey", "")
    argument = key[len(_SCANNED_AT_SUBSCRIPTION) :] if key.startswith(_SCANNED_AT_SUBSCRIPTION) else key
    digest = hashlib.sha256(key.encode()).hexdigest()[:12]
    suffix = f"{name}:{digest}" if key else name
    return replace(
        blank,
        external_id=f"{blank.contact[:100]}:{created}:{suffix}",
        kind=Kind.EVENT,
        event=event,
        argument=clean_text(argument),
    )


def _needed(fields: Fields, name: str, *, empty: bool = False) -> str:
    value = fields.get(name)
    if value is None or not (value or empty):
        raise MalformedMessage(f"no {name}")
    return value


def _number(value: str, below: int) -> int:
    if not (value.isascii() and value.isdecimal() and len(value) <= 20 and int(value) < below):
        raise MalformedMessage("a number is no number")
    return int(value)


def _degrees(value: str, most: int) -> float:
    try:
        degrees = float(value)
    except ValueError:
        raise MalformedMessage("a place is no place") from None
    if not (math.isfinite(degrees) and abs(degrees) <= most):
        raise MalformedMessage("a place is no place")
    return degrees
