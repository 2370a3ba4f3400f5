"""Small real files for the console's tests: pictures, a tone, a letter."""

from __future__ import annotations

import io
import math
import struct
import wave

from PIL import Image, ImageDraw


def photo(
    colour: tuple[int, int, int] = (196, 90, 70), size: tuple[int, int] = (900, 700), *, place: bool = False
) -> bytes:
    """A JPEG with something on it; with `place`, its metadata says where it was taken."""
    image = Image.new("RGB", size, (236, 239, 242))
    draw = ImageDraw.Draw(image)
    width, height = size
    draw.rounded_rectangle((width * 0.2, height * 0.15, width * 0.8, height * 0.85), 40, fill=colour)
    draw.line((width * 0.3, height * 0.3, width * 0.7, height * 0.7), fill=(40, 44, 52), width=12)
    out = io.BytesIO()
    exif = Image.Exif()
    if place:
        exif.get_ifd(0x8825)[1] = "N"
        exif.get_ifd(0x8825)[2] = (31.0, 13.0, 49.0)
    image.save(out, "JPEG", quality=85, exif=exif)
    return out.getvalue()


def tone(seconds: float = 1.0) -> bytes:
    """A WAV of one tone."""
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        samples = (int(9000 * math.sin(2 * math.pi * 440 * n / 8000)) for n in range(int(8000 * seconds)))
        sound.writeframes(b"".join(struct.pack("<h", sample) for sample in samples))
    return out.getvalue()


def letter() -> bytes:
    """A text file."""
    return "订单说明：颜色发错，要求换货。\n".encode()
