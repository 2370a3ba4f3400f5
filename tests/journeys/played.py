"""Plays many dialogues at once, each by a person of its own: what takes long is waiting (Telegram's pace is a message a
second), not work. Each dialogue's outcome is then a test of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace

from tests.journeys.person import Person, verify_dialog
from tests.journeys.said import Said
from tests.product import platforms_client

AT_ONCE = 6


@dataclass(frozen=True, slots=True)
class Dialogue:
    """What somebody says, line by line, and what is expected in each answer (see `verify_dialog`).

    `after` looks at what became of it: the person's cases, drafts, evidence.
    """

    kind: str
    name: str
    lines: Sequence[tuple[Said, str]]
    after: Callable[[Person], None] | None = None


class Played:
    """Dialogues that are being played on both platforms."""

    def __init__(self, dialogues: Sequence[Dialogue], persons: Callable[[str], Person]) -> None:
        self._pool = ThreadPoolExecutor(AT_ONCE)
        self._outcomes: dict[tuple[str, str], Future[None]] = {}
        for dialogue in dialogues:
            for channel in ("telegram", "wechat"):
                person = persons(channel)
                self._outcomes[dialogue.name, channel] = self._pool.submit(_play, dialogue, person)

    def check(self, name: str, channel: str) -> None:
        """Wait for the dialogue, and raise what went wrong in it."""
        self._outcomes[name, channel].result()

    def close(self) -> None:
        """Wait for what is still being played."""
        self._pool.shutdown(cancel_futures=True)


def with_own_client(person: Person) -> Person:
    """The person with connections of his own to the platforms: those of a thread are not another's."""
    return replace(person, platforms=replace(person.platforms, http=platforms_client()))


def _play(dialogue: Dialogue, person: Person) -> None:
    person = with_own_client(person)
    try:
        verify_dialog(person, dialogue.lines)
        if dialogue.after is not None:
            dialogue.after(person)
    finally:
        person.platforms.http.close()
