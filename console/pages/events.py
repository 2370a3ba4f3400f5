"""Live updates as server-sent events. An open stream is also how the house knows that an agent is there."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from datetime import datetime, timedelta

import structlog
from fastapi import APIRouter
from fastapi.responses import StreamingResponse
from sqlalchemy.exc import DBAPIError

from console import sessions
from console.access import Context, Signed, Viewer
from console.context import ConsoleContext
from console.live import Event
from console.route import ConsoleRoute

log = structlog.get_logger(__name__)
router = APIRouter(route_class=ConsoleRoute)

PRESENT_EVERY = timedelta(seconds=20)


@router.get("/events")
async def events(context: Context, viewer: Signed) -> StreamingResponse:
    """The stream: `conversation` {id, changed_at}, `queue` {count}, `signed_out` {} as the last one."""
    return StreamingResponse(
        _stream(context, viewer), media_type="text/event-stream", headers={"X-Accel-Buffering": "no"}
    )


async def _stream(context: ConsoleContext, viewer: Viewer) -> AsyncGenerator[str, None]:
    noted: datetime | None = None
    async with aclosing(context.hub.stream()) as changes:
        async for change in changes:  # at least every fifteen seconds, if only a sign of life
            now = context.clock()
            if noted is None or now - noted >= PRESENT_EVERY:
                noted = now
                if not await asyncio.to_thread(_still_signed_in, context, viewer.session_id, now):
                    yield Event("signed_out", {}).encode()
                    return
            yield change


def _still_signed_in(context: ConsoleContext, session_id: int, now: datetime) -> bool:
    try:
        with context.database.write() as session:
            return sessions.keep_alive(session, session_id, now)
    except DBAPIError as refusal:
        log.warning("presence could not be noted", failure=type(refusal).__name__)
        return True  # nobody is thrown out because the database is away for a moment
