"""Objects of the Bot API as they travel in updates and results: User, Chat, Message and what hangs on them.

Source: core.telegram.org/bots/api#available-types. Builds dictionaries only; stores and sends nothing.
"""

from __future__ import annotations

import hashlib
from typing import Any

from simulator.config import SimulatorConfig
from simulator.media import Medium
from simulator.messages import ShownMessage
from simulator.telegram.formatting import utf16_length


def bot_user(config: SimulatorConfig) -> dict[str, Any]:
    return {
        "id": int(config.telegram_token.partition(":")[0]),
        "is_bot": True,
        "first_name": config.telegram_name,
        "username": config.telegram_username,
    }


def person(contact: str) -> dict[str, Any]:
    return {
        "id": int(contact),
        "is_bot": False,
        "first_name": f"用户{contact[-4:]}",
        "language_code": "zh-hans",
    }


def private_chat(contact: str) -> dict[str, Any]:
    return {"id": int(contact), "first_name": f"用户{contact[-4:]}", "type": "private"}


def from_user(message: ShownMessage, content: dict[str, Any]) -> dict[str, Any]:
    """A Message that the user sent; ``content``: text, photo, … with its companions."""
    return {
        "message_id": message.id,
        "from": person(message.contact),
        "chat": private_chat(message.contact),
        "date": int(message.at),
        **content,
    }


def from_bot(config: SimulatorConfig, message: ShownMessage, content: dict[str, Any]) -> dict[str, Any]:
    return {
        "message_id": message.id,
        "from": bot_user(config),
        "chat": private_chat(message.contact),
        "date": int(message.at),
        **content,
    }


def text_content(text: str) -> dict[str, Any]:
    """A user's text; a command at its beginning is marked, which is how bots find commands."""
    content: dict[str, Any] = {"text": text}
    word = text.split(maxsplit=1)[0] if text.strip() else ""
    if word.startswith("/") and word[1:].replace("_", "").replace("@", "").isalnum() and word.isascii():
        content["entities"] = [{"type": "bot_command", "offset": 0, "length": utf16_length(word)}]
    return content


def file_part(medium: Medium) -> dict[str, Any]:
    """What every file object has; ``file_unique_id`` is the same for the same bytes' id."""
    unique = hashlib.sha256(medium.id.encode()).hexdigest()[:15]
    return {"file_id": medium.id, "file_unique_id": unique, "file_size": medium.size}


def chat_member_change(
    config: SimulatorConfig, contact: str, date: int, old: str, new: str
) -> dict[str, Any]:
    """ChatMemberUpdated: in private chats a user's block is ``kicked`` and an unblock is ``member``."""

    def member(status: str) -> dict[str, Any]:
        extra = {"until_date": 0} if status == "kicked" else {}
        return {"user": bot_user(config), "status": status, **extra}

    return {
        "chat": private_chat(contact),
        "from": person(contact),
        "date": date,
        "old_chat_member": member(old),
        "new_chat_member": member(new),
    }
