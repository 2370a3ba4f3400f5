"""Complaints being told: opened, filled, set aside, taken up again, dropped. Filing one is filing's."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import Session

from cases import policy
from cases.locking import lock_draft
from cases.tables import Draft, Evidence
from conversations.tables import Contact, Conversation

_CURRENT = (
    select(Draft)
    .where(
        Draft.conversation_id == bindparam("conversation_id"),
        Draft.state == "open",
        Draft.expires_at > bindparam("now"),
    )
    .order_by(Draft.id.desc())
    .limit(1)
)


class DraftClosed(Exception):
    """The draft was filed or dropped; nothing can be told into it any more."""


def current_draft(session: Session, conversation_id: int, now: datetime) -> Draft | None:
    """The complaint that is being told, or was set aside not too long ago."""
    return session.scalars(_CURRENT, {"conversation_id": conversation_id, "now": now}).one_or_none()


def open_draft(session: Session, conversation: Conversation, contact: Contact, now: datetime) -> Draft:
    """The conversation's draft: the one that is open, else a new one. At most one is open at any time."""
    session.execute(select(Conversation.id).where(Conversation.id == conversation.id).with_for_update())
    still_open = select(Draft).where(Draft.conversation_id == conversation.id, Draft.state == "open")
    for draft in session.scalars(still_open.order_by(Draft.id.desc())).all():
        if draft.expires_at > now:
            return draft
        drop_draft(session, draft, now)
    draft = Draft(
        conversation_id=conversation.id,
        contact_id=contact.id,
        state="open",
        facts={},
        created_at=now,
        changed_at=now,
        expires_at=now + policy.current().draft_kept,
    )
    session.add(draft)
    session.flush()
    return draft


def update_draft(session: Session, draft: Draft, facts: Mapping[str, Any], now: datetime) -> Draft:
    """Keep what was told (slot → value; None forgets a slot), and the draft for its full time again.

    Raises `DraftClosed`.
    """
    row = lock_draft(session, draft.id)
    if row.state != "open":
        raise DraftClosed(str(row.id))
    told = {**row.facts, **facts}
    row.facts = {name: value for name, value in told.items() if value is not None}
    row.changed_at = now
    row.expires_at = now + policy.current().draft_kept
    return row


def drop_draft(session: Session, draft: Draft, now: datetime, *, answered: bool = False) -> None:
    """Forget the complaint: what was told and its list of files are erased. A filed one stays filed.

    `answered`: a ready answer has settled it, which the draft's state goes on to say.
    """
    row = lock_draft(session, draft.id)
    if row.state != "open":
        return
    session.execute(delete(Evidence).where(Evidence.draft_id == row.id, Evidence.case_id.is_(None)))
    row.state = "answered" if answered else "dropped"
    row.facts = {}
    row.changed_at = now
