"""Saying a notice to the complainant in the transaction of its cause."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from cases.tables import Case
from conversations import turn
from conversations.outbox import Option, enqueue
from conversations.tables import OutboundMessage


def tell(
    session: Session,
    case: Case,
    text: str,
    now: datetime,
    *,
    options: Sequence[Option] = (),
    agent_id: int | None = None,
) -> OutboundMessage:
    """Queue a notice about the case to its complainant.

    Where the person's own message caused it, the notice is part of the answer to that message: a platform
    that waits for a direct answer gets it there.
    """
    if turn.running():
        running = turn.current()
        if running.conversation.id == case.conversation_id and running.session is session:
            return running.reply(text, options=options, author="notice", case_number=case.number)
    return enqueue(
        session,
        case.conversation_id,
        text,
        author="notice",
        now=now,
        options=options,
        agent_id=agent_id,
        case_number=case.number,
    )
