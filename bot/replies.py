"""Rasa's output channel for a turn: what the dialogue says becomes rows of the turn. Never touches a network."""

from __future__ import annotations

from typing import Any

from rasa.core.channels.channel import OutputChannel

from conversations.outbox import Option
from conversations.turn import current


class TurnReplies(OutputChannel):  # type: ignore[misc]
    """Puts each bot message into the running turn.

    A response's `custom` says what plain text and buttons cannot: `free_input`, `request_phone`, `notice`,
    `case_number` (see `conversations.turn.Turn.reply`).
    """

    def __init__(self, channel: str) -> None:
        self._channel = channel

    def name(self) -> str:
        """The platform's name, so that responses may have variants for one channel."""
        return self._channel

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Queue one message; one without text has nothing that a person could read."""
        text = message.get("text")
        if not text:
            return
        custom = message.get("custom") or {}
        current().reply(
            text,
            options=[Option(button["title"], button["payload"]) for button in message.get("buttons") or ()],
            author="notice" if custom.get("notice") else "bot",
            request_phone=bool(custom.get("request_phone")),
            free_input=bool(custom.get("free_input")),
            case_number=custom.get("case_number"),
        )
