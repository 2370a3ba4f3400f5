"""Each process of each role says every few seconds that it lives; readiness is read from that."""

from __future__ import annotations

import asyncio
import os
import socket
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import delete, select
from sqlalchemy.exc import DBAPIError

from conversations.clock import Clock
from conversations.database import Database
from conversations.tables import Heartbeat

log = structlog.get_logger(__name__)

EVERY = 5.0
STALE = timedelta(seconds=20)
FORGOTTEN = timedelta(minutes=10)


def instance_name(role: str) -> str:
    """The name of this process among all processes of all machines."""
    return f"{role}@{socket.gethostname()[:40]}:{os.getpid()}"


def beat(database: Database, role: str, now: datetime, details: dict[str, Any]) -> None:
    """Say once that this process lives, and forget those that have not for long."""
    name = instance_name(role)
    with database.write() as session:
        row = session.get(Heartbeat, name)
        if row is None:
            session.add(Heartbeat(instance=name, role=role, at=now, details=details))
            session.execute(delete(Heartbeat).where(Heartbeat.at < now - FORGOTTEN))
        else:
            row.at, row.details = now, details


async def keep_beating(database: Database, role: str, clock: Clock, details: dict[str, Any]) -> None:
    """Beat until cancelled. A database that refuses is logged; the beat is then simply missing."""
    while True:
        try:
            await asyncio.to_thread(beat, database, role, clock(), details)
        except DBAPIError as refusal:
            log.warning("no heartbeat: the database refuses", failure=type(refusal).__name__)
        await asyncio.sleep(EVERY)


def living_roles(database: Database, now: datetime) -> dict[str, int]:
    """How many processes of each role live."""
    with database.read() as session:
        roles = session.scalars(select(Heartbeat.role).where(Heartbeat.at > now - STALE)).all()
    return {role: list(roles).count(role) for role in set(roles)}
