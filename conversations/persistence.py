"""Writing down what has already happened outside: it must be written, however long the database refuses."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import structlog
from sqlalchemy.exc import DBAPIError

log = structlog.get_logger(__name__)

FIRST_PAUSE, LONGEST_PAUSE = 0.05, 0.4
"""Seconds between tries. Short, so that it is written before anybody takes the row for one that was cut off."""


async def until_written(write: Callable[[], None]) -> None:
    """Run `write` in a thread until the database takes it."""
    pause = FIRST_PAUSE
    while True:
        try:
            await asyncio.to_thread(write)
            return
        except DBAPIError as refusal:
            log.warning("what was sent waits to be written down", failure=type(refusal).__name__)
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
