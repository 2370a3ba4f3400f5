"""Checking Word and Excel files of the older kind (compound files, [MS-CFB]): by their directory and chains.

Reads the header, the allocation table and the directory, follows the main stream to its end, and decodes
nothing.
"""

from __future__ import annotations

import struct

from cases.evidence import disguise
from cases.evidence.reasons import Reason, Refused

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEADER = 512
_ENTRY = 128
_END_OF_CHAIN = 0xFFFFFFFE
_LAST_SECTOR = 0xFFFFFFFA
_MAX_ENTRIES = 20_000
_MAIN_STREAMS = {
    "WordDocument": "application/msword",
    "Workbook": "application/vnd.ms-excel",
    "Book": "application/vnd.ms-excel",
}
_MACRO_STORAGES = frozenset({"_VBA_PROJECT_CUR", "VBA", "Macros"})


def check_compound(content: bytes) -> str:
    """The content type of a doc or xls file. Raises `Refused`."""
    try:
        content_type = _check(content)
    except (struct.error, IndexError, UnicodeDecodeError) as broken:
        raise Refused(Reason.DAMAGED) from broken
    disguise.refuse_programs(content)
    disguise.refuse_zip(content, at_the_very_end=True)
    return content_type


def _check(content: bytes) -> str:
    (shift,) = struct.unpack_from("<H", content, 30)
    if shift not in (9, 12):
        raise Refused(Reason.DAMAGED)
    size = 1 << shift
    (tables, first_directory) = struct.unpack_from("<2L", content, 44)
    (cutoff, _, _, first_difat, difats) = struct.unpack_from("<5L", content, 56)
    table = _allocation_table(content, size, tables, first_difat, difats)
    directory = b"".join(_sector(content, size, at) for at in _chain(table, first_directory))
    entries = {name: (start, length) for name, start, length in _entries(directory)}
    if "EncryptedPackage" in entries:
        raise Refused(Reason.LOCKED)
    if entries.keys() & _MACRO_STORAGES:
        raise Refused(Reason.MACROS)
    for name, content_type in _MAIN_STREAMS.items():
        if name in entries:
            start, length = entries[name]
            if length >= cutoff:  # smaller ones lie in another stream
                sectors = _chain(table, start)
                if len(sectors) * size < length:
                    raise Refused(Reason.DAMAGED)
                _sector(content, size, max(sectors))
            return content_type
    raise Refused(Reason.UNSUPPORTED)


def _allocation_table(content: bytes, size: int, tables: int, first_difat: int, difats: int) -> list[int]:
    places = [at for at in struct.unpack_from("<109L", content, 76) if at <= _LAST_SECTOR]
    following = first_difat
    for _ in range(min(difats, len(content) // size + 1)):
        sector = struct.unpack(f"<{size // 4}L", _sector(content, size, following))
        places += [at for at in sector[:-1] if at <= _LAST_SECTOR]
        following = sector[-1]
    if len(places) < tables or tables * size > len(content):
        raise Refused(Reason.DAMAGED)
    table: list[int] = []
    for at in places[:tables]:
        table += struct.unpack(f"<{size // 4}L", _sector(content, size, at))
    return table


def _sector(content: bytes, size: int, at: int) -> bytes:
    start = max(_HEADER, size) + at * size
    sector = content[start : start + size]
    if len(sector) < size:
        raise Refused(Reason.DAMAGED)
    return sector


def _chain(table: list[int], first: int) -> list[int]:
    chain: list[int] = []
    at = first
    while at != _END_OF_CHAIN:
        if at >= len(table) or len(chain) > len(table):
            raise Refused(Reason.DAMAGED)
        chain.append(at)
        at = table[at]
    return chain


def _entries(directory: bytes) -> list[tuple[str, int, int]]:
    found = []
    for at in range(0, min(len(directory), _MAX_ENTRIES * _ENTRY), _ENTRY):
        length, kind = struct.unpack_from("<HB", directory, at + 64)
        if kind == 0 or not 2 <= length <= 64:
            continue
        name = directory[at : at + length - 2].decode("utf-16-le")
        start, stream = struct.unpack_from("<LL", directory, at + 116)
        found.append((name, start, stream))
    return found
