"""What a file really is, by its content. What is not on the list is refused, and so is what only looks like
it.

Bounded in time and memory whatever the bytes are. It stores nothing and looks at names only where content
cannot say.
"""

from __future__ import annotations

from dataclasses import dataclass

import filetype

from cases.evidence import boxes, compound, disguise, office, papers, pictures, sound
from cases.evidence.reasons import Reason, Refused

MAX_BYTES = 20_000_000

_PROGRAMS = (
    b"MZ",
    b"\x7fELF",
    b"\xca\xfe\xba\xbe",
    b"\xfe\xed\xfa\xce",
    b"\xfe\xed\xfa\xcf",
    b"\xce\xfa\xed\xfe",
    b"\xcf\xfa\xed\xfe",
    b"dex\n",
    b"#!/",
    b"#! /",
)
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_ARCHIVES = frozenset(
    {
        "zip",
        "rar",
        "7z",
        "gz",
        "bz2",
        "xz",
        "tar",
        "cab",
        "z",
        "lz",
        "lz4",
        "lzo",
        "zst",
        "ar",
        "deb",
        "rpm",
        "br",
    }
)
_PROGRAM_TYPES = frozenset({"exe", "swf", "elf", "crx", "nes", "dex", "dey"})


@dataclass(frozen=True, slots=True)
class Content:
    """What a file is: `kind` image, audio, video or document, and its content type."""

    kind: str
    content_type: str


def check(content: bytes, file_name: str | None = None, *, max_bytes: int = MAX_BYTES) -> Content:
    """Look at a file. Raises `Refused` with the reason for one that is not taken."""
    if not content:
        raise Refused(Reason.EMPTY)
    if len(content) > max_bytes:
        raise Refused(Reason.TOO_LARGE)

    picture = pictures.format_of(content)
    if picture is not None:
        return Content("image", pictures.check_picture(content, picture))
    if boxes.is_boxed(content):
        kind, content_type = boxes.check_film(content)
        _refuse_hidden(content)
        return Content(kind, content_type)
    heard = sound.check_sound(content)
    if heard is not None:
        _refuse_hidden(content)
        return Content("audio", heard)
    if content.startswith(b"%PDF-"):
        return Content("document", papers.check_pdf(content))
    if content.startswith(compound.MAGIC):
        return Content("document", compound.check_compound(content))
    if content.startswith(_ZIP):
        return Content("document", office.check_office(content))
    return _unmarked(content, file_name)


def _unmarked(content: bytes, file_name: str | None) -> Content:
    """Content without a mark that we take: text, or something that the person can be told more about."""
    if content.startswith(_PROGRAMS):
        raise Refused(Reason.PROGRAM)
    guess = filetype.guess(content)
    if guess is not None:
        if guess.extension in _ARCHIVES:
            raise Refused(Reason.ARCHIVE)
        if guess.extension in _PROGRAM_TYPES:
            raise Refused(Reason.PROGRAM)
        raise Refused(Reason.UNSUPPORTED)
    content_type = papers.check_text(content, file_name)
    if content_type is None:
        raise Refused(Reason.EMPTY if not content.strip(b"\x00") else Reason.UNSUPPORTED)
    return Content("document", content_type)


def _refuse_hidden(content: bytes) -> None:
    disguise.refuse_zip(content)
    disguise.refuse_programs(content)
    disguise.refuse_markup(content)
