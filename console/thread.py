"""A conversation as a thread of bubbles: what came in and what went out, in the order in which it happened.

Reads rows and makes values; templates show them. Nothing here renders or changes anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from console import words
from conversations.tables import Agent, Choice, InboundMessage, Media, OutboundMessage

PAGE = 60
PLAYABLE = frozenset({"audio/mpeg", "audio/ogg", "audio/wav", "audio/mp4", "video/mp4", "video/quicktime"})
"""What browsers play; AMR they do not, it can be downloaded."""

_CURSOR = re.compile(r"(\d{1,18})-(\d{1,18})")


class BadCursor(ValueError):
    """Not a cursor that we gave out."""


@dataclass(frozen=True, slots=True)
class File:
    """A file in a bubble. `shown_as`: image, audio, video, file (to download), refused, pending."""

    id: int
    shown_as: str
    kind: str
    name: str
    size: int | None
    duration: int | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class Bubble:
    """One thing in the thread. `author`: user, bot, agent, notice, event."""

    key: str
    author: str
    by: str
    kind: str
    at: datetime
    state: str
    text: str | None = None
    label: str | None = None
    old_text: str | None = None
    state_shown: str | None = None
    reason: str | None = None
    may_retry: bool = False
    outbound_id: int | None = None
    case_number: str | None = None
    options: tuple[str, ...] = ()
    files: tuple[File, ...] = ()
    place: Mapping[str, object] | None = None
    settled: bool = True


@dataclass(frozen=True, slots=True)
class Thread:
    """A page of bubbles, oldest first. `earlier`: hand it in as `before` for those before; None at the start."""

    bubbles: tuple[Bubble, ...]
    earlier: str | None = field(default=None)


def latest(session: Session, conversation_id: int, *, before: str | None = None, limit: int = PAGE) -> Thread:
    """The last `limit` bubbles, or those before the cursor. Raises `BadCursor`."""
    inbound_before, outbound_before = _read_cursor(before)
    came = _inbound(session, conversation_id, inbound_before, limit)
    went = _outbound(session, conversation_id, outbound_before, limit)
    merged = sorted(
        [(row.received_at, 0, row.id, row) for row in came]
        + [(row.created_at, 1, row.id, row) for row in went],
        key=lambda item: item[:3],
    )
    rows = [item[3] for item in merged]
    shown = rows[-limit:]
    more = len(rows) > limit or len(came) == limit or len(went) == limit
    # What is not shown now must be below the cursor of its own table, or it would be lost between two pages.
    first_in = min((r.id for r in shown if isinstance(r, InboundMessage)), default=inbound_before)
    first_out = min((r.id for r in shown if isinstance(r, OutboundMessage)), default=outbound_before)
    bubbles = _Bubbles(session, conversation_id, shown).make()
    return Thread(tuple(bubbles), f"{first_in}-{first_out}" if more and shown else None)


_FROM_THE_END = 10**18 - 1


def _read_cursor(cursor: str | None) -> tuple[int, int]:
    if cursor is None:
        return _FROM_THE_END, _FROM_THE_END
    match = _CURSOR.fullmatch(cursor)
    if match is None:
        raise BadCursor(cursor)
    return int(match[1]), int(match[2])


def _inbound(session: Session, conversation_id: int, before: int, limit: int) -> Sequence[InboundMessage]:
    return session.scalars(
        select(InboundMessage)
        .where(InboundMessage.conversation_id == conversation_id, InboundMessage.id < before)
        .order_by(InboundMessage.id.desc())
        .limit(limit)
        .options(selectinload(InboundMessage.media))
    ).all()


def _outbound(session: Session, conversation_id: int, before: int, limit: int) -> Sequence[OutboundMessage]:
    return session.scalars(
        select(OutboundMessage)
        .where(OutboundMessage.conversation_id == conversation_id, OutboundMessage.id < before)
        .order_by(OutboundMessage.id.desc())
        .limit(limit)
        .options(selectinload(OutboundMessage.choices))
    ).all()


class _Bubbles:
    """Makes bubbles of rows, with the names that they refer to read once for all."""

    def __init__(
        self, session: Session, conversation_id: int, rows: Sequence[InboundMessage | OutboundMessage]
    ) -> None:
        self._rows = rows
        came = [row for row in rows if isinstance(row, InboundMessage)]
        self._labels = _labels(session, conversation_id, came)
        self._edited = _originals(session, conversation_id, came)
        self._agents = _names(session, [r.agent_id for r in rows if isinstance(r, OutboundMessage)])

    def make(self) -> list[Bubble]:
        bubbles = [
            self._came(row) if isinstance(row, InboundMessage) else self._went(row) for row in self._rows
        ]
        return [bubble for bubble in bubbles if bubble is not None]

    def _came(self, row: InboundMessage) -> Bubble | None:
        author = "event" if row.kind == "event" else "user"
        text, label, old_text = row.text, None, None
        if row.edited_text is not None:
            text, old_text, label = row.edited_text, row.text, "已修改"
        details = row.details
        if row.kind == "event":
            text = words.EVENTS.get(str(details.get("event")), "平台通知")
            argument = str(details.get("argument") or "")
            if details.get("event") == "menu" and argument:
                text = f"点了菜单：{words.MENU.get(argument, argument)}"
        elif row.kind == "choice":
            text, label = self._labels.get(str(details.get("choice"))) or "（选项已失效）", "点选"
        elif row.kind == "command":
            text, label = f"/{details.get('argument') or ''}", "指令"
        elif row.kind == "contact":
            text, label = str(details.get("phone") or "（没有号码）"), "分享了电话"
        elif row.kind == "sticker":
            text, label = row.text, "贴纸"
        elif row.kind == "link":
            label = "链接"
        elif row.kind == "unsupported":
            text, label = row.text, "平台没有给出内容的消息"
        elif row.kind == "voice" and row.text:
            label = "语音识别"
        elif row.kind == "edit":
            if row.state == "handled" and str(details.get("edits", "")) in self._edited:
                return None  # shown on the message that it changed
            label = "修改后的消息"
        place = details.get("place") if row.kind == "location" else None
        return Bubble(
            key=f"in-{row.id}",
            author=author,
            by="",
            kind=row.kind,
            at=row.received_at,
            state=row.state,
            text=text,
            label="位置" if place else label,
            old_text=old_text,
            state_shown=words.INBOUND_STATES.get(row.state) or None,
            files=tuple(_file(media) for media in row.media),
            place=place if isinstance(place, dict) else None,
            settled=row.state in ("handled", "failed"),
        )

    def _went(self, row: OutboundMessage) -> Bubble:
        agent = self._agents.get(row.agent_id or 0)
        by = {"bot": "机器人", "notice": "通知"}.get(row.author, agent or "客服")
        return Bubble(
            key=f"out-{row.id}",
            author=row.author,
            by=by,
            kind="text",
            at=row.created_at,
            state=row.state,
            text=row.text,
            state_shown=words.OUTBOUND_STATES.get(row.state, row.state),
            reason=words.outbound_reason(row.state, row.error_code, row.error),
            may_retry=row.state == "failed",
            outbound_id=row.id,
            case_number=row.case_number,
            options=tuple(choice.label for choice in row.choices),
            settled=row.state in ("sent", "failed", "superseded"),
        )


def _file(media: Media) -> File:
    kind = media.content_kind or media.kind
    shown_as, reason = "file", None
    if media.state == "pending":
        shown_as = "pending"
    elif media.state != "stored":
        shown_as, reason = "refused", words.media_refused(media.reason or media.state)
    elif kind == "image":
        shown_as = "image"
    elif media.content_type in PLAYABLE:
        shown_as = kind
    return File(
        id=media.id,
        shown_as=shown_as,
        kind=kind,
        name=media.file_name or words.MEDIA_KINDS.get(kind, "文件"),
        size=media.size or media.declared_size,
        duration=media.duration,
        reason=reason,
    )


def _labels(session: Session, conversation_id: int, rows: Iterable[InboundMessage]) -> dict[str, str]:
    tokens = [str(row.details.get("choice")) for row in rows if row.kind == "choice"]
    if not tokens:
        return {}
    found = session.execute(
        select(Choice.token, Choice.label).where(
            Choice.token.in_(tokens), Choice.conversation_id == conversation_id
        )
    )
    return {row.token: row.label for row in found}


def _originals(session: Session, conversation_id: int, rows: Iterable[InboundMessage]) -> frozenset[str]:
    """The platform's names of the messages that the edits among these rows changed, where we have them."""
    edits = [str(row.details["edits"]) for row in rows if row.kind == "edit" and "edits" in row.details]
    if not edits:
        return frozenset()
    return frozenset(
        name
        for name in session.scalars(
            select(InboundMessage.message_id).where(
                InboundMessage.conversation_id == conversation_id,
                InboundMessage.message_id.in_(edits),
                InboundMessage.kind != "edit",
                InboundMessage.edited_text.is_not(None),
            )
        )
        if name is not None
    )


def _names(session: Session, ids: Iterable[int | None]) -> dict[int, str]:
    wanted = {one for one in ids if one is not None}
    if not wanted:
        return {}
    return {row.id: row.display_name for row in session.scalars(select(Agent).where(Agent.id.in_(wanted)))}
