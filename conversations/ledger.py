"""How many messages a platform still allows after a person's last act. Counted from the rows, so no counter can drift."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from channels.base import Channel
from conversations.tables import InboundMessage, OutboundMessage

NOT_OPENING = frozenset({"unsubscribe", "blocked", "handed_back", "view"})
"""Events that are no act of talking to us."""


def hold_reason(session: Session, channel: Channel, conversation_id: int, now: datetime) -> str | None:
    """Why a message may not be pushed now: `window`, `quota`, `not_allowed`; None if it may.

    The newest act decides its own window; an older message's longer window still counts if it is open.
    """
    if channel.window_after("text", None) is None:
        return None
    acts = session.execute(
        select(InboundMessage.kind, InboundMessage.details, InboundMessage.received_at)
        .where(InboundMessage.conversation_id == conversation_id)
        .order_by(InboundMessage.id.desc())
        .limit(20)
    ).all()
    reason = "window"
    for kind, details, received_at in acts:
        event = details.get("event")
        if kind == "event" and event in NOT_OPENING:
            continue
        window = channel.window_after(kind, event)
        if window is None:
            return None
        if window.sends == 0:
            reason = "not_allowed"
            continue
        if now - received_at >= window.lasts:
            continue
        pushed = session.scalars(
            select(OutboundMessage.external_ids).where(
                OutboundMessage.conversation_id == conversation_id,
                OutboundMessage.via == "push",
                OutboundMessage.state.in_(("sending", "sent")),
                OutboundMessage.claimed_at >= received_at,
            )
        ).all()
        spent = sum(max(1, len(parts)) for parts in pushed)  # a long text went out in parts, each counts
        if spent < window.sends:
            return None
        reason = "quota"
    return reason
