"""Checking sound files (AMR, MP3, Ogg, WAV) by walking their frames from the first to the last; nothing is
decoded.
"""

from __future__ import annotations

import struct

from cases.evidence.reasons import Reason, Refused

# Bytes of a frame after its first, by frame type. RFC 4867 section 5.3; reserved types are not there.
_AMR = {0: 12, 1: 13, 2: 15, 3: 17, 4: 19, 5: 20, 6: 26, 7: 31, 8: 5, 15: 0}
_AMR_WB = {0: 17, 1: 23, 2: 32, 3: 36, 4: 40, 5: 46, 6: 50, 7: 58, 8: 60, 9: 5, 14: 0, 15: 0}
_MAX_AMR_FRAMES = 1_000_000
"""Of 20 ms each: five hours and a half."""
_AMR_MAGIC = b"#!AMR\n"
_AMR_WB_MAGIC = b"#!AMR-WB\n"

# MPEG audio layer III, ISO/IEC 11172-3 and 13818-3: kbit/s by index, Hz by index.
_MP3_RATES_V1 = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_MP3_RATES_V2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
_MP3_HERTZ = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}
_MP3_LEAST_FRAMES = 3
_MAX_PADDING = 65_536

_OGG_SOUND = (b"OpusHead", b"\x01vorbis", b"Speex   ", b"\x7fFLAC")


def check_sound(content: bytes) -> str | None:
    """The content type of a sound file; None if it does not begin as one that we take. Raises `Refused`."""
    if content.startswith(_AMR_MAGIC):
        _check_amr(content, len(_AMR_MAGIC), _AMR)
        return "audio/amr"
    if content.startswith(_AMR_WB_MAGIC):
        _check_amr(content, len(_AMR_WB_MAGIC), _AMR_WB)
        return "audio/amr-wb"
    if content.startswith(b"OggS"):
        _check_ogg(content)
        return "audio/ogg"
    if content.startswith(b"RIFF") and content[8:12] == b"WAVE":
        _check_wav(content)
        return "audio/wav"
    if content.startswith(b"ID3") or _mp3_frame(content, 0):
        _check_mp3(content)
        return "audio/mpeg"
    return None


def _check_amr(content: bytes, position: int, sizes: dict[int, int]) -> None:
    end = len(content)
    if position == end:
        raise Refused(Reason.DAMAGED)
    for _ in range(_MAX_AMR_FRAMES):
        if position >= end:
            break
        size = sizes.get(content[position] >> 3 & 0x0F)
        if size is None:
            raise Refused(Reason.DAMAGED)
        position += 1 + size
    if position != end:
        raise Refused(Reason.DAMAGED)


def _check_ogg(content: bytes) -> None:
    position, end, first = 0, len(content), True
    while position < end:
        if content[position : position + 4] != b"OggS" or position + 27 > end:
            raise Refused(Reason.DAMAGED)
        segments = content[position + 26]
        body = position + 27 + segments
        if first:
            if not content[body : body + 8].startswith(tuple(mark[:8] for mark in _OGG_SOUND)):
                raise Refused(Reason.UNSUPPORTED)
            first = False
        position = body + sum(content[position + 27 : body])
    if position != end:
        raise Refused(Reason.DAMAGED)


def _check_wav(content: bytes) -> None:
    position, end, found = 12, len(content), set()
    while position + 8 <= end:
        name, size = struct.unpack_from("<4sL", content, position)
        found.add(name)
        if name == b"data":
            unknown = size == 0xFFFFFFFF  # a recorder that could not go back to fill it in
            if not unknown and position + 8 + size > end:
                raise Refused(Reason.DAMAGED)
            if unknown:
                break
        position += 8 + size + (size & 1)
    if not {b"fmt ", b"data"} <= found:
        raise Refused(Reason.DAMAGED)


def _check_mp3(content: bytes) -> None:
    position, end = _after_id3(content), len(content)
    frames = 0
    while position < end:
        size = _mp3_frame(content, position)
        if size == 0:
            break
        position += size
        frames += 1
    rest = content[position:]
    # Tags of older kinds may follow the sound; silence and padding are harmless.
    tagged = rest.startswith((b"TAG", b"APETAGEX", b"LYRICSBEGIN", b"ID3")) or not rest.strip(b"\x00")
    if frames < _MP3_LEAST_FRAMES or position > end or not tagged:
        raise Refused(Reason.DAMAGED)


def _after_id3(content: bytes) -> int:
    if not content.startswith(b"ID3") or len(content) < 10:
        return 0
    size = 0
    for byte in content[6:10]:
        size = size << 7 | byte & 0x7F
    position = 10 + size + (10 if content[5] & 0x10 else 0)
    padding = 0
    while position < len(content) and content[position] == 0 and padding < _MAX_PADDING:
        position += 1
        padding += 1
    return position


def _mp3_frame(content: bytes, position: int) -> int:
    """The length of the layer III frame that begins here; 0 if none does."""
    if position + 4 > len(content) or content[position] != 0xFF or content[position + 1] & 0xE0 != 0xE0:
        return 0
    version, layer = content[position + 1] >> 3 & 3, content[position + 1] >> 1 & 3
    rate, hertz = content[position + 2] >> 4, content[position + 2] >> 2 & 3
    if layer != 1 or version == 1 or rate in (0, 15) or hertz == 3:
        return 0
    rates, factor = (_MP3_RATES_V1, 144_000) if version == 3 else (_MP3_RATES_V2, 72_000)
    padding = content[position + 2] >> 1 & 1
    return factor * rates[rate] // _MP3_HERTZ[version][hertz] + padding
