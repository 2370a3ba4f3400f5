"""The workbench's left side: who waits, whom I talk to, who wrote lately. Reads rows, makes values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, not_, or_, select
from sqlalchemy.orm import Session

from console import words
from console.rendering import masked
from conversations.tables import Agent, Contact, Conversation, InboundMessage, OutboundMessage

RECENT = 40
QUEUE = 100
PREVIEW = 60
EMERGENCY = "emergency"


@dataclass(frozen=True, slots=True)
class Item:
    """A conversation in a list. `preview`: its last words, phone numbers masked; `holder`: who talks."""

    id: int
    name: str
    channel: str
    floor: str
    since: datetime
    changed_at: datetime
    preview: str
    urgent: bool
    reason: str | None
    holder: str | None
    mine: bool
    unanswered: bool


@dataclass(frozen=True, slots=True)
class Lists:
    """The three lists, each conversation in one of them: `queue` in the order of waiting, but emergencies in
    front; the others with the latest first.
    """

    queue: tuple[Item, ...]
    queued: int
    mine: tuple[Item, ...]
    recent: tuple[Item, ...]


def person_name(contact: Contact) -> str:
    """What the person is called here: his name on the platform, else a short form of his id there."""
    if contact.display_name:
        return contact.display_name
    return f"{words.CHANNELS.get(contact.channel, contact.channel)}用户 {contact.external_id[-4:]}"


def workbench_lists(session: Session, agent: Agent) -> Lists:
    """The lists as this agent sees them."""
    waiting = Conversation.floor == "queue"
    emergency = case((Conversation.floor_reason == EMERGENCY, 0), else_=1)
    queue = session.scalars(
        select(Conversation)
        .where(waiting)
        .order_by(emergency, Conversation.floor_since, Conversation.id)
        .limit(QUEUE)
    ).all()
    queued = session.scalar(select(func.count()).select_from(Conversation).where(waiting)) or 0
    mine = session.scalars(
        select(Conversation)
        .where(Conversation.floor == "agent", Conversation.agent_id == agent.id)
        .order_by(Conversation.changed_at.desc())
    ).all()
    recent = session.scalars(
        select(Conversation)
        .where(not_(waiting), or_(Conversation.agent_id.is_(None), Conversation.agent_id != agent.id))
        .order_by(Conversation.changed_at.desc(), Conversation.id.desc())
        .limit(RECENT)
    ).all()
    look = _Look(session, agent, (*queue, *mine, *recent))
    return Lists(look.items(queue), queued, look.items(mine), look.items(recent))


class _Look:
    """Last words and holders of some conversations, read once for all lists."""

    def __init__(self, session: Session, agent: Agent, rows: Iterable[Conversation]) -> None:
        self._agent = agent
        rows = list(rows)
        ids = [row.id for row in rows]
        holders = {row.agent_id for row in rows if row.agent_id is not None}
        self._holders = {
            row.id: row.display_name for row in session.scalars(select(Agent).where(Agent.id.in_(holders)))
        }
        self._last_in = {
            row.conversation_id: row
            for row in session.scalars(
                select(InboundMessage).where(
                    InboundMessage.id.in_(
                        select(func.max(InboundMessage.id))
                        .where(InboundMessage.conversation_id.in_(ids), InboundMessage.kind != "event")
                        .group_by(InboundMessage.conversation_id)
                    )
                )
            )
        }
        self._last_out = {
            row.conversation_id: row
            for row in session.scalars(
                select(OutboundMessage).where(
                    OutboundMessage.id.in_(
                        select(func.max(OutboundMessage.id))
                        .where(OutboundMessage.conversation_id.in_(ids))
                        .group_by(OutboundMessage.conversation_id)
                    )
                )
            )
        }

    def items(self, rows: Sequence[Conversation]) -> tuple[Item, ...]:
        return tuple(self._item(row) for row in rows)

    def _item(self, row: Conversation) -> Item:
        came, went = self._last_in.get(row.id), self._last_out.get(row.id)
        persons_turn = came is not None and (went is None or came.received_at >= went.created_at)
        return Item(
            id=row.id,
            name=person_name(row.contact),
            channel=row.contact.channel,
            floor=row.floor,
            since=row.floor_since,
            changed_at=max(row.changed_at, came.received_at) if came is not None else row.changed_at,
            preview=_preview(came, went, persons_turn),
            urgent=row.floor == "queue" and row.floor_reason == EMERGENCY,
            reason=words.FLOOR_REASONS.get(row.floor_reason or ""),
            holder=self._holders.get(row.agent_id or 0),
            mine=row.floor == "agent" and row.agent_id == self._agent.id,
            unanswered=row.floor == "agent" and persons_turn,
        )


def _preview(came: InboundMessage | None, went: OutboundMessage | None, persons_turn: bool) -> str:
    if persons_turn and came is not None:
        text = came.edited_text or came.text or _KINDS.get(came.kind, "")
    elif went is not None:
        text = {"bot": "机器人：", "agent": "客服：", "notice": "通知："}.get(went.author, "") + went.text
    else:
        return ""
    return masked(" ".join(text.split())[:PREVIEW])


_KINDS = {
    "photo": "[图片]",
    "voice": "[语音]",
    "audio": "[录音]",
    "video": "[视频]",
    "document": "[文件]",
    "contact": "[分享了电话]",
    "location": "[位置]",
    "link": "[链接]",
    "sticker": "[贴纸]",
    "command": "[指令]",
    "choice": "[点选]",
    "unsupported": "[其他消息]",
}
