"""Scripts and styles under addresses that change with their content: a browser may keep them forever.

The modules import each other by relative address, and so all come from the same version.
"""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "static"


def address(name: str) -> str:
    """The address of a static file in its present version."""
    if name not in files():
        raise LookupError(f"no static file {name}")
    return f"/console/assets/{version()}/{name}"


@cache
def version() -> str:
    """A short name for the content of all static files together."""
    digest = sha256()
    for name, path in sorted(files().items()):
        digest.update(name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:10]


@cache
def files() -> dict[str, Path]:
    """All static files by name. What is not in here cannot be asked for."""
    return {path.relative_to(FOLDER).as_posix(): path for path in FOLDER.rglob("*") if path.is_file()}
