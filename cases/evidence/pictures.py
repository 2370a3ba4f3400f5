"""Checking pictures (JPEG, PNG, WebP, GIF, HEIC): whole, decodable, of bearable size, and nothing but a
picture.

Each is decoded to its last pixel, because only that shows that it is not cut off. Pixels are counted before
any is decoded, so that a small file cannot claim much memory or time.
"""

from __future__ import annotations

import re
import struct
from io import BytesIO

import pillow_heif
from PIL import Image

from cases.evidence import boxes, disguise
from cases.evidence.reasons import Reason, Refused

MAX_PIXELS = 50_000_000
"""Of a picture that is decoded as a whole (four bytes a pixel at most)."""
MAX_PIXELS_WEBP = 20_000_000
"""Of a WebP, whose decoder keeps several copies of it."""
MAX_PIXELS_SCALED = 200_000_000
"""Of a JPEG of one scan, which is decoded at an eighth of its size: every bit is read, little memory is
needed.
"""
MAX_PIXELS_ANIMATED = 400_000_000
"""Of all frames together."""
MAX_FRAMES = 2_000
MAX_SCANS = 40
"""Of a progressive JPEG; encoders use some ten. Each costs a pass over the whole picture, however small it
is.
"""

# What phones shoot must not trip Pillow's own warning; the limits above are checked before anything is
# decoded.
Image.MAX_IMAGE_PIXELS = MAX_PIXELS_SCALED
pillow_heif.register_heif_opener()

_CONTENT_TYPES = {
    "JPEG": "image/jpeg",
    "MPO": "image/jpeg",
    "PNG": "image/png",
    "WEBP": "image/webp",
    "GIF": "image/gif",
    "HEIF": "image/heic",
}
_NEXT_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_NO_LENGTH = frozenset({0x01, *range(0xD0, 0xD9)})
_SOS, _EOI = 0xDA, 0xD9
_MAX_SEGMENTS = 50_000


def format_of(content: bytes) -> str | None:
    """Pillow's name of the picture format that the content begins as; None if it is no picture that we
    take.
    """
    if content.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if content.startswith((b"GIF87a", b"GIF89a")):
        return "GIF"
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "WEBP"
    if content[4:8] == b"ftyp" and boxes.is_heic(content):
        return "HEIF"
    return None


def check_picture(content: bytes, name: str) -> str:
    """The content type of a picture that begins as format `name`. Raises `Refused`."""
    end, scans = _logical_end(content, name)
    disguise.refuse_foreign_head(content)
    disguise.refuse_tail(content, end)
    disguise.refuse_zip(content)
    disguise.refuse_programs(content)
    disguise.refuse_markup(content)
    try:
        found = _decode(content, name, scans)
    except Refused:
        raise
    except Image.DecompressionBombError as bomb:
        raise Refused(Reason.BOMB) from bomb
    except MemoryError as bomb:
        raise Refused(Reason.BOMB) from bomb
    except Exception as undecodable:  # decoders answer hostile bytes with every kind of exception there is
        raise Refused(Reason.DAMAGED) from undecodable
    return _CONTENT_TYPES[found]


def _decode(content: bytes, name: str, scans: int) -> str:
    with Image.open(BytesIO(content), formats=[name]) as image:  # a JPEG of several pictures opens as MPO
        width, height = image.size
        pixels = width * height
        if pixels == 0:
            raise Refused(Reason.DAMAGED)
        found = str(image.format)
        if name == "JPEG":
            if scans > MAX_SCANS or pixels > (MAX_PIXELS if scans > 1 else MAX_PIXELS_SCALED):
                raise Refused(Reason.BOMB)
            image.draft(None, (max(1, width // 8), max(1, height // 8)))
            image.load()
            return found
        frames = 1 if name == "HEIF" else int(getattr(image, "n_frames", 1))
        most = MAX_PIXELS_WEBP if name == "WEBP" else MAX_PIXELS
        if pixels > most or frames > MAX_FRAMES or pixels * frames > MAX_PIXELS_ANIMATED:
            raise Refused(Reason.BOMB)
        for frame in range(frames):
            image.seek(frame)
            image.load()
        return found


def _logical_end(content: bytes, name: str) -> tuple[int, int]:
    """Where the picture proper ends, and of how many scans a JPEG is. Refuses one that was cut off."""
    if name == "JPEG":
        return _end_of_jpeg(content)
    if name == "PNG":
        return _end_of_png(content), 1
    if name == "GIF":
        return _end_of_gif(content), 1
    if name == "WEBP":
        end = 8 + int(struct.unpack_from("<L", content, 4)[0]) if len(content) >= 12 else 0
        if not 12 < end <= len(content):
            raise Refused(Reason.DAMAGED)
        return end, 1
    boxes.check_tiling(content)
    return len(content), 1


def _end_of_jpeg(content: bytes) -> tuple[int, int]:
    position, scans = 2, 0
    for _ in range(_MAX_SEGMENTS):
        found = _NEXT_MARKER.search(content, position)
        if found is None or (scans == 0 and found.start() - position > 64):
            raise Refused(Reason.DAMAGED)
        marker = content[found.start() + 1]
        position = found.end()
        if marker == _EOI:
            if scans == 0:
                raise Refused(Reason.DAMAGED)
            return position, scans
        if marker in _NO_LENGTH:
            continue
        if position + 2 > len(content):
            raise Refused(Reason.DAMAGED)
        position += max(2, int.from_bytes(content[position : position + 2], "big"))
        scans += marker == _SOS
    raise Refused(Reason.BOMB)


def _end_of_png(content: bytes) -> int:
    position = 8
    for _ in range(_MAX_SEGMENTS):
        if position + 12 > len(content):
            break
        length, kind = struct.unpack_from(">L4s", content, position)
        position += 12 + int(length)
        if kind == b"IEND":
            if position > len(content):
                break
            return position
    raise Refused(Reason.DAMAGED)


def _end_of_gif(content: bytes) -> int:
    if len(content) < 13:
        raise Refused(Reason.DAMAGED)
    position = 13 + _colours(content[10])
    size = len(content)
    while position < size:
        kind = content[position]
        if kind == 0x3B:
            return position + 1
        if kind == 0x21:
            position += 2
        elif kind == 0x2C and position + 10 <= size:
            position += 10 + _colours(content[position + 9]) + 1
        else:
            break
        while position < size and content[position] != 0:
            position += content[position] + 1
        position += 1
    raise Refused(Reason.DAMAGED)


def _colours(flags: int) -> int:
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0
