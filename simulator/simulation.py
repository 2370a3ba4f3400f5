"""The parts both platforms share, made once and handed to each: state, messages, ledger, faults, client."""

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
from simulator.webhook_client import HttpxClient, PooledClient, WebhookClient

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
        self._webhooks: WebhookClient | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._stopping: asyncio.Event | None = None

    @property
    def webhooks(self) -> WebhookClient:
        """The client for requests to the product."""
        if self._webhooks is None:
            raise RuntimeError("the stand-ins are not started: run the app's lifespan")
        return self._webhooks

    @property
    def stopping(self) -> bool:
        return self._stopping is not None and self._stopping.is_set()

    async def start(self) -> None:
        self._stopping = asyncio.Event()
        self._webhooks = PooledClient() if self._transport is None else HttpxClient(self._transport)

    async def stop(self) -> None:
        """End what is under way; undelivered updates stay in the state and go out after the next start."""
        if self._stopping is not None:
            self._stopping.set()
        self.feed.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._webhooks is not None:
            await self._webhooks.close()
            self._webhooks = None
        self.store.close()

    def spawn(self, work: Coroutine[Any, Any, None], name: str) -> None:
        """Run ``work`` until it ends or the stand-ins stop; a failure is logged, never silent."""
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
