"""The assistant: a trained Rasa model hosted in this process, one utterance at a time, inside the running turn.

Loads and hosts; knows no rule of complaints. Rasa's lock store, fail-safe tracker store, server and channels are
not used (docs/decisions say why).
"""

from __future__ import annotations

import unicodedata
import warnings
from pathlib import Path
from typing import Any

import structlog
from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.model import get_latest_model

from bot.action_host import ActionRunner, InProcessActions, trust_our_actions
from bot.replies import TurnReplies
from bot.speed import OrderedGraphRunner, take_out_hot_spots
from bot.tracker import TurnTrackerStore
from conversations.turn import Turn, Utterance

log = structlog.get_logger(__name__)

WARM_UP = "我要投诉，买的东西坏了"


class ModelMissing(Exception):
    """There is no trained model in the folder."""


class Assistant:
    """Answers utterances with a trained model. One per process; not for use from several threads."""

    def __init__(self, agent: Agent) -> None:
        if agent.processor is None:
            raise ModelMissing("the model could not be loaded")
        self._processor = agent.processor
        self._processor.graph_runner = OrderedGraphRunner(self._processor.graph_runner)
        self._intents = frozenset(self._processor.domain.intents)

    @classmethod
    def load(cls, model_dir: Path, run_action: ActionRunner) -> Assistant:
        """Load the newest model in the folder (or the model file itself); raises `ModelMissing`."""
        path = str(model_dir) if model_dir.is_file() else get_latest_model(str(model_dir))
        if path is None:
            raise ModelMissing(f"no trained model in {model_dir}; run `make train`")
        trust_our_actions()
        take_out_hot_spots()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            store = TurnTrackerStore(None)
            agent = Agent.load(path, tracker_store=store, action_endpoint=InProcessActions(run_action))
        # Agent wraps every store into one that answers a failed read with an empty conversation: a turn must fail.
        agent.tracker_store = store
        agent.processor.tracker_store = store
        store.domain = agent.domain
        return cls(agent)

    async def warm_up(self) -> None:
        """Parse once, so that the first person does not wait for lazy loading."""
        await self.parse(WARM_UP)

    async def parse(self, text: str, *, time: str | None = None) -> dict[str, Any]:
        """Rasa's parse result of a text. A leading "/" is a character, not a command of Rasa's.

        `time` is the message's time (ISO 8601), to which relative dates refer.
        """
        harmless = "／" + text[1:] if text.startswith("/") else text
        metadata = {} if time is None else {"time": time}
        parsed: dict[str, Any] = await self._processor.parse_message(UserMessage(harmless, metadata=metadata))
        parsed["text"] = text
        return parsed

    async def respond(self, turn: Turn, utterance: Utterance) -> None:
        """Handle one utterance in the turn; see `conversations.dialogue.Dialogue`."""
        message = turn.message
        sent_at = message.sent_at.isoformat()
        if utterance.intent is not None:
            parsed = self._given(utterance)
        elif utterance.text is not None and _readable(utterance.text):
            parsed = await self.parse(utterance.text, time=sent_at)
        else:  # emoji or signs alone: nothing that could be parsed, but the form may still take it as words
            parsed = _parse_result("out_of_scope", (), utterance.text)
        metadata = {
            "kind": utterance.kind,
            "event": utterance.event,
            "inbound_id": message.id,
            "time": sent_at,
        }
        await self._processor.handle_message(
            UserMessage(
                utterance.text,
                output_channel=TurnReplies(turn.contact.channel),
                sender_id=str(turn.conversation.id),
                parse_data=parsed,
                input_channel=turn.contact.channel,
                message_id=str(message.id),
                metadata={name: value for name, value in metadata.items() if value is not None},
            )
        )

    def _given(self, utterance: Utterance) -> dict[str, Any]:
        intent = utterance.intent or "out_of_scope"
        if intent not in self._intents:
            log.error("an intent is not in the domain", intent=intent)
            intent = "out_of_scope"
        return _parse_result(intent, utterance.entities, utterance.text)


def _parse_result(intent: str, entities: tuple[dict[str, Any], ...], text: str | None) -> dict[str, Any]:
    name = {"name": intent, "confidence": 1.0}
    return {"intent": name, "intent_ranking": [name], "entities": list(entities), "text": text}


def _readable(text: str) -> bool:
    """Is there a letter, a Chinese character or a digit in it?"""
    return any(unicodedata.category(character)[0] in "LN" for character in text)
