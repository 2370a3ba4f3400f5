"""Which of a conversation's open messages are handled next, and together.

Order: as the platform created them (`order`, then the order of arrival). A message whose successors were handled
before it arrived is handled when it arrives. Pictures of one album, or sent one right after the other, are one turn:
they are settled when no further one came for a while. Pure rules.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

ALBUM_SETTLES = 1.5
"""Seconds without a further part after which an album counts as complete (Telegram marks no end)."""

PHOTOS_SETTLE = 3.0
"""Seconds in which pictures that are sent one after the other, in no album, are answered together."""

LONGEST_WAIT = timedelta(seconds=10)
"""Pictures that keep coming are not waited for longer than this after the first."""


@dataclass(frozen=True, slots=True)
class Open:
    """An open message, as far as this rule looks at it. `due_at` is when its settling time is over."""

    id: int
    kind: str
    album_id: str | None
    received_at: datetime
    due_at: datetime
    fetching: bool


def settle_seconds(kind: str, album_id: str | None) -> float:
    """How long to wait for more of the same after this message; 0 for what stands alone."""
    if album_id is not None:
        return ALBUM_SETTLES
    return PHOTOS_SETTLE if kind == "photo" else 0.0


def next_batch(messages: Sequence[Open], now: datetime) -> tuple[int, ...] | None:
    """The ids to handle now, in order; None where the oldest is not ready yet. `messages` are in order."""
    if not messages:
        return None
    batch = _belonging_together(messages)
    if any(message.fetching for message in batch):
        return None
    settled = max(message.due_at for message in batch) <= now
    tried_before = batch[0].due_at - batch[0].received_at > LONGEST_WAIT  # put off after a failure
    waited_long = not tried_before and batch[0].received_at + LONGEST_WAIT <= now
    if not settled and not waited_long:
        return None
    return tuple(message.id for message in batch)


def _belonging_together(messages: Sequence[Open]) -> list[Open]:
    first = messages[0]
    batch = [first]
    if first.kind != "photo" and first.album_id is None:
        return batch
    for message in messages[1:]:
        same_album = first.album_id is not None and message.album_id == first.album_id
        in_a_row = first.album_id is None and message.album_id is None and message.kind == "photo"
        if not (same_album or (in_a_row and first.due_at > first.received_at)):
            break
        batch.append(message)
    return batch
