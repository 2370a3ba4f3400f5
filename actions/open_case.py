"""The end of the intake: a confirmed complaint becomes a case, a broken-off one is kept, a refused one is
erased.
"""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import AllSlotsReset, EventType, FollowupAction
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions import intake, screening, voice_complaint
from actions.context import acting
from actions.request_human import call_person
from actions.wording import say, say_about, summary
from cases import notices, queries, service
from cases.lifecycle import Actor
from cases.screening import Ground
from cases.types import Stage

CONSENT_VERSION = "1"
"""Names the privacy text of `utter_read_back` and `utter_privacy`; goes up with every change of its
meaning.
"""


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
            later = draft.facts.get(intake.NEXT)
            case = service.file_case(turn.session, draft, facts, CONSENT_VERSION, turn.now)
            say_about(
                dispatcher, case.number, notices.receipt(queries.status_of(case, turn.now)), notice=True
            )
            if facts.get(intake.DANGER):
                say(dispatcher, "utter_person_queued", place=call_person(turn, "emergency"))
            if later:
                another = service.open_draft(turn.session, turn.conversation, turn.contact, turn.now)
                service.update_draft(turn.session, another, later, turn.now)
                say(dispatcher, "utter_next_complaint", summary=summary(later))
            turn.end_session()
        return [AllSlotsReset(), FollowupAction("action_listen")]


class FileVoiceComplaint(Action):  # type: ignore[misc]
    """Files what was spoken: the recordings are the account, and somebody calls back and writes it down."""

    def name(self) -> str:
        """See `rasa_sdk.Action`."""
        return "action_file_voice_complaint"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """See `rasa_sdk.Action`."""
        with acting(tracker) as turn:
            draft = service.current_draft(turn.session, turn.conversation.id, turn.now)
            if draft is None:
                raise LookupError("a voice complaint was confirmed, but its draft is gone")
            facts = voice_complaint.as_spoken(draft.facts)
            case = service.file_case(turn.session, draft, facts, CONSENT_VERSION, turn.now)
            say(dispatcher, "utter_voice_filed" if facts.get("phone") else "utter_voice_filed_without_phone")
            say_about(
                dispatcher, case.number, notices.receipt(queries.status_of(case, turn.now)), notice=True
            )
            turn.end_session()
        return [AllSlotsReset(), FollowupAction("action_listen")]


class JoinCase(Action):  # type: ignore[misc]
    """Puts what was told to the case that there is about the same matter: words, files; a decided one is opened again."""

    def name(self) -> str:
        """See `rasa_sdk.Action`."""
        return "action_join_case"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """See `rasa_sdk.Action`."""
        with acting(tracker, dispatcher) as turn:
            draft = service.current_draft(turn.session, turn.conversation.id, turn.now)
            found = draft and screening.proposed(turn.session, turn.contact.id, draft.facts, turn.now)
            if draft is None or not found or found.same is None:
                raise LookupError("a complaint was to join another case, but there is none")
            number, stage = found.same.number, Stage(found.same.stage)
            words = str(draft.facts.get("description") or "")
            media = [piece.media for piece in service.evidence_of(turn.session, draft) if piece.media]
            service.drop_draft(turn.session, draft, turn.now)
            answered = False
            if stage.is_open:
                answered = bool(words) and service.add_words(turn.session, number, words, turn.now)
            else:
                again = Stage.ACCEPTED if stage is Stage.REJECTED else Stage.VERIFYING
                service.move_case(
                    turn.session, number, again, actor=Actor.USER, now=turn.now, note=words or "仍有问题"
                )
            kept = service.attach_media(turn.session, found.same, media, turn.now)
            if stage.is_open and not (answered or kept.answered):  # else the service has said that it goes on
                say(dispatcher, "utter_joined_case", number=number)
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


class CloseAnswered(Action):  # type: ignore[misc]
    """The ready answer has settled it: nothing is filed."""

    def name(self) -> str:
        """See `rasa_sdk.Action`."""
        return "action_close_answered"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """See `rasa_sdk.Action`."""
        with acting(tracker) as turn:
            draft = service.current_draft(turn.session, turn.conversation.id, turn.now)
            if draft is not None:
                service.drop_draft(turn.session, draft, turn.now, answered=True)
            say(dispatcher, "utter_solved_at_once")
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
    if told.get("goods"):
        told = intake.add_words(told, f"商品：{told['goods']}")
    grounds = list(told.get(intake.OVERRULED) or ())
    if not told.get("order_no"):
        proof = str(told.get(intake.PROOF) or "")
        if proof:
            told = intake.add_words(told, f"购买凭证：{proof}")
        elif intake.needs_proof(told, evidence):
            grounds.append(Ground.NO_PROOF.value)
    if grounds:
        told["flagged"] = ",".join(grounds)
    return told
