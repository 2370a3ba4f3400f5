"""Who speaks to a person: the bot, nobody yet (he waits in the queue), or an agent.

Pure rules: values in, values out. The verbs that apply them to rows are in handover.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Floor(str, Enum):
    """The three holders of the floor."""

    BOT = "bot"
    QUEUE = "queue"
    AGENT = "agent"


class FloorRefused(Exception):
    """The move is not possible now. `reason`: `taken` (an agent has it), `not_yours`, `not_taken`, `not_queued`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class FloorState:
    """Who has the floor, and which agent if one has."""

    floor: Floor
    agent_id: int | None = None


def request(state: FloorState) -> FloorState:
    """A person is asked for. Asking again while waiting or talking changes nothing."""
    return FloorState(Floor.QUEUE) if state.floor is Floor.BOT else state


def leave_queue(state: FloorState) -> FloorState:
    """The person would rather go on with the bot."""
    if state.floor is not Floor.QUEUE:
        raise FloorRefused("not_queued")
    return FloorState(Floor.BOT)


def take(state: FloorState, agent_id: int) -> FloorState:
    """An agent takes the conversation, queued or not. One winner: a second agent is refused."""
    if state.floor is Floor.AGENT and state.agent_id != agent_id:
        raise FloorRefused("taken")
    return FloorState(Floor.AGENT, agent_id)


def release(state: FloorState, agent_id: int) -> FloorState:
    """The agent hands back to the bot."""
    _check_holder(state, agent_id)
    return FloorState(Floor.BOT)


def return_to_queue(state: FloorState, agent_id: int) -> FloorState:
    """The agent gives the conversation up (or is gone) and the person waits for another."""
    _check_holder(state, agent_id)
    return FloorState(Floor.QUEUE)


def transfer(state: FloorState, agent_id: int, to_agent_id: int) -> FloorState:
    """The agent passes the conversation to a colleague."""
    _check_holder(state, agent_id)
    return FloorState(Floor.AGENT, to_agent_id)


def bot_may_speak(floor: Floor) -> bool:
    """May a prompt of the dialogue be sent? (Receipts and notices always may.)"""
    return floor is not Floor.AGENT


def _check_holder(state: FloorState, agent_id: int) -> None:
    if state.floor is not Floor.AGENT:
        raise FloorRefused("not_taken")
    if state.agent_id != agent_id:
        raise FloorRefused("not_yours")
