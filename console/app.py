"""The console's pages, put together: what the server mounts under /console."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse

from console.assets import FOLDER
from console.audit import Sittings
from console.context import ConsoleContext as ConsoleContext
from console.pages import account, acts, assets, cases, events, files, sign_in, workbench
from console.route import ConsoleRoute
from console.signing_in import Door

static_folder = FOLDER


def console_router(context: ConsoleContext) -> APIRouter:
    """All routes under /console (the server gives the prefix and mounts `static_folder`)."""
    door = Door(context.database)
    sittings = Sittings()

    def install(request: Request) -> None:
        request.state.console = context
        request.state.door = door
        request.state.sittings = sittings

    router = APIRouter(route_class=ConsoleRoute, dependencies=[Depends(install)], include_in_schema=False)

    @router.get("")
    def front() -> RedirectResponse:
        return RedirectResponse("/console/workbench", 303)

    for part in (sign_in, workbench, acts, cases, files, events, account, assets):
        router.include_router(part.router)
    return router
