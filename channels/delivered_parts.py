"""Which parts of a split message went out already, so that a retry goes on with the part that failed.

The rule: within one process a part that the platform took is never sent again by a retry of the same message.
The memory ends with the process and with `capacity`; a part may be repeated after that, as any send may whose
outcome was lost. `resumed` counts the retries that went on in the middle.
"""

from __future__ import annotations

from collections import OrderedDict

import structlog

log = structlog.get_logger(__name__)


class DeliveredParts:
    """Progress of messages of several parts, by the key of the message."""

    def __init__(self, capacity: int = 2000) -> None:
        self._capacity = capacity
        self._taken: OrderedDict[str, list[str]] = OrderedDict()
        self.resumed = 0

    def of(self, key: str) -> tuple[str, ...]:
        """The platform's ids of the parts that it took, in order."""
        taken = tuple(self._taken.get(key, ()))
        if taken:
            self.resumed += 1
            log.info("split message resumed", key=key, parts_sent=len(taken), resumed=self.resumed)
        return taken

    def add(self, key: str, external_id: str) -> None:
        """The platform took the next part."""
        self._taken.setdefault(key, []).append(external_id)
        self._taken.move_to_end(key)
        while len(self._taken) > self._capacity:
            self._taken.popitem(last=False)

    def finish(self, key: str) -> None:
        """All parts went out, or none will."""
        self._taken.pop(key, None)
