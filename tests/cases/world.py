"""A person with a conversation, agents of two teams, and files that were fetched."""

from __future__ import annotations

import hashlib
import itertools
from datetime import datetime, timezone

from sqlalchemy.orm import Session

from cases import service
from cases.tables import Case, Draft
from conversations.tables import Agent, Contact, Conversation, InboundMessage, Media, Team

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=timezone.utc)
"""Monday, 23 November 2026, 12:00 in China."""

TOLD = {
    "complaint_type": "product_quality",
    "description": "开机后屏幕闪3次自动关机",
    "order_no": "E20261101008",
    "amount": "399.50",
    "remedy": "refund",
    "phone": "13800138000",
}


class World:
    """Makes the rows that a test starts from, each with ids of its own."""

    def __init__(self) -> None:
        self._count = itertools.count(1)

    def person(self, session: Session, channel: str = "telegram") -> Conversation:
        """A contact with his conversation."""
        contact = Contact(
            channel=channel, external_id=f"u{next(self._count)}", script="hans", created_at=NOON
        )
        conversation = Conversation(contact=contact, floor_since=NOON, changed_at=NOON, created_at=NOON)
        session.add_all([contact, conversation])
        session.flush()
        return conversation

    def team(self, session: Session, name: str) -> Team:
        """A team of that name."""
        team = Team(name=name)
        session.add(team)
        session.flush()
        return team

    def agent(
        self,
        session: Session,
        name: str,
        team: Team | None = None,
        *,
        role: str = "agent",
        on_duty: bool = True,
    ) -> Agent:
        """An agent."""
        agent = Agent(
            login=f"a{next(self._count)}",
            display_name=name,
            role=role,
            team_id=team.id if team else None,
            password_hash="-",
            on_duty=on_duty,
            failed_sign_ins=0,
            created_at=NOON,
        )
        session.add(agent)
        session.flush()
        return agent

    def file(
        self,
        session: Session,
        conversation: Conversation,
        content: bytes = b"one",
        *,
        state: str = "stored",
        reason: str | None = None,
        caption: str | None = None,
    ) -> Media:
        """A file that came with a message of its own and was settled."""
        number = next(self._count)
        message = InboundMessage(
            conversation_id=conversation.id,
            channel=conversation.contact.channel,
            external_id=f"m{number}",
            kind="photo",
            order=number,
            text=caption,
            details={},
            sent_at=NOON,
            received_at=NOON,
            due_at=NOON,
        )
        media = Media(
            message=message,
            kind="image",
            reference=f"f{number}",
            due_at=NOON,
            state=state,
            reason=reason,
            sha256=hashlib.sha256(content).hexdigest() if state == "stored" else None,
            size=len(content),
            content_kind="image",
            content_type="image/jpeg",
        )
        session.add_all([message, media])
        session.flush()
        return media

    def draft(self, session: Session, conversation: Conversation, now: datetime = NOON) -> Draft:
        """An open draft."""
        return service.open_draft(session, conversation, conversation.contact, now)

    def case(
        self, session: Session, conversation: Conversation | None = None, now: datetime = NOON, **told: object
    ) -> Case:
        """A case that was filed."""
        conversation = conversation or self.person(session)
        draft = self.draft(session, conversation, now)
        return service.file_case(session, draft, {**TOLD, **told}, "2026-01", now)

    def solve(self, session: Session, case: Case, agent: Agent, now: datetime) -> Case:
        """Bring a fresh case to the stage where the user confirms."""
        return service.move_case(
            session, case.number, "confirming", actor="agent", agent=agent, note="已退款399.50元", now=now
        )
