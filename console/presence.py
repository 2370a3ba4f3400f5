"""Agents who are gone: their conversations go back to the queue, with a word to the person who waits."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import or_, select

from conversations import handover
from conversations.database import Database
from conversations.floor import FloorRefused
from conversations.tables import Agent, Conversation

REASON = "agent_away"


def return_absent(database: Database, now: datetime, away_minutes: int) -> int:
    """Return the conversations of agents not seen for `away_minutes`; returns how many."""
    gone = now - timedelta(minutes=away_minutes)
    absent = or_(Agent.last_seen_at.is_(None), Agent.last_seen_at < gone)
    with database.read() as session:
        found = session.execute(
            select(Conversation.id, Conversation.agent_id)
            .join(Agent, Agent.id == Conversation.agent_id)
            .where(Conversation.floor == "agent", Conversation.floor_since < gone, absent)
        ).all()
    returned = 0
    for conversation_id, agent_id in found:
        with database.write() as session:
            agent = session.get(Agent, agent_id)
            if agent is None:
                continue
            try:
                handover.return_to_queue(session, conversation_id, agent, REASON, now)
            except FloorRefused:
                continue  # he handed it back in this very moment
            returned += 1
    return returned
