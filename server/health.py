"""What an operator's machines ask: does the process live, is everything ready, how much is waiting."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse, PlainTextResponse
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from conversations.clock import Clock
from conversations.database import Database
from conversations.tables import Conversation, InboundMessage, Media, OutboundMessage
from server import migrate
from server.heartbeat import living_roles

REGISTRY = CollectorRegistry()
WEBHOOKS = Counter(
    "suda_webhooks", "Webhook calls by platform and answer", ["channel", "status"], registry=REGISTRY
)
WEBHOOK_SECONDS = Histogram(
    "suda_webhook_seconds",
    "Seconds from a webhook call to its answer",
    ["channel"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
    registry=REGISTRY,
)


class Waiting(Collector):
    """Counts what waits in the database, when asked."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def collect(self) -> Iterator[Metric]:
        """One gauge a queue; none of them names a person."""
        with self._database.read() as session:
            yield _by_state(
                "suda_inbound_open",
                "Messages not handled yet",
                session.execute(
                    select(InboundMessage.state, func.count())
                    .where(InboundMessage.state.in_(("fetching", "pending")))
                    .group_by(InboundMessage.state)
                ).all(),
            )
            yield _by_state(
                "suda_outbound_open",
                "Messages not delivered yet",
                session.execute(
                    select(OutboundMessage.state, func.count())
                    .where(OutboundMessage.state.in_(("queued", "sending", "held")))
                    .group_by(OutboundMessage.state)
                ).all(),
            )
            yield _by_state(
                "suda_media_open",
                "Files not fetched yet",
                session.execute(
                    select(Media.state, func.count()).where(Media.state == "pending").group_by(Media.state)
                ).all(),
            )
            yield _by_state(
                "suda_conversations",
                "Conversations by who has the floor",
                session.execute(select(Conversation.floor, func.count()).group_by(Conversation.floor)).all(),
            )


def _by_state(name: str, meaning: str, rows: object) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, meaning, labels=["state"])
    for state, count in rows:  # type: ignore[attr-defined]
        family.add_metric([state], count)
    return family


def health_router(database: Database, clock: Clock, *, needed: tuple[str, ...]) -> APIRouter:
    """`/healthz`, `/readyz`, `/metrics`. `needed`: the roles without which the product does not work."""
    router = APIRouter()
    waiting = CollectorRegistry()
    waiting.register(Waiting(database))

    @router.get("/healthz", include_in_schema=False)
    async def healthz() -> PlainTextResponse:
        return PlainTextResponse("ok")

    @router.get("/readyz", include_in_schema=False)
    async def readyz() -> Response:
        try:
            current = await asyncio.to_thread(migrate.is_current, database)
            roles = await asyncio.to_thread(living_roles, database, clock())
        except DBAPIError:
            return JSONResponse({"database": "unreachable"}, status_code=503)
        absent = [role for role in needed if role not in roles]
        ready = current and not absent
        body = {"database": "ok" if current else "needs migration", "roles": roles, "missing": absent}
        return JSONResponse(body, status_code=200 if ready else 503)

    @router.get("/metrics", include_in_schema=False)
    async def metrics() -> Response:
        text = generate_latest(REGISTRY)
        try:
            text += await asyncio.to_thread(generate_latest, waiting)
        except DBAPIError:
            return PlainTextResponse("the database does not answer", status_code=503)
        return Response(text, media_type="text/plain; version=0.0.4")

    return router
