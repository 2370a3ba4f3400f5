"""Asks the company's own order system what an order is about, outside of any turn.

Contract: `POST SUDA_ORDER_LOOKUP_URL` with the JSON body `{"order_no", "channel", "contact"}` and the headers
`X-Suda-Time` (Unix seconds) and `X-Suda-Signature` (hex HMAC-SHA256 of `<time>.<body>` with SUDA_ORDER_LOOKUP_SECRET).
It answers 200 with any of `merchant`, `goods`, `purchase_date` (ISO date), `amount` (yuan), or 404 where it has no such
order, or where the order is not this contact's. It has two seconds; later than that counts as no answer.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import httpx
import structlog

from cases import orders
from cases.orders import Wanted
from conversations.clock import Clock
from conversations.database import Database

log = structlog.get_logger(__name__)

SECONDS = 2.0
LONGEST_ANSWER = 65_536


class OrderLookups:
    """Looks up what is wanted. Any number may run: rows are claimed."""

    def __init__(
        self,
        database: Database,
        url: str,
        secret: str,
        *,
        clock: Clock,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._database = database
        self._url = url
        self._secret = secret.encode()
        self._clock = clock
        self._client = httpx.AsyncClient(timeout=SECONDS, follow_redirects=False, transport=transport)

    async def look_up_due(self) -> int:
        """Look up what is due; returns how many were answered."""
        wanted = await asyncio.to_thread(self._claim)
        await asyncio.gather(*(self._look_up(one) for one in wanted))
        return len(wanted)

    def next_due_at(self) -> datetime | None:
        """Since when the oldest unanswered one waits."""
        with self._database.read() as session:
            return orders.next_due_at(session)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    def _claim(self) -> list[Wanted]:
        if self.next_due_at() is None:
            return []
        with self._database.write() as session:
            return list(orders.claim_due(session, self._clock()))

    async def _look_up(self, wanted: Wanted) -> None:
        answer: Mapping[str, Any] | None = None
        failed = False
        try:
            answer = await asyncio.wait_for(self._ask(wanted), SECONDS)
        except (httpx.HTTPError, asyncio.TimeoutError, ValueError) as failure:
            failed = True
            log.warning("the order system does not answer", failure=type(failure).__name__)
        await asyncio.to_thread(self._settle, wanted.id, answer, failed)

    async def _ask(self, wanted: Wanted) -> Mapping[str, Any] | None:
        told = {"order_no": wanted.order_no, "channel": wanted.channel, "contact": wanted.contact}
        body = json.dumps(told, ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json", **signed(body, self._secret, self._clock())}
        async with self._client.stream("POST", self._url, content=body, headers=headers) as response:
            if response.status_code == httpx.codes.NOT_FOUND:
                return None
            response.raise_for_status()
            content = b""
            async for part in response.aiter_bytes():
                content += part
                if len(content) > LONGEST_ANSWER:
                    raise ValueError("the answer is too long")
        answer = json.loads(content)
        if not isinstance(answer, dict):
            raise ValueError("the answer is no object")
        return answer

    def _settle(self, id: int, answer: Mapping[str, Any] | None, failed: bool) -> None:
        with self._database.write() as session:
            orders.settle(session, id, answer, self._clock(), failed=failed)


def signed(body: bytes, secret: bytes, now: datetime) -> dict[str, str]:
    """The headers that prove a call to be ours and its time."""
    stamp = str(int(now.timestamp()))
    digest = hmac.new(secret, stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    return {"X-Suda-Time": stamp, "X-Suda-Signature": digest}
