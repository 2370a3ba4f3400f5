"""The experimenter's side over HTTP: faults, the platforms' clock, the ledger, and starting over."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, HTTPException
from pydantic import BaseModel, ConfigDict, Field

from simulator.config import CHANNELS, Channel
from simulator.faults import KINDS, Rule
from simulator.simulation import Simulation


class RuleBody(BaseModel):
    """See ``faults.Rule`` and the kinds in ``faults.py``; ``count`` bounds how often it happens in all."""

    model_config = ConfigDict(extra="forbid")

    kind: str
    channel: Channel | None = None
    probability: float = Field(default=1.0, ge=0, le=1)
    count: int | None = Field(default=None, ge=0)
    seconds: float = Field(default=0.0, ge=0, le=3600)
    retry_after: int = Field(default=1, ge=1, le=3600)
    method: str = ""
    contact: str = ""


class FaultsBody(BaseModel):
    """Replaces the whole plan; an empty list ends all faults. ``seed`` makes the draws repeatable."""

    model_config = ConfigDict(extra="forbid")

    rules: list[RuleBody] = []
    seed: int | None = None


class ClockBody(BaseModel):
    advance_seconds: float


def control_routes(
    simulation: Simulation, reset: Callable[[], None], under_way: Callable[[], int]
) -> APIRouter:
    """``reset`` empties both phones; ``under_way`` counts copies still to come, which no state holds."""
    router = APIRouter(prefix="/playground/api", tags=["control"])

    def plan() -> dict[str, Any]:
        return {"rules": [rule.public() for rule in simulation.faults.rules], "kinds": list(KINDS)}

    @router.get("/faults")
    async def faults() -> Any:
        return plan()

    @router.post("/faults")
    async def set_faults(body: FaultsBody) -> Any:
        for rule in body.rules:
            if rule.kind not in KINDS:
                raise HTTPException(422, f"unknown fault {rule.kind!r}; known: {', '.join(KINDS)}")
        rules = [
            Rule(
                rule.kind, rule.channel, rule.probability, rule.count, rule.seconds, rule.retry_after,
                rule.method, rule.contact,
            )
            for rule in body.rules
        ]  # fmt: skip
        simulation.faults.replace(rules, body.seed)
        return plan()

    @router.get("/clock")
    async def clock() -> Any:
        return {"offset_seconds": simulation.clock.offset_seconds}

    @router.post("/clock")
    async def advance(body: ClockBody) -> Any:
        simulation.clock.advance(body.advance_seconds)
        return {"offset_seconds": simulation.clock.offset_seconds}

    @router.get("/pending")
    async def pending() -> Any:
        """How much is still to be delivered; all zero: the platforms have nothing more to say."""
        waiting: dict[str, int] = {channel: simulation.ledger.unsettled(channel) for channel in CHANNELS}
        return {**waiting, "copies": under_way()}

    @router.get("/ledger")
    async def ledger(channel: Channel | None = None, contact: str | None = None) -> Any:
        wanted = CHANNELS if channel is None else (channel,)
        return {name: simulation.ledger.report(name, contact) for name in wanted}

    @router.post("/reset")
    async def start_over() -> Any:
        reset()
        return {"ok": True}

    return router
