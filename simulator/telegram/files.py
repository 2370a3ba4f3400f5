"""Files on Telegram: where an upload is kept, what ``getFile`` says of it, and the download itself.

Bots may fetch at most 20 MB (core.telegram.org/bots/api#getfile); users may send more.
"""

from __future__ import annotations

import mimetypes
from typing import Any

from simulator.media import MediaShelf, Medium
from simulator.phone import Upload
from simulator.telegram.errors import bad_request
from simulator.telegram.objects import file_part

DOWNLOAD_LIMIT = 20 * 1024 * 1024

_FOLDERS = {
    "photo": "photos", "voice": "voice", "video": "videos", "audio": "music", "video_note": "video_notes",
    "sticker": "stickers",
}  # fmt: skip


def keep_upload(shelf: MediaShelf, kind: str, upload: Upload) -> Medium:
    suffix = mimetypes.guess_extension(upload.mime.partition(";")[0]) or ""
    if "." in upload.name[-6:]:
        suffix = "." + "".join(sign for sign in upload.name.rpartition(".")[2] if sign.isalnum())
    folder = _FOLDERS.get(kind, "documents")
    return shelf.put("telegram", kind, upload.name, upload.mime, upload.body, folder=folder, suffix=suffix)


def describe_file(shelf: MediaShelf, file_id: str) -> dict[str, Any]:
    """The File object of ``getFile``."""
    medium = shelf.find(file_id) if file_id else None
    if medium is None or medium.channel != "telegram":
        raise bad_request("invalid file_id")
    if medium.size > DOWNLOAD_LIMIT:
        raise bad_request("file is too big")
    return {**file_part(medium), "file_path": medium.path}
