"""What a person may want done with a case of his, in one shape: which cases it can be, what it needs, what
is done.

An action starts a job with what the message says; whatever is lacking (which case, his consent, his words)
case_form asks for. The verbs are the service's, the notices about a move are said by it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rasa_sdk import Tracker
from rasa_sdk.events import ActiveLoop, EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.forms import REQUESTED_SLOT
from sqlalchemy.orm import Session

from actions import case_choice, files, intake
from actions.heard import Heard
from actions.wording import say, say_about
from cases import notices, queries, service
from cases.queries import Own
from cases.tables import Case
from cases.types import Stage
from conversations.turn import Turn

FORM = "case_form"
INTAKE = "complaint_form"

CASE_NO = "case_no"
PHONE = "phone_digits"
SURE = "sure"
WORDS = "words"


@dataclass(frozen=True, slots=True)
class Request:
    """What is known when a job is done: the turn, the person's words, the files that came with it."""

    turn: Turn
    dispatcher: CollectingDispatcher
    words: str | None
    media_ids: Sequence[int]


@dataclass(frozen=True, slots=True)
class Job:
    """One kind of job. `needs`: the question that case_form must put before it is done, None where there is
    none.
    """

    name: str
    intent: str
    which: str
    none: str
    cases: Callable[[Session, int], Own]
    needs: str | None
    do: Callable[[Request, Case], None]


def _show(request: Request, case: Case) -> None:
    status = queries.status_of(case, request.turn.now)
    say_about(request.dispatcher, case.number, notices.status_text(status))


def _urge(request: Request, case: Case) -> None:
    urged = service.urge(request.turn.session, case.number, request.turn.now)
    response = "utter_case_urged" if urged.counted else "utter_case_urged_already"
    say(request.dispatcher, response, number=case.number, promise=_promise(request, case))


def _withdraw(request: Request, case: Case) -> None:
    service.withdraw(request.turn.session, case.number, request.turn.now)


def _add_words(request: Request, case: Case) -> None:
    answered = service.add_words(request.turn.session, case.number, request.words or "", request.turn.now)
    if not answered:  # else the service has said that the case goes on
        say(request.dispatcher, "utter_case_words_added", number=case.number)


def _add_files(request: Request, case: Case) -> None:
    kept = files.keep(request.turn, case, request.media_ids)
    if kept.added and not kept.answered:
        say(request.dispatcher, "utter_case_evidence_added", count=len(kept.added), number=case.number)
    files.say_not_kept(request.dispatcher, kept)


def _accept(request: Request, case: Case) -> None:
    to = Stage.RESOLVING if case.stage == Stage.AWAITING_CONSENT.value else Stage.CLOSED
    service.move_case(request.turn.session, case.number, to, actor=service.Actor.USER, now=request.turn.now)


def _reject(request: Request, case: Case) -> None:
    to = Stage.PROPOSING if case.stage == Stage.AWAITING_CONSENT.value else Stage.VERIFYING
    service.move_case(
        request.turn.session,
        case.number,
        to,
        actor=service.Actor.USER,
        now=request.turn.now,
        note=request.words,
    )


def _promise(request: Request, case: Case) -> str:
    return f"下一步：{notices.next_step(queries.status_of(case, request.turn.now))}。"


STATUS = Job(
    "status", "query_status", "utter_which_case", "utter_no_case", case_choice.open_cases, None, _show
)
URGE = Job("urge", "urge", "utter_which_case_urge", "utter_no_case", case_choice.open_cases, None, _urge)
WITHDRAW = Job(
    "withdraw",
    "withdraw_complaint",
    "utter_which_case_withdraw",
    "utter_no_case",
    case_choice.open_cases,
    SURE,
    _withdraw,
)
ADD_WORDS = Job(
    "words",
    "add_evidence",
    "utter_which_case_words",
    "utter_no_case",
    case_choice.open_cases,
    WORDS,
    _add_words,
)
ADD_FILES = Job(
    "files",
    "add_evidence",
    "utter_which_case_evidence",
    "utter_no_case",
    case_choice.open_cases,
    None,
    _add_files,
)
ACCEPT = Job(
    "accept",
    "accept_resolution",
    "utter_which_case_resolution",
    "utter_no_plan_waiting",
    case_choice.awaiting_answer,
    None,
    _accept,
)
REJECT = Job(
    "reject",
    "reject_resolution",
    "utter_which_case_resolution",
    "utter_no_plan_waiting",
    case_choice.awaiting_answer,
    WORDS,
    _reject,
)
JOBS = {job.name: job for job in (STATUS, URGE, WITHDRAW, ADD_WORDS, ADD_FILES, ACCEPT, REJECT)}


def start(
    job: Job,
    turn: Turn,
    tracker: Tracker,
    dispatcher: CollectingDispatcher,
    words: Heard,
    *,
    media_ids: Sequence[int] = (),
    said: str | None = None,
) -> list[EventType]:
    """Do the job if nothing is lacking, else open case_form for what is."""
    named = case_choice.meant_case(turn.session, turn.contact.id, words)
    if named is not None and named.mistyped:
        say(dispatcher, "utter_case_no_mistyped")
        return left(turn, tracker)
    if named is not None and named.stranger:
        return _ask(tracker, STATUS, PHONE, case_no=named.stranger)
    case = named.own if named else None
    if case is None:
        candidates = job.cases(turn.session, turn.contact.id)
        if not candidates.total:
            return _nothing_there(job, turn, tracker, dispatcher)
        if candidates.total > 1:
            return _ask(tracker, job, CASE_NO, media_ids=media_ids)
        case = candidates.newest[0]
    if said is not None:  # the words that it needs are there
        finish(job, Request(turn, dispatcher, said, media_ids), case)
        return left(turn, tracker)
    if job.needs is not None:
        return _ask(tracker, job, job.needs, case_no=case.number, media_ids=media_ids)
    finish(job, Request(turn, dispatcher, None, media_ids), case)
    return left(turn, tracker)


def finish(job: Job, request: Request, case: Case) -> None:
    """Do the job on the case; where its stage forbids it, say so."""
    try:
        job.do(request, case)
    except service.MoveRefused:
        say(
            request.dispatcher,
            "utter_case_not_possible",
            number=case.number,
            stage=Stage(case.stage).shown,
        )


def left(turn: Turn, tracker: Tracker) -> list[EventType]:
    """After a job: the intake that it interrupted goes on, case_form is closed, or the dialogue is over."""
    loop = (tracker.active_loop or {}).get("name")
    if loop == INTAKE:
        return []
    if tracker.get_slot("back_to_intake"):
        return [*_forget(), FollowupAction(INTAKE)]
    turn.end_session()
    return _forget()


def _forget() -> list[EventType]:
    names = ("case_job", "case_no", "phone_digits", "sure", "words", "waiting_media", "back_to_intake")
    return [ActiveLoop(None), SlotSet(REQUESTED_SLOT, None), *(SlotSet(name, None) for name in names)]


def _ask(
    tracker: Tracker, job: Job, question: str, *, case_no: str | None = None, media_ids: Sequence[int] = ()
) -> list[EventType]:
    in_intake = (tracker.active_loop or {}).get("name") == INTAKE
    return [
        *_forget(),
        SlotSet("case_job", job.name),
        SlotSet("case_no", case_no),
        SlotSet("waiting_media", list(media_ids) or None),
        SlotSet("back_to_intake", True if in_intake or tracker.get_slot("back_to_intake") else None),
        SlotSet("open_with", question),
        FollowupAction(FORM),
    ]


def _nothing_there(
    job: Job, turn: Turn, tracker: Tracker, dispatcher: CollectingDispatcher
) -> list[EventType]:
    """No case for the job: for a status the last decided one is shown, and a draft that waits is named."""
    latest = queries.latest_case_of(turn.session, turn.contact.id) if job is STATUS else None
    if latest is not None:
        _show(Request(turn, dispatcher, None, ()), latest)
        return left(turn, tracker)
    draft = service.current_draft(turn.session, turn.conversation.id, turn.now)
    in_intake = (tracker.active_loop or {}).get("name") == INTAKE
    if job is STATUS and draft is not None and intake.has_content(draft.facts):
        say(dispatcher, "utter_not_filed_yet" if in_intake else "utter_draft_waits")
    else:
        say(dispatcher, "utter_no_case_here" if in_intake and job.none == "utter_no_case" else job.none)
    return left(turn, tracker)
