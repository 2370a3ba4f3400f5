"""``getUpdates``: long polling. An update is confirmed by a later call with a higher offset, and only then
forgotten.

Source: core.telegram.org/bots/api#getupdates. Fault ``duplicate``: a confirmed update is handed out once
more.
"""

from __future__ import annotations

import asyncio

from simulator.ledger import Event
from simulator.simulation import Simulation
from simulator.telegram.delivery import Copies
from simulator.telegram.errors import BotApiError
from simulator.telegram.webhook import WebhookSetting

_LIMIT = 100
_TIMEOUT_LIMIT_SECONDS = 50


class Polling:
    def __init__(self, simulation: Simulation, webhook: WebhookSetting) -> None:
        self._simulation = simulation
        self._webhook = webhook
        self._caller = 0
        self._arrived = asyncio.Event()
        self._copies: dict[int, Copies] = {}
        self._again: list[tuple[float, Event]] = []

    @property
    def copies_under_way(self) -> int:
        return len(self._again) + sum(len(copies) for copies in self._copies.values())

    def wake(self) -> None:
        """Something changed that a waiting call should look at."""
        self._arrived.set()
        self._arrived = asyncio.Event()

    def repeat(self, event: Event, copies: Copies) -> None:
        self._copies[event.number] = copies

    def forget(self) -> None:
        self._copies.clear()
        self._again.clear()

    async def get_updates(self, offset: int, limit: int, timeout: int) -> list[Event]:
        """The updates from ``offset`` on; a negative one counts from the end and forgets what is before."""
        if self._webhook.now.url:
            raise BotApiError(
                409,
                "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to "
                "delete the webhook first",
            )
        self._caller += 1
        caller = self._caller
        self.wake()
        self._confirm(offset)
        limit = limit if 1 <= limit <= _LIMIT else _LIMIT
        loop = asyncio.get_running_loop()
        deadline = loop.time() + max(0, min(timeout, _TIMEOUT_LIMIT_SECONDS))
        while True:
            arrived = self._arrived
            self._check_rivals(caller)
            events = self._ready(offset, limit)
            left = deadline - loop.time()
            if events or left <= 0 or self._simulation.stopping:
                return events
            # Copies ripen without an arrival, and a stop must be seen: look again every second at the latest.
            try:
                await asyncio.wait_for(arrived.wait(), min(left, 1.0))
            except asyncio.TimeoutError:
                continue

    def _check_rivals(self, caller: int) -> None:
        if caller != self._caller:
            raise BotApiError(
                409,
                "Conflict: terminated by other getUpdates request; make sure that only one bot "
                "instance is running",
            )
        if self._webhook.now.url:
            raise BotApiError(409, "Conflict: terminated by setWebhook request")

    def _confirm(self, offset: int) -> None:
        ledger = self._simulation.ledger
        pending = ledger.pending("telegram")
        if offset > 0:
            confirmed = [event for event in pending if int(event.external_id) < offset]
        elif offset < 0:
            confirmed = pending[:offset]
        else:
            confirmed = []
        for event in confirmed:
            ledger.settle(event, "delivered")
            for _, seconds in self._copies.pop(event.number, []):
                self._again.append((self._simulation.clock.wall() + seconds, event))

    def _ready(self, offset: int, limit: int) -> list[Event]:
        now = self._simulation.clock.wall()
        ledger = self._simulation.ledger
        copies = [event for due, event in self._again if due <= now]
        self._again = [(due, event) for due, event in self._again if due > now]
        fresh: list[Event] = []
        for event in ledger.pending("telegram", from_id=max(offset, 0), limit=limit):
            if event.expires_at < now:
                ledger.settle(event, "expired")
            else:
                fresh.append(event)
        for event in copies:
            ledger.record_delivery("telegram", event.external_id, "duplicate", now, 200, "")
        for event in fresh:
            ledger.record_delivery("telegram", event.external_id, "poll", now, 200, "")
        return sorted(copies + fresh, key=lambda event: int(event.external_id))
