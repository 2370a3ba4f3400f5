"""Files, or the wish to add something, outside the intake (which keeps its files itself)."""

from __future__ import annotations

from collections.abc import Sequence

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions import case_choice, case_jobs, files, intake, phrases
from actions.context import acting
from actions.heard import Heard, heard
from actions.wording import say
from cases import queries, service
from cases.evidence.reasons import sentence
from conversations.tables import Media
from conversations.turn import Turn


class AddEvidence(Action):  # type: ignore[misc]
    """Puts files where they belong: to the draft, to the only open case, else to the one that is chosen."""

    def name(self) -> str:
        """See `rasa_sdk.Action`."""
        return "action_add_evidence"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """See `rasa_sdk.Action`."""
        with acting(tracker, dispatcher) as turn:
            words = heard(tracker, turn)
            waiting = [int(one) for one in tracker.get_slot("waiting_media") or ()]
            media = words.media_ids or waiting
            if words.is_media and (tracker.active_loop or {}).get("name") == case_jobs.FORM:
                case = queries.find_own(turn.session, turn.contact.id, str(tracker.get_slot("case_no") or ""))
                if case is not None:  # the form asks about this case: the files are for it
                    case_jobs.finish(
                        case_jobs.ADD_FILES, case_jobs.Request(turn, dispatcher, None, media), case
                    )
                    return case_jobs.left(turn, tracker)
            if media:
                return self._keep(media, turn, tracker, dispatcher, words)
            if (tracker.active_loop or {}).get("name") == case_jobs.INTAKE:
                say(dispatcher, "utter_send_evidence")
                return []
            said = words.text if phrases.tells_to_add(words.text) else None
            return case_jobs.start(case_jobs.ADD_WORDS, turn, tracker, dispatcher, words, said=said)

    def _keep(
        self,
        media: Sequence[int],
        turn: Turn,
        tracker: Tracker,
        dispatcher: CollectingDispatcher,
        words: Heard,
    ) -> list[EventType]:
        if words.is_media:
            if not any(turn.session.get_one(Media, one).state == "stored" for one in media):
                return self._nothing_usable(media, turn, dispatcher)
            if words.kind == "voice" and not words.words_follow and not _goes_to_a_case(turn):
                return [FollowupAction(case_jobs.INTAKE)]  # he tells it by speaking
            draft = service.current_draft(turn.session, turn.conversation.id, turn.now)
            if draft is not None and not case_choice.awaiting_words(turn.session, turn.contact.id).total:
                kept = files.keep(turn, draft, media)
                files.say_kept(dispatcher, kept)
                waits = intake.has_content(draft.facts)
                say(dispatcher, "utter_draft_waits" if waits else "utter_ask_complaint_form_description")
                return []
            if not _goes_to_a_case(turn):
                draft = service.open_draft(turn.session, turn.conversation, turn.contact, turn.now)
                kept = files.keep(turn, draft, media)
                files.say_not_kept(dispatcher, kept)
                say(dispatcher, "utter_evidence_without_case", count=len(kept.added))
                return []
        return case_jobs.start(case_jobs.ADD_FILES, turn, tracker, dispatcher, words, media_ids=media)

    def _nothing_usable(
        self, media: Sequence[int], turn: Turn, dispatcher: CollectingDispatcher
    ) -> list[EventType]:
        """All refused: why, without opening or asking for anything."""
        for one in media:
            row = turn.session.get_one(Media, one)
            say(dispatcher, "utter_evidence_refused", count=1, reason=sentence(row.reason or row.state))
        return []


def _goes_to_a_case(turn: Turn) -> bool:
    return case_choice.open_cases(turn.session, turn.contact.id).total > 0
