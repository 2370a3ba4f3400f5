"""Files for the tests of evidence, made when needed: good ones of every kind, broken and hostile ones."""

from __future__ import annotations

import io
import struct
import wave
import zipfile
import zlib
from collections.abc import Mapping
from functools import lru_cache
from random import Random

import pillow_heif
from PIL import Image

pillow_heif.register_heif_opener()

PROGRAM = b"MZ" + b"\x90" * 58 + struct.pack("<L", 128) + b"\x0e" * 64 + b"PE\x00\x00\x64\x86" + b"\x00" * 64
ELF = b"\x7fELF\x02\x01\x01" + b"\x00" * 64
PAGE = b"<!DOCTYPE html><html><script>alert(1)</script></html>"


@lru_cache
def photo(width: int = 320, height: int = 200) -> Image.Image:
    """A picture with something in it, so that it does not compress to nothing."""
    small = Image.frombytes("RGB", (32, 20), Random(7).randbytes(32 * 20 * 3))
    return small.resize((width, height))


def picture(format: str, image: Image.Image | None = None, **options: object) -> bytes:
    """The photo in a format of Pillow's."""
    out = io.BytesIO()
    (image or photo()).save(out, format, **options)
    return out.getvalue()


def jpeg(**options: object) -> bytes:
    """A JPEG."""
    return picture("JPEG", **options)


def gif(frames: int = 3) -> bytes:
    """An animated GIF."""
    images = [photo().rotate(number * 20).convert("P") for number in range(frames)]
    out = io.BytesIO()
    images[0].save(out, "GIF", save_all=True, append_images=images[1:], duration=50)
    return out.getvalue()


def wav(seconds: float = 0.2) -> bytes:
    """A WAV of noise."""
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(Random(1).randbytes(int(16_000 * seconds)))
    return out.getvalue()


def amr(frames: int = 50) -> bytes:
    """An AMR voice message: frames of 12.2 kbit/s."""
    return b"#!AMR\n" + (b"\x3c" + b"\x55" * 31) * frames


def mp3(frames: int = 20, *, tagged: bool = False) -> bytes:
    """An MP3: frames of 128 kbit/s at 44,100 Hz."""
    head = b"ID3\x04\x00\x00\x00\x00\x00\x0a" + b"\x00" * 10 if tagged else b""
    tail = b"TAG" + b" " * 125 if tagged else b""
    return head + (b"\xff\xfb\x90\x00" + b"\x00" * 413) * frames + tail


def ogg(pages: int = 4, codec: bytes = b"OpusHead") -> bytes:
    """An Ogg file: a page with the codec's head, then pages of sound."""
    out = b""
    for number in range(pages):
        body = codec + b"\x01" * 11 if number == 0 else b"\x07" * 200
        out += b"OggS" + struct.pack("<BBqLLLB", 0, 2 if number == 0 else 0, number, 1, number, 0, 1)
        out += bytes([len(body)]) + body
    return out


def box(kind: bytes, body: bytes = b"") -> bytes:
    """A box of the ISO family."""
    return struct.pack(">L4s", 8 + len(body), kind) + body


def film(*handlers: bytes, brand: bytes = b"isom", old: bool = False) -> bytes:
    """An MP4, M4A or MOV with a track for each handler (`vide`, `soun`)."""
    tracks = b"".join(
        box(b"trak", box(b"mdia", box(b"hdlr", b"\x00" * 8 + handler + b"\x00" * 13))) for handler in handlers
    )
    head = b"" if old else box(b"ftyp", brand + b"\x00" * 4 + brand)
    return head + box(b"moov", box(b"mvhd", b"\x00" * 100) + tracks) + box(b"mdat", b"\x5a" * 3_000)


def pdf() -> bytes:
    """A PDF of one empty page."""
    out = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"
    places = []
    for number, body in enumerate(
        (
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>",
        ),
        start=1,
    ):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(out)
    out += b"xref\n0 4\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % at for at in places)
    return out + b"trailer\n<< /Size 4 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % table


def archive(members: Mapping[str, bytes], *, level: int = 6) -> bytes:
    """A zip archive, the same bytes at any time of day."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as packed:
        for name, content in members.items():
            packed.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED, level)
    return out.getvalue()


_MAIN = {
    "word/document.xml": "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
    "xl/workbook.xml": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
}


def office(part: str, more: Mapping[str, bytes] | None = None, declared: str | None = None) -> bytes:
    """A docx (`word/document.xml`) or xlsx (`xl/workbook.xml`), with more members if wanted."""
    types = f'<Types><Override PartName="/{part}" ContentType="{declared or _MAIN[part]}"/></Types>'
    return archive(
        {"[Content_Types].xml": types.encode(), part: b"<w>" + b"text " * 500 + b"</w>", **(more or {})}
    )


def docx(more: Mapping[str, bytes] | None = None) -> bytes:
    """A Word file."""
    return office("word/document.xml", more)


def xlsx() -> bytes:
    """An Excel file."""
    return office("xl/workbook.xml")


def compound(*streams: str, size: int = 8_192) -> bytes:
    """A compound file ([MS-CFB] version 3) whose first stream has a body of `size` bytes."""
    sectors = size // 512
    table = [0xFFFFFFFD, 0xFFFFFFFE, *range(3, 2 + sectors), 0xFFFFFFFE]
    table += [0xFFFFFFFF] * (128 - len(table))
    entries = _entry("Root Entry", 5, 0xFFFFFFFE, 0)
    for number, name in enumerate(streams):
        entries += _entry(name, 2, 2 if number == 0 else 0xFFFFFFFE, size if number == 0 else 0)
    entries = entries.ljust(512, b"\x00")[:512]
    head = bytes.fromhex("d0cf11e0a1b11ae1") + b"\x00" * 16
    head += struct.pack("<5H", 0x3E, 3, 0xFFFE, 9, 6) + b"\x00" * 6
    head += struct.pack("<9L", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    head += struct.pack("<109L", 0, *[0xFFFFFFFF] * 108)
    return head + struct.pack("<128L", *table) + entries + b"\x41" * size


def _entry(name: str, kind: int, start: int, size: int) -> bytes:
    encoded = (name + "\x00").encode("utf-16-le")
    links = struct.pack("<HBB3L", len(encoded), kind, 1, *[0xFFFFFFFF] * 3)
    return encoded.ljust(64, b"\x00") + links + b"\x00" * 36 + struct.pack("<LQ", start, size)


def png_bomb(width: int = 60_000, height: int = 60_000) -> bytes:
    """A small PNG that claims a great many pixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">L", len(body)) + kind + body + struct.pack(">L", zlib.crc32(kind + body))

    head = struct.pack(">2L5B", width, height, 1, 0, 0, 0, 0)
    rows = zlib.compress(b"\x00" * 1_000_000, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def jpeg_of_many_scans(times: int = 500) -> bytes:
    """A progressive JPEG whose last scan is there again and again: each costs a pass over the picture."""
    content = jpeg(progressive=True)
    last = content.rfind(b"\xff\xda")
    return content[:-2] + content[last:-2] * times + content[-2:]


GOOD = {
    "jpeg": (jpeg, "image", "image/jpeg"),
    "progressive jpeg": (lambda: jpeg(progressive=True), "image", "image/jpeg"),
    "png": (lambda: picture("PNG"), "image", "image/png"),
    "webp": (lambda: picture("WEBP"), "image", "image/webp"),
    "gif": (gif, "image", "image/gif"),
    "heic": (lambda: picture("HEIF"), "image", "image/heic"),
    "amr": (amr, "audio", "audio/amr"),
    "mp3": (mp3, "audio", "audio/mpeg"),
    "tagged mp3": (lambda: mp3(tagged=True), "audio", "audio/mpeg"),
    "m4a": (lambda: film(b"soun", brand=b"M4A "), "audio", "audio/mp4"),
    "ogg": (ogg, "audio", "audio/ogg"),
    "wav": (wav, "audio", "audio/wav"),
    "mp4": (lambda: film(b"vide", b"soun"), "video", "video/mp4"),
    "mov": (lambda: film(b"vide", brand=b"qt  "), "video", "video/quicktime"),
    "old mov": (lambda: film(b"vide", old=True), "video", "video/quicktime"),
    "pdf": (pdf, "document", "application/pdf"),
    "docx": (docx, "document", _MAIN["word/document.xml"].removesuffix(".main+xml")),
    "xlsx": (xlsx, "document", _MAIN["xl/workbook.xml"].removesuffix(".main+xml")),
    "doc": (lambda: compound("WordDocument", "1Table"), "document", "application/msword"),
    "xls": (lambda: compound("Workbook"), "document", "application/vnd.ms-excel"),
    "txt": (lambda: "11月20日下单，至今没收到货。\n".encode(), "document", "text/plain"),
    "txt in GB 18030": (lambda: "11月20日下单，至今没收到货。\n".encode("gb18030"), "document", "text/plain"),
    "txt in UTF-16": (lambda: "11月20日下单，至今没收到货。\n".encode("utf-16"), "document", "text/plain"),
}
"""Every kind that is taken: how to make one, its kind and its content type."""
