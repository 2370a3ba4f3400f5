"""The case list and the case page with its moves, notes and holder."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response
from sqlalchemy.orm import Session

from cases import lifecycle, moving, queries, service
from cases.lifecycle import Need
from cases.queries import CaseFilter
from cases.status import status_of
from cases.tables import Case
from cases.types import ComplaintType, Priority, Stage
from console.access import Acting, Context, Refused, Signed, Viewer, access_case, acting_agent
from console.audit import record
from console.context import ConsoleContext
from console.lists import person_name
from console.rendering import page
from console.route import ConsoleRoute
from console.security import is_script
from console.side import colleagues, pieces, teams, timeline_of
from conversations.tables import Agent, Conversation, Team
from conversations.wakeups import COURIER, WEB

router = APIRouter(route_class=ConsoleRoute)

LONGEST_NOTE = 2_000
_BESIDE = (Stage.WAITING_USER, Stage.REJECTED)
"""Moves that are not the ordinary way on."""


@router.get("/cases")
def case_list(
    request: Request,
    context: Context,
    viewer: Signed,
    stage: str = "",
    type: str = "",
    priority: str = "",
    team: str = "",
    whose: str = "open",
    text: str = "",
    before: str = "",
) -> Response:
    """Cases, newest first. `whose`: open (all that are), mine, all. An unknown filter is ignored."""
    chosen = {
        "stage": stage,
        "type": type,
        "priority": priority,
        "team": team,
        "whose": whose,
        "text": text[:100],
    }
    wanted = CaseFilter(
        stages=(stage,) if stage in {item.value for item in Stage} else (),
        types=(type,) if type in {item.value for item in ComplaintType} else (),
        priorities=(priority,) if priority in {item.value for item in Priority} else (),
        team_id=_id(team),
        handler_id=viewer.agent.id if whose == "mine" else None,
        open_only=whose != "all" and not stage,
        text=text or None,
    )
    with context.database.read() as session:
        found = queries.list_cases(session, wanted, before=_id(before))
        values = {
            "viewer": viewer,
            "found": found,
            "chosen": chosen,
            "stages": list(Stage),
            "types": list(ComplaintType),
            "priorities": list(Priority),
            "teams": teams(session),
            "statuses": {case.id: status_of(case, context.clock()) for case in found.cases},
        }
        response = page(request, "cases.html", values)
    with context.database.write() as session:
        record(session, viewer.agent, "cases.list", "cases", context.clock(), shown=len(found.cases))
    return response


@router.get("/cases/{number}")
def case_page(request: Request, context: Context, viewer: Signed, number: str) -> Response:
    """One case with everything that belongs to it."""
    with context.database.read() as session:
        case = access_case(session, viewer, number)
        response = page(request, "case.html", _case_values(session, context, viewer, case))
        case_id = case.id
    with context.database.write() as session:
        record(session, viewer.agent, "case.view", f"case:{case_id}", context.clock())
    return response


@router.post("/cases/{number}/move")
def move(
    request: Request,
    context: Context,
    viewer: Acting,
    number: str,
    to: Annotated[str, Form()],
    note: Annotated[str, Form()] = "",
) -> Response:
    """Move the case; the note goes to the complainant."""
    if to not in {stage.value for stage in Stage}:
        raise Refused("没有这个阶段。", 422)
    note = _clean(note)
    try:
        with context.database.write() as session:
            case = access_case(session, viewer, number)
            agent = acting_agent(session, viewer)
            now = context.clock()
            old = case.stage
            service.move_case(
                session, case.number, to, actor=moving.staff(agent), agent=agent, note=note, now=now
            )
            record(session, agent, "case.move", f"case:{case.id}", now, old=old, new=to)
            number = case.number
    except lifecycle.MoveRefused as refused:
        return _move_refused(request, context, viewer, number, note, refused)
    return _done(request, context, number, f"已改为「{Stage(to).shown}」，用户会收到通知。")


@router.post("/cases/{number}/note")
def note(
    request: Request, context: Context, viewer: Acting, number: str, text: Annotated[str, Form()] = ""
) -> Response:
    """An internal note; the complainant never reads it."""
    text = _clean(text)
    if not text:
        raise Refused("备注不能为空。", 422, field="text")
    with context.database.write() as session:
        case = access_case(session, viewer, number)
        agent = acting_agent(session, viewer)
        now = context.clock()
        service.add_note(session, case.number, agent, text, now)
        record(session, agent, "case.note", f"case:{case.id}", now)
        number = case.number
    return _done(request, context, number, "备注已保存，仅内部可见。")


@router.post("/cases/{number}/write-down")
def write_down(
    request: Request,
    context: Context,
    viewer: Acting,
    number: str,
    text: Annotated[str, Form()] = "",
    type: Annotated[str, Form()] = "",
) -> Response:
    """Write a spoken complaint down; the complainant reads it and may correct it."""
    text = _clean(text)
    if not text:
        raise Refused("请写下用户说的内容。", 422, field="text")
    if type not in {item.value for item in ComplaintType}:
        raise Refused("没有这个类型。", 422, field="type")
    with context.database.write() as session:
        case = access_case(session, viewer, number)
        agent = acting_agent(session, viewer)
        now = context.clock()
        service.write_down(session, case.number, agent, text, ComplaintType(type), now)
        record(session, agent, "case.write_down", f"case:{case.id}", now)
        number = case.number
    return _done(request, context, number, "已写下，用户会收到文字请他核对。")


@router.post("/cases/{number}/call")
def call(
    request: Request, context: Context, viewer: Acting, number: str, text: Annotated[str, Form()] = ""
) -> Response:
    """Note that the complainant was called."""
    text = _clean(text)
    with context.database.write() as session:
        case = access_case(session, viewer, number)
        agent = acting_agent(session, viewer)
        now = context.clock()
        service.note_contact(session, case.number, agent, now, note=text)
        record(session, agent, "case.call", f"case:{case.id}", now)
        number = case.number
    return _done(request, context, number, "已登记电话联系。")


@router.post("/cases/{number}/assign")
def assign(
    request: Request,
    context: Context,
    viewer: Acting,
    number: str,
    to: Annotated[str, Form()],
    text: Annotated[str, Form()] = "",
) -> Response:
    """Pass the case to a person (`agent:ID`) or a team (`team:ID`); the complainant is told who has it."""
    text = _clean(text)
    kind, _, key = to.partition(":")
    with context.database.write() as session:
        case = access_case(session, viewer, number)
        agent = acting_agent(session, viewer)
        now = context.clock()
        handler = session.get(Agent, _id(key) or 0) if kind == "agent" else None
        team = session.get(Team, _id(key) or 0) if kind == "team" else None
        try:
            service.assign(session, case.number, by=agent, note=text, now=now, team=team, handler=handler)
        except service.CannotAssign as refused:
            raise Refused(f"{refused}。", 422, field="to") from refused
        record(session, agent, "case.assign", f"case:{case.id}", now, to=to)
        number = case.number
    return _done(request, context, number, "已转派，用户会知道由谁负责。")


def _case_values(
    session: Session, context: ConsoleContext, viewer: Viewer, case: Case, **more: Any
) -> Mapping[str, Any]:
    now = context.clock()
    conversation = session.get(Conversation, case.conversation_id)
    assert conversation is not None
    actor = moving.staff(viewer.agent)
    stage = Stage(case.stage)
    contacted = any(c.name == "first_contact" and c.met_at is not None for c in case.clocks)
    moves = [
        (to, _hint(lifecycle.need_of(stage, to, actor), contacted))
        for to in (moving.moves_for(case, viewer.agent, now) if viewer.may_act else ())
    ]
    return {
        "viewer": viewer,
        "case": case,
        "stage": stage,
        "status": status_of(case, now),
        "name": person_name(case.contact),
        "conversation": conversation,
        "moves": moves,
        "main_move": next((to for to, _ in moves if to not in _BESIDE), None),
        "clocks": [clock for clock in case.clocks if clock.met_at is None and stage.is_open],
        "timeline": list(reversed(timeline_of(case))),
        "evidence": pieces(service.evidence_of(session, case)),
        "colleagues": colleagues(session, viewer.agent),
        "teams": teams(session),
        "spoken": service.SPOKEN in (case.flagged or "").split(","),
        "types": list(ComplaintType),
        "said": None,
        "wrong": None,
        "typed": "",
        **more,
    }


def _hint(need: Need | None, contacted: bool) -> str | None:
    """What a move asks for, so that it can be said beside its button."""
    if need is None or (need is Need.FIRST_CONTACT and contacted):
        return None
    if need is Need.FIRST_CONTACT:
        return "还没联系过用户：写下要对用户说的话，或先登记电话联系"
    return need.asked


def _move_refused(
    request: Request,
    context: ConsoleContext,
    viewer: Viewer,
    number: str,
    note: str,
    refused: lifecycle.MoveRefused,
) -> Response:
    """The page again, with what was typed and what is missing."""
    if is_script(request):
        return JSONResponse({"message": f"{refused}。", "field": "note"}, 409)
    with context.database.read() as session:
        case = access_case(session, viewer, number)
        values = _case_values(session, context, viewer, case, wrong=f"{refused}。", typed=note)
        return page(request, "case.html", values, status=409)


def _clean(text: str) -> str:
    """What was written, as it can be kept. Raises `Refused` where it is too long."""
    if len(text) > LONGEST_NOTE:
        raise Refused(f"最多 {LONGEST_NOTE} 字，现在有 {len(text)} 字。", 422, field="note")
    return text.replace("\x00", "").replace("\r\n", "\n").strip()


def _id(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 18 else None


def _done(request: Request, context: ConsoleContext, number: str, said: str) -> Response:
    for topic in (COURIER, WEB):
        context.wakeups.notify(topic)
    if is_script(request):
        return JSONResponse({"message": said})
    return RedirectResponse(f"/console/cases/{number}", 303)
