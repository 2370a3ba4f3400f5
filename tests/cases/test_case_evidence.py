"""What a file really is: the kinds on the list are taken, all else is refused, whatever its name."""

from __future__ import annotations

import random
import time
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from cases.evidence.check import check
from cases.evidence.reasons import Reason, Refused
from tests.cases import files

PICTURES = ("jpeg", "progressive jpeg", "png", "webp", "gif", "heic")
CUT_SHOWS = tuple(name for name in files.GOOD if not name.startswith(("txt", "tagged")))


def good(name: str) -> bytes:
    """A good file of that kind."""
    return files.GOOD[name][0]()


def reason(content: bytes, file_name: str | None = None, **options: int) -> Reason | None:
    """Why the file is refused; None if it is taken."""
    try:
        check(content, file_name, **options)
    except Refused as refused:
        return refused.reason
    return None


@pytest.mark.parametrize("name", files.GOOD)
def test_every_kind_on_the_list_is_taken_for_what_it_is(name: str) -> None:
    _, kind, content_type = files.GOOD[name]
    found = check(good(name))
    assert (found.kind, found.content_type) == (kind, content_type)


@pytest.mark.parametrize("name", files.GOOD)
def test_a_wrong_name_changes_nothing_but_for_plain_text(name: str) -> None:
    if not name.startswith("txt"):
        assert check(good(name), "发票.exe") == check(good(name))


@pytest.mark.parametrize("name", CUT_SHOWS)
@pytest.mark.parametrize("part", [0.36, 0.62, 0.97, 1.0])
def test_a_file_that_was_cut_off_is_refused(name: str, part: float) -> None:
    content = good(name)
    cut = content[: min(int(len(content) * part), len(content) - 1)]
    assert reason(cut) in (Reason.DAMAGED, Reason.ARCHIVE, Reason.UNSUPPORTED)


def test_nothing_and_nothing_but_zeros_are_empty() -> None:
    assert reason(b"") is Reason.EMPTY
    assert reason(b"\x00" * 5_000) is Reason.EMPTY
    assert reason(b" \r\n\t", "空.txt") is Reason.EMPTY


def test_a_file_over_the_limit_is_too_large() -> None:
    assert reason(good("wav"), max_bytes=len(good("wav")) - 1) is Reason.TOO_LARGE
    assert reason(good("wav"), max_bytes=len(good("wav"))) is None


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (files.PROGRAM, Reason.PROGRAM),
        (files.ELF, Reason.PROGRAM),
        (b"#!/bin/sh\nrm -rf /\n", Reason.PROGRAM),
        (b"\xca\xfe\xba\xbe\x00\x00\x004" + b"\x00" * 40, Reason.PROGRAM),
        (files.PAGE, Reason.PROGRAM),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", Reason.PROGRAM),
        (b"@echo off\r\nformat c:\r\n", Reason.PROGRAM),
        (files.archive({"a.jpg": files.jpeg()}), Reason.ARCHIVE),
        (files.archive({}), Reason.ARCHIVE),
        (files.archive({"META-INF/MANIFEST.MF": b"x", "A.class": b"\xca\xfe\xba\xbe"}), Reason.ARCHIVE),
        (b"Rar!\x1a\x07\x01\x00" + b"\x00" * 40, Reason.ARCHIVE),
        (b"7z\xbc\xaf\x27\x1c" + b"\x00" * 40, Reason.ARCHIVE),
        (b"\x1f\x8b\x08" + b"\x00" * 40, Reason.ARCHIVE),
        (b"BM" + b"\x00" * 60, Reason.UNSUPPORTED),
        (b"II*\x00" + b"\x00" * 60, Reason.UNSUPPORTED),
        (b"{\\rtf1 text}", Reason.UNSUPPORTED),
        (b"\x1aE\xdf\xa3" + b"\x00" * 60, Reason.UNSUPPORTED),
        (files.ogg(codec=b"\x80theora"), Reason.UNSUPPORTED),
        (files.film(b"vide", brand=b"3gp4"), Reason.UNSUPPORTED),
        (files.compound("PowerPoint Document"), Reason.UNSUPPORTED),
        (random.Random(3).randbytes(4_000), Reason.UNSUPPORTED),
    ],
    ids=str,
)
def test_what_is_not_on_the_list_is_refused_for_what_it_is(content: bytes, why: Reason) -> None:
    assert reason(content, "照片.jpg") is why


@pytest.mark.parametrize("name", ["a.js", "a.bat", "A.HTML", "x\\y.vbs", "发票.ps1"])
def test_a_script_cannot_pass_as_plain_text_by_its_content(name: str) -> None:
    assert reason(b"var a = 1;\n", name) is Reason.PROGRAM


@pytest.mark.parametrize("name", [None, "", "说明.txt", "聊天记录.TXT", "../../etc/passwd.txt"])
def test_text_under_a_text_s_name_is_taken(name: str | None) -> None:
    assert check("订单号 E20261101008".encode(), name).content_type == "text/plain"


@pytest.mark.parametrize("name", PICTURES)
@pytest.mark.parametrize(
    "hidden",
    [
        files.archive({"a.exe": b"MZ"}),
        files.PROGRAM,
        files.PAGE,
        b"<?php system($_GET[0]); ?>",
        files.pdf(),
        files.ELF,
    ],
    ids=["zip", "program", "page", "php", "pdf", "elf"],
)
def test_a_picture_with_something_else_behind_it_is_refused(name: str, hidden: bytes) -> None:
    if name == "heic":  # its boxes must fill the file: whatever follows makes it a broken one
        assert reason(good(name) + hidden) is Reason.DAMAGED
    else:
        assert reason(good(name) + hidden) is Reason.DISGUISED
        assert reason(good(name) + b"\x00" * 300 + hidden) is Reason.DISGUISED


@pytest.mark.parametrize("name", PICTURES)
@pytest.mark.parametrize(
    "before", [files.PROGRAM, files.PAGE, b"PK\x03\x04", b"#!/bin/sh\n", b"GIF89a/*", b"%PDF-1.4\n"]
)
def test_a_picture_with_something_else_before_it_is_refused(name: str, before: bytes) -> None:
    assert reason(before + good(name)) is not None


def test_a_page_in_a_picture_s_comment_is_refused() -> None:
    assert reason(files.jpeg(comment=files.PAGE)) is Reason.DISGUISED
    hidden = Image.Exif()
    hidden[0x010E] = "<script>alert(1)</script>"
    assert reason(files.jpeg(exif=hidden)) is Reason.DISGUISED


@pytest.mark.parametrize("name", ["mp4", "mp3", "wav", "ogg", "pdf"])
def test_sound_film_and_paper_that_zip_tools_would_open_are_refused(name: str) -> None:
    assert reason(good(name) + files.archive({"a.txt": b"x"})) in (Reason.DISGUISED, Reason.DAMAGED)


def test_a_zip_inside_a_film_s_own_box_is_still_found() -> None:
    content = files.film(b"vide") + files.box(b"free", files.archive({"a.exe": b"MZ" * 99}))
    assert reason(content) is Reason.DISGUISED


def test_what_phones_put_behind_a_picture_is_fine() -> None:
    motion_photo = files.jpeg() + files.film(b"vide", brand=b"mp42")
    assert check(motion_photo).content_type == "image/jpeg"
    assert check(files.jpeg() + files.jpeg()).content_type == "image/jpeg"
    assert check(files.picture("PNG") + b"\x00" * 64).content_type == "image/png"


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (files.png_bomb, Reason.BOMB),
        (files.jpeg_of_many_scans, Reason.BOMB),
        (lambda: files.docx({"word/media/a.bin": b"\x00" * 210_000_000}), Reason.BOMB),
        (lambda: files.docx({f"word/{n}.xml": b"" for n in range(6_000)}), Reason.BOMB),
        (lambda: files.box(b"ftyp", b"isom" * 2) + files.box(b"free") * 50_000, Reason.BOMB),
    ],
    ids=[
        "png of 3,600 million pixels",
        "jpeg of 500 scans",
        "docx of 200 MB",
        "docx of 6,000 files",
        "boxes",
    ],
)
def test_bombs_are_refused_before_they_go_off(make: Callable[[], bytes], why: Reason) -> None:
    content = make()
    began = time.monotonic()
    assert reason(content) is why
    assert time.monotonic() - began < 10


def test_a_member_that_lies_about_its_size_is_still_measured() -> None:
    content = bytearray(files.docx({"word/big.xml": b"\x00" * 3_000_000}))
    at = content.rfind(b"word/big.xml") - 46 + 24  # the size in the directory
    content[at : at + 4] = b"\x01\x00\x00\x00"
    assert reason(bytes(content)) in (Reason.DAMAGED, Reason.BOMB)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (files.docx({"word/vbaProject.bin": b"x"}), Reason.MACROS),
        (
            files.office(
                "word/document.xml", declared="application/vnd.ms-word.document.macroEnabled.main+xml"
            ),
            Reason.MACROS,
        ),
        (files.docx({"word/embeddings/a.bin": files.PROGRAM}), Reason.PROGRAM),
        (files.docx({"word/run.exe": b"hello"}), Reason.PROGRAM),
        (files.docx({"../../etc/passwd": b"x"}), Reason.DISGUISED),
        (files.docx({"/etc/passwd": b"x"}), Reason.DISGUISED),
        (b"junk" + files.docx(), Reason.UNSUPPORTED),
        (files.docx() + b"junk", Reason.DISGUISED),
        (files.office("word/document.xml", declared="text/plain"), Reason.ARCHIVE),
        (files.archive({"[Content_Types].xml": b"x", "ppt/presentation.xml": b"x"}), Reason.ARCHIVE),
        (files.compound("EncryptedPackage"), Reason.LOCKED),
        (files.compound("WordDocument", "Macros"), Reason.MACROS),
        (files.compound("Workbook", "_VBA_PROJECT_CUR"), Reason.MACROS),
        (files.compound("WordDocument") + files.PROGRAM, Reason.DISGUISED),
    ],
    ids=str,
)
def test_office_files_are_looked_into(content: bytes, why: Reason) -> None:
    assert reason(content) is why


def test_an_office_file_with_a_spoiled_member_is_damaged() -> None:
    content = bytearray(files.docx())
    at = content.find(b"word/document.xml") + 30
    content[at] ^= 0xFF
    assert reason(bytes(content)) is Reason.DAMAGED


def test_a_compound_file_whose_chain_runs_in_a_circle_is_damaged() -> None:
    content = bytearray(files.compound("WordDocument"))
    content[512 + 4 * 5 : 512 + 4 * 6] = (2).to_bytes(4, "little")
    assert reason(bytes(content)) is Reason.DAMAGED


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(list(files.GOOD)), st.integers(0, 2**32), st.integers(1, 40))
def test_spoiled_files_are_taken_or_refused_and_nothing_else(name: str, seed: int, changes: int) -> None:
    chance = random.Random(seed)
    content = bytearray(_made(name))
    for _ in range(changes):
        if chance.random() < 0.1:
            at = chance.randrange(len(content))
            del content[at : at + chance.randrange(1, 64)]
            content = content or bytearray(b"\x00")
        else:
            content[chance.randrange(min(len(content), 2_000))] = chance.randrange(256)
    reason(bytes(content))


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(
        [
            b"",
            b"\xff\xd8\xff",
            b"\x89PNG\r\n\x1a\n",
            b"GIF89a",
            b"RIFF\x40\x00\x00\x00WEBP",
            b"RIFF\x40\x00\x00\x00WAVE",
            b"\x00\x00\x00\x18ftypheic",
            b"\x00\x00\x00\x18ftypisom",
            b"ID3",
            b"\xff\xfb\x90\x00",
            b"OggS",
            b"#!AMR\n",
            b"%PDF-",
            b"PK\x03\x04",
            bytes.fromhex("d0cf11e0a1b11ae1"),
        ]
    ),
    st.binary(max_size=400),
)
def test_any_bytes_behind_any_mark_are_judged_without_an_accident(mark: bytes, rest: bytes) -> None:
    reason(mark + rest)


_cache: dict[str, bytes] = {}


def _made(name: str) -> bytes:
    if name not in _cache:
        _cache[name] = good(name)
    return _cache[name]
