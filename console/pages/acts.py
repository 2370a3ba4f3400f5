"""What an agent does in a conversation: take, reply, hand back, return to the queue, pass on, send again."""

from __future__ import annotations

import asyncio
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response
from sqlalchemy.orm import Session

from cases import service
from console.access import (
    ACTING,
    Acting,
    Context,
    Refused,
    Viewer,
    access_conversation,
    access_outbound,
    acting_agent,
)
from console.audit import record
from console.context import ConsoleContext
from console.route import ConsoleRoute
from console.security import is_script
from conversations import handover
from conversations.tables import Agent, Contact
from conversations.wakeups import BOT, COURIER, WEB

router = APIRouter(route_class=ConsoleRoute)

LONGEST_REPLY = 4_000
RETURNED = "returned"


@router.post("/conversations/{conversation_id}/take")
def take(request: Request, context: Context, viewer: Acting, conversation_id: int) -> Response:
    """Take the floor: one winner."""
    with context.database.write() as session:
        agent = _ready(session, viewer, conversation_id)
        now = context.clock()
        agent.last_seen_at = now
        handover.take_floor(session, conversation_id, agent, now)
        record(session, agent, "floor.take", f"conversation:{conversation_id}", now)
    return _done(request, context, conversation_id, "已接手，机器人不再回复。")


@router.post("/conversations/{conversation_id}/release")
def release(request: Request, context: Context, viewer: Acting, conversation_id: int) -> Response:
    """Hand back to the bot."""
    with context.database.write() as session:
        agent = _ready(session, viewer, conversation_id)
        now = context.clock()
        handover.release_floor(session, conversation_id, agent, now)
        record(session, agent, "floor.release", f"conversation:{conversation_id}", now)
    return _done(request, context, conversation_id, "已交还机器人。")


@router.post("/conversations/{conversation_id}/return")
def return_to_queue(request: Request, context: Context, viewer: Acting, conversation_id: int) -> Response:
    """Give the conversation up; the person waits for another."""
    with context.database.write() as session:
        agent = _ready(session, viewer, conversation_id)
        now = context.clock()
        handover.return_to_queue(session, conversation_id, agent, RETURNED, now)
        record(session, agent, "floor.return", f"conversation:{conversation_id}", now)
    return _done(request, context, conversation_id, "已转回队列，用户会收到说明。")


@router.post("/conversations/{conversation_id}/transfer")
def transfer(
    request: Request,
    context: Context,
    viewer: Acting,
    conversation_id: int,
    to: Annotated[int, Form()],
) -> Response:
    """Pass the conversation to a colleague."""
    with context.database.write() as session:
        agent = _ready(session, viewer, conversation_id)
        colleague = session.get(Agent, to)
        if colleague is None or colleague.disabled_at is not None or colleague.role not in ACTING:
            raise Refused("这位同事现在不能接会话，请换一位。", 422, field="to")
        now = context.clock()
        handover.transfer_floor(session, conversation_id, agent, colleague, now)
        record(session, agent, "floor.transfer", f"conversation:{conversation_id}", now, to=colleague.id)
        name = colleague.display_name
    return _done(request, context, conversation_id, f"已转交给{name}。")


@router.post("/conversations/{conversation_id}/reply")
def reply(
    request: Request,
    context: Context,
    viewer: Acting,
    conversation_id: int,
    text: Annotated[str, Form()] = "",
) -> Response:
    """Say something to the person; it counts as contact on his open cases."""
    words = text.replace("\x00", "").replace("\r\n", "\n").strip()
    if not words:
        raise Refused("回复不能为空。", 422, field="text")
    if len(words) > LONGEST_REPLY:
        raise Refused(
            f"回复最多 {LONGEST_REPLY} 字，现在有 {len(words)} 字，请分几次发送。", 422, field="text"
        )
    with context.database.write() as session:
        agent = _ready(session, viewer, conversation_id)
        now = context.clock()
        agent.last_seen_at = now
        row = handover.say_as_agent(session, conversation_id, agent, words, now)
        service.agent_spoke(session, conversation_id, agent, now)
        session.flush()
        record(session, agent, "reply", f"conversation:{conversation_id}", now, outbound=row.id)
    return _done(request, context, conversation_id, None)


@router.post("/conversations/{conversation_id}/typing")
async def typing(context: Context, viewer: Acting, conversation_id: int) -> Response:
    """Show the person that somebody writes. Nothing depends on its success."""
    contact = await asyncio.to_thread(_contact_if_mine, context, viewer, conversation_id)
    if contact is not None:
        await context.typing(contact.channel, contact.external_id)
    return Response(status_code=204)


@router.post("/outbound/{outbound_id}/retry")
def send_again(request: Request, context: Context, viewer: Acting, outbound_id: int) -> Response:
    """Queue a message that failed once more."""
    with context.database.write() as session:
        row = access_outbound(session, viewer, outbound_id)
        if row.state != "failed":
            raise Refused("这条消息的状态已经变了，不用重试。", 409)
        agent = acting_agent(session, viewer)
        now = context.clock()
        row.state, row.due_at, row.attempts, row.repeats = "queued", now, 0, 0
        row.error = row.error_code = None
        conversation_id = row.conversation_id
        record(session, agent, "outbound.retry", f"conversation:{conversation_id}", now, outbound=row.id)
    return _done(request, context, conversation_id, "已重新排队发送。")


def _contact_if_mine(context: ConsoleContext, viewer: Viewer, conversation_id: int) -> Contact | None:
    with context.database.read() as session:
        row = access_conversation(session, viewer, conversation_id)
        return row.contact if row.floor == "agent" and row.agent_id == viewer.agent.id else None


def _ready(session: Session, viewer: Viewer, conversation_id: int) -> Agent:
    access_conversation(session, viewer, conversation_id)
    return acting_agent(session, viewer)


def _done(request: Request, context: ConsoleContext, conversation_id: int, said: str | None) -> Response:
    for topic in (COURIER, BOT, WEB):
        context.wakeups.notify(topic)
    if is_script(request):
        return JSONResponse({"message": said})
    return RedirectResponse(f"/console/conversations/{conversation_id}", 303)
