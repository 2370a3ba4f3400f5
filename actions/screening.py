"""Where a complaint meets a ground on which it is usually not taken: said once, with the way on, and left to the
person. 仍要提交 goes on and flags the case; a ground that a message removes (another date, another order) is gone.

The grounds themselves are cases.screening's; no sentence is worded here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict
from sqlalchemy.orm import Session

from actions import intake, phrases
from actions.context import acting
from actions.wording import say, time_in_words
from cases import policy, queries, screening, service
from cases.lifecycle import REOPEN_WITHIN
from cases.screening import Elsewhere, Ground
from cases.tables import Case
from cases.types import ComplaintType, Stage

_INSISTS = re.compile(
    r"仍要|仍然|还是要?(?:提交|投诉|立案|办|另)|照样|坚持|(?:我)?就要?(?:提交|投诉)|另(?:外)?(?:立|开|投诉|提交)|"
    r"不是(?:同)?一(?:件|回|码)事|两(?:码|回)事|重新(?:提交|立案)"
)
_JOINS = re.compile(
    r"补充|加(?:进|到)去?|添(?:进|到)|放(?:进|到)|合(?:在)?一起|重新(?:处理|打开)|接着(?:那|上)|继续(?:那|处理)"
)
_LEAVES = re.compile(r"不(?:提交|投诉|办)了|先不|算了|那?不用了")

JOIN, INSIST, LEAVE = "join", "insist", "not_now"


@dataclass(frozen=True, slots=True)
class Proposed:
    """A ground that stands against the complaint, and what it rests on."""

    ground: Ground
    same: Case | None = None
    since: date | None = None
    elsewhere: Elsewhere | None = None


def proposed(session: Session, contact_id: int, facts: intake.Facts, now: datetime) -> Proposed | None:
    """The ground that is to be said now: the first that stands, was not overruled, and hinders no urgent help."""
    overruled = facts.get(intake.OVERRULED) or ()
    if facts.get(intake.DANGER):
        return None
    found = _same(session, contact_id, facts) or _late(facts, now) or _elsewhere(facts)
    return None if found is None or found.ground.value in overruled else found


def can_join(case: Case, now: datetime) -> bool:
    """Can what is told now be put to this case: it is open, may be opened again, or may be appealed?"""
    stage = Stage(case.stage)
    if stage is Stage.CLOSED:
        return case.closed_at is not None and now - case.closed_at <= REOPEN_WITHIN
    return stage.is_open or stage is Stage.REJECTED


def choice(heard_choice: str | None, text: str) -> str | None:
    """Join, insist or leave, as pressed or as said in words; None where it is something else."""
    if heard_choice in (JOIN, INSIST, LEAVE):
        return heard_choice
    said = phrases.plain(text)
    if not said or phrases.weight(text) > 14:
        return None
    for meant, words in ((INSIST, _INSISTS), (LEAVE, _LEAVES), (JOIN, _JOINS)):
        if words.search(said):
            return meant
    return None


def overrule(facts: dict[str, Any], ground: Ground) -> None:
    """He wants it filed all the same."""
    facts[intake.OVERRULED] = [*(facts.get(intake.OVERRULED) or ()), ground.value]


class AskScreened(Action):  # type: ignore[misc]
    """Says the ground, where to go with it, and that it can be filed all the same."""

    def name(self) -> str:
        """See `rasa_sdk.Action`."""
        return "action_ask_complaint_form_screened"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """See `rasa_sdk.Action`."""
        with acting(tracker) as turn:
            draft = service.current_draft(turn.session, turn.conversation.id, turn.now)
            found = draft and proposed(turn.session, turn.contact.id, draft.facts, turn.now)
            if not found:
                return []
            if found.same is not None:
                _say_same(dispatcher, found.same, turn.now)
            elif found.elsewhere is not None:
                say(
                    dispatcher,
                    "utter_screened_outside_remit",
                    topic=found.elsewhere.topic,
                    where=found.elsewhere.where,
                )
            else:
                assert found.since is not None
                say(dispatcher, "utter_screened_too_late", date=time_in_words(found.since.isoformat()))
        return []


def _say_same(dispatcher: CollectingDispatcher, case: Case, now: datetime) -> None:
    stage = Stage(case.stage)
    told: Mapping[str, object] = {
        "number": case.number,
        "type": ComplaintType(case.type).shown,
        "stage": stage.shown,
    }
    if stage.is_open:
        say(dispatcher, "utter_screened_same_open", **told)
    elif can_join(case, now):
        say(dispatcher, "utter_screened_same_decided", **told)
    else:
        say(dispatcher, "utter_screened_same_long_closed", **told)


def _same(session: Session, contact_id: int, facts: intake.Facts) -> Proposed | None:
    kind, order_no = facts.get("complaint_type"), facts.get("order_no")
    if not kind or not order_no:
        return None
    case = queries.find_same(session, contact_id, str(order_no), ComplaintType(kind))
    if case is None or case.stage == Stage.WITHDRAWN.value:  # taken back: he may well complain anew
        return None
    return Proposed(Ground.SAME_CASE, same=case)


def _late(facts: intake.Facts, now: datetime) -> Proposed | None:
    purchased, happened = _day(facts.get("purchase_date")), _day(facts.get("incident_time"))
    today = now.astimezone(policy.current().hours.zone).date()
    if not screening.is_too_late(purchased, happened, today):
        return None
    return Proposed(Ground.TOO_LATE, since=happened or purchased)


def _elsewhere(facts: intake.Facts) -> Proposed | None:
    account = phrases.simplified(str(facts.get("description") or ""))
    found = screening.decided_elsewhere(account, policy.current().decided_elsewhere)
    return Proposed(Ground.OUTSIDE_REMIT, elsewhere=found) if found else None


def _day(iso: object) -> date | None:
    try:
        return date.fromisoformat(str(iso)[:10]) if iso else None
    except ValueError:
        return None
