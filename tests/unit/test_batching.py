"""Which messages are handled next, and together."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from conversations.batching import (
    ALBUM_SETTLES,
    LONGEST_WAIT,
    PHOTOS_SETTLE,
    Open,
    next_batch,
    settle_seconds,
)

START = datetime(2026, 11, 23, 9, 0, tzinfo=timezone.utc)


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def message(
    id: int,
    kind: str = "text",
    *,
    came: float = 0,
    settles: float = 0,
    album: str | None = None,
    fetching: bool = False,
) -> Open:
    return Open(id, kind, album, at(came), at(came + settles), fetching)


def test_nothing_open_is_nothing_to_do() -> None:
    assert next_batch([], START) is None


def test_texts_are_handled_one_by_one() -> None:
    assert next_batch([message(1), message(2)], START) == (1,)


def test_an_album_waits_until_its_last_part_has_settled() -> None:
    parts = [message(n, "photo", came=n, settles=ALBUM_SETTLES, album="a") for n in (1, 2)]
    assert next_batch(parts, at(3)) is None
    assert next_batch(parts, at(3.6)) == (1, 2)


def test_pictures_in_a_row_are_one_turn_and_end_at_the_first_words() -> None:
    row = [message(1, "photo", settles=3), message(2, "photo", came=1, settles=3), message(3, came=2)]
    assert next_batch(row, at(2)) is None
    assert next_batch(row, at(4.1)) == (1, 2)


def test_pictures_that_never_stop_are_answered_after_the_longest_wait() -> None:
    row = [message(n, "photo", came=n, settles=3) for n in range(12)]
    assert next_batch(row, at(9.9)) is None
    assert next_batch(row, START + LONGEST_WAIT) == tuple(range(12))


def test_a_message_whose_file_is_on_its_way_holds_up_what_follows() -> None:
    assert next_batch([message(1, "photo", fetching=True), message(2)], at(60)) is None


def test_a_message_put_off_after_a_failure_waits_its_time_and_is_not_overtaken() -> None:
    put_off = message(1, settles=30)
    assert next_batch([put_off, message(2)], at(15)) is None
    assert next_batch([put_off, message(2)], at(31)) == (1,)


@pytest.mark.parametrize(
    ("kind", "album", "expected"),
    [("photo", "a", ALBUM_SETTLES), ("photo", None, PHOTOS_SETTLE), ("text", None, 0.0)],
)
def test_only_pictures_settle(kind: str, album: str | None, expected: float) -> None:
    assert settle_seconds(kind, album) == expected
