"""Delivery of updates to the webhook, as the Bot API server does it.

Updates of one chat go one after the other, the next only after a 2xx; chats go side by side,
``max_connections`` at a time. A failure is tried again at once, then after 2, 4, 8 … base units, up to the
limit; ``Retry-After`` is obeyed. An update lives 24 hours, a callback query 150 seconds. Fault
``duplicate``: a second copy goes out beside the first.
"""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any

from simulator.ledger import Cause, Event
from simulator.simulation import Simulation
from simulator.telegram.webhook import WebhookSetting
from simulator.webhook_client import Unanswered, WebAnswer

UPDATE_LIVES_SECONDS = 86_400.0
CALLBACK_LIVES_SECONDS = 150.0

Copies = list[tuple[Cause, float]]
AnswerMethod = Callable[[str, dict[str, Any]], Awaitable[None]]


class WebhookDelivery:
    """``answer``: carries out a method that the product put into its answer to the webhook."""

    def __init__(self, simulation: Simulation, webhook: WebhookSetting, answer: AnswerMethod) -> None:
        self._simulation = simulation
        self._webhook = webhook
        self._answer = answer
        self._lanes: dict[str, deque[Event]] = {}
        self._known: set[int] = set()
        self._copies: dict[int, Copies] = {}
        self._slots = asyncio.Semaphore(webhook.now.max_connections)
        self.copies_under_way = 0

    def resume(self) -> None:
        """Take up all that waits: after a start, or when a webhook was set."""
        self._slots = asyncio.Semaphore(self._webhook.now.max_connections)
        for event in self._simulation.ledger.pending("telegram"):
            self.submit(event)

    def submit(self, event: Event, copies: Copies | None = None, *, alone: bool = False) -> None:
        """Queue one update; ``alone``: in a lane of its own, so that nothing keeps it in order."""
        if event.number in self._known:
            return
        self._known.add(event.number)
        if copies:
            self._copies[event.number] = copies
        name = f"alone:{event.number}" if alone else event.lane
        lane = self._lanes.get(name)
        if lane is None:
            lane = self._lanes[name] = deque()
            self._simulation.spawn(self._run(name, lane), f"telegram lane {name}")
        lane.append(event)

    def forget(self) -> None:
        for lane in self._lanes.values():
            lane.clear()
        self._known.clear()
        self._copies.clear()

    async def _run(self, name: str, lane: deque[Event]) -> None:
        fails = 0
        while lane and self._webhook.now.url and not self._simulation.stopping:
            event = lane[0]
            if event.expires_at < self._simulation.clock.wall():
                self._finish(lane, event, delivered=False)
                continue
            for cause, seconds in self._copies.pop(event.number, []):
                self.copies_under_way += 1
                self._simulation.spawn(self._send_copy(event, cause, seconds), f"copy of {event.external_id}")
            async with self._slots:
                done, retry_after = await self._post(event, "retry" if fails else "first")
            if done:
                fails = 0
                self._finish(lane, event, delivered=True)
                continue
            fails += 1
            await self._simulation.hold(retry_after or self._pause(fails))
        # Without a webhook the rest stays pending in the state, for getUpdates or the next webhook.
        self._known.difference_update(event.number for event in lane)
        if self._lanes.get(name) is lane:
            del self._lanes[name]

    def _pause(self, fails: int) -> float:
        config = self._simulation.config
        if fails == 1:
            return min(config.telegram_backoff_seconds, 1.0) / 10
        return float(
            min(config.telegram_backoff_max_seconds, config.telegram_backoff_seconds * 2 ** (fails - 1))
        )

    def _finish(self, lane: deque[Event], event: Event, *, delivered: bool) -> None:
        if lane and lane[0] is event:  # else: a reset emptied the lane meanwhile
            lane.popleft()
            self._known.discard(event.number)
            self._simulation.ledger.settle(event, "delivered" if delivered else "expired")

    async def _send_copy(self, event: Event, cause: Cause, seconds: float) -> None:
        try:
            await self._simulation.hold(seconds)
            fails = 0
            while self._webhook.now.url and not self._simulation.stopping:
                async with self._slots:
                    done, retry_after = await self._post(event, cause)
                if done or event.expires_at < self._simulation.clock.wall():
                    return
                fails += 1
                await self._simulation.hold(retry_after or self._pause(fails))
        finally:
            self.copies_under_way -= 1

    async def _post(self, event: Event, cause: Cause) -> tuple[bool, float]:
        """One try: whether it was taken, and how long the answer asked to wait before the next."""
        webhook = self._webhook.now
        headers = {"Content-Type": "application/json"}
        if webhook.secret_token:
            headers["X-Telegram-Bot-Api-Secret-Token"] = webhook.secret_token
        started = self._simulation.clock.wall()
        record = self._simulation.ledger.record_delivery
        try:
            answer = await self._simulation.webhooks.request(
                "POST",
                webhook.url,
                self._simulation.config.telegram_webhook_seconds,
                event.body.encode(),
                headers,
            )
        except Unanswered as error:
            reason = "Read timeout expired" if error.timed_out else "Connection failed"
            self._webhook.note_error(started, reason)
            record("telegram", event.external_id, cause, started, 0, str(error))
            return False, 0.0
        record("telegram", event.external_id, cause, started, answer.status, answer.text[:500])
        if answer.is_success:
            await self._obey(answer)
            return True, 0.0
        self._webhook.note_error(started, f"Wrong response from the webhook: {answer.status}")
        wait = answer.headers.get("retry-after", "")
        return False, min(float(wait), 3600.0) if wait.isdigit() else 0.0

    async def _obey(self, answer: WebAnswer) -> None:
        if not answer.body or "json" not in answer.headers.get("content-type", ""):
            return
        try:
            given = json.loads(answer.body)
        except ValueError:
            return  # the platform, too, takes any 2xx and reads a method only where there is one
        if isinstance(given, dict) and isinstance(given.get("method"), str):
            await self._answer(
                given["method"], {key: value for key, value in given.items() if key != "method"}
            )
