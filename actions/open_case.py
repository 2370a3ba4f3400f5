"""The end of the intake: a confirmed complaint becomes a case, a broken-off one is kept, a refused one is
erased.
"""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import AllSlotsReset, EventType, FollowupAction
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions import intake
from actions.context import acting
from actions.request_human import call_person
from actions.wording import say, say_about
from cases import notices, queries, service

CONSENT_VERSION = "1"
"""Names the privacy text of `utter_read_back` and `utter_privacy`; goes up with every change of its
meaning.
"""

NO_PROOF = "no_proof"
"""The screening ground of a complaint that nothing proves the purchase for; a person decides."""


class OpenCase(Action):  # type: ignore[misc]
    """Files the draft and says the receipt: number, who has it, what comes next and by when."""

    def name(self) -> str:
        """See `rasa_sdk.Action`."""
        return "action_open_case"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """See `rasa_sdk.Action`."""
        with acting(tracker) as turn:
            draft = service.current_draft(turn.session, turn.conversation.id, turn.now)
            if draft is None:
                raise LookupError("a complaint was confirmed, but its draft is gone")
            facts = as_filed(draft.facts, service.count_evidence(turn.session, draft))
            case = service.file_case(turn.session, draft, facts, CONSENT_VERSION, turn.now)
            say_about(
                dispatcher, case.number, notices.receipt(queries.status_of(case, turn.now)), notice=True
            )
            if facts.get(intake.DANGER):
                say(dispatcher, "utter_person_queued", place=call_person(turn, "emergency"))
            turn.end_session()
        return [AllSlotsReset(), FollowupAction("action_listen")]


class SetDraftAside(Action):  # type: ignore[misc]
    """The complaint was broken off: what was told waits to be taken up again."""

    def name(self) -> str:
        """See `rasa_sdk.Action`."""
        return "action_set_draft_aside"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """See `rasa_sdk.Action`."""
        with acting(tracker) as turn:
            draft = service.current_draft(turn.session, turn.conversation.id, turn.now)
            told = draft is not None and intake.has_content(draft.facts)
            say(dispatcher, "utter_draft_kept" if told else "utter_intake_left")
            turn.end_session()
        return [AllSlotsReset(), FollowupAction("action_listen")]


class EraseDraft(Action):  # type: ignore[misc]
    """The privacy notice was refused: nothing is filed, nothing is kept, a person is offered."""

    def name(self) -> str:
        """See `rasa_sdk.Action`."""
        return "action_erase_draft"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """See `rasa_sdk.Action`."""
        with acting(tracker) as turn:
            draft = service.current_draft(turn.session, turn.conversation.id, turn.now)
            if draft is not None:
                service.drop_draft(turn.session, draft, turn.now)
            say(dispatcher, "utter_draft_erased")
            turn.end_session()
        return [AllSlotsReset(), FollowupAction("action_listen")]


def as_filed(facts: intake.Facts, evidence: int) -> dict[str, Any]:
    """The facts as the case holds them: what stands in for an order number joins the account."""
    told = dict(facts)
    if not told.get("order_no"):
        proof = str(told.get(intake.PROOF) or "")
        if proof:
            told = intake.add_words(told, f"购买凭证：{proof}")
        elif intake.needs_proof(told, evidence):
            told["flagged"] = NO_PROOF
    return told
