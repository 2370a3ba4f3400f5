"""Parameters of a Bot API call: URL query, form, multipart or JSON, all of which the platform accepts.

In forms, structured values are JSON texts and booleans are words; the readers below hide that.
"""

from __future__ import annotations

import json
from typing import Any

from starlette.datastructures import UploadFile
from starlette.requests import Request

from simulator.phone import Upload
from simulator.telegram.errors import BotApiError, bad_request


class Params:
    """``files``: uploads by field name."""

    def __init__(self, values: dict[str, Any], files: dict[str, Upload] | None = None) -> None:
        self._values = values
        self.files = files or {}

    def text(self, name: str, default: str = "") -> str:
        value = self._values.get(name, default)
        return value if isinstance(value, str) else str(value)

    def has(self, name: str) -> bool:
        return self._values.get(name) not in (None, "")

    def integer(self, name: str, default: int = 0) -> int:
        try:
            return int(self._values.get(name) or default)
        except (TypeError, ValueError) as error:
            raise bad_request(f'invalid parameter "{name}" specified: an integer expected') from error

    def flag(self, name: str) -> bool:
        return str(self._values.get(name, "")).lower() in ("true", "yes", "1")

    def structure(self, name: str, complaint: str) -> Any:
        """A JSON value, or None where it is missing; ``complaint`` completes the 400's description."""
        value = self._values.get(name)
        if value is None or value == "":
            return None
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError as error:
            raise bad_request(complaint) from error


async def read_params(request: Request) -> Params:
    values: dict[str, Any] = dict(request.query_params)
    files: dict[str, Upload] = {}
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if request.method == "POST" and kind == "application/json":
        body = await request.body()
        try:
            parsed = json.loads(body) if body else {}
        except ValueError as error:
            raise BotApiError(400, "Bad Request: can't parse JSON request") from error
        if not isinstance(parsed, dict):
            raise BotApiError(400, "Bad Request: can't parse JSON request: expected an object")
        values.update(parsed)
    elif request.method == "POST" and kind in ("application/x-www-form-urlencoded", "multipart/form-data"):
        async with request.form(max_part_size=1024 * 1024) as form:
            for name, value in form.multi_items():
                if isinstance(value, UploadFile):
                    mime = value.content_type or "application/octet-stream"
                    files[name] = Upload(value.filename or name, mime, await value.read())
                else:
                    values[name] = value
    return Params(values, files)
