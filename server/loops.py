"""The background loops of the courier role: fetch files, send messages, sweep. Each survives a refusing database."""

from __future__ import annotations

import asyncio
import fcntl
import os
from collections.abc import Awaitable, Callable, Collection
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy.exc import DBAPIError

from conversations.clock import Clock
from conversations.courier import Courier
from conversations.database import Database
from conversations.media import MediaFetcher, next_fetch_at
from conversations.wakeups import BOT, COURIER, FETCHER, Listener, Wakeups
from server.order_lookup import OrderLookups

log = structlog.get_logger(__name__)

SWEEP_SECONDS = 1.0
LEAST_PAUSE = 0.01
CANCEL_AGAIN_SECONDS = 0.5


async def run_courier(courier: Courier, wakeups: Wakeups, clock: Clock, *, lock: Path | None) -> None:
    """Send what is due, until cancelled; what is in flight then is finished.

    `lock`: a file that only one courier holds. Who has it knows that no other is sending, and takes up at once what
    its predecessor left in flight; without it the leases of those messages must run out first.
    """
    listener = wakeups.listen(COURIER)
    held = None if lock is None else await _hold(lock)
    try:
        await _persist(lambda: courier.recover(alone=held is not None))
        await _work(courier.send_due, courier.next_due_at, listener, clock, "courier")
    finally:
        listener.close()
        await courier.finish()
        if held is not None:
            os.close(held)


async def _hold(lock: Path) -> int:
    """Wait until the last holder is gone (a killed one is at once); the open file that holds the lock."""
    handle = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            await asyncio.sleep(0.05)
        else:
            return handle


async def run_fetcher(fetcher: MediaFetcher, database: Database, wakeups: Wakeups, clock: Clock) -> None:
    """Fetch what is due, until cancelled."""

    async def fetch() -> int:
        ready = await fetcher.fetch_due()
        if ready:
            wakeups.notify(BOT)
        return ready

    def next_at() -> datetime | None:
        with database.read() as session:
            return next_fetch_at(session)

    listener = wakeups.listen(FETCHER)
    try:
        await _work(fetch, next_at, listener, clock, "fetcher")
    finally:
        listener.close()


async def run_lookups(lookups: OrderLookups, wakeups: Wakeups, clock: Clock) -> None:
    """Look orders up, until cancelled."""
    listener = wakeups.listen(FETCHER)
    try:
        await _work(lookups.look_up_due, lookups.next_due_at, listener, clock, "lookups")
    finally:
        listener.close()


async def sweep(every: float, job: Callable[[], Awaitable[object]], name: str) -> None:
    """Run a job again and again, until cancelled."""
    while True:
        try:
            await job()
        except DBAPIError as refusal:
            log.warning("a sweep waits for the database", loop=name, failure=type(refusal).__name__)
        await asyncio.sleep(every)


async def end(tasks: Collection[asyncio.Task[Any]]) -> None:
    """Cancel tasks until they have ended.

    Once is not enough: on Python 3.10, anyio (under httpx) loses a cancellation that comes in the moment in which a
    connection is made (`anyio.connect_tcp` ends its own task group then), and a poll would go on for ever.
    """
    left = {task for task in tasks if not task.done()}
    while left:
        for task in left:
            task.cancel()
        done, left = await asyncio.wait(left, timeout=CANCEL_AGAIN_SECONDS)
        for task in done:
            if not task.cancelled():
                task.exception()  # looked at: who watches the task has reported it


async def _persist(job: Callable[[], Awaitable[object]]) -> None:
    while True:
        try:
            await job()
            return
        except DBAPIError:
            await asyncio.sleep(SWEEP_SECONDS)


async def _work(
    step: Callable[[], Awaitable[int]],
    next_at: Callable[[], datetime | None],
    listener: Listener,
    clock: Clock,
    name: str,
) -> None:
    while True:
        try:
            done = await step()
            pause = 0.0 if done else await asyncio.to_thread(_until, next_at, clock)
        except DBAPIError as refusal:
            log.warning("the database refuses", loop=name, failure=type(refusal).__name__)
            pause = SWEEP_SECONDS
        await listener.wait(max(pause, LEAST_PAUSE))


def _until(next_at: Callable[[], datetime | None], clock: Clock) -> float:
    """Seconds until the next thing is due, at most a sweep; what is overdue but cannot go now waits a little."""
    due = next_at()
    if due is None:
        return SWEEP_SECONDS
    left = (due - clock()).total_seconds()
    return min(left, SWEEP_SECONDS) if left > 0 else 0.1
