"""Files that users and bots sent: kept in the state, served to the phones and, by each platform's rule, to
the product.

Content is never interpreted and never trusted: what a browser could run is only ever offered for download.
"""

from __future__ import annotations

import re
import secrets
import sqlite3
from dataclasses import dataclass
from urllib.parse import quote

from starlette.responses import Response

from simulator.clock import Clock
from simulator.config import Channel
from simulator.state import Store

# Shown inside the page; everything else (SVG and HTML above all) is a download.
_INLINE = re.compile(r"(image/(jpeg|png|gif|webp)|audio/[\w.+-]+|video/[\w.+-]+)")
_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


@dataclass(frozen=True)
class Medium:
    """``id`` is Telegram's file_id or WeChat's media_id; ``path`` is Telegram's file_path; size in bytes."""

    id: str
    channel: Channel
    kind: str
    name: str
    mime: str
    size: int
    created_at: float
    path: str

    def shown(self) -> dict[str, str | int]:
        """What a message keeps of it."""
        return {"id": self.id, "name": self.name, "mime": self.mime, "size": self.size}


def _medium(row: sqlite3.Row) -> Medium:
    return Medium(
        row["id"],
        row["channel"],
        row["kind"],
        row["name"],
        row["mime"],
        row["size"],
        row["created_at"],
        row["path"],
    )


# Without the body, which may be large.
_ABOUT = "SELECT id, channel, kind, name, mime, size, created_at, path FROM media"


class MediaShelf:
    """``created_at`` follows the platforms' clock, since lifetimes do."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def put(
        self,
        channel: Channel,
        kind: str,
        name: str,
        mime: str,
        body: bytes,
        *,
        folder: str = "",
        suffix: str = "",
    ) -> Medium:
        """Keep a file under a new, unguessable id; ``folder`` and ``suffix`` make a ``file_path``."""
        identifier = secrets.token_urlsafe(32)
        path = f"{folder}/file_{identifier[:10]}{suffix}" if folder else ""
        medium = Medium(identifier, channel, kind, name, mime, len(body), self._clock.now(), path)
        self._store.run(
            "INSERT INTO media (id, channel, kind, name, mime, size, created_at, path, body)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            identifier, channel, kind, name, mime, len(body), medium.created_at, path, body,
        )  # fmt: skip
        return medium

    def find(self, identifier: str) -> Medium | None:
        row = self._store.one(_ABOUT + " WHERE id = ?", identifier)
        return None if row is None else _medium(row)

    def find_path(self, channel: Channel, path: str) -> Medium | None:
        row = self._store.one(_ABOUT + " WHERE channel = ? AND path = ?", channel, path)
        return None if row is None else _medium(row)

    def body(self, medium: Medium) -> bytes:
        row = self._store.one("SELECT body FROM media WHERE id = ?", medium.id)
        return b"" if row is None else bytes(row["body"])


def page_response(medium: Medium, body: bytes, range_header: str | None) -> Response:
    """The file as the page may have it: inline for pictures, audio and video, a download for everything else.

    One byte range is served, since players seek with it.
    """
    mime = medium.mime.partition(";")[0].strip().lower()
    inline = _INLINE.fullmatch(mime) is not None
    disposition = "inline" if inline else "attachment"
    headers = {
        "Content-Disposition": f"{disposition}; filename*=UTF-8''{quote(medium.name, safe='')}",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cache-Control": "private, max-age=86400",
        "Accept-Ranges": "bytes",
    }
    content_type = medium.mime if inline else "application/octet-stream"
    span = _span(range_header, len(body))
    if span is None:
        return Response(body, headers=headers, media_type=content_type)
    first, last = span
    headers["Content-Range"] = f"bytes {first}-{last}/{len(body)}"
    return Response(body[first : last + 1], 206, headers=headers, media_type=content_type)


def _span(header: str | None, size: int) -> tuple[int, int] | None:
    match = _RANGE.fullmatch(header.strip()) if header else None
    if match is None or match.group(0) == "bytes=-" or size == 0:
        return None
    start, end = match.groups()
    if not start:
        return max(size - int(end), 0), size - 1
    first, last = int(start), min(int(end) if end else size - 1, size - 1)
    return (first, last) if first <= last else None
