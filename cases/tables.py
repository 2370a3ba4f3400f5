"""The rows of a case: the draft it grew from, the case, its evidence, its clocks and its timeline.

Tables only; the verbs are in service, the rules in lifecycle, clocks, numbers. Money is kept in fen because
SQLite knows no decimals; outside this file it is Decimal yuan.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from conversations.database import Base
from conversations.tables import Agent, Contact, Id, Media, Team


class Draft(Base):
    """A complaint being told. `state`: `open`, `filed`, `dropped`. At most one open draft a conversation."""

    __tablename__ = "drafts"
    __table_args__ = (Index("ix_drafts_conversation", "conversation_id", "state"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"))
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id"))
    state: Mapped[str] = mapped_column(String(8), default="open")
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """What was told so far (slot → value), so that a set-aside draft can be taken up again."""
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class Case(Base):
    """A complaint that was filed."""

    __tablename__ = "cases"
    __table_args__ = (
        Index("ix_cases_contact", "contact_id", "id"),
        Index("ix_cases_stage", "stage", "created_at"),
        Index("ix_cases_handler", "handler_id", "stage"),
        Index("ix_cases_merchant", "merchant", "created_at"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    number: Mapped[str] = mapped_column(String(16), unique=True)
    draft_id: Mapped[int | None] = mapped_column(ForeignKey("drafts.id"), unique=True)
    """Filing is idempotent on the draft."""
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id"))
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"))
    channel: Mapped[str] = mapped_column(String(20))
    type: Mapped[str] = mapped_column(String(24))
    sub_type: Mapped[str | None] = mapped_column(String(40))
    complexity: Mapped[str] = mapped_column(String(8), default="standard")
    merchant: Mapped[str | None] = mapped_column(String(120))
    order_no: Mapped[str | None] = mapped_column(String(64), index=True)
    purchase_date: Mapped[date | None] = mapped_column(Date)
    incident_time: Mapped[str | None] = mapped_column(String(32))
    """ISO date or date-time, as precise as the person was."""
    amount_fen: Mapped[int | None] = mapped_column(BigInteger)
    description: Mapped[str] = mapped_column(Text)
    remedy: Mapped[str | None] = mapped_column(String(16))
    phone: Mapped[str | None] = mapped_column(String(32))
    priority: Mapped[str] = mapped_column(String(8), default="normal")
    stage: Mapped[str] = mapped_column(String(16), default="submitted")
    escalation: Mapped[int] = mapped_column(Integer, default=0)
    reopen_count: Mapped[int] = mapped_column(Integer, default=0)
    flagged: Mapped[str | None] = mapped_column(String(40))
    """Filed against a screening ground: which one, for a person to look at."""
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"))
    handler_id: Mapped[int | None] = mapped_column(ForeignKey("agents.id"))
    consent_version: Mapped[str | None] = mapped_column(String(20))
    consent_at: Mapped[datetime | None]
    proposal: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    result: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    external_reference: Mapped[str | None] = mapped_column(String(64))
    answer_by: Mapped[datetime | None]
    """While the case waits for the user: until when he was asked to answer."""
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]

    contact: Mapped[Contact] = relationship()
    team: Mapped[Team | None] = relationship(lazy="joined")
    handler: Mapped[Agent | None] = relationship(lazy="joined")
    timeline: Mapped[list[TimelineEntry]] = relationship(back_populates="case", order_by="TimelineEntry.id")
    evidence: Mapped[list[Evidence]] = relationship(back_populates="case", order_by="Evidence.id")
    clocks: Mapped[list[CaseClock]] = relationship(back_populates="case", order_by="CaseClock.id")

    @property
    def amount(self) -> Decimal | None:
        """The amount in dispute, in yuan."""
        return None if self.amount_fen is None else Decimal(self.amount_fen) / 100


class OrderLookup(Base):
    """What the company's own order system says of an order that a person named. `state`: `pending`, `found`, `unknown`
    (it has no such order), `failed` (it did not answer).
    """

    __tablename__ = "order_lookups"
    __table_args__ = (
        UniqueConstraint("contact_id", "order_no"),
        Index(
            "ix_order_lookups_pending",
            "asked_at",
            sqlite_where=text("state = 'pending'"),
            postgresql_where=text("state = 'pending'"),
        ),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    order_no: Mapped[str] = mapped_column(String(64))
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id"))
    state: Mapped[str] = mapped_column(String(8), default="pending")
    facts: Mapped[dict[str, str] | None] = mapped_column(JSON)
    """merchant, goods, purchase_date (ISO), amount (yuan): those that it named."""
    asked_at: Mapped[datetime]
    claimed_until: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]


class Evidence(Base):
    """A stored file that speaks for one side: `user` or `company`. One file is one in one place."""

    __tablename__ = "evidence"
    __table_args__ = (
        UniqueConstraint("draft_id", "sha256"),
        UniqueConstraint("case_id", "sha256", "side"),
        Index("ix_evidence_conversation", "conversation_id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    conversation_id: Mapped[int | None] = mapped_column(ForeignKey("conversations.id"))
    draft_id: Mapped[int | None] = mapped_column(ForeignKey("drafts.id"))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"), index=True)
    media_id: Mapped[int | None] = mapped_column(ForeignKey("media.id"))
    side: Mapped[str] = mapped_column(String(8), default="user")
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[str] = mapped_column(String(10))
    content_type: Mapped[str] = mapped_column(String(127))
    file_name: Mapped[str | None] = mapped_column(String(255))
    caption: Mapped[str | None] = mapped_column(Text)
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("agents.id"))
    created_at: Mapped[datetime]

    case: Mapped[Case | None] = relationship(back_populates="evidence")
    media: Mapped[Media | None] = relationship()


class TimelineEntry(Base):
    """Something that happened to a case: who, what, when, old → new. Append-only."""

    __tablename__ = "timeline"
    __table_args__ = (Index("ix_timeline_case", "case_id", "id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(8))
    """`user`, `agent` or `system`."""
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("agents.id"))
    what: Mapped[str] = mapped_column(String(24))
    """filed, graded, stage, evidence, words, urge, handler, note, contact, …"""
    old: Mapped[str | None] = mapped_column(String(120))
    new: Mapped[str | None] = mapped_column(String(120))
    note: Mapped[str | None] = mapped_column(Text)
    visible: Mapped[bool] = mapped_column(default=True)
    """May the complainant read it?"""

    case: Mapped[Case] = relationship(back_populates="timeline")
    agent: Mapped[Agent | None] = relationship()


class CaseClock(Base):
    """A promise with a date: when it started, when it is due, whether it was kept."""

    __tablename__ = "case_clocks"
    __table_args__ = (
        Index("ix_case_clocks_due", "met_at", "due_at"),
        Index("ix_case_clocks_case", "case_id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    name: Mapped[str] = mapped_column(String(16))
    started_at: Mapped[datetime]
    due_at: Mapped[datetime]
    met_at: Mapped[datetime | None]
    missed_at: Mapped[datetime | None]
    stopped_at: Mapped[datetime | None]
    """Since when it stands still (the case waits for the user, or is decided); `due_at` moves on resuming."""

    case: Mapped[Case] = relationship(back_populates="clocks")
