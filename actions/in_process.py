"""Runs this package's actions in the calling process. The twin of `rasa run actions`, without the network."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection


class ActionDeclined(Exception):
    """An action (a form without an answer, for example) leaves the turn to another one."""

    def __init__(self, action_name: str, reason: str) -> None:
        super().__init__(reason)
        self.action_name = action_name
        self.reason = reason


@lru_cache(maxsize=1)
def _executor() -> ActionExecutor:
    executor = ActionExecutor()
    executor.register_package("actions")
    return executor


async def run_action(call: dict[str, Any]) -> dict[str, Any]:
    """Run the action that Rasa's call names; returns its events and responses as an action server would."""
    try:
        result = await _executor().run(call)
    except ActionExecutionRejection as declined:
        raise ActionDeclined(declined.action_name, str(declined)) from declined
    if result is None:
        raise LookupError("an action call without an action")
    return dict(result)
