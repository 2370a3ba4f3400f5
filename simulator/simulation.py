"""The parts both platforms share, made once and handed to each: state, phones' messages, ledger, faults,
HTTP client.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

import httpx

from simulator.clock import Clock
from simulator.config import SimulatorConfig
from simulator.contacts import Contacts
from simulator.faults import FaultPlan
from simulator.feed import Feed
from simulator.ledger import Ledger
from simulator.media import MediaShelf
from simulator.messages import Messages
from simulator.state import Store

log = logging.getLogger(__name__)


class Simulation:
    """``transport`` replaces the network for the webhooks (tests hand in the product's app itself)."""

    def __init__(self, config: SimulatorConfig, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self.config = config
        self.clock = Clock(config.clock_offset_seconds)
        self.store = Store(config.state)
        self.feed = Feed()
        self.faults = FaultPlan()
        self.messages = Messages(self.store, self.feed, self.clock)
        self.contacts = Contacts(self.store)
        self.media = MediaShelf(self.store, self.clock)
        self.ledger = Ledger(self.store, self.messages, self.clock)
        self._transport = transport
        self._http: httpx.AsyncClient | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._stopping: asyncio.Event | None = None

    @property
    def http(self) -> httpx.AsyncClient:
        """The client for webhook posts; each post sets its own, shorter time limit."""
        if self._http is None:
            raise RuntimeError("the stand-ins are not started: run the app's lifespan")
        return self._http

    @property
    def stopping(self) -> bool:
        return self._stopping is not None and self._stopping.is_set()

    async def start(self) -> None:
        self._stopping = asyncio.Event()
        busy = max(self.config.telegram_max_connections, 100) + self.config.wechat_max_connections
        self._http = httpx.AsyncClient(
            transport=self._transport,
            trust_env=False,
            follow_redirects=False,
            timeout=60.0,
            limits=httpx.Limits(max_connections=busy, max_keepalive_connections=100, keepalive_expiry=30),
        )

    async def stop(self) -> None:
        """End what is under way; undelivered updates stay in the state and go out after the next start."""
        if self._stopping is not None:
            self._stopping.set()
        self.feed.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._http is not None:
            await self._http.aclose()
            self._http = None
        self.store.close()

    def spawn(self, work: Coroutine[Any, Any, None], name: str) -> None:
        """Run ``work`` in the background until it ends or the stand-ins stop; a failure is logged, never
        silent.
        """
        task = asyncio.get_running_loop().create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._finished)

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.error(
                "background work of the stand-ins failed: %s", task.get_name(), exc_info=task.exception()
            )

    async def hold(self, seconds: float) -> None:
        """Wait, but no longer than until the stand-ins stop."""
        if self._stopping is None:
            raise RuntimeError("the stand-ins are not started: run the app's lifespan")
        try:
            await asyncio.wait_for(self._stopping.wait(), seconds)
        except asyncio.TimeoutError:
            return
