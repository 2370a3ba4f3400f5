"""Reads order pages on pictures by OCR, in a process of its own that is started when the first picture comes and ends
when none has come for a while: its memory is spent only then, and a picture that breaks it breaks nothing else.

A picture is read within `SECONDS` (the first one has `START_SECONDS` more) or not at all; unread, it is evidence like any
other.
"""

from __future__ import annotations

import asyncio
import json
import struct
import sys
from typing import Any

import structlog

from cases.evidence.order_screenshots import Line, read_order

log = structlog.get_logger(__name__)

SECONDS = 4.0
"""How long one picture may take, waiting for its turn included: WeChat's answer waits for it."""
START_SECONDS = 10.0
_LENGTH = struct.Struct(">I")
_KINDS = frozenset({"image"})


class OrderReader:
    """A `conversations.media.Reader`: one picture at a time."""

    def __init__(self, *, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._turn = asyncio.Lock()
        self._process: asyncio.subprocess.Process | None = None
        self._starting: asyncio.Task[None] | None = None

    async def read(self, content: bytes, kind: str) -> dict[str, str]:
        """The facts of the order page on the picture; empty where there is none or it was not read in time."""
        if kind not in _KINDS:
            return {}
        try:
            await asyncio.wait_for(self._running(), START_SECONDS)
            return await asyncio.wait_for(self._read(content), self._seconds)
        except asyncio.TimeoutError:
            log.info("a picture was not read in time")
        except (OSError, asyncio.IncompleteReadError, ValueError) as failure:
            log.warning("a picture could not be read", failure=type(failure).__name__)
            await self._end()
        return {}

    async def aclose(self) -> None:
        """End the process."""
        if self._starting is not None:
            self._starting.cancel()
        await self._end()

    async def _read(self, content: bytes) -> dict[str, str]:
        async with self._turn:
            process = await self._running()
            assert process.stdin is not None
            assert process.stdout is not None
            try:
                process.stdin.write(_LENGTH.pack(len(content)) + content)
                await process.stdin.drain()
                (length,) = _LENGTH.unpack(await process.stdout.readexactly(_LENGTH.size))
                answer: list[list[Any]] = json.loads(await process.stdout.readexactly(length))
            except asyncio.CancelledError:  # too slow: its answer would be taken for the next picture's
                await asyncio.shield(self._end())
                raise
            return read_order([Line(str(text), float(sure)) for text, sure in answer])

    async def _running(self) -> asyncio.subprocess.Process:
        """The process, started if there is none."""
        if self._process is not None and self._process.returncode is None:
            return self._process
        if self._starting is None or self._starting.done():
            self._starting = asyncio.create_task(self._start())
        await asyncio.shield(self._starting)
        assert self._process is not None
        return self._process

    async def _start(self) -> None:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "cases.evidence.ocr_process",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        assert process.stdout is not None
        try:
            await process.stdout.readexactly(_LENGTH.size)  # it is ready
        except (asyncio.CancelledError, asyncio.IncompleteReadError):
            process.kill()
            raise
        self._process = process

    async def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None and process.returncode is None:
            process.kill()
            await process.wait()
