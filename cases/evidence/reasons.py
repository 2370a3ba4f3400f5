"""Why a file is not taken, each with the one sentence that says what to do instead."""

from __future__ import annotations

from enum import Enum


class Reason(str, Enum):
    """The codes that a refused file carries: of the check, of the fetching before it, of the limit after
    it.
    """

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    UNSUPPORTED = "unsupported"
    ARCHIVE = "archive"
    PROGRAM = "program"
    DAMAGED = "damaged"
    BOMB = "bomb"
    DISGUISED = "disguised"
    LOCKED = "locked"
    MACROS = "macros"
    NOT_ALLOWED = "not_allowed"
    GONE = "gone"
    UNREACHABLE = "unreachable"
    CHANNEL_OFF = "channel_off"
    TOO_MANY = "too_many"


class Refused(Exception):
    """The file is not taken."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


_SENTENCES = {
    Reason.EMPTY: "这个文件是空的，请重新选一次再发。",
    Reason.TOO_LARGE: "这个文件太大了，请压缩一下，或只截取关键的一段再发。",
    Reason.UNSUPPORTED: "这种格式收不了，请改发照片、录音、视频，或PDF、Word、Excel、文本文件。",
    Reason.ARCHIVE: "压缩包收不了，请解压后把里面的照片或文件直接发来。",
    Reason.PROGRAM: "程序和脚本收不了，请把要说明的内容截图发来。",
    Reason.DAMAGED: "这个文件不完整或已损坏，打不开，请重新发一次，或截图发来。",
    Reason.BOMB: "这个文件展开后太大，打不开，请截取关键的部分发来。",
    Reason.DISGUISED: "这个文件里夹带了别的内容，不能收，请把要说明的部分截图发来。",
    Reason.LOCKED: "这个文件有密码，打不开，请去掉密码再发，或截图发来。",
    Reason.MACROS: "这个文件带有宏，不能收，请另存为不带宏的文档，或截图发来。",
    Reason.NOT_ALLOWED: "这种文件在这里收不了，请改发照片或截图，或用文字告诉我。",
    Reason.GONE: "这个文件取不到了，可能已过期，也可能是空的，请重新选一次再发。",
    Reason.UNREACHABLE: "这个文件没能取下来，请再发一次。",
    Reason.CHANNEL_OFF: "这个文件没能取下来，请稍后再发一次。",
    Reason.TOO_MANY: "凭证的数量已经满了，这个没有收。想换掉哪个，回复「人工」告诉同事。",
}


def sentence(code: str | None) -> str:
    """What the person reads about a refused file; a code without words of its own gets the general ones."""
    try:
        return _SENTENCES[Reason(code)]
    except ValueError:
        return "这个文件没能收下，请再发一次，或截图发来。"
