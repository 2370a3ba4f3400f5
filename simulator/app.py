"""Stand-ins for Telegram and WeChat, and the phones that talk through them, as one ASGI app.

Under ``/telegram`` the Bot API, under ``/wechat`` the Official Account API, under ``/playground/api`` the
phones and the experimenter's controls. There is no authentication on the phones: serve this on loopback
only.

To mount it in another app, that app's lifespan must enter this one's, since Starlette does not do so for
mounts::

    simulator = create_simulator(config)
    async with simulator.router.lifespan_context(simulator): ...
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from simulator.config import Channel, SimulatorConfig
from simulator.control import ControlRoutes
from simulator.phone import Phone, Refused
from simulator.phones import PhoneRoutes
from simulator.simulation import Simulation
from simulator.telegram.phone import TelegramPhone
from simulator.telegram.server import TelegramServer
from simulator.wechat.phone import WechatPhone
from simulator.wechat.server import WechatServer


def create_simulator(config: SimulatorConfig, transport: httpx.AsyncBaseTransport | None = None) -> FastAPI:
    """``transport``: instead of the network for webhooks; tests hand in ``httpx.ASGITransport(product)``."""
    simulation = Simulation(config, transport)
    telegram = TelegramServer(simulation)
    wechat = WechatServer(simulation)
    phones: dict[Channel, Phone] = {
        "telegram": TelegramPhone(simulation, telegram.updates),
        "wechat": WechatPhone(simulation, wechat),
    }

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        await simulation.start()
        telegram.updates.resume()
        wechat.push.resume()
        try:
            yield
        finally:
            await simulation.stop()

    def reset() -> None:
        telegram.updates.forget()
        wechat.push.forget()
        simulation.store.reset()
        simulation.feed.reset()

    def under_way() -> int:
        return telegram.updates.copies_under_way + wechat.push.copies_under_way

    app = FastAPI(title="Suda playground", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    app.state.simulation = simulation
    control = ControlRoutes(simulation, reset, under_way, wechat.push.verify)
    # The control's fixed paths come before the phones' patterns.
    for part in (telegram, wechat, control, PhoneRoutes(simulation, phones)):
        app.router.routes.extend(part.routes())

    @app.exception_handler(Refused)
    async def refused(request: Request, error: Refused) -> JSONResponse:
        return JSONResponse({"detail": str(error)}, 409)

    return app
