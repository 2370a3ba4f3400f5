"""Writing what is to be said, in the transaction of its cause. Sending is the courier's."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from conversations.tables import Choice, Conversation, InboundMessage, OutboundMessage

REPLY_GRACE = timedelta(milliseconds=500)
"""How long after the platform's request ended the courier waits before it pushes what was not given in the reply."""

MAX_LABEL = 64

_LATEST = "latest_outbound"
BETWEEN = "\n\n"
"""Stands between things that are said in one message."""


_LATEST_LIST = (
    select(OutboundMessage)
    .join(Choice, (Choice.outbound_id == OutboundMessage.id) & (Choice.position == 1))
    .where(
        OutboundMessage.conversation_id == bindparam("conversation_id"),
        OutboundMessage.state.in_(("sent", "sending")),
    )
    .order_by(OutboundMessage.id.desc())
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class Option:
    """A choice offered with a message: what is shown, and the trusted payload (`/intent{…}`) that it stands for."""

    label: str
    payload: str


def enqueue(
    session: Session,
    conversation_id: int,
    text: str,
    *,
    author: str,
    now: datetime,
    answers: InboundMessage | None = None,
    options: Sequence[Option] = (),
    request_phone: bool = False,
    free_input: bool = False,
    agent_id: int | None = None,
    case_number: str | None = None,
) -> OutboundMessage:
    """Queue one message to the conversation's person.

    `author` is `bot`, `notice` or `agent`. A message that `answers` one whose platform still holds its request open
    is left to the direct reply until that request is over.
    """
    if not text.strip():
        raise ValueError("an empty message cannot be sent")
    due_at = now
    if answers is not None and answers.reply_by is not None:
        due_at = max(now, answers.reply_by + REPLY_GRACE)
    row = OutboundMessage(
        conversation_id=conversation_id,
        inbound_id=None if answers is None else answers.id,
        author=author,
        agent_id=agent_id,
        case_number=case_number,
        text=text,
        request_phone=request_phone,
        free_input=free_input,
        state="queued",
        due_at=due_at,
        external_ids=[],
        created_at=now,
    )
    row.choices = _choices(conversation_id, options)
    session.add(row)
    session.info[_LATEST] = row
    return row


def is_latest(session: Session, row: OutboundMessage) -> bool:
    """Was nothing else said in this transaction after it, to whomever and by whomever?"""
    return session.info.get(_LATEST) is row


def add_to(
    row: OutboundMessage,
    text: str,
    *,
    options: Sequence[Option] = (),
    request_phone: bool = False,
    free_input: bool = False,
) -> OutboundMessage:
    """Say something more in the same message, which offers no choices yet and is not sent before its cause commits."""
    row.text = f"{row.text}{BETWEEN}{text}"
    row.choices = _choices(row.conversation_id, options)
    row.request_phone, row.free_input = request_phone, free_input
    return row


def _choices(conversation_id: int, options: Sequence[Option]) -> list[Choice]:
    return [
        Choice(
            token=secrets.token_urlsafe(18),
            conversation_id=conversation_id,
            position=position,
            label=option.label[:MAX_LABEL],
            payload=option.payload,
        )
        for position, option in enumerate(options, start=1)
    ]


def latest_open_list(session: Session, conversation_id: int) -> OutboundMessage | None:
    """The latest message with choices that was delivered, if it is not yet answered.

    A list that was answered stays answered: an older one behind it does not come to life again.
    """
    latest = session.scalars(_LATEST_LIST, {"conversation_id": conversation_id}).one_or_none()
    return latest if latest is not None and latest.answered_at is None else None


def conversation_of(session: Session, conversation_id: int) -> Conversation:
    """The conversation's row, which must exist."""
    row = session.get(Conversation, conversation_id)
    if row is None:
        raise LookupError(f"no conversation {conversation_id}")
    return row
