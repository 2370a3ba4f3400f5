"""What a person who waits for a colleague gets: where he stands in the queue, the choices that he still picks, and the
way back to the bot. Everything else that he writes is the colleague's to read.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from conversations import handover
from conversations.choices import chosen
from conversations.outbox import Option, latest_open_list
from conversations.tables import Choice, InboundMessage, OutboundMessage
from conversations.turn import Turn
from conversations.utterances import understood_text

QUEUE_SAID_AGAIN = timedelta(minutes=3)
LEAVE_QUEUE = Option("继续自助", "/greet")


def bot_answers(turn: Turn) -> bool:
    """Is this the dialogue's to answer? Who waits for a person still gets what he picks from a list or a menu.

    Picking "continue by myself" gives the floor back to the bot.
    """
    floor = turn.conversation.floor
    if floor != "queue":
        return floor == "bot"
    message = turn.message
    if _picked_label(turn, message) == LEAVE_QUEUE.label:
        handover.leave_queue(turn.session, turn.conversation.id, turn.now)
        return True
    is_menu = message.kind == "event" and message.details.get("event") == "menu"
    return message.kind in ("choice", "command") or is_menu or _picked_label(turn, message) is not None


def _picked_label(turn: Turn, message: InboundMessage) -> str | None:
    """The label of the choice that the message picks, by pressing or by typing."""
    if message.kind == "choice":
        choice = turn.session.get(Choice, str(message.details.get("choice", "")))
        return None if choice is None else choice.label
    if message.kind != "text":
        return None
    text = understood_text(message)
    if chosen(text, [LEAVE_QUEUE.label], free_input=True) is not None:
        return LEAVE_QUEUE.label
    offered = latest_open_list(turn.session, turn.conversation.id)
    if offered is None:
        return None
    labels = [choice.label for choice in offered.choices]
    place = chosen(text, labels, free_input=offered.free_input)
    return None if place is None else labels[place]


def say_where_he_stands(turn: Turn) -> None:
    """No turn of the dialogue while a person has the floor, or is on his way: the console shows the message."""
    if turn.conversation.floor != "queue" or all(m.kind == "event" for m in turn.messages):
        return
    said_before = turn.session.scalar(
        select(func.max(OutboundMessage.created_at)).where(
            OutboundMessage.conversation_id == turn.conversation.id, OutboundMessage.author == "bot"
        )
    )
    if said_before is not None and turn.now - said_before < QUEUE_SAID_AGAIN:
        return
    place = handover.place_in_queue(turn.session, turn.conversation)
    turn.reply(
        f"收到，已经转给人工同事，接手的人能看到全部内容。您现在排在第 {place} 位。"
        "不想等的话，回复「继续自助」，我接着为您办。",
        options=(LEAVE_QUEUE,),
        free_input=True,
    )
