"""Running turns: find a conversation with something open, claim it, handle its next messages, commit.

One turn at a time per process. The dialogue is handed in; what it says becomes rows of the same transaction. A turn that
fails is rolled back whole and tried again later; after the last try a person is called and the user is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import cast

import structlog
from sqlalchemy import Table, bindparam, func, select, update
from sqlalchemy.orm import Session

from conversations import flood, handover, waiting
from conversations.batching import Open, next_batch
from conversations.claims import Claims
from conversations.clock import Clock
from conversations.database import Database, begin_writing
from conversations.dialogue import Dialogue
from conversations.direct_reply import released_for_contact
from conversations.flood import RateLimit
from conversations.outbox import REPLY_GRACE, enqueue
from conversations.script import script_of
from conversations.tables import Conversation, InboundMessage, Media, OutboundMessage
from conversations.turn import Turn, Utterance, entered
from conversations.utterances import (
    FILES,
    DeadChoice,
    together,
    utterances_of,
)
from conversations.wakeups import COURIER, WEB, Wakeups

log = structlog.get_logger(__name__)

MAX_ATTEMPTS = 5
CANDIDATES = 500
FLOOD_SAID_AGAIN = timedelta(minutes=2)
MAX_PILE = 60
"""Messages of a flood that are handled in one turn."""

FAILED_SAID = "抱歉，这条消息我这边没能处理好，内容已完整保存。我已经请人工同事来看，您不用重发。"
EDIT_SAID = "看到您改了刚才那条消息，新的内容已经记下。如果要改的是已经填好的某一项，直接告诉我就行，比如「改订单号」。"
DEAD_SAID = "这个按钮已经用过了，以最新的消息为准。"


# The statements of every turn are built once: building one anew costs more than running it.
_CANDIDATES = (
    select(InboundMessage.conversation_id)
    .where(InboundMessage.state == "pending", InboundMessage.due_at <= bindparam("now"))
    .order_by(InboundMessage.due_at)
    .limit(CANDIDATES)
)
_NEXT_DUE = select(func.min(InboundMessage.due_at)).where(InboundMessage.state == "pending")
_OPEN = (
    select(InboundMessage)
    .where(
        InboundMessage.conversation_id == bindparam("conversation_id"),
        InboundMessage.state.in_(("fetching", "pending")),
    )
    .order_by(InboundMessage.order, InboundMessage.id)
)
_GUARD = select(
    Conversation.version,
    select(func.count())
    .select_from(InboundMessage)
    .where(InboundMessage.id.in_(bindparam("ids", expanding=True)), InboundMessage.state == "pending")
    .scalar_subquery(),
).where(Conversation.id == bindparam("conversation_id"))
_inbound = cast("Table", InboundMessage.__table__)
_HANDLED = (
    _inbound.update()
    .where(_inbound.c.id == bindparam("row_id"))
    .values(
        state="handled",
        handled_by=bindparam("by"),
        handled_at=bindparam("at"),
        handled_seq=bindparam("seq"),
        error=None,
    )
)
_HELD = (
    select(OutboundMessage.id)
    .where(OutboundMessage.conversation_id == bindparam("conversation_id"), OutboundMessage.state == "held")
    .limit(1)
)


class WorldChanged(Exception):
    """What the turn read is no longer so (an agent took the floor): roll back and look again."""


class TurnRunner:
    """Runs turns for one bot process."""

    def __init__(
        self,
        database: Database,
        dialogue: Dialogue,
        wakeups: Wakeups,
        *,
        clock: Clock,
        rate_limit: RateLimit,
    ) -> None:
        self._database = database
        self._dialogue = dialogue
        self._wakeups = wakeups
        self._clock = clock
        self._rate_limit = rate_limit
        self._claims = Claims(database)

    async def run_due(self) -> int:
        """Run one turn in each conversation that has one due; returns how many were run."""
        now = self._clock()
        with self._database.read() as session:
            # A conversation stands here once for each message: to group in SQL would be to scan the table.
            candidates = dict.fromkeys(session.scalars(_CANDIDATES, {"now": now}))
        done = 0
        for conversation_id in candidates:
            with self._claims.held(conversation_id) as free:
                if free:
                    done += await self._run(conversation_id)
        return done

    def next_due_at(self) -> datetime | None:
        """When the next message that waits for its time is due; None if none waits."""
        with self._database.read() as session:
            return session.scalar(_NEXT_DUE)

    def close(self) -> None:
        """Let go of all claims."""
        self._claims.close()

    async def _run(self, conversation_id: int) -> int:
        batch_ids: tuple[int, ...] = ()
        try:
            with self._database.turn() as session:
                conversation = self._claims.load(session, conversation_id)
                if conversation is None:
                    return 0
                open_messages = _open_messages(session, conversation_id)
                now = self._clock()
                batch_ids = self._choose(session, conversation, open_messages, now)
                if not batch_ids:
                    return 0
                batch = [message for message in open_messages if message.id in set(batch_ids)]
                _guard(session, conversation, batch_ids)
                await self._handle(session, conversation, batch, now)
        except WorldChanged:
            return 0
        except Exception as failure:  # whatever it was: nothing of the turn is kept, and it is tried again
            log.exception("a turn failed", conversation_id=conversation_id, failure=type(failure).__name__)
            self._put_off(conversation_id, batch_ids, failure)
            return 0
        self._wakeups.notify(WEB)
        self._wakeups.notify(COURIER)
        return 1

    def _choose(
        self,
        session: Session,
        conversation: Conversation,
        open_messages: Sequence[InboundMessage],
        now: datetime,
    ) -> tuple[int, ...]:
        """Which messages are next; during a flood none, until it calms, and then all."""
        since = now - self._rate_limit.within
        if conversation.flooded_at is not None or len(open_messages) > 1:
            lately = session.scalar(
                select(func.count())
                .select_from(InboundMessage)
                .where(
                    InboundMessage.conversation_id == conversation.id,
                    InboundMessage.received_at > since,
                    InboundMessage.kind != "event",
                )
            )
            if self._rate_limit.exceeded(lately or 0):
                self._say_flood(session, conversation, open_messages, now)
                return ()
        if conversation.flooded_at is not None:
            ready = [message for message in open_messages if message.state == "pending"]
            return tuple(message.id for message in ready[:MAX_PILE])
        return (
            next_batch(
                [
                    Open(m.id, m.kind, m.album_id, m.received_at, m.due_at, m.state == "fetching")
                    for m in open_messages
                ],
                now,
            )
            or ()
        )

    def _say_flood(
        self,
        session: Session,
        conversation: Conversation,
        open_messages: Sequence[InboundMessage],
        now: datetime,
    ) -> None:
        """Say once that all is kept; look again when the span is over."""
        if conversation.flooded_at is None or now - conversation.flooded_at > FLOOD_SAID_AGAIN:
            conversation.flooded_at = now
            if conversation.floor == "bot":
                enqueue(session, conversation.id, flood.SAID, author="notice", now=now)
        session.execute(
            update(InboundMessage)
            .where(InboundMessage.id.in_([message.id for message in open_messages]))
            .values(due_at=now + self._rate_limit.within / 2)
        )
        session.flush()
        self._wakeups.notify(COURIER)

    async def _handle(
        self, session: Session, conversation: Conversation, batch: Sequence[InboundMessage], now: datetime
    ) -> None:
        turn = Turn(session, conversation, batch, now, media=_files_of(batch))
        handled_by = "bot"
        with entered(turn):
            _return_of(turn)
            _note_script(turn)
            if all(message.kind == "edit" for message in batch):
                self._edit(turn)
            elif waiting.bot_answers(turn):
                await self._answer(turn)
            else:
                handled_by = "floor"
                waiting.say_where_he_stands(turn)
            begin_writing(session)
            session.connection().execute(
                _HANDLED,
                [
                    {"row_id": message.id, "by": handled_by, "at": now, "seq": conversation.handled + place}
                    for place, message in enumerate(batch, start=1)
                ],
            )
            conversation.handled += len(batch)
            conversation.flooded_at = None
            conversation.changed_at = now
            session.flush()

    async def _answer(self, turn: Turn) -> None:
        try:
            if len(turn.messages) > 1:
                utterances = together(turn.session, turn.messages)
            else:
                utterances = utterances_of(turn.session, turn.message)
        except DeadChoice:
            turn.reply(DEAD_SAID)
            utterances = (Utterance("choice", intent="repeat"),)
        for utterance in utterances:
            turn.utterance = utterance
            await self._dialogue.respond(turn, utterance)
            if turn.failure is not None:
                raise turn.failure

    def _edit(self, turn: Turn) -> None:
        """Keep the new text beside the old; an edit of what is not handled yet is simply understood anew."""
        for message in turn.messages:
            original = turn.session.scalars(
                select(InboundMessage)
                .where(
                    InboundMessage.conversation_id == turn.conversation.id,
                    InboundMessage.message_id == str(message.details.get("edits", "")),
                    InboundMessage.kind != "edit",
                )
                .order_by(InboundMessage.id.desc())
                .limit(1)
            ).one_or_none()
            if original is None or original.edited_text == message.text:
                continue
            original.edited_text = message.text
            if original.state == "handled" and turn.conversation.floor == "bot":
                turn.reply(EDIT_SAID)

    def _put_off(self, conversation_id: int, batch_ids: tuple[int, ...], failure: Exception) -> None:
        """Count the failed try; after the last one call a person, so that nobody waits for an answer forever."""
        if not batch_ids:
            return
        now = self._clock()
        try:
            with self._database.write() as session:
                rows = session.scalars(
                    select(InboundMessage).where(
                        InboundMessage.id.in_(batch_ids), InboundMessage.state == "pending"
                    )
                ).all()
                for row in rows:
                    row.attempts += 1
                    row.error = type(failure).__name__
                    row.due_at = now + timedelta(seconds=min(0.25 * 4**row.attempts, 30.0))
                if rows and rows[-1].attempts >= MAX_ATTEMPTS:
                    for row in rows:
                        row.state, row.handled_at = "failed", now
                    handover.request_person(session, conversation_id, "turn_failed", now)
                    enqueue(session, conversation_id, FAILED_SAID, author="notice", now=now, answers=rows[-1])
        except Exception as refusal:
            log.warning("a failed turn could not be put off", failure=type(refusal).__name__)


def _open_messages(session: Session, conversation_id: int) -> Sequence[InboundMessage]:
    return session.scalars(_OPEN, {"conversation_id": conversation_id}).all()


def _files_of(batch: Sequence[InboundMessage]) -> list[Media]:
    return [file for message in batch if message.kind in FILES for file in message.media]


def _guard(session: Session, conversation: Conversation, batch_ids: Sequence[int]) -> None:
    """When the turn begins to write, the floor and the messages must still be as it read them."""
    version = conversation.version

    def check() -> None:
        current, still_pending = (
            session.connection()
            .execute(_GUARD, {"conversation_id": conversation.id, "ids": list(batch_ids)})
            .one()
        )
        if current != version or still_pending != len(batch_ids):
            raise WorldChanged

    session.info["on_begin"] = check


def _return_of(turn: Turn) -> None:
    """What a person's being here changes, whatever he says: held messages are due, a block is over (or begins)."""
    events = [str(message.details.get("event", "")) for message in turn.messages if message.kind == "event"]
    if events and events[-1] == "blocked":
        turn.contact.blocked_at = turn.now
        return
    if events and events[-1] == "handed_back":
        return
    if turn.contact.blocked_at is not None:
        turn.contact.blocked_at = None
    due_at = turn.now if turn.message.reply_by is None else turn.message.reply_by + REPLY_GRACE
    held = turn.session.scalar(_HELD, {"conversation_id": turn.conversation.id})
    if held is not None:
        released_for_contact(turn.session, turn.conversation.id, due_at)


def _note_script(turn: Turn) -> None:
    """Answers follow the script that the person writes; where it does not show, they stay as they were."""
    written = script_of("".join(message.text or "" for message in turn.messages if message.kind != "choice"))
    if written is not None and written != turn.contact.script:
        turn.contact.script = written
