"""The verbs of complaint handling, in one place for whoever calls them; the work is in the modules below.

Every verb takes the session of the transaction that it belongs to, and the instant that is now; none commits.
"""

from __future__ import annotations

from cases.assigning import CannotAssign, assign, ensure_teams
from cases.attaching import AttachResult, RefusedFile, attach_media, count_evidence, evidence_of
from cases.drafts import DraftClosed, current_draft, drop_draft, open_draft, update_draft
from cases.facts import InvalidFact
from cases.filing import NumbersExhausted, file_case
from cases.lifecycle import Actor, IllegalMove, MoveRefused, NeedMissing
from cases.locking import CaseNotFound, DraftNotFound
from cases.moving import move_case, moves_for, withdraw
from cases.words import (
    SPOKEN,
    CaseDecided,
    Urged,
    add_note,
    add_words,
    agent_spoke,
    note_contact,
    urge,
    write_down,
)

__all__ = [
    "SPOKEN",
    "Actor",
    "AttachResult",
    "CannotAssign",
    "CaseDecided",
    "CaseNotFound",
    "DraftClosed",
    "DraftNotFound",
    "IllegalMove",
    "InvalidFact",
    "MoveRefused",
    "NeedMissing",
    "NumbersExhausted",
    "RefusedFile",
    "Urged",
    "add_note",
    "add_words",
    "agent_spoke",
    "assign",
    "attach_media",
    "count_evidence",
    "current_draft",
    "drop_draft",
    "ensure_teams",
    "evidence_of",
    "file_case",
    "move_case",
    "moves_for",
    "note_contact",
    "open_draft",
    "update_draft",
    "urge",
    "withdraw",
    "write_down",
]
