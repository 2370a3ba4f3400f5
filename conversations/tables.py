"""The rows of a conversation: who wrote, what came in, what goes out, who speaks, what Rasa remembers.

Tables only; the verbs are in inbox, media, turn_runner, outbox, courier, handover. Times are instants in UTC.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    ColumnElement,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    literal,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.sql.operators import OperatorType

from conversations.database import Base

Id = BigInteger().with_variant(Integer(), "sqlite")


class State(String):
    """A state of a row. Compared with a state that the code names, the name is written into the statement.

    SQLite and PostgreSQL use a partial index (`WHERE state = 'pending'`) only where they can read in the statement
    itself that the condition holds: a bound parameter makes them scan the table.
    """

    cache_ok = True

    class Comparator(String.Comparator[str]):
        """Writes strings out."""

        def operate(self, op: OperatorType, *other: Any, **kwargs: Any) -> ColumnElement[Any]:
            return super().operate(op, *map(_written_out, other), **kwargs)

    comparator_factory = Comparator


def _written_out(value: Any) -> Any:
    if isinstance(value, str):
        return literal(value, String(), literal_execute=True)
    if isinstance(value, (tuple, list, set, frozenset)):
        return [_written_out(one) for one in value]
    return value


def _partial(name: str, *columns: str, where: str) -> Index:
    return Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))


class Contact(Base):
    """A person as one platform knows him: (channel, external id)."""

    __tablename__ = "contacts"
    __table_args__ = (UniqueConstraint("channel", "external_id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    channel: Mapped[str] = mapped_column(String(20))
    external_id: Mapped[str] = mapped_column(String(128))
    display_name: Mapped[str | None] = mapped_column(String(128))
    script: Mapped[str] = mapped_column(String(4), default="hans")
    """Which characters the person writes: `hans` or `hant`."""
    blocked_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class Conversation(Base):
    """The one thread with a contact. The row is the lease of a turn: web never updates it."""

    __tablename__ = "conversations"
    __table_args__ = (Index("ix_conversations_floor", "floor", "floor_since"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id"), unique=True)
    floor: Mapped[str] = mapped_column(String(8), default="bot")
    """Who speaks: `bot`, `queue` (a person was asked for) or `agent`."""
    floor_since: Mapped[datetime]
    floor_reason: Mapped[str | None] = mapped_column(String(40))
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("agents.id"))
    version: Mapped[int] = mapped_column(Integer, default=0)
    """Goes up with every change of the floor; a turn that began under another version must not commit."""
    session_seq: Mapped[int] = mapped_column(Integer, default=0)
    """The tracker event at which Rasa's current session starts."""
    next_seq: Mapped[int] = mapped_column(Integer, default=0)
    handled: Mapped[int] = mapped_column(Integer, default=0)
    """How many messages were handled so far; the next one gets this place plus one."""
    flooded_at: Mapped[datetime | None]
    """Since when the person writes faster than the rate limit; what piles up is then handled together."""
    changed_at: Mapped[datetime] = mapped_column(index=True)
    created_at: Mapped[datetime]

    contact: Mapped[Contact] = relationship(lazy="joined", innerjoin=True)


class InboundMessage(Base):
    """Something a person did, stored before the platform got its answer.

    `state`: `fetching` (its files are on their way), `pending` (a turn is due), `handled`, `failed` (turns were tried
    and failed; a person was called). Fetching and pending messages are *open*.
    """

    __tablename__ = "inbound"
    __table_args__ = (
        UniqueConstraint("channel", "external_id"),
        _partial(
            "ix_inbound_open", "conversation_id", "order", "id", where="state IN ('fetching','pending')"
        ),
        _partial("ix_inbound_due", "due_at", "conversation_id", where="state = 'pending'"),
        Index("ix_inbound_conversation", "conversation_id", "id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"))
    channel: Mapped[str] = mapped_column(String(20))
    external_id: Mapped[str] = mapped_column(String(160))
    kind: Mapped[str] = mapped_column(String(16))
    order: Mapped[int] = mapped_column(BigInteger)
    message_id: Mapped[str | None] = mapped_column(String(64))
    text: Mapped[str | None] = mapped_column(Text)
    edited_text: Mapped[str | None] = mapped_column(Text)
    """What the person later changed the text to; the first text stays."""
    album_id: Mapped[str | None] = mapped_column(String(64))
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """What only some kinds have: choice, event, argument, edits, phone, place."""
    sent_at: Mapped[datetime]
    received_at: Mapped[datetime]
    reply_by: Mapped[datetime | None]
    """Until then the platform holds its request open for a direct answer (WeChat's passive reply)."""
    state: Mapped[str] = mapped_column(State(10), default="pending")
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    handled_at: Mapped[datetime | None]
    handled_by: Mapped[str | None] = mapped_column(String(8))
    """`bot`, or `floor` where a person had the floor and no turn ran."""
    handled_seq: Mapped[int | None] = mapped_column(Integer)
    """Its place in the order in which this conversation's messages were handled."""
    error: Mapped[str | None] = mapped_column(String(200))

    media: Mapped[list[Media]] = relationship(back_populates="message", order_by="Media.position")


class Media(Base):
    """A file that came with a message. `state`: `pending`, `stored`, `refused` (why: `reason`), `gone`."""

    __tablename__ = "media"
    __table_args__ = (
        Index(
            "ix_media_pending",
            "due_at",
            sqlite_where=text("state = 'pending'"),
            postgresql_where=text("state = 'pending'"),
        ),
        Index("ix_media_inbound", "inbound_id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    inbound_id: Mapped[int] = mapped_column(ForeignKey("inbound.id"))
    position: Mapped[int] = mapped_column(Integer, default=0)
    kind: Mapped[str] = mapped_column(String(10))
    """What the platform called it: image, audio, video, document."""
    reference: Mapped[str] = mapped_column(Text)
    url: Mapped[str | None] = mapped_column(Text)
    file_name: Mapped[str | None] = mapped_column(String(255))
    mime_type: Mapped[str | None] = mapped_column(String(127))
    declared_size: Mapped[int | None] = mapped_column(BigInteger)
    duration: Mapped[int | None] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(State(10), default="pending")
    reason: Mapped[str | None] = mapped_column(String(40))
    due_at: Mapped[datetime]
    claimed_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    sha256: Mapped[str | None] = mapped_column(String(64))
    size: Mapped[int | None] = mapped_column(BigInteger)
    content_kind: Mapped[str | None] = mapped_column(String(10))
    """What its content says it is: image, audio, video, document."""
    content_type: Mapped[str | None] = mapped_column(String(127))
    stored_at: Mapped[datetime | None]
    shown: Mapped[dict[str, str] | None] = mapped_column(JSON)
    """Facts read off it (name → value), to be confirmed by the person: an order page's number, amount."""

    message: Mapped[InboundMessage] = relationship(back_populates="media")


class OutboundMessage(Base):
    """Something to say to a person, written in the transaction of its cause.

    `state`: `queued`, `sending` (claimed; cut off here, its outcome is unknown), `sent`, `held` (the platform allows no
    message now: given at the next contact), `failed` (visible in the console), `superseded` (a bot's prompt that an
    agent's taking the floor overtook). `repeats` counts sends made again after an unknown outcome.
    """

    __tablename__ = "outbound"
    __table_args__ = (
        _partial("ix_outbound_unsent", "conversation_id", "id", where="state IN ('queued','sending')"),
        _partial("ix_outbound_due", "due_at", "id", where="state = 'queued'"),
        _partial("ix_outbound_sending", "claimed_at", where="state = 'sending'"),
        _partial("ix_outbound_held", "conversation_id", "id", where="state = 'held'"),
        Index("ix_outbound_conversation", "conversation_id", "id"),
        Index("ix_outbound_inbound", "inbound_id"),
        Index("ix_outbound_given_in", "given_in"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"))
    inbound_id: Mapped[int | None] = mapped_column(ForeignKey("inbound.id"))
    """The message that this answers, if it answers one."""
    author: Mapped[str] = mapped_column(String(8))
    """`bot` (a prompt of the dialogue), `notice` (a receipt, a stage change) or `agent`."""
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("agents.id"))
    case_number: Mapped[str | None] = mapped_column(String(16), index=True)
    text: Mapped[str] = mapped_column(Text)
    request_phone: Mapped[bool] = mapped_column(default=False)
    free_input: Mapped[bool] = mapped_column(default=False)
    """The question wants a number or free words: a typed "1" is the answer, not the first choice."""
    state: Mapped[str] = mapped_column(State(10), default="queued")
    via: Mapped[str | None] = mapped_column(String(8))
    """`reply` (the direct answer to the platform's request) or `push` (a call of the platform's API)."""
    given_in: Mapped[int | None] = mapped_column(ForeignKey("inbound.id"))
    """The message in whose direct reply it was given; a redelivery of that message gets it again."""
    due_at: Mapped[datetime]
    claimed_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    repeats: Mapped[int] = mapped_column(Integer, default=0)
    external_ids: Mapped[list[str]] = mapped_column(JSON, default=list)
    error_code: Mapped[str | None] = mapped_column(String(40))
    error: Mapped[str | None] = mapped_column(String(200))
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None] = mapped_column(index=True)
    answered_at: Mapped[datetime | None]
    """When one of its choices was taken: from then on its buttons are dead."""

    conversation: Mapped[Conversation] = relationship()
    choices: Mapped[list[Choice]] = relationship(back_populates="outbound", order_by="Choice.position")


class Choice(Base):
    """One offered choice. The payload stays here; the platform sees only the token."""

    __tablename__ = "choices"
    __table_args__ = (Index("ix_choices_outbound", "outbound_id"),)

    token: Mapped[str] = mapped_column(String(64), primary_key=True)
    outbound_id: Mapped[int] = mapped_column(ForeignKey("outbound.id"))
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"))
    position: Mapped[int] = mapped_column(Integer)
    label: Mapped[str] = mapped_column(String(64))
    payload: Mapped[str] = mapped_column(Text)
    """`/intent{"entity": "value"}`, as Rasa writes it; trusted because we wrote it."""

    outbound: Mapped[OutboundMessage] = relationship(back_populates="choices")


class TrackerEvent(Base):
    """One event of Rasa's tracker. Only ever appended; the primary key refuses a second writer."""

    __tablename__ = "tracker_events"

    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(Integer, primary_key=True)
    type: Mapped[str] = mapped_column(String(40))
    data: Mapped[str] = mapped_column(Text)


class Team(Base):
    """People who handle one field of complaints."""

    __tablename__ = "teams"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String(40), unique=True)
    contact: Mapped[str | None] = mapped_column(String(80))
    """How a complainant reaches the team, as shown to him."""


class Agent(Base):
    """A person who works in the console. `role`: agent, supervisor, auditor, admin."""

    __tablename__ = "agents"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    login: Mapped[str] = mapped_column(String(64), unique=True)
    display_name: Mapped[str] = mapped_column(String(40))
    role: Mapped[str] = mapped_column(String(12), default="agent")
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"))
    password_hash: Mapped[str] = mapped_column(String(200))
    on_duty: Mapped[bool] = mapped_column(default=True)
    disabled_at: Mapped[datetime | None]
    failed_sign_ins: Mapped[int] = mapped_column(Integer, default=0)
    locked_until: Mapped[datetime | None]
    last_seen_at: Mapped[datetime | None]
    created_at: Mapped[datetime]

    team: Mapped[Team | None] = relationship(lazy="joined")


class AuditEntry(Base):
    """Who looked at or changed what. Append-only; holds ids, never the data that was looked at."""

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    actor: Mapped[str] = mapped_column(String(40))
    """`agent:ID`, `system` or `cli`."""
    action: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(80), index=True)
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class Heartbeat(Base):
    """A running role says that it lives. Kept by every process of every role, read by `/readyz` and the doctor."""

    __tablename__ = "heartbeats"

    instance: Mapped[str] = mapped_column(String(80), primary_key=True)
    role: Mapped[str] = mapped_column(String(10))
    at: Mapped[datetime]
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
