"""Hands our actions to the bot, which must not know rasa_sdk."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from actions.in_process import ActionDeclined
from bot.action_host import ActionRunner, Refused


def adapt(run: Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]) -> ActionRunner:
    """The action runner of the bot, made from the one of the actions."""

    async def adapted(call: dict[str, Any]) -> dict[str, Any] | Refused:
        try:
            return await run(call)
        except ActionDeclined as declined:
            return Refused(declined.action_name, declined.reason)

    return adapted
