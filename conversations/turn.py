"""One turn: everything that a person's message causes, in one database transaction.

`Turn` is what the dialogue, its tracker store and its actions share while the turn runs; they find it through
`current()`. It commits once or not at all. Nothing in here waits for a network.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from conversations.outbox import Option, add_to, enqueue, is_latest
from conversations.tables import (
    Contact,
    Conversation,
    InboundMessage,
    Media,
    OutboundMessage,
)

LONGEST_TOGETHER = 1000
"""Characters of a message that is put together from several things said."""


class TurnOver(RuntimeError):
    """Something outlived its turn (a task, a thread) and tried to go on with it."""


@dataclass(frozen=True, slots=True)
class Utterance:
    """One thing for the dialogue to understand.

    Either `text` (to be parsed), or `intent` with `entities` (a pressed button, a command, an attachment): then
    nothing is parsed. `kind` is the inbound kind; `event` says more where the kind is `event` (`subscribe`, `handed_back`).
    """

    kind: str
    text: str | None = None
    intent: str | None = None
    entities: tuple[dict[str, Any], ...] = ()
    event: str | None = None
    media_ids: tuple[int, ...] = ()


@dataclass(eq=False)
class Turn:
    """A running turn. `now` is the one clock of all that happens in it."""

    _session: Session
    conversation: Conversation
    messages: Sequence[InboundMessage]
    now: datetime
    media: Sequence[Media] = ()
    """The files of the messages, each stored, refused or gone."""
    utterance: Utterance | None = None
    """What is being handled just now."""
    replies: list[OutboundMessage] = field(default_factory=list)
    failure: BaseException | None = None
    """Set by the host of the actions: Rasa swallows what an action raises, the turn must not."""
    session_ended: bool = False
    over: bool = False

    @property
    def session(self) -> Session:
        """The database session of the turn."""
        if self.over:
            raise TurnOver("the turn is over")
        return self._session

    @property
    def contact(self) -> Contact:
        """The person who wrote."""
        return self.conversation.contact

    @property
    def message(self) -> InboundMessage:
        """The message that is answered (the last one where several are handled together)."""
        return self.messages[-1]

    def reply(
        self,
        text: str,
        *,
        options: Sequence[Option] = (),
        author: str = "bot",
        request_phone: bool = False,
        free_input: bool = False,
        case_number: str | None = None,
    ) -> OutboundMessage:
        """Say something to the person when the turn commits.

        What one turn says is one message, as far as it can be: a phone that buzzes three times, and a question that comes
        two seconds after what goes before it (Telegram takes a message a second), are no better for being three.
        """
        last = self.replies[-1] if self.replies else None
        if last is not None and is_latest(self.session, last) and _goes_on(last, text, author, case_number):
            return add_to(last, text, options=options, request_phone=request_phone, free_input=free_input)
        row = enqueue(
            self.session,
            self.conversation.id,
            text,
            author=author,
            now=self.now,
            answers=self.message if self.messages else None,
            options=options,
            request_phone=request_phone,
            free_input=free_input,
            case_number=case_number,
        )
        self.replies.append(row)
        return row

    def end_session(self) -> None:
        """The task is done: the dialogue forgets it when the turn commits, so that turns keep their cost."""
        self.session_ended = True


def _goes_on(last: OutboundMessage, text: str, author: str, case_number: str | None) -> bool:
    """May this be said in the same message as the last? Notices stand alone, and nothing follows choices."""
    return (
        last.author == author == "bot"
        and last.case_number is None
        and case_number is None
        and not last.choices
        and not last.request_phone
        and len(last.text) + len(text) <= LONGEST_TOGETHER
    )


_current: ContextVar[Turn | None] = ContextVar("turn", default=None)


def current() -> Turn:
    """The turn that is running here; `LookupError` outside of one."""
    turn = _current.get()
    if turn is None:
        raise LookupError("no turn is running")
    return turn


def running() -> bool:
    """Is a turn running here?"""
    return _current.get() is not None


@contextmanager
def entered(turn: Turn) -> Iterator[Turn]:
    """Make `turn` the current one for the block; afterwards it is over."""
    token = _current.set(turn)
    try:
        yield turn
    finally:
        turn.over = True
        _current.reset(token)
