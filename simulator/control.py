"""The experimenter's side over HTTP: faults, the platforms' clock, the ledger, and starting over."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import HTTPException, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from simulator.config import CHANNELS, Channel
from simulator.faults import KINDS, Rule
from simulator.incoming import check_site, read_fields
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

    def rule(self) -> Rule:
        if self.kind not in KINDS:
            raise HTTPException(422, f"没有故障 {self.kind!r}；可选：{'、'.join(KINDS)}")
        return Rule(
            self.kind, self.channel, self.probability, self.count, self.seconds, self.retry_after,
            self.method, self.contact,
        )  # fmt: skip


class FaultsBody(BaseModel):
    """Replaces the whole plan; an empty list ends all faults. ``seed`` makes the draws repeatable."""

    model_config = ConfigDict(extra="forbid")

    rules: list[RuleBody] = []
    seed: int | None = None


class ClockBody(BaseModel):
    advance_seconds: float


class ControlRoutes:
    """``reset`` empties both phones; ``under_way`` counts copies still to come, which no state holds.

    ``verify`` checks the product's WeChat address.
    """

    def __init__(
        self,
        simulation: Simulation,
        reset: Callable[[], None],
        under_way: Callable[[], int],
        verify: Callable[[], Awaitable[dict[str, object]]],
    ) -> None:
        self._simulation = simulation
        self._reset = reset
        self._under_way = under_way
        self._verify = verify

    def routes(self) -> list[BaseRoute]:
        base = "/playground/api"
        return [
            Route(f"{base}/faults", self._faults, methods=["GET", "POST"]),
            Route(f"{base}/clock", self._clock, methods=["GET", "POST"]),
            Route(f"{base}/pending", self._pending, methods=["GET"]),
            Route(f"{base}/ledger", self._ledger, methods=["GET"]),
            Route(f"{base}/reset", self._start_over, methods=["POST"]),
            Route(f"{base}/wechat/verify", self._verify_wechat, methods=["POST"]),
        ]

    async def _faults(self, request: Request) -> Response:
        check_site(request)
        faults = self._simulation.faults
        if request.method == "POST":
            body = await read_fields(request, FaultsBody)
            faults.replace([rule.rule() for rule in body.rules], body.seed)
        return JSONResponse({"rules": [rule.public() for rule in faults.rules], "kinds": list(KINDS)})

    async def _clock(self, request: Request) -> Response:
        check_site(request)
        if request.method == "POST":
            body = await read_fields(request, ClockBody)
            self._simulation.clock.advance(body.advance_seconds)
        return JSONResponse({"offset_seconds": self._simulation.clock.offset_seconds})

    async def _pending(self, request: Request) -> Response:
        """How much is still to be delivered; all zero: the platforms have nothing more to say."""
        check_site(request)
        waiting: dict[str, int] = {
            channel: self._simulation.ledger.unsettled(channel) for channel in CHANNELS
        }
        return JSONResponse({**waiting, "copies": self._under_way()})

    async def _ledger(self, request: Request) -> Response:
        """By channel, all or the one asked for; ``contact`` narrows it to one user."""
        check_site(request)
        asked = request.query_params.get("channel")
        if asked and asked not in CHANNELS:
            raise HTTPException(404, "没有这个平台")
        contact = request.query_params.get("contact") or None
        wanted = [channel for channel in CHANNELS if asked in (None, "", channel)]
        report: dict[str, Any] = {
            channel: self._simulation.ledger.report(channel, contact) for channel in wanted
        }
        return JSONResponse(report)

    async def _start_over(self, request: Request) -> Response:
        check_site(request)
        self._reset()
        return JSONResponse({"ok": True})

    async def _verify_wechat(self, request: Request) -> Response:
        check_site(request)
        return JSONResponse(await self._verify())
