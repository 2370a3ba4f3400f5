"""Where evidence is kept: files named by the SHA-256 of their content, in any store that fsspec knows.

A file appears whole or not at all, is never changed, and is one however often it is put. Names are made here
and nowhere else, so that nothing a person sends becomes part of a path.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from pathlib import Path
from typing import IO, cast

from fsspec.core import url_to_fs
from fsspec.implementations.local import LocalFileSystem

_NAME = re.compile(r"[0-9a-f]{64}")


class NotInStore(LookupError):
    """There is no file of that name in the store."""


class EvidenceAltered(RuntimeError):
    """A file's content is no longer what its name says: the store was tampered with, or is failing."""


class FileStore:
    """A content-addressed store. `url` is fsspec's: `file://var/evidence` (relative), `s3://…`,
    `memory://…`.
    """

    def __init__(self, url: str) -> None:
        self._files, self._root = url_to_fs(url)
        self._is_local = isinstance(self._files, LocalFileSystem)

    def put(self, content: bytes) -> str:
        """Keep the content; returns its SHA-256 in hexadecimal digits. Durable when it returns."""
        name = hashlib.sha256(content).hexdigest()
        path = self._path(name)
        if self._size(path) == len(content):
            return name
        if self._is_local:
            _write_whole(Path(path), content)
        else:
            # Object stores show an object only once it is complete.
            self._files.makedirs(path.rsplit("/", 1)[0], exist_ok=True)
            self._files.pipe_file(path, content)
        return name

    def open(self, sha256: str) -> IO[bytes]:
        """The file for reading. Raises `NotInStore`, and `ValueError` for what is no SHA-256."""
        path = self._path(sha256)
        try:
            return cast("IO[bytes]", self._files.open(path, "rb"))
        except FileNotFoundError as missing:
            raise NotInStore(sha256) from missing

    def read(self, sha256: str) -> bytes:
        """The whole content, unaltered: raises `EvidenceAltered` otherwise, and what `open` raises."""
        with self.open(sha256) as stream:
            content = stream.read()
        if hashlib.sha256(content).hexdigest() != sha256:
            raise EvidenceAltered(sha256)
        return content

    def has(self, sha256: str) -> bool:
        """Is it there?"""
        return self._size(self._path(sha256)) is not None

    def _path(self, sha256: str) -> str:
        if not _NAME.fullmatch(sha256):
            raise ValueError("not a SHA-256 in lower-case hexadecimal digits")
        return f"{self._root.rstrip('/')}/{sha256[:2]}/{sha256[2:4]}/{sha256}"

    def _size(self, path: str) -> int | None:
        try:
            return int(self._files.info(path)["size"])
        except FileNotFoundError:
            return None


def _write_whole(path: Path, content: bytes) -> None:
    """Write beside, flush to the disk, then give it its name: a crash leaves no half file under that name."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=".")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        Path(draft).replace(path)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
