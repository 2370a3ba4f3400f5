"""The web role: webhooks in, console and playground out. Never runs NLU.

The composition root of this process: it makes the parts, hands them to each other, starts and stops them.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog
from fastapi import FastAPI
from fastapi.responses import RedirectResponse
from fastapi.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cases.evidence.vault import EvidenceVault
from cases.timers import close_unconfirmed
from channels.inbox import DirectReply, Stored
from channels.message import Inbound
from channels.telegram.polling import TelegramPoller
from channels.telegram.webhook import telegram_router
from channels.wechat.webhook import wechat_router
from console.app import ConsoleContext, console_router, static_folder
from console.live import LiveHub
from console.presence import return_absent
from conversations.clock import utc_now
from conversations.database import Database
from conversations.direct_reply import DirectReplies, Fits
from conversations.inbox import InboxWriter
from conversations.wakeups import LocalWakeups
from server import heartbeat, loops
from server.background import Background
from server.health import WEBHOOK_SECONDS, WEBHOOKS, health_router
from server.platforms import Platforms, open_channels, platforms_of
from server.playground import mount_playground
from server.settings import Settings

log = structlog.get_logger(__name__)

PRESENCE_SECONDS = 30.0
TIMER_SECONDS = 60.0


class WebInbox:
    """The inbox that the channels' webhooks get: durable storing, and waiting for direct replies."""

    def __init__(self, writer: InboxWriter, replies: DirectReplies) -> None:
        self._writer = writer
        self._replies = replies

    async def store(self, inbound: Inbound, *, reply_within: float | None = None) -> Stored:
        """See `channels.inbox.Inbox`."""
        return await self._writer.store(inbound, reply_within=reply_within)

    async def direct_reply(self, inbound_id: int, *, within: float, fits: Fits) -> DirectReply | None:
        """See `channels.inbox.Inbox`."""
        return await self._replies.direct_reply(inbound_id, within=within, fits=fits)


def create_app(settings: Settings, *, courier: bool = True) -> FastAPI:
    """The web application of these settings; with `courier` it also sends and fetches."""
    platforms = platforms_of(settings)
    database = Database(settings.database_url)
    wakeups = LocalWakeups(settings.data_dir / "run")
    vault = EvidenceVault(settings.evidence_url, max_bytes=settings.evidence_max_bytes)
    channels = open_channels(platforms)
    writer = InboxWriter(database, wakeups, clock=utc_now)
    replies = DirectReplies(database, wakeups, clock=utc_now)
    inbox = WebInbox(writer, replies)
    hub = LiveHub(database, wakeups, utc_now)

    async def show_typing(channel: str, contact: str) -> None:
        if channel in channels:
            await channels[channel].show_typing(contact)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        tasks = [
            asyncio.create_task(replies.watch(), name="direct replies"),
            asyncio.create_task(heartbeat.keep_beating(database, "web", utc_now, {}), name="heartbeat"),
            asyncio.create_task(
                loops.sweep(
                    PRESENCE_SECONDS,
                    lambda: asyncio.to_thread(
                        return_absent, database, utc_now(), settings.agent_away_minutes
                    ),
                    "presence",
                ),
                name="presence",
            ),
            asyncio.create_task(
                loops.sweep(
                    TIMER_SECONDS, lambda: asyncio.to_thread(close_unconfirmed, database, utc_now()), "timers"
                ),
                name="timers",
            ),
        ]
        background: Background | None = None
        if courier:
            # With SQLite there is one machine and one courier at a time, and the lock says that the last one is gone.
            lock = settings.data_dir / "courier.lock" if database.is_sqlite else None
            background = Background(settings, database, wakeups, channels, vault, lock=lock)
            tasks += background.tasks
        if platforms.telegram is not None and platforms.telegram.polling:
            poller = TelegramPoller(platforms.telegram.token, inbox, api_url=platforms.telegram.api_url)
            tasks.append(asyncio.create_task(poller.run(), name="telegram polling"))
        for task in tasks:
            task.add_done_callback(_end_if_broken)
        await hub.start()
        try:
            yield
        finally:
            await hub.stop()
            await loops.end(tasks)
            if background is not None:
                await background.aclose()
            for channel in channels.values():
                await channel.aclose()
            await asyncio.to_thread(writer.close)
            wakeups.close()
            database.dispose()

    app = FastAPI(title="诉达", docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan)
    app.state.hub = hub
    app.add_middleware(Measured)
    if platforms.telegram is not None and not platforms.telegram.polling:
        assert platforms.telegram.webhook_secret is not None  # settings refuse the webhook mode without
        app.include_router(telegram_router(platforms.telegram.webhook_secret, inbox))
    if platforms.wechat is not None:
        app.include_router(
            wechat_router(
                platforms.wechat.token,
                inbox,
                app_id=platforms.wechat.app_id,
                aes_key=platforms.wechat.aes_key,
                account=platforms.wechat.account,
            )
        )
    app.include_router(health_router(database, utc_now, needed=("web", "bot")))
    context = ConsoleContext(
        database=database,
        wakeups=wakeups,
        clock=utc_now,
        vault=vault,
        signing_key=settings.signing_key(),
        timezone=settings.timezone,
        agent_away_minutes=settings.agent_away_minutes,
        typing=show_typing,
        hub=hub,
    )
    app.include_router(console_router(context), prefix="/console")
    app.mount("/console/static", StaticFiles(directory=static_folder), name="console-static")
    _mount_front(app, settings, platforms)
    return app


def _mount_front(app: FastAPI, settings: Settings, platforms: Platforms) -> None:
    if platforms.stand_ins:
        mount_playground(app, settings, platforms)
        return

    @app.get("/", include_in_schema=False)
    async def front() -> RedirectResponse:
        return RedirectResponse("/console")


def _end_if_broken(task: asyncio.Task[None]) -> None:
    """A background loop that fails for a reason nobody foresaw ends the process: the supervisor starts a whole one."""
    if task.cancelled():
        return
    failure = task.exception()
    if failure is not None:
        log.error("a background loop broke", loop=task.get_name(), exc_info=failure)
        os._exit(1)


class Measured:
    """Counts webhook calls and times their answers. Plain ASGI: it must not come between a response and its task."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the call on, and look at the clock where it is a webhook."""
        path: str = scope.get("path", "")
        if scope["type"] != "http" or path not in ("/webhooks/telegram", "/webhooks/wechat"):
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        channel = path.rsplit("/", 1)[-1]

        async def timed(message: Message) -> None:
            if message["type"] == "http.response.start":
                WEBHOOK_SECONDS.labels(channel).observe(time.perf_counter() - started)
                WEBHOOKS.labels(channel, str(message["status"])).inc()
            await send(message)

        await self._app(scope, receive, timed)
