"""Taking a case's row for a change, so that two changes of one case happen one after the other.

Lock order: conversation, then case. A turn holds its conversation before it touches a case; whoever else
changes a case takes the conversation first as well (in the mode that a notice's foreign key needs anyway),
or the two would wait for each other on PostgreSQL.
"""

from __future__ import annotations

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from cases.tables import Case, Draft
from conversations.database import begin_writing
from conversations.tables import Conversation

_LOCKED_DRAFT = (
    select(Draft)
    .where(Draft.id == bindparam("draft_id"))
    .with_for_update(of=Draft)
    .execution_options(populate_existing=True)
)


class CaseNotFound(LookupError):
    """There is no case of that number."""


class DraftNotFound(LookupError):
    """There is no such draft."""


def lock_case(session: Session, number: str) -> Case:
    """The case's row as it is now, held until the transaction ends. Raises `CaseNotFound`."""
    begin_writing(session)
    conversation_id = session.scalar(select(Case.conversation_id).where(Case.number == number))
    if conversation_id is None:
        raise CaseNotFound(number)
    session.execute(
        select(Conversation.id)
        .where(Conversation.id == conversation_id)
        .with_for_update(read=True, key_share=True)
    )
    return session.scalars(
        select(Case)
        .where(Case.number == number)
        .with_for_update(of=Case)
        .execution_options(populate_existing=True)
    ).one()


def lock_draft(session: Session, draft_id: int) -> Draft:
    """The draft's row as it is now, held until the transaction ends. Raises `DraftNotFound`."""
    draft = session.scalars(_LOCKED_DRAFT, {"draft_id": draft_id}).one_or_none()
    if draft is None:
        raise DraftNotFound(str(draft_id))
    return draft
