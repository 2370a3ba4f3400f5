"""The console's pages."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

from fastapi import APIRouter

from cases.evidence.vault import EvidenceVault
from console.live import LiveHub
from conversations.clock import Clock
from conversations.database import Database
from conversations.wakeups import Wakeups

static_folder = Path(__file__).resolve().parent / "static"


@dataclass(frozen=True, slots=True)
class ConsoleContext:
    """What the pages need; the server makes it."""

    database: Database
    wakeups: Wakeups
    clock: Clock
    vault: EvidenceVault
    signing_key: str = field(repr=False)
    timezone: str
    agent_away_minutes: int
    typing: Callable[[str, str], Awaitable[None]]
    hub: LiveHub


def console_router(context: ConsoleContext) -> APIRouter:
    """All routes under /console."""
    return APIRouter()
