"""The dialogue as a turn sees it; the assistant behind it is the bot's."""

from __future__ import annotations

from typing import Protocol

from conversations.turn import Turn, Utterance


class Dialogue(Protocol):
    """Understands and answers one utterance inside a running turn."""

    async def respond(self, turn: Turn, utterance: Utterance) -> None:
        """Add the answers to the turn. Raises if anything went wrong: then the turn is rolled back and tried again."""
