"""Rasa's tracker store on the running turn's session: reads the current session's events, appends the new ones.

Nothing is written outside the turn's transaction. A session starts where `Conversation.session_seq` points, so the cost
of a turn does not grow with the length of the chat.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import (
    ACTION_LISTEN_NAME,
    ACTION_SESSION_START_NAME,
    REQUESTED_SLOT,
)
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    Event,
    SessionStarted,
    SlotSet,
    UserUttered,
    deserialise_events,
)
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy import bindparam, insert, select

from conversations.database import begin_writing
from conversations.tables import TrackerEvent
from conversations.turn import Turn, current

_INSERT = insert(TrackerEvent.__table__)  # type: ignore[arg-type]  # the table, not the class: no unit of work is needed

_SESSION = (
    select(TrackerEvent.data)
    .where(
        TrackerEvent.conversation_id == bindparam("conversation_id"), TrackerEvent.seq >= bindparam("first")
    )
    .order_by(TrackerEvent.seq)
)

LONGEST_SESSION = 60
"""Events after which a session is cut even though its task is not done."""


class TurnTrackerStore(TrackerStore):  # type: ignore[misc]
    """Appends only what is new and reads nothing twice. Belongs to one bot process."""

    def __init__(self, domain: Domain | None) -> None:
        super().__init__(domain)
        self._loaded: tuple[Turn, int] | None = None

    async def retrieve(self, sender_id: str) -> DialogueStateTracker:
        """The tracker of the current session; a new conversation's session is started."""
        turn = current()
        rows = self._rows(turn)
        if not rows:
            self.start_session(turn)
            rows = self._rows(turn)
        events = deserialise_events([json.loads(row) for row in rows])
        self._loaded = (turn, len(events))
        return DialogueStateTracker.from_events(sender_id, events, self.domain.slots)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Append the events that the turn added."""
        turn = current()
        if self._loaded is None or self._loaded[0] is not turn:
            raise RuntimeError("a tracker is saved that was not read in this turn")
        events = list(tracker.events)
        self._append(turn, events[self._loaded[1] :])
        self._loaded = (turn, len(events))
        if turn.session_ended:
            turn.session_ended = False
            self.start_session(turn)
        elif len(events) > LONGEST_SESSION:
            self.start_session(turn, _essence(tracker))

    async def keys(self) -> Iterable[str]:
        """Not needed: conversations are listed from their own table."""
        return ()

    def start_session(self, turn: Turn, essence: Sequence[Event] = ()) -> None:
        """Let the current session start here, with what must be remembered of the one before."""
        conversation = turn.conversation
        conversation.session_seq = conversation.next_seq
        opening: list[Event] = [ActionExecuted(ACTION_SESSION_START_NAME), SessionStarted()]
        self._append(turn, [*opening, ActionExecuted(ACTION_LISTEN_NAME), *essence])
        self._loaded = None

    @staticmethod
    def _rows(turn: Turn) -> Sequence[str]:
        conversation = turn.conversation
        values = {"conversation_id": conversation.id, "first": conversation.session_seq}
        return turn.session.connection().execute(_SESSION, values).scalars().all()

    @staticmethod
    def _append(turn: Turn, events: Sequence[Event]) -> None:
        if not events:
            return
        conversation = turn.conversation
        first = conversation.next_seq
        begin_writing(turn.session)
        turn.session.connection().execute(
            _INSERT,
            [
                {
                    "conversation_id": conversation.id,
                    "seq": first + offset,
                    "type": event.type_name,
                    "data": json.dumps(event.as_dict(), ensure_ascii=False, separators=(",", ":")),
                }
                for offset, event in enumerate(events)
            ],
        )
        conversation.next_seq = first + len(events)


def _essence(tracker: DialogueStateTracker) -> list[Event]:
    """What a form must find again when its session is cut: how it was entered, its slots, the open question.

    Empty where no form is open: a chat without a task starts anew.
    """
    if not tracker.active_loop or tracker.latest_message is None:
        return []
    form = tracker.active_loop.name
    opener = next(
        (event for event in tracker.events if isinstance(event, UserUttered)), tracker.latest_message
    )
    slots = [
        SlotSet(name, slot.value)
        for name, slot in tracker.slots.items()
        if slot.value is not None and slot.value != slot.initial_value and name != REQUESTED_SLOT
    ]
    return [
        UserUttered(
            opener.text, opener.intent, [], {"intent": opener.intent, "entities": [], "text": opener.text}
        ),
        ActionExecuted(form),
        ActiveLoop(form),
        *slots,
        SlotSet(REQUESTED_SLOT, tracker.get_slot(REQUESTED_SLOT)),
        ActionExecuted(ACTION_LISTEN_NAME),
    ]
