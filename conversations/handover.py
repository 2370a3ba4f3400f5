"""The verbs of the floor: ask for a person, take, hand back, pass on. Each is atomic: one winner.

The rules are in floor; who may call what is the console's business.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from conversations import floor as rules
from conversations.floor import Floor, FloorState
from conversations.outbox import enqueue
from conversations.tables import Agent, Conversation, InboundMessage, OutboundMessage


def request_person(session: Session, conversation_id: int, reason: str, now: datetime) -> int:
    """Put the conversation into the queue (no change if it waits or talks already). Returns its place, from 1."""
    row = _locked(session, conversation_id)
    if row.floor == Floor.BOT.value:
        _move(session, row, rules.request, now)
        row.floor_reason = reason
    return place_in_queue(session, row)


def place_in_queue(session: Session, row: Conversation) -> int:
    """How many wait in front, plus one; 0 where the conversation does not wait."""
    if row.floor != Floor.QUEUE.value:
        return 0
    session.flush()
    ahead = session.scalar(
        select(func.count())
        .select_from(Conversation)
        .where(Conversation.floor == Floor.QUEUE.value, Conversation.floor_since < row.floor_since)
    )
    return int(ahead or 0) + 1


def leave_queue(session: Session, conversation_id: int, now: datetime) -> None:
    """The person goes on with the bot."""
    _move(session, _locked(session, conversation_id), rules.leave_queue, now)


def take_floor(session: Session, conversation_id: int, agent: Agent, now: datetime) -> Conversation:
    """The agent takes the conversation; the bot is silent from this commit on.

    Prompts of the bot that were not sent yet are superseded; receipts and notices still go out. The person is told
    once who is there. Raises `FloorRefused("taken")` if another agent was first.
    """
    row = _locked(session, conversation_id)
    already_mine = row.floor == Floor.AGENT.value and row.agent_id == agent.id
    _move(session, row, lambda state: rules.take(state, agent.id), now)
    if not already_mine:
        session.execute(
            update(OutboundMessage)
            .where(
                OutboundMessage.conversation_id == conversation_id,
                OutboundMessage.author == "bot",
                OutboundMessage.state.in_(("queued", "held")),
            )
            .values(state="superseded")
        )
        enqueue(
            session,
            conversation_id,
            f"您好，我是{agent.display_name}，您的情况由我来跟进。前面的聊天记录我都能看到，您不用重复说。",
            author="notice",
            now=now,
            agent_id=agent.id,
        )
    return row


def release_floor(session: Session, conversation_id: int, agent: Agent, now: datetime) -> None:
    """The agent hands back to the bot, which greets in a turn of its own (and offers to resume an open draft)."""
    row = _locked(session, conversation_id)
    _move(session, row, lambda state: rules.release(state, agent.id), now)
    _let_bot_greet(session, row, now)


def return_to_queue(session: Session, conversation_id: int, agent: Agent, reason: str, now: datetime) -> None:
    """The agent gives the conversation up; the person waits for another and is told so."""
    row = _locked(session, conversation_id)
    _move(session, row, lambda state: rules.return_to_queue(state, agent.id), now)
    row.floor_reason = reason
    enqueue(
        session,
        conversation_id,
        "刚才的同事暂时离开了，已经请下一位同事来接着处理，聊天记录都在，您不用重复说。",
        author="notice",
        now=now,
    )


def transfer_floor(session: Session, conversation_id: int, agent: Agent, to: Agent, now: datetime) -> None:
    """The agent passes the conversation to a colleague; the person is told the name."""
    row = _locked(session, conversation_id)
    _move(session, row, lambda state: rules.transfer(state, agent.id, to.id), now)
    enqueue(
        session,
        conversation_id,
        f"您的情况现在由{to.display_name}接着跟进，聊天记录都已转过去，您不用重复说。",
        author="notice",
        now=now,
        agent_id=to.id,
    )


def say_as_agent(
    session: Session, conversation_id: int, agent: Agent, text: str, now: datetime
) -> OutboundMessage:
    """The agent's words to the person. Only who has the floor may speak: `FloorRefused` otherwise."""
    row = _locked(session, conversation_id)
    rules.release(FloorState(Floor(row.floor), row.agent_id), agent.id)  # asks: is it his?
    row.changed_at = now
    return enqueue(session, conversation_id, text, author="agent", now=now, agent_id=agent.id)


def _locked(session: Session, conversation_id: int) -> Conversation:
    row = session.scalars(
        select(Conversation)
        .where(Conversation.id == conversation_id)
        .with_for_update(of=Conversation)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        raise LookupError(f"no conversation {conversation_id}")
    return row


def _move(
    session: Session, row: Conversation, rule: Callable[[FloorState], FloorState], now: datetime
) -> None:
    before = FloorState(Floor(row.floor), row.agent_id)
    after = rule(before)
    if after == before:
        return
    row.floor = after.floor.value
    row.agent_id = after.agent_id
    row.floor_since = now
    row.version += 1
    row.changed_at = now
    row.floor_reason = None


def _last_order(session: Session, conversation_id: int) -> int:
    """So that our own event is handled after all that the person said before."""
    last = select(func.max(InboundMessage.order)).where(InboundMessage.conversation_id == conversation_id)
    return session.scalar(last) or 0


def _let_bot_greet(session: Session, row: Conversation, now: datetime) -> None:
    """A turn is due without a message of the person's: an event of our own stands for it."""
    session.add(
        InboundMessage(
            conversation_id=row.id,
            channel=row.contact.channel,
            external_id=f"floor:{row.id}:{row.version}",
            kind="event",
            order=_last_order(session, row.id),
            details={"event": "handed_back"},
            sent_at=now,
            received_at=now,
            due_at=now,
            state="pending",
        )
    )
