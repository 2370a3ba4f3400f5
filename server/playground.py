"""Puts the two phones at `/` and the platforms' stand-ins behind them, while no real platform is configured."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.responses import FileResponse
from fastapi.staticfiles import StaticFiles

import simulator
from server.platforms import Platforms, playground_state
from server.settings import Settings
from simulator.app import create_simulator
from simulator.config import SimulatorConfig

PAGE = Path(simulator.__file__).resolve().parent / "page"
Lifespan = Callable[[Any], AbstractAsyncContextManager[Any]]
CSP = (
    "default-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; object-src 'none'; "
    "frame-ancestors 'none'; base-uri 'none'"
)


def mount_playground(app: FastAPI, settings: Settings, platforms: Platforms) -> None:
    """Mount page and stand-ins on the web app. Call after every other route: the stand-ins take what is left."""
    assert platforms.telegram is not None
    assert platforms.wechat is not None
    base = f"http://127.0.0.1:{settings.port}"
    stand_ins = create_simulator(
        SimulatorConfig(
            state=str(playground_state(settings)),
            public_url=base,
            telegram_token=platforms.telegram.token,
            telegram_webhook=f"{base}/webhooks/telegram",
            telegram_secret=platforms.telegram.webhook_secret or "",
            wechat_webhook=f"{base}/webhooks/wechat",
            wechat_token=platforms.wechat.token,
            wechat_app_id=platforms.wechat.app_id,
            wechat_app_secret=platforms.wechat.app_secret,
            wechat_aes_key=platforms.wechat.aes_key or "",
            wechat_account=settings.wechat_account,
        )
    )

    @app.get("/", include_in_schema=False)
    async def phones() -> FileResponse:
        return FileResponse(PAGE / "index.html", headers={"Content-Security-Policy": CSP})

    app.mount("/playground/static", StaticFiles(directory=PAGE), name="playground-static")
    app.mount("/", stand_ins)
    outer = app.router.lifespan_context
    app.router.lifespan_context = _both(outer, stand_ins)


def _both(outer: Lifespan, stand_ins: FastAPI) -> Lifespan:
    """The product's lifespan around the stand-ins': a mounted app's own is not run by Starlette."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with outer(app), stand_ins.router.lifespan_context(stand_ins):
            yield

    return lifespan
