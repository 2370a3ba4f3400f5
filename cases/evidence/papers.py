"""Checking PDF and plain text files."""

from __future__ import annotations

import codecs
import re
import unicodedata
from pathlib import PurePosixPath

from cases.evidence import disguise
from cases.evidence.reasons import Reason, Refused

_END = re.compile(rb"startxref\s+(\d+)\s+%%EOF")
_END_WITHIN = 2_048

_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_SAMPLE = 65_536
_TEXT_NAMES = frozenset({"", ".txt", ".text", ".log", ".csv", ".md"})
_SCRIPT_NAMES = frozenset(
    {
        ".js",
        ".vbs",
        ".bat",
        ".cmd",
        ".ps1",
        ".sh",
        ".py",
        ".pl",
        ".php",
        ".jsp",
        ".hta",
        ".html",
        ".htm",
        ".reg",
    }
)
_SCRIPT_STARTS = ("#!", "<!doctype", "<html", "<script", "<?php", "<%@", "@echo", "<svg", "<?xml")


def check_pdf(content: bytes) -> str:
    """The content type of a PDF file. Raises `Refused` for one that was cut off or carries an archive."""
    ends = list(_END.finditer(content, max(0, len(content) - _END_WITHIN)))
    end = ends[-1] if ends else None  # the last one counts: a changed file has several
    if end is None or int(end.group(1)) >= len(content):
        raise Refused(Reason.DAMAGED)
    disguise.refuse_tail(content, end.end())
    disguise.refuse_zip(content)
    disguise.refuse_programs(content)
    return "application/pdf"


def check_text(content: bytes, file_name: str | None) -> str | None:
    """The content type of a text file; None if it is not text. Raises `Refused` for scripts and web pages.

    Text has no signature, so here the name has a say as well.
    """
    text = _decoded(content)
    if text is None:
        return None
    suffix = PurePosixPath((file_name or "").strip().lower().replace("\\", "/")).suffix
    start = text[:_SAMPLE].lstrip("\ufeff \t\r\n").lower()
    if not start:
        raise Refused(Reason.EMPTY)
    if suffix in _SCRIPT_NAMES or start.startswith(_SCRIPT_STARTS):
        raise Refused(Reason.PROGRAM)
    return "text/plain" if suffix in _TEXT_NAMES else None


def _decoded(content: bytes) -> str | None:
    """The beginning of the text, if all of the content is text in UTF-8, UTF-16 with its mark, or GB
    18030.
    """
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings: tuple[str, ...] = ("utf-16",)
    elif _CONTROL.search(content):
        return None
    else:
        encodings = ("utf-8", "gb18030")
    for encoding in encodings:
        try:
            text = content.decode(encoding)[:_SAMPLE]
        except UnicodeDecodeError:
            continue
        if _is_readable(text):
            return text
    return None


def _is_readable(text: str) -> bool:
    """Hardly a character that nobody writes (unassigned, private, control): GB 18030 reads almost any
    bytes.
    """
    strange = sum(
        unicodedata.category(c) in ("Cn", "Co", "Cs", "Cc") and c not in "\t\r\n\f\x1b" for c in text
    )
    return strange * 200 <= len(text)
