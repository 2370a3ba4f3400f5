"""Serving the static files by their versioned addresses."""

from __future__ import annotations

import mimetypes

from fastapi import APIRouter
from fastapi.responses import FileResponse, Response

from console import assets
from console.access import Refused
from console.route import ConsoleRoute

router = APIRouter(route_class=ConsoleRoute)

FOREVER = "public, max-age=31536000, immutable"


@router.get("/assets/{version}/{name:path}")
def asset(version: str, name: str) -> Response:
    """A static file; one of another version may not be kept."""
    path = assets.files().get(name)
    if path is None:
        raise Refused("没有这个文件。", 404)
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    kept = FOREVER if version == assets.version() else "no-store"
    return FileResponse(path, media_type=kind, headers={"Cache-Control": kept})
