"""Making updates: a number, a body, a lane; then to the webhook or into the queue for ``getUpdates``."""

from __future__ import annotations

import json
from typing import Any

from simulator.bursts import Bursts
from simulator.ledger import Event
from simulator.messages import ShownMessage
from simulator.simulation import Simulation
from simulator.telegram.delivery import CALLBACK_LIVES_SECONDS, UPDATE_LIVES_SECONDS, Copies, WebhookDelivery
from simulator.telegram.polling import Polling
from simulator.telegram.webhook import WebhookSetting


class Updates:
    def __init__(
        self, simulation: Simulation, webhook: WebhookSetting, delivery: WebhookDelivery, polling: Polling
    ) -> None:
        self._simulation = simulation
        self._webhook = webhook
        self._delivery = delivery
        self._polling = polling
        self._bursts = Bursts(simulation, "telegram", self._hand_over)

    def announce(
        self,
        kind: str,
        contact: str,
        content: dict[str, Any],
        *,
        text: str,
        message: ShownMessage | None = None,
    ) -> None:
        """Tell the bot of ``content`` under the update field ``kind``, if it allowed that kind.

        ``text`` goes to the ledger; ``message`` is the bubble that shows the delivery's state.
        """
        if not self._webhook.wants(kind):
            if message is not None:
                self._simulation.messages.set_state(message.id, "delivered")
            return
        update_id = self._simulation.store.next_update_id()
        is_press = kind == "callback_query"
        rule = self._bursts.rule(contact)
        event = self._simulation.ledger.open_event(
            "telegram",
            str(update_id),
            contact,
            kind,
            text,
            json.dumps({"update_id": update_id, kind: content}, ensure_ascii=False),
            message=message.id if message else None,
            # The Bot API server keeps callback queries in a queue apart from the chat's messages.
            lane=f"{contact}:press" if is_press else contact,
            lives_seconds=CALLBACK_LIVES_SECONDS if is_press else UPDATE_LIVES_SECONDS,
            state="held" if rule else "pending",
        )
        if rule is not None:
            self._bursts.keep(event, rule)
        else:
            self._hand_over(event, False)

    def _hand_over(self, event: Event, alone: bool) -> None:
        copies = self._draw_copies(event.contact)
        if self._webhook.now.url:
            self._delivery.submit(event, copies, alone=alone)
        else:
            if copies:
                self._polling.repeat(event, copies)
            self._polling.wake()

    def _draw_copies(self, contact: str) -> Copies:
        copies: Copies = []
        if self._simulation.faults.delivery("telegram", contact, "duplicate"):
            copies.append(("duplicate", 0.0))
        late = self._simulation.faults.delivery("telegram", contact, "late_duplicate")
        if late is not None:
            copies.append(("late_duplicate", late.seconds))
        return copies

    def resume(self) -> None:
        self._simulation.ledger.release_all("telegram")
        if self._webhook.now.url:
            self._delivery.resume()

    def forget(self) -> None:
        self._bursts.forget()
        self._delivery.forget()
        self._polling.forget()

    @property
    def copies_under_way(self) -> int:
        return self._delivery.copies_under_way + self._polling.copies_under_way
