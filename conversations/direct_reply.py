"""Giving a turn's replies in the direct answer to the platform's request (WeChat's passive reply).

The request is held open while the turn runs. Its replies are claimed for the answer, so that nobody pushes them too;
once the answer has gone out they count as sent. A redelivered request gets the same answer again.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from typing import Any, cast

import structlog
from sqlalchemy import CursorResult, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from channels.inbox import DirectReply
from channels.message import Button, Outbound
from conversations.clock import Clock
from conversations.database import Database
from conversations.persistence import until_written
from conversations.script import as_said
from conversations.tables import Contact, Conversation, InboundMessage, OutboundMessage
from conversations.wakeups import WEB, Wakeups

log = structlog.get_logger(__name__)

SWEEP_SECONDS = 0.25

Fits = Callable[[tuple[Outbound, ...]], int]


class DirectReplies:
    """Lets requests wait for their turns. Run `watch()` in the background of the web process."""

    def __init__(self, database: Database, wakeups: Wakeups, *, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._listener = wakeups.listen(WEB)
        self._waiting: dict[int, list[asyncio.Future[None]]] = defaultdict(list)
        self._anyone = asyncio.Event()

    async def watch(self) -> None:
        """Tell waiting requests when their message was handled. Runs until cancelled."""
        try:
            while True:
                await self._anyone.wait()
                await self._listener.wait(SWEEP_SECONDS)
                try:
                    handled = await asyncio.to_thread(self._handled, tuple(self._waiting))
                except DBAPIError as refusal:
                    log.warning("the database cannot be read", failure=type(refusal).__name__)
                    continue
                for inbound_id in handled:
                    for future in self._waiting.pop(inbound_id, []):
                        if not future.done():
                            future.set_result(None)
                if not self._waiting:
                    self._anyone.clear()
        finally:
            self._listener.close()

    async def direct_reply(self, inbound_id: int, *, within: float, fits: Fits) -> DirectReply | None:
        """See `channels.inbox.Inbox.direct_reply`."""
        if not await self._wait_until_handled(inbound_id, within):
            return None
        messages = await asyncio.to_thread(self._claim, inbound_id, fits)
        if not messages:
            return None

        async def delivered() -> None:
            await until_written(lambda: self._mark_sent(inbound_id))

        return DirectReply(messages, delivered)

    async def _wait_until_handled(self, inbound_id: int, within: float) -> bool:
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting[inbound_id].append(future)
        self._anyone.set()
        try:
            await asyncio.wait_for(future, max(within, 0.0))
        except asyncio.TimeoutError:
            return False
        finally:
            left = self._waiting.get(inbound_id)
            if left is not None and future in left:
                left.remove(future)
                if not left:
                    del self._waiting[inbound_id]
        return True

    def _handled(self, inbound_ids: tuple[int, ...]) -> list[int]:
        if not inbound_ids:
            return []
        with self._database.read() as session:
            return list(
                session.scalars(
                    select(InboundMessage.id).where(
                        InboundMessage.id.in_(inbound_ids), InboundMessage.state.in_(("handled", "failed"))
                    )
                )
            )

    def _claim(self, inbound_id: int, fits: Fits) -> tuple[Outbound, ...]:
        now = self._clock()
        with self._database.read() as session:
            if not self._candidates(session, inbound_id):
                return ()
        with self._database.write() as session:
            session.scalars(  # the claim of one request at a time: a redelivery must not split the answer
                select(InboundMessage.id).where(InboundMessage.id == inbound_id).with_for_update()
            ).one()
            rows = self._candidates(session, inbound_id)
            messages = tuple(outbound_of(row, contact_of(session, row)) for row in rows)
            if any(row.given_in == inbound_id for row in rows):
                # A redelivery: the platform saw no answer. It gets the same again; until that is out, it is not sent.
                session.execute(
                    update(OutboundMessage)
                    .where(OutboundMessage.given_in == inbound_id, OutboundMessage.state == "sent")
                    .values(state="sending", claimed_at=now, sent_at=None)
                )
                return messages
            count = fits(messages)
            won = 0
            for row in rows[:count]:
                claim = (
                    update(OutboundMessage)
                    .where(OutboundMessage.id == row.id, OutboundMessage.state.in_(("queued", "held")))
                    .values(
                        state="sending",
                        via="reply",
                        given_in=inbound_id,
                        claimed_at=now,
                        attempts=OutboundMessage.attempts + 1,
                    )
                )
                if cast("CursorResult[Any]", session.execute(claim)).rowcount != 1:
                    break  # the courier was first: what follows must not overtake it
                won += 1
            return messages[:won]

    @staticmethod
    def _candidates(session: Session, inbound_id: int) -> list[OutboundMessage]:
        given = session.scalars(
            select(OutboundMessage)
            .where(OutboundMessage.given_in == inbound_id, OutboundMessage.state.in_(("sending", "sent")))
            .order_by(OutboundMessage.id)
        ).all()
        if given:
            return list(given)
        open_rows = session.execute(
            select(OutboundMessage, Conversation.floor)
            .join(Conversation, Conversation.id == OutboundMessage.conversation_id)
            .join(InboundMessage, InboundMessage.conversation_id == Conversation.id)
            .where(InboundMessage.id == inbound_id, OutboundMessage.state.in_(("queued", "sending", "held")))
            .order_by(OutboundMessage.id)
        ).all()
        rows = []
        for row, floor in open_rows:
            if row.state == "sending":  # something older is on its way: what follows must not overtake it
                break
            if not (row.author == "bot" and floor == "agent"):
                rows.append(row)
        return rows

    def _mark_sent(self, inbound_id: int) -> None:
        with self._database.write() as session:
            session.execute(
                update(OutboundMessage)
                .where(OutboundMessage.given_in == inbound_id, OutboundMessage.state == "sending")
                .values(state="sent", sent_at=self._clock())
            )


def contact_of(session: Session, row: OutboundMessage) -> Contact:
    """The person whom a message is for."""
    conversation = session.get(Conversation, row.conversation_id)
    if conversation is None:
        raise LookupError("a message without a conversation")
    return conversation.contact


def outbound_of(row: OutboundMessage, contact: Contact) -> Outbound:
    """The value that a channel sends, made from its row, in the person's script."""
    return Outbound(
        contact=contact.external_id,
        text=as_said(row.text, row.author, contact.script),
        key=str(row.id),
        buttons=tuple(
            Button(as_said(choice.label, row.author, contact.script), choice.token) for choice in row.choices
        ),
        request_phone=row.request_phone,
        free_input=row.free_input,
    )


def released_for_contact(session: Session, conversation_id: int, due_at: datetime) -> None:
    """The person is here again: what was held for him is due, oldest first."""
    session.execute(
        update(OutboundMessage)
        .where(OutboundMessage.conversation_id == conversation_id, OutboundMessage.state == "held")
        .values(state="queued", due_at=due_at, error=None, error_code=None)
    )
