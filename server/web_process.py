"""Running the web role (and the courier role alone) as a process."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys

import uvicorn

from console.live import LiveHub
from conversations.clock import utc_now
from conversations.database import Database
from conversations.wakeups import LocalWakeups
from server import heartbeat, loops
from server.background import Background
from server.platforms import open_channels, platforms_of
from server.prefork import keep_workers
from server.settings import Settings
from server.supervisor import CANNOT_START, CannotListen, listen

ORPHAN_SECONDS = 0.5


class WebServer(uvicorn.Server):
    """Ends the console's event streams before it waits for open connections: they would never end by themselves."""

    def __init__(self, config: uvicorn.Config, hub: LiveHub) -> None:
        super().__init__(config)
        self._hub = hub

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """See `uvicorn.Server.shutdown`."""
        await self._hub.stop()
        await super().shutdown(sockets)


def run_web(settings: Settings, *, courier: bool, socket_fd: int | None = None) -> int:
    """Keep a web worker running until SIGTERM, or until the supervisor is gone; returns the exit status.

    `socket_fd`: the listening socket that the supervisor keeps open, so that calls made while a worker is replaced wait
    for the next one instead of being refused.
    """
    from server.web import create_app

    try:
        listening = socket.socket(fileno=socket_fd) if socket_fd is not None else listen(settings)
    except CannotListen as taken:
        print(taken, file=sys.stderr)
        return CANNOT_START

    def work() -> int:
        app = create_app(settings, courier=courier)
        config = uvicorn.Config(
            app,
            ws="none",  # Rasa pins a websockets that uvicorn no longer takes; nothing here speaks it
            log_config=None,
            access_log=False,
            timeout_graceful_shutdown=5,
            server_header=False,
        )
        asyncio.run(_serve(WebServer(config, app.state.hub), listening))
        return 0

    return keep_workers(1, work, name="web")


async def _serve(server: uvicorn.Server, listening: socket.socket) -> None:
    watcher = asyncio.create_task(_end_with_parent(server))
    try:
        await server.serve(sockets=[listening])
    finally:
        watcher.cancel()


def run_courier_alone(settings: Settings) -> int:
    """Send, fetch and sweep without a web server, until SIGTERM or until the supervisor is gone."""

    async def serve() -> None:
        from cases.evidence.vault import EvidenceVault

        database = Database(settings.database_url)
        wakeups = LocalWakeups(settings.data_dir / "run")
        channels = open_channels(platforms_of(settings))
        vault = EvidenceVault(settings.evidence_url, max_bytes=settings.evidence_max_bytes)
        background = Background(settings, database, wakeups, channels, vault, lock=None)
        tasks = [
            *background.tasks,
            asyncio.create_task(heartbeat.keep_beating(database, "courier", utc_now, {})),
            asyncio.create_task(_until_parent_ends()),
        ]
        ended = asyncio.Event()
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
        waiter = asyncio.create_task(ended.wait())
        await asyncio.wait([*tasks, waiter], return_when=asyncio.FIRST_COMPLETED)
        await loops.end((*tasks, waiter))
        await background.aclose()
        for channel in channels.values():
            await channel.aclose()
        wakeups.close()
        database.dispose()

    asyncio.run(serve())
    return 0


async def _end_with_parent(server: uvicorn.Server) -> None:
    await _until_parent_ends()
    server.should_exit = True


async def _until_parent_ends() -> None:
    parent = os.getppid()
    while os.getppid() == parent:  # noqa: ASYNC110 - nobody sends an event when a parent dies
        await asyncio.sleep(ORPHAN_SECONDS)
