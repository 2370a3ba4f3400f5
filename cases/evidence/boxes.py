"""Reading the box structure of MP4, QuickTime, M4A and HEIC files (ISO/IEC 14496-12), enough to tell what
one is.

Decodes nothing. Every loop is bounded by a count of boxes.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from cases.evidence.reasons import Reason, Refused

_MAX_BOXES = 20_000
_HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
_OTHER_PICTURES = frozenset({b"avif", b"avis", b"crx ", b"jxl "})
_FIRST_OF_OLD_QUICKTIME = frozenset({b"moov", b"mdat", b"wide", b"free", b"skip"})


@dataclass(frozen=True, slots=True)
class Box:
    """A box: its type and where its body begins and ends in the content."""

    type: bytes
    start: int
    end: int


def is_boxed(content: bytes) -> bool:
    """Does it begin like a file of this family?"""
    return content[4:8] == b"ftyp" or content[4:8] in _FIRST_OF_OLD_QUICKTIME


def brand_of(content: bytes) -> bytes:
    """The major brand; `qt  ` for old QuickTime files, which have none."""
    return content[8:12] if content[4:8] == b"ftyp" else b"qt  "


def is_heic(content: bytes) -> bool:
    """Is it a picture of the HEIC family (by its brand)?"""
    return brand_of(content) in _HEIC_BRANDS


def check_film(content: bytes) -> tuple[str, str]:
    """Kind and content type of an MP4, MOV or M4A file. Raises `Refused` (truncated, other members of the
    family).
    """
    brand = brand_of(content)
    if brand in _OTHER_PICTURES or brand.startswith(b"3g"):
        raise Refused(Reason.UNSUPPORTED)
    top = list(boxes(content, 0, len(content)))
    kinds = {box.type for box in top}
    if b"moov" not in kinds or not kinds & {b"mdat", b"moof"}:
        raise Refused(Reason.DAMAGED)
    handlers = set(_handlers(content, top))
    if b"vide" in handlers:
        return "video", "video/quicktime" if brand == b"qt  " else "video/mp4"
    if b"soun" in handlers:
        return "audio", "audio/mp4"
    raise Refused(Reason.UNSUPPORTED if handlers else Reason.DAMAGED)


def check_tiling(content: bytes) -> None:
    """Refuse a file whose boxes do not fill it exactly: it was cut off, or something was put behind it."""
    for _ in boxes(content, 0, len(content)):
        pass


def boxes(content: bytes, start: int, end: int) -> Iterator[Box]:
    """The boxes that fill `content[start:end]`. Raises `Refused` where they do not."""
    position = start
    for _ in range(_MAX_BOXES):
        if position == end:
            return
        if end - position < 8:
            if content[position:end].strip(b"\x00"):
                raise Refused(Reason.DAMAGED)
            return  # some writers pad with a few zeros
        size, kind = struct.unpack_from(">L4s", content, position)
        body = position + 8
        if size == 1:
            if end - position < 16:
                raise Refused(Reason.DAMAGED)
            (size,) = struct.unpack_from(">Q", content, position + 8)
            body = position + 16
        elif size == 0:
            size = end - position
        if size < body - position or position + size > end:
            raise Refused(Reason.DAMAGED)
        yield Box(kind, body, position + size)
        position += size
    raise Refused(Reason.BOMB)


def _handlers(content: bytes, top: list[Box]) -> Iterator[bytes]:
    """The handler types (`vide`, `soun`, …) of the tracks."""
    for moov in top:
        if moov.type != b"moov":
            continue
        for track in boxes(content, moov.start, moov.end):
            if track.type != b"trak":
                continue
            for media in boxes(content, track.start, track.end):
                if media.type != b"mdia":
                    continue
                for box in boxes(content, media.start, media.end):
                    if box.type == b"hdlr":
                        yield content[box.start + 8 : box.start + 12]
