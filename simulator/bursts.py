"""Holding updates back so that they arrive late and in a burst, in order or shuffled."""

from __future__ import annotations

from collections.abc import Callable

from simulator.config import Channel
from simulator.faults import Rule
from simulator.ledger import Event
from simulator.simulation import Simulation

Release = Callable[[Event, bool], None]


class Bursts:
    """One per platform. ``release`` gets each event and whether the order within a chat is given up."""

    def __init__(self, simulation: Simulation, channel: Channel, release: Release) -> None:
        self._simulation = simulation
        self._channel = channel
        self._release = release
        self._kept: list[Event] = []
        self._shuffled = False
        self._generation = 0

    def rule(self, contact: str) -> Rule | None:
        """The rule by which the next event of this user is held back, if any."""
        faults = self._simulation.faults
        return faults.delivery(self._channel, contact, "shuffle") or faults.delivery(
            self._channel, contact, "burst"
        )

    def keep(self, event: Event, rule: Rule) -> None:
        """The first event kept sets the time; all that join it go with it."""
        self._shuffled = self._shuffled or rule.kind == "shuffle"
        self._kept.append(event)
        if len(self._kept) == 1:
            self._simulation.spawn(self._let_go(rule.seconds, self._generation), f"burst {self._channel}")

    async def _let_go(self, seconds: float, generation: int) -> None:
        await self._simulation.hold(seconds)
        if generation != self._generation or self._simulation.stopping:
            return
        events, shuffled = self._kept, self._shuffled
        self._kept, self._shuffled = [], False
        for event in self._simulation.faults.shuffled(events) if shuffled else events:
            self._simulation.ledger.release(event)
            self._release(event, shuffled)

    def forget(self) -> None:
        self._generation += 1
        self._kept, self._shuffled = [], False
