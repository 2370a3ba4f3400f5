"""Small pictures for people to look at: upright, without the original's metadata (place, device, time).

Only for pictures that passed the check: it is what bounds their size.
"""

from __future__ import annotations

import threading
from io import BytesIO

import pillow_heif
from PIL import Image, ImageOps

EDGE = 512
"""Pixels of the longer side at most."""

_FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "HEIF")

pillow_heif.register_heif_opener()
_one_at_a_time = threading.Lock()  # a large picture needs hundreds of megabytes while it is decoded


class NoPicture(ValueError):
    """The content cannot be shown as a picture."""


def thumbnail(content: bytes, *, edge: int = EDGE) -> bytes:
    """A JPEG of at most `edge` pixels on its longer side. Raises `NoPicture`."""
    try:
        with _one_at_a_time, Image.open(BytesIO(content), formats=list(_FORMATS)) as image:
            image.draft("RGB", (edge, edge))
            small = ImageOps.exif_transpose(_reduced(image, edge))
            flat = _on_white(small)
    except Exception as undecodable:  # decoders answer hostile bytes with every kind of exception there is
        raise NoPicture("the content is not a picture that can be decoded") from undecodable
    out = BytesIO()
    # A fresh picture of the pixels alone: whatever the original carried stays behind.
    Image.frombytes("RGB", flat.size, flat.tobytes()).save(out, "JPEG", quality=82, optimize=True)
    return out.getvalue()


def _reduced(image: Image.Image, edge: int) -> Image.Image:
    small = image.copy() if image.mode in ("RGB", "RGBA", "L", "LA") else image.convert("RGBA")
    small.info = dict(image.info)
    exif = image.getexif()
    small.thumbnail((edge, edge), Image.Resampling.LANCZOS)
    if 0x0112 in exif:
        small.getexif()[0x0112] = exif[0x0112]
    return small


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode not in ("RGBA", "LA"):
        return image.convert("RGB")
    white = Image.new("RGB", image.size, "white")
    rgba = image.convert("RGBA")
    white.paste(rgba, mask=rgba.getchannel("A"))
    return white
