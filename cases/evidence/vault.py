"""The vault that the fetching of media is given: a file is checked by its content, then stored unaltered."""

from __future__ import annotations

import threading

from cases.evidence.check import MAX_BYTES, check
from cases.evidence.reasons import Refused
from cases.evidence.store import FileStore
from conversations.media import Kept, Refusal

_CHECKS_AT_ONCE = 1
"""A check needs up to some 350 MB at its worst and takes milliseconds at its best: one after the other."""


class EvidenceVault(FileStore):
    """A `conversations.media.Vault`: safe to call from several threads, and slow at times."""

    def __init__(self, url: str, *, max_bytes: int = MAX_BYTES) -> None:
        super().__init__(url)
        self._max_bytes = max_bytes
        self._slots = threading.BoundedSemaphore(_CHECKS_AT_ONCE)

    def keep(self, content: bytes, *, file_name: str | None, mime_type: str | None) -> Kept | Refusal:
        """Check and store a file, or say why not. `mime_type` is a claim that nothing is made of.

        Raises `OSError` where the store fails: the file is then neither kept nor refused.
        """
        try:
            with self._slots:
                found = check(content, file_name, max_bytes=self._max_bytes)
        except Refused as refused:
            return Refusal(refused.reason.value)
        return Kept(
            sha256=self.put(content),
            size=len(content),
            kind=found.kind,
            content_type=found.content_type,
        )
