"""`suda doctor`: looks at everything that can be wrong, and says how to mend it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from cases.evidence.vault import EvidenceVault
from conversations.clock import utc_now
from conversations.database import Database
from conversations.tables import Agent, InboundMessage, OutboundMessage
from server import migrate, training
from server.heartbeat import living_roles
from server.platforms import platforms_of
from server.settings import Settings

SAMPLE = b"suda doctor\n"


@dataclass(frozen=True, slots=True)
class Finding:
    """One look: what was looked at, whether it is well, what there is to say."""

    subject: str
    well: bool
    words: str


def examine(settings: Settings) -> int:
    """Print every finding; exit status 1 if something is wrong."""
    wrong = 0
    for finding in findings(settings):
        print(f"{'ok  ' if finding.well else 'BAD '} {finding.subject}: {finding.words}")
        wrong += not finding.well
    return 1 if wrong else 0


def findings(settings: Settings) -> Iterator[Finding]:
    """All findings, in the order in which one depends on the other."""
    yield Finding("settings", True, "all values are valid")
    yield _platforms(settings)
    yield _model(settings)
    yield _evidence(settings)
    yield _data_dir(settings.data_dir)
    database = Database(settings.database_url)
    try:
        current = migrate.is_current(database)
    except DBAPIError as refusal:
        yield Finding(
            "database", False, f"cannot be reached ({type(refusal).__name__}); check SUDA_DATABASE_URL"
        )
        return
    if not current:
        yield Finding("database", False, "is not at the newest version; run `suda db upgrade`")
        return
    yield Finding("database", True, f"{database.url.get_backend_name()}, newest version")
    yield from _rows(database)


def _platforms(settings: Settings) -> Finding:
    platforms = platforms_of(settings)
    if platforms.stand_ins:
        return Finding("platforms", True, "the playground's stand-ins (no real platform is configured)")
    names = [name for name, used in (("Telegram", platforms.telegram), ("WeChat", platforms.wechat)) if used]
    if not names:
        return Finding(
            "platforms", False, "none; set SUDA_TELEGRAM_TOKEN or SUDA_WECHAT_APP_ID, or SUDA_PLAYGROUND=on"
        )
    return Finding("platforms", True, " and ".join(names))


def _model(settings: Settings) -> Finding:
    if training.trained_model(settings.model_dir) is not None:
        return Finding("model", True, "trained from today's data")
    if any(settings.model_dir.glob("*.tar.gz")):
        return Finding("model", False, "older than its data; run `make train`")
    return Finding("model", False, "none; run `make train`")


def _evidence(settings: Settings) -> Finding:
    try:
        vault = EvidenceVault(settings.evidence_url)
        well = vault.open(vault.put(SAMPLE)).read() == SAMPLE
    except (OSError, ValueError, RuntimeError) as failure:
        return Finding(
            "evidence", False, f"cannot be stored ({type(failure).__name__}); check SUDA_EVIDENCE_URL"
        )
    return Finding("evidence", well, "can be stored and read back")


def _data_dir(folder: Path) -> Finding:
    free = os.statvfs(folder if folder.exists() else Path())
    megabytes = free.f_bavail * free.f_frsize // 1_000_000
    return Finding("disk", megabytes > 500, f"{megabytes} MB free at SUDA_DATA_DIR")


def _rows(database: Database) -> Iterator[Finding]:
    with database.read() as session:
        agents = session.scalar(select(func.count()).select_from(Agent).where(Agent.disabled_at.is_(None)))
        failed = session.scalar(
            select(func.count()).select_from(InboundMessage).where(InboundMessage.state == "failed")
        )
        unsent = session.scalar(
            select(func.count()).select_from(OutboundMessage).where(OutboundMessage.state == "failed")
        )
    yield Finding("agents", bool(agents), f"{agents} active" if agents else "none; run `suda agent add`")
    yield Finding(
        "turns", not failed, f"{failed} messages could not be handled; a person was called for each"
    )
    yield Finding("outbox", not unsent, f"{unsent} messages failed; see `suda outbox list`")
    roles = living_roles(database, utc_now())
    alive = ", ".join(f"{role}: {count}" for role, count in sorted(roles.items())) or "nothing runs now"
    yield Finding("processes", True, alive)
