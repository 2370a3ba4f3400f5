"""PhotoSize lists. Telegram hands out every photo in several sizes, the largest last; bots must pick.

The stand-in keeps the user's bytes as the largest size (Telegram would re-encode them) and makes one small
size. A picture that cannot be read gets one size with invented dimensions, so that a product's own check
can be tried.
"""

from __future__ import annotations

import io
from typing import Any

from anyio import to_thread
from PIL import Image

from simulator.media import MediaShelf, Medium
from simulator.phone import Upload
from simulator.telegram.files import keep_upload
from simulator.telegram.objects import file_part

_THUMBNAIL = 90  # pixels of the longer side, Telegram's size "s" being at most 100
_PIXEL_LIMIT = 50_000_000


async def photo_sizes(shelf: MediaShelf, medium: Medium, body: bytes) -> list[dict[str, Any]]:
    """The ``photo`` field of a Message, smallest first."""
    width, height, thumbnail = await to_thread.run_sync(_measure, body)
    largest = {**file_part(medium), "width": width, "height": height}
    if thumbnail is None:
        return [largest]
    scale = _THUMBNAIL / max(width, height)
    small = keep_upload(shelf, "photo", Upload("thumbnail.jpg", "image/jpeg", thumbnail))
    size = {"width": max(1, round(width * scale)), "height": max(1, round(height * scale))}
    return [{**file_part(small), **size}, largest]


def _measure(body: bytes) -> tuple[int, int, bytes | None]:
    try:
        with Image.open(io.BytesIO(body)) as picture:
            width, height = picture.size
            if width * height > _PIXEL_LIMIT or max(width, height) <= _THUMBNAIL:
                return width, height, None
            picture.thumbnail((_THUMBNAIL, _THUMBNAIL))
            target = io.BytesIO()
            picture.convert("RGB").save(target, "JPEG", quality=70)
            return width, height, target.getvalue()
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return 1280, 960, None  # not a readable picture: see the module's first lines
