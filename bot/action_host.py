"""Running custom actions in this process instead of calling an action server.

Rasa calls its action endpoint; this endpoint calls the actions directly. Which actions there are is the server's to say.
Rasa swallows what an action raises (core/processor.py `_run_action`) and goes on as if nothing had happened, so a
failure is noted on the running turn, which then rolls back.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from rasa.core.actions.action import RemoteAction
from rasa.utils.endpoints import ClientResponseError, EndpointConfig

from conversations.turn import current


@dataclass(frozen=True, slots=True)
class Refused:
    """The action declined to run (rasa_sdk's `ActionExecutionRejection`): Rasa predicts another one."""

    action_name: str
    reason: str


ActionRunner = Callable[[dict[str, Any]], Awaitable["dict[str, Any] | Refused"]]
"""Takes Rasa's action call, returns `{"events": …, "responses": …}` or a refusal."""


class InProcessActions(EndpointConfig):  # type: ignore[misc]
    """An action endpoint without a network."""

    def __init__(self, run: ActionRunner) -> None:
        super().__init__("in-process", enable_selective_domain=True)
        self._run = run

    async def request(
        self,
        method: str = "post",
        subpath: str | None = None,
        content_type: str | None = "application/json",
        compress: bool = False,
        **kwargs: Any,
    ) -> dict[str, Any]:
        """Run the called action; a refusal is answered as an action server would (400)."""
        try:
            result = await self._run(kwargs["json"])
        except Exception as failure:
            current().failure = failure
            raise
        if isinstance(result, Refused):
            body = json.dumps({"action_name": result.action_name, "error": result.reason})
            raise ClientResponseError(400, "refused", body)
        return result


def trust_our_actions() -> None:
    """Leave out the JSON-schema validation of action results: they come from our own process, not over a network.

    It costs more than the actions themselves (8 ms of a 12 ms turn).
    """
    RemoteAction._validate_action_result = lambda self, result: True
