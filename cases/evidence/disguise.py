"""Files that are two things at once: a picture with an archive, a program or a web page in it, behind it or
before it.

Looks for the common ones only; it opens nothing and runs nothing. Signatures are long enough (or verified)
that compressed picture or sound data does not hold them by chance.
"""

from __future__ import annotations

import re
import struct

from cases.evidence.reasons import Reason, Refused

# Markup and scripts that a browser or a server would run. Searched in lower case.
_MARKUP = (
    b"<script",
    b"<!doctype html",
    b"<html>",
    b"<html ",
    b"<?php ",
    b"<?php\n",
    b"<iframe",
    b"#!/bin/",
    b"#!/usr/",
)
_ARCHIVES = (b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"\xfd7zXZ\x00")
# PE header with a known machine, ELF header with class, byte order and version.
_PE = re.compile(rb"PE\x00\x00(?:\x4c\x01|\x64\x86|\x64\xaa|\xc0\x01|\xc4\x01)")
_ELF = re.compile(rb"\x7fELF[\x01\x02][\x01\x02]\x01")
_PE_HEADER_WITHIN = 4096
_MAX_SUSPICIONS = 100
_TAIL_STARTS = (
    b"MZ",
    b"PK\x03\x04",
    b"\x1f\x8b\x08",
    b"\xca\xfe\xba\xbe",
    b"\xcf\xfa\xed\xfe",
    b"BZh",
    b"%PDF-",
)
_LOCAL_HEADER = b"PK\x03\x04"
_END_RECORD = b"PK\x05\x06"
_END_RECORD_SIZE = 22
_MAX_COMMENT = 65_535
_METHODS = frozenset({0, 8, 9, 12, 14, 93, 95, 99})


def refuse_programs(content: bytes) -> None:
    """Refuse content that carries a program for Windows or Linux, or a packed archive of unmistakable
    signature.
    """
    for count, match in enumerate(_PE.finditer(content)):
        if count == _MAX_SUSPICIONS:  # chance makes one in a hundred thousand files
            raise Refused(Reason.DISGUISED)
        if content.rfind(b"MZ", max(0, match.start() - _PE_HEADER_WITHIN), match.start()) >= 0:
            raise Refused(Reason.DISGUISED)
    if _ELF.search(content) or any(mark in content for mark in _ARCHIVES):
        raise Refused(Reason.DISGUISED)


def refuse_markup(content: bytes) -> None:
    """Refuse media that carry a web page or a script, wherever it sits (comments, metadata, behind the
    end).
    """
    lowered = content.lower()
    if any(mark in lowered for mark in _MARKUP):
        raise Refused(Reason.DISGUISED)


def refuse_zip(content: bytes, *, at_the_very_end: bool = False) -> None:
    """Refuse content that zip tools would open: they read from the end, whatever stands in front.

    `at_the_very_end` asks that the archive ends exactly where the file does: for formats that may hold whole
    documents of another kind inside.
    """
    position = len(content)
    lowest = max(0, len(content) - _END_RECORD_SIZE - _MAX_COMMENT)
    while (position := content.rfind(_END_RECORD, lowest, position)) >= 0:
        if _is_end_record(content, position, at_the_very_end):
            raise Refused(Reason.DISGUISED)
        position += len(_END_RECORD) - 1


def refuse_tail(content: bytes, end: int) -> None:
    """Refuse what follows the logical end of a medium, where that is an archive, a program or a document.

    Phones put more pictures, a short film or maker's data there, and that is fine.
    """
    tail = content[end:]
    body = tail.lstrip(b"\x00\r\n\t ")
    if any(body.startswith(mark) for mark in _TAIL_STARTS) or b"%PDF-" in tail:
        raise Refused(Reason.DISGUISED)
    position = -1
    while (position := tail.find(_LOCAL_HEADER, position + 1)) >= 0:
        if _is_local_header(tail, position):
            raise Refused(Reason.DISGUISED)


def refuse_foreign_head(content: bytes) -> None:
    """Refuse media that document readers would open: they accept their header anywhere in the first
    kilobyte.
    """
    if b"%PDF-" in content[:1024]:
        raise Refused(Reason.DISGUISED)


def _is_end_record(content: bytes, position: int, at_the_very_end: bool) -> bool:
    record = content[position : position + _END_RECORD_SIZE]
    if len(record) < _END_RECORD_SIZE:
        return False
    _, _, _, here, total, size, offset, comment = struct.unpack("<4s4H2LH", record)
    if at_the_very_end and position + _END_RECORD_SIZE + comment != len(content):
        return False
    # The directory lies right before this record, and has at least one entry that begins as entries do.
    start = position - size
    has_entries = here == total > 0 and start >= 0 and offset <= start
    return has_entries and content[start : start + 4] == b"PK\x01\x02"


def _is_local_header(content: bytes, position: int) -> bool:
    header = content[position : position + 30]
    if len(header) < 30:
        return False
    version, _, method = struct.unpack("<3H", header[4:10])
    (name_length,) = struct.unpack("<H", header[26:28])
    return version <= 63 and method in _METHODS and 0 < name_length <= 1024
