"""The OCR process: pictures come in on standard input, their lines of text go out on standard output.

A message is its length (four bytes, big-endian) and its bytes; an answer is JSON, a list of [text, sureness]. An empty
message at the start says that it is ready. It ends by itself when its parent does, or when nothing came for a while.
"""

from __future__ import annotations

import io
import json
import os
import select
import struct
import sys
from typing import Any, BinaryIO

IDLE_SECONDS = 300
LONGEST_SIDE = 1600
"""Larger pictures are made smaller first: a phone's screenshot stays legible at this."""
SMALLEST_SIDE = 200
"""Smaller ones hold no legible page."""
MOST_PIXELS = 40_000_000
NICENESS = 10
"""Webhooks, turns and sends go first: a picture that is not read in time is evidence all the same."""
_LENGTH = struct.Struct(">I")


def main() -> int:
    """Answer until there is nothing more to answer."""
    os.nice(NICENESS)
    sink = sys.stdout.buffer
    with open(0, "rb", buffering=0) as source:  # unbuffered: `select` sees all that has come
        return _answer_all(source, sink)


def _answer_all(source: BinaryIO, sink: BinaryIO) -> int:
    engine = _engine()
    _put(sink, b"")
    while select.select([source], [], [], IDLE_SECONDS)[0]:
        head = _exactly(source, _LENGTH.size)
        if head is None:
            break
        content = _exactly(source, _LENGTH.unpack(head)[0])
        if content is None:
            break
        _put(sink, json.dumps(_lines(engine, content), ensure_ascii=False).encode())
    return 0


def _engine() -> Any:
    from rapidocr_onnxruntime import RapidOCR

    return RapidOCR(intra_op_num_threads=1, inter_op_num_threads=1, use_cls=False)


def _lines(engine: Any, content: bytes) -> list[tuple[str, float]]:
    """The picture's lines, top down; none where it is no picture that can hold a page."""
    import numpy
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(content)) as picture:
            if min(picture.size) < SMALLEST_SIDE or picture.width * picture.height > MOST_PIXELS:
                return []
            picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            pixels = numpy.asarray(picture.convert("RGB"))[:, :, ::-1]
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError):
        return []
    read, _ = engine(numpy.ascontiguousarray(pixels))
    return [(str(text), float(sure)) for _, text, sure in read or ()]


def _exactly(source: BinaryIO, count: int) -> bytes | None:
    parts = []
    while count:
        part = source.read(count)
        if not part:
            return None
        parts.append(part)
        count -= len(part)
    return b"".join(parts)


def _put(sink: BinaryIO, answer: bytes) -> None:
    sink.write(_LENGTH.pack(len(answer)) + answer)
    sink.flush()


if __name__ == "__main__":
    sys.exit(main())
