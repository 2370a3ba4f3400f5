"""Checking Word and Excel files of the newer kind (zip archives of XML): by their members, within limits.

Members are unpacked only to be counted and checksummed, a piece at a time; no XML is parsed.
"""

from __future__ import annotations

import zipfile
import zlib
from io import BytesIO

from cases.evidence.reasons import Reason, Refused

MAX_MEMBERS = 5_000
MAX_UNPACKED = 200_000_000
_PIECE = 1 << 20
_MAX_TYPES = 4_000_000
_END_RECORD_SIZE = 22
_ENCRYPTED = 0x1

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MAIN_PARTS = {"word/document.xml": _WORD, "xl/workbook.xml": _EXCEL}
_PROGRAM_STARTS = (b"MZ", b"\x7fELF", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe")
_PROGRAM_NAMES = (
    ".exe",
    ".dll",
    ".scr",
    ".bat",
    ".cmd",
    ".vbs",
    ".js",
    ".jar",
    ".apk",
    ".sh",
    ".ps1",
    ".class",
)


def check_office(content: bytes) -> str:
    """The content type of a docx or xlsx file. Raises `Refused`: `ARCHIVE` for any other zip."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            members = archive.infolist()
            if len(members) > MAX_MEMBERS:
                raise Refused(Reason.BOMB)
            content_type = _type_by_names(members)
            if content_type is None:
                raise Refused(Reason.ARCHIVE)
            _check_ends(content, archive, members)
            _check_main_part(archive, content_type)
            _unpack_all(archive, members)
    except zipfile.BadZipFile as broken:
        raise Refused(Reason.DAMAGED) from broken
    except (zlib.error, EOFError, OSError, ValueError, NotImplementedError, KeyError) as broken:
        raise Refused(Reason.DAMAGED) from broken
    return content_type


def _type_by_names(members: list[zipfile.ZipInfo]) -> str | None:
    names = [member.filename for member in members]
    if "[Content_Types].xml" not in names:
        return None
    return next((kind for part, kind in _MAIN_PARTS.items() if part in names), None)


def _check_ends(content: bytes, archive: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> None:
    """Nothing before the first member, nothing behind the end record, no name twice, no name that leads
    outside.
    """
    if min(member.header_offset for member in members) != 0:
        raise Refused(Reason.DISGUISED)
    end = content.rfind(b"PK\x05\x06") + _END_RECORD_SIZE + len(archive.comment)
    if end != len(content):
        raise Refused(Reason.DISGUISED)
    names = [member.filename for member in members]
    if len(set(names)) != len(names):
        raise Refused(Reason.DISGUISED)
    for member in members:
        if member.filename.startswith("/") or ".." in member.filename.split("/"):
            raise Refused(Reason.DISGUISED)
        if member.flag_bits & _ENCRYPTED:
            raise Refused(Reason.LOCKED)
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Refused(Reason.DAMAGED)
        lowered = member.filename.lower()
        if lowered.endswith("vbaproject.bin"):
            raise Refused(Reason.MACROS)
        if lowered.endswith(_PROGRAM_NAMES):
            raise Refused(Reason.PROGRAM)


def _check_main_part(archive: zipfile.ZipFile, content_type: str) -> None:
    with archive.open("[Content_Types].xml") as stream:
        declared = stream.read(_MAX_TYPES)
    if b"macroEnabled" in declared:
        raise Refused(Reason.MACROS)
    if f"{content_type}.main+xml".encode() not in declared:
        raise Refused(Reason.ARCHIVE)


def _unpack_all(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> None:
    """Read every member to its end, which checks its checksum; what a member says of its size is not
    believed.
    """
    left = MAX_UNPACKED
    for member in members:
        with archive.open(member) as stream:
            first = True
            while piece := stream.read(_PIECE):
                left -= len(piece)
                if left < 0:
                    raise Refused(Reason.BOMB)
                if first and piece.startswith(_PROGRAM_STARTS):
                    raise Refused(Reason.PROGRAM)
                first = False
