"""Files that people sent: a small picture without its metadata, a larger one, the original to keep.

What a stranger sent is served as what the check found it to be, never as a page; every look leaves a trace.
"""

from __future__ import annotations

import re
import threading
from typing import Literal
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import Response

from cases.evidence.store import EvidenceAltered, NotInStore
from cases.evidence.thumbnail import NoPicture, thumbnail
from console.access import Context, Refused, Signed, Viewer, access_evidence, access_media
from console.audit import record
from console.context import ConsoleContext
from console.route import ConsoleRoute
from console.security import FILE_POLICY
from console.thread import PLAYABLE

router = APIRouter(route_class=ConsoleRoute)

Shape = Literal["thumbnail", "preview", "original"]
EDGES = {"thumbnail": 360, "preview": 1600}
_RANGE = re.compile(r"bytes=(\d*)-(\d*)")
_decoding = threading.BoundedSemaphore(2)


@router.get("/media/{media_id}/{shape}")
def media(request: Request, context: Context, viewer: Signed, media_id: int, shape: Shape) -> Response:
    """A file of a message."""
    with context.database.read() as session:
        row = access_media(session, viewer, media_id)
        if row.state != "stored" or row.sha256 is None:
            raise Refused("这个文件没有收下，看不到。", 404)
        found = (row.sha256, row.content_type or "application/octet-stream", row.file_name)
    return _serve(request, context, viewer, f"media:{media_id}", shape, *found)


@router.get("/evidence/{evidence_id}/{shape}")
def evidence(request: Request, context: Context, viewer: Signed, evidence_id: int, shape: Shape) -> Response:
    """A piece of evidence of a case or draft."""
    with context.database.read() as session:
        row = access_evidence(session, viewer, evidence_id)
        found = (row.sha256, row.content_type, row.file_name)
    return _serve(request, context, viewer, f"evidence:{evidence_id}", shape, *found)


def _serve(
    request: Request,
    context: ConsoleContext,
    viewer: Viewer,
    subject: str,
    shape: Shape,
    sha256: str,
    content_type: str,
    file_name: str | None,
) -> Response:
    try:
        content = context.vault.read(sha256)
    except NotInStore as missing:
        raise Refused("文件不在存储里，请联系管理员。", 404) from missing
    except EvidenceAltered as altered:
        raise Refused("文件内容与入库时不一致，已停止提供，请联系管理员。", 500) from altered
    asked = _range(request.headers.get("range"), len(content)) if shape == "original" else None
    if asked is None or asked[0] == 0:  # a player asks for one file many times; that is one look
        with context.database.write() as session:
            record(session, viewer.agent, f"file.{shape}", subject, context.clock())
    if shape != "original":
        return _picture(content, EDGES[shape])
    headers = {
        "Content-Security-Policy": FILE_POLICY,
        "Accept-Ranges": "bytes",
        "Cache-Control": "private, no-store",
    }
    playable = content_type in PLAYABLE
    if not playable or "download" in request.query_params:
        headers["Content-Disposition"] = _attachment(file_name, sha256, content_type)
    if asked is None:
        return Response(content, media_type=content_type, headers=headers)
    first, last = asked
    headers["Content-Range"] = f"bytes {first}-{last}/{len(content)}"
    return Response(content[first : last + 1], 206, media_type=content_type, headers=headers)


def _picture(content: bytes, edge: int) -> Response:
    try:
        with _decoding:
            small = thumbnail(content, edge=edge)
    except NoPicture as wrong:
        raise Refused("这个文件不能显示成图片，可以下载原件查看。", 404) from wrong
    headers = {"Cache-Control": "private, max-age=3600", "Content-Security-Policy": FILE_POLICY}
    return Response(small, media_type="image/jpeg", headers=headers)


def _range(header: str | None, length: int) -> tuple[int, int] | None:
    """The first and last byte asked for (RFC 9110, 14.1.2); None for all, and for what we do not understand."""
    match = _RANGE.fullmatch(header or "")
    if match is None or length == 0:
        return None
    first, last = match.groups()
    if first:
        begin, end = int(first), int(last) if last else length - 1
    elif last:
        begin, end = max(0, length - int(last)), length - 1
    else:
        return None
    end = min(end, length - 1)
    return (begin, end) if begin <= end else None


_ENDINGS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "image/gif": "gif",
    "image/heic": "heic",
    "audio/amr": "amr",
    "audio/ogg": "ogg",
    "audio/mpeg": "mp3",
    "audio/wav": "wav",
    "audio/mp4": "m4a",
    "video/mp4": "mp4",
    "video/quicktime": "mov",
    "application/pdf": "pdf",
    "text/plain": "txt",
}


def _attachment(file_name: str | None, sha256: str, content_type: str) -> str:
    """As RFC 6266 wants it; the name is the person's own, without what could be more than a name."""
    name = re.sub(r'[\\/\x00-\x1f\x7f"]', "_", file_name or "").strip(". ")
    name = name or f"{sha256[:12]}.{_ENDINGS.get(content_type, 'bin')}"
    plain = name.encode("ascii", "replace").decode().replace("?", "_")
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
