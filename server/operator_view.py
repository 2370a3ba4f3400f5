"""What an operator sees and mends from the command line: a case, and messages that do not get through."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from sqlalchemy import func, select, update

from cases import queries
from cases.numbers import normalise
from conversations.clock import utc_now
from conversations.database import Database
from conversations.tables import AuditEntry, OutboundMessage
from server.settings import Settings

SHOWN = 200


def show_case(settings: Settings, number: str) -> int:
    """Print a case and its timeline (the look is audited); exit status 1 if there is none of that number."""
    zone = ZoneInfo(settings.timezone)
    with Database(settings.database_url).write() as session:
        case = queries.case_by_number(session, normalise(number))
        if case is None:
            print(f"no case {number}", file=sys.stderr)
            return 1
        session.add(AuditEntry(at=utc_now(), actor="cli", action="case.view", subject=f"case:{case.number}"))
        handler = case.handler.display_name if case.handler else "-"
        team = case.team.name if case.team else "-"
        print(f"{case.number}  {case.type}  {case.stage}  {case.priority}  team {team}  handler {handler}")
        print(f"order {case.order_no or '-'}  amount {case.amount or '-'}  merchant {case.merchant or '-'}")
        print(case.description)
        for entry in case.timeline:
            moment = entry.at.astimezone(zone).strftime("%Y-%m-%d %H:%M")
            change = f"{entry.old or ''} → {entry.new}" if entry.new else ""
            print(f"{moment}  {entry.actor}  {entry.what}  {change}  {entry.note or ''}".rstrip())
        for file in case.evidence:
            print(f"evidence {file.sha256}  {file.content_type}  {file.size} bytes")
    return 0


def list_outbox(settings: Settings) -> int:
    """Print what waits or failed, without the words: id, conversation, state, tries, reason."""
    with Database(settings.database_url).read() as session:
        counts = session.execute(
            select(OutboundMessage.state, func.count()).group_by(OutboundMessage.state)
        ).all()
        print("  ".join(f"{state}: {count}" for state, count in counts) or "nothing was ever sent")
        rows = session.scalars(
            select(OutboundMessage)
            .where(OutboundMessage.state.in_(("queued", "sending", "held", "failed")))
            .order_by(OutboundMessage.id)
            .limit(SHOWN)
        )
        for row in rows:
            reason = " ".join(filter(None, (row.error_code, row.error)))
            print(
                f"{row.id}\tconversation {row.conversation_id}\t{row.state}\ttries {row.attempts}\t{reason}"
            )
    return 0


def retry_outbox(settings: Settings, ids: Sequence[int]) -> int:
    """Queue failed messages again: the given ones, or all."""
    now = utc_now()
    with Database(settings.database_url).write() as session:
        failed = select(OutboundMessage.id).where(OutboundMessage.state == "failed")
        if ids:
            failed = failed.where(OutboundMessage.id.in_(ids))
        chosen = session.scalars(failed).all()
        session.execute(
            update(OutboundMessage)
            .where(OutboundMessage.id.in_(chosen))
            .values(state="queued", due_at=now, repeats=0, error=None, error_code=None)
        )
        session.add(
            AuditEntry(
                at=now, actor="cli", action="outbox.retry", subject="outbox", details={"ids": list(chosen)}
            )
        )
    print(f"queued {len(chosen)} again")
    return 0
