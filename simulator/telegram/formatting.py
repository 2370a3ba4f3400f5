"""Text as the user will see it: ``parse_mode`` HTML is read, and its markup does not count towards the
length.

Of the three parse modes only HTML is understood (core.telegram.org/bots/api#html-style); the others are
refused.
"""

from __future__ import annotations

import html
import re
from typing import Any

from simulator.telegram.errors import bad_request

# "maximum length of messages (length in utf8 codepoints)": core.telegram.org/api/config
TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024

_TAG = re.compile(r"<(/?)([a-zA-Z][\w-]*)((?:\s[^<>]*)?)>")
_ENTITY_OF = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "code": "code", "pre": "pre",
    "blockquote": "blockquote", "a": "text_link", "tg-spoiler": "spoiler",
}  # fmt: skip


def utf16_length(text: str) -> int:
    """Entity offsets count UTF-16 code units (core.telegram.org/bots/api#messageentity)."""
    return len(text.encode("utf-16-le")) // 2


def formatted(text: str, parse_mode: str) -> tuple[str, list[dict[str, Any]]]:
    """The bare text and its entities. Raises 400 for broken markup."""
    if not parse_mode:
        return text.strip(), []
    if parse_mode.lower() != "html":
        raise bad_request("unsupported parse_mode")
    bare = ""
    entities: list[dict[str, Any]] = []
    opened: list[tuple[str, int, str]] = []
    position = 0
    for match in _TAG.finditer(text):
        bare += html.unescape(_no_stray_bracket(text, position, match.start()))
        closing, tag, attributes = match.group(1), match.group(2).lower(), match.group(3)
        at = len(text[: match.start()].encode())
        if tag not in _ENTITY_OF:
            raise bad_request(f'can\'t parse entities: Unsupported start tag "{tag}" at byte offset {at}')
        if not closing:
            opened.append((tag, utf16_length(bare), attributes))
        elif not opened or opened[-1][0] != tag:
            raise bad_request(f"can't parse entities: Unmatched end tag at byte offset {at}")
        else:
            _, start, attributes = opened.pop()
            entities.append(_entity(tag, start, utf16_length(bare) - start, attributes))
        position = match.end()
    bare += html.unescape(_no_stray_bracket(text, position, len(text)))
    if opened:
        raise bad_request(
            f"can't parse entities: Can't find end tag corresponding to start tag \"{opened[-1][0]}\""
        )
    return bare.strip(), sorted(entities, key=lambda entity: entity["offset"])


def _no_stray_bracket(text: str, start: int, end: int) -> str:
    piece = text[start:end]
    if "<" in piece:
        at = len(text[: start + piece.index("<")].encode())
        raise bad_request(f'can\'t parse entities: Unsupported start tag "" at byte offset {at}')
    return piece


def _entity(tag: str, offset: int, length: int, attributes: str) -> dict[str, Any]:
    entity: dict[str, Any] = {"type": _ENTITY_OF[tag], "offset": offset, "length": length}
    link = re.search(r"href\s*=\s*[\"']([^\"']*)[\"']", attributes)
    if tag == "a" and link:
        entity["url"] = html.unescape(link.group(1))
    return entity
