"""Files that a person sent: putting them to his draft or case, and saying what became of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from rasa_sdk.executor import CollectingDispatcher

from actions.wording import say
from cases import service
from cases.evidence.reasons import sentence
from cases.service import AttachResult
from cases.tables import Case, Draft
from conversations.tables import Media
from conversations.turn import Turn


def keep(turn: Turn, target: Draft | Case, media_ids: Sequence[int]) -> AttachResult:
    """Attach the files of these ids; the same file twice is one."""
    rows = [turn.session.get_one(Media, media_id) for media_id in media_ids]
    return service.attach_media(turn.session, target, rows, turn.now)


def shown(turn: Turn, media_ids: Sequence[int]) -> dict[str, str]:
    """Facts that were read off the pictures of these ids; of several order pages the first one's."""
    for media_id in media_ids:
        facts = turn.session.get_one(Media, media_id).shown
        if facts:
            return dict(facts)
    return {}


def say_kept(dispatcher: CollectingDispatcher, kept: AttachResult) -> None:
    """How many were taken, and which were not and why."""
    if kept.added:
        say(dispatcher, "utter_evidence_kept", count=len(kept.added), total=kept.total)
    say_not_kept(dispatcher, kept)


def say_not_kept(dispatcher: CollectingDispatcher, kept: AttachResult) -> None:
    """What was there already, and what was refused and why."""
    if kept.repeated and not kept.added:
        say(dispatcher, "utter_evidence_known")
    for reason, count in Counter(refused.reason for refused in kept.refused).items():
        say(dispatcher, "utter_evidence_refused", count=count, reason=sentence(reason))
