"""The turn that an action runs in.

In the product the host has opened it. Under `rasa shell` with `rasa run actions` there is no host: each
action then gets a turn of its own on the database of `SUDA_DATABASE_URL`, for a contact of the channel
"shell".
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher
from sqlalchemy import select
from sqlalchemy.orm import Session

from conversations import turn as turns
from conversations.clock import utc_now
from conversations.database import Database, begin_writing
from conversations.tables import Contact, Conversation
from conversations.turn import Turn

CHANNEL = "shell"


@contextmanager
def acting(tracker: Tracker, dispatcher: CollectingDispatcher | None = None) -> Iterator[Turn]:
    """The running turn, or a turn of its own that commits at the end of the block.

    What the verbs themselves say to the person is part of the running turn; a turn of its own hands it to
    `dispatcher`.
    """
    if turns.running():
        yield turns.current()
        return
    with _shell_database().turn() as session:
        begin_writing(session)
        conversation = _conversation_of(session, tracker.sender_id)
        with turns.entered(Turn(session, conversation, messages=(), now=utc_now())) as turn:
            yield turn
            if dispatcher is None:
                return
            for row in turn.replies:
                buttons = [{"title": choice.label, "payload": choice.payload} for choice in row.choices]
                dispatcher.utter_message(text=row.text, buttons=buttons)


@lru_cache(maxsize=1)
def _shell_database() -> Database:
    return Database(os.environ.get("SUDA_DATABASE_URL", "sqlite:///var/suda.db"))


def _conversation_of(session: Session, sender_id: str) -> Conversation:
    found = session.scalars(
        select(Conversation).join(Contact).where(Contact.channel == CHANNEL, Contact.external_id == sender_id)
    ).one_or_none()
    if found is not None:
        return found
    now = utc_now()
    contact = Contact(channel=CHANNEL, external_id=sender_id, script="hans", created_at=now)
    conversation = Conversation(
        contact=contact, floor="bot", floor_since=now, changed_at=now, created_at=now, version=0
    )
    session.add(conversation)
    session.flush()
    return conversation
