"""What the courier role does in the background, wherever it lives: send, fetch and read files, look orders up."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path

from cases.evidence.reader import OrderReader
from cases.evidence.vault import EvidenceVault
from channels.base import Channel
from conversations.clock import utc_now
from conversations.courier import Courier
from conversations.database import Database
from conversations.media import MediaFetcher
from conversations.wakeups import LocalWakeups
from server import loops
from server.order_lookup import OrderLookups
from server.settings import Settings


class Background:
    """The courier's loops as tasks of the running event loop."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        wakeups: LocalWakeups,
        channels: Mapping[str, Channel],
        vault: EvidenceVault,
        *,
        lock: Path | None,
    ) -> None:
        courier = Courier(database, channels, wakeups, clock=utc_now)
        self._reader = OrderReader()
        fetcher = MediaFetcher(
            database,
            channels,
            vault,
            max_bytes=settings.evidence_max_bytes,
            clock=utc_now,
            reader=self._reader,
        )
        self._lookups = order_lookups(settings, database)
        self.tasks = [
            asyncio.create_task(loops.run_courier(courier, wakeups, utc_now, lock=lock), name="courier"),
            asyncio.create_task(loops.run_fetcher(fetcher, database, wakeups, utc_now), name="fetcher"),
        ]
        if self._lookups is not None:
            self.tasks.append(
                asyncio.create_task(loops.run_lookups(self._lookups, wakeups, utc_now), name="lookups")
            )

    async def aclose(self) -> None:
        """End what the tasks held; they are to be ended first."""
        await self._reader.aclose()
        if self._lookups is not None:
            await self._lookups.aclose()


def order_lookups(settings: Settings, database: Database) -> OrderLookups | None:
    """The company's order system, where one is configured."""
    if settings.order_lookup_url is None or settings.order_lookup_secret is None:
        return None
    secret = settings.order_lookup_secret.get_secret_value()
    return OrderLookups(database, settings.order_lookup_url, secret, clock=utc_now)
