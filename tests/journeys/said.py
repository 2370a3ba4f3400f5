"""What a person can do with a phone, as values for the tables of the dialogues."""

from __future__ import annotations

import io
import random
from dataclasses import dataclass, field
from typing import Any

from PIL import Image, ImageDraw


@dataclass(frozen=True, slots=True)
class Tap:
    """Taking the choice with this label: a button on Telegram, the words typed on WeChat."""

    label: str


@dataclass(frozen=True, slots=True)
class File:
    """A file as it lies on the phone; `mime` is what the phone believes."""

    name: str
    mime: str
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Send:
    """Sending files; `kind` is what the phone sends them as: photo, voice, video, audio, video_note, file."""

    kind: str
    files: tuple[File, ...]
    caption: str = ""
    recognition: str = ""
    """What WeChat's own speech recognition makes of a voice message."""


@dataclass(frozen=True, slots=True)
class Do:
    """Any other act of the phone: sticker, location, share-phone, link, edit, block, menu, …"""

    act: str
    fields: dict[str, Any] = field(default_factory=dict)


Said = str | Tap | Send | Do


def photo(seed: str, caption: str = "") -> Send:
    """A photo that no other seed gives."""
    return Send("photo", (picture(seed),), caption)


def picture(seed: str, form: str = "png") -> File:
    """A small valid picture that no other seed gives."""
    colours = random.Random(seed)
    image = Image.new("RGB", (96, 72), tuple(colours.randrange(256) for _ in range(3)))
    for _ in range(60):
        image.putpixel((colours.randrange(96), colours.randrange(72)), (colours.randrange(256), 0, 0))
    out = io.BytesIO()
    image.save(out, form.upper().replace("JPG", "JPEG"))
    mime = "image/jpeg" if form in ("jpg", "jpeg") else f"image/{form}"
    return File(f"{seed}.{form}", mime, out.getvalue())


def order_page(seed: str) -> bytes:
    """A picture that looks like a shop's order page, different for each seed."""
    image = Image.new("RGB", (540, 720), "#f4f5f7")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, 540, 96), fill="#1f6feb")
    draw.rectangle((24, 34, 220, 60), fill="white")
    colours = random.Random(seed)
    for row in range(3):
        top = 124 + row * 190
        draw.rounded_rectangle((20, top, 520, top + 168), 14, fill="white")
        shade = (colours.randrange(80, 200), colours.randrange(80, 200), colours.randrange(80, 200))
        draw.rounded_rectangle((40, top + 24, 160, top + 144), 10, fill=shade)
        for line, width in enumerate((300, 240, 120)):
            draw.rectangle((184, top + 30 + line * 38, 184 + width, top + 46 + line * 38), fill="#d0d7de")
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()
