"""Putting stored files to a draft or a case as evidence. Fetching, checking and storing are done by then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from cases import policy
from cases.drafts import DraftClosed
from cases.lifecycle import Actor
from cases.locking import lock_case, lock_draft
from cases.moving import take_as_answer
from cases.tables import Case, Draft, Evidence, TimelineEntry
from conversations.tables import Agent, Media

TOO_MANY = "too_many"
"""The reason of a file that is over the limit of files (`evidence.reasons.sentence` has the words)."""

_COUNT = select(func.count()).select_from(Evidence)
_OF_DRAFT = _COUNT.where(Evidence.draft_id == bindparam("target"))
_OF_CASE = _COUNT.where(Evidence.case_id == bindparam("target"))


@dataclass(frozen=True, slots=True)
class RefusedFile:
    """A file that is not taken, and the code of the reason."""

    media_id: int
    reason: str


@dataclass(frozen=True, slots=True)
class AttachResult:
    """What became of the files. `total`: how many that side of the draft or case has now."""

    added: tuple[Evidence, ...] = ()
    repeated: tuple[int, ...] = ()
    """Media that were there already, under whatever name."""
    refused: tuple[RefusedFile, ...] = ()
    total: int = 0
    answered: bool = False
    """They were what the case waited for: it went back to being verified, and the person was told so."""


@dataclass(slots=True)
class _Sorted:
    added: list[Evidence] = field(default_factory=list)
    repeated: list[int] = field(default_factory=list)
    refused: list[RefusedFile] = field(default_factory=list)


def attach_media(
    session: Session,
    target: Draft | Case,
    media: Sequence[Media],
    now: datetime,
    *,
    side: str = "user",
    agent: Agent | None = None,
) -> AttachResult:
    """Attach files to a draft or case; called again with the same files, it changes nothing.

    The same content twice is one. Files beyond the limit, and those that were refused when they were
    fetched, are reported with their reason. `side` is `user` or `company` (then `agent` is who put them
    there). Raises `DraftClosed`, `CaseNotFound`.
    """
    case: Case | None = None
    if isinstance(target, Draft):
        draft = lock_draft(session, target.id)
        if draft.state == "filed":
            filed = session.scalars(select(Case).where(Case.draft_id == draft.id)).one()
            return attach_media(session, filed, media, now, side=side, agent=agent)
        if draft.state != "open":
            raise DraftClosed(str(draft.id))
        draft.changed_at, draft.expires_at = now, now + policy.current().draft_kept
        place = Evidence.draft_id == draft.id
        ids = {"draft_id": draft.id, "conversation_id": draft.conversation_id}
    else:
        case = lock_case(session, target.number)
        place = Evidence.case_id == case.id
        ids = {"case_id": case.id, "conversation_id": case.conversation_id}

    there = set(session.scalars(select(Evidence.sha256).where(place, Evidence.side == side)))
    result = _Sorted()
    for item in media:
        if item.state != "stored" or item.sha256 is None:
            result.refused.append(RefusedFile(item.id, item.reason or item.state))
        elif item.sha256 in there:
            result.repeated.append(item.id)
        elif len(there) >= policy.current().evidence_max_files:
            result.refused.append(RefusedFile(item.id, TOO_MANY))
        else:
            there.add(item.sha256)
            result.added.append(_evidence(item, ids, side, agent, now))
    session.add_all(result.added)
    session.flush()
    answered = False
    if case is not None and result.added:
        answered = _log(session, case, len(result.added), side, agent, now)
    return AttachResult(
        tuple(result.added), tuple(result.repeated), tuple(result.refused), len(there), answered
    )


def evidence_of(session: Session, target: Draft | Case) -> list[Evidence]:
    """The files of a draft or case, in the order of arrival."""
    place = Evidence.draft_id == target.id if isinstance(target, Draft) else Evidence.case_id == target.id
    return list(session.scalars(select(Evidence).where(place).order_by(Evidence.id)))


def count_evidence(session: Session, target: Draft | Case) -> int:
    """How many files a draft or case has."""
    counted = _OF_DRAFT if isinstance(target, Draft) else _OF_CASE
    return session.scalar(counted, {"target": target.id}) or 0


def _evidence(item: Media, ids: dict[str, int], side: str, agent: Agent | None, now: datetime) -> Evidence:
    assert item.sha256 is not None
    return Evidence(
        **ids,
        media_id=item.id,
        side=side,
        sha256=item.sha256,
        size=item.size or 0,
        kind=item.content_kind or item.kind,
        content_type=item.content_type or "application/octet-stream",
        file_name=item.file_name,
        caption=item.message.text,
        agent_id=agent.id if agent else None,
        created_at=now,
    )


def _log(session: Session, case: Case, count: int, side: str, agent: Agent | None, now: datetime) -> bool:
    session.expire(case, ["evidence"])
    case.changed_at = now
    case.timeline.append(
        TimelineEntry(
            at=now,
            actor=Actor.AGENT.value if side == "company" else Actor.USER.value,
            agent_id=agent.id if agent else None,
            what="evidence",
            new=str(count),
        )
    )
    return side == "user" and take_as_answer(session, case, now)
