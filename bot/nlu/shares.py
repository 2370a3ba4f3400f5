"""Work of training that is shared out among the processors."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

PROCESSORS = os.cpu_count() or 1
_MANY = 2_000  # below so many a process costs more than it saves


def in_shares(work: Callable[[Sequence[Item]], Result], items: Sequence[Item]) -> list[Result]:
    """What `work` makes of the items, a share of them for each processor; the results in the order of the items."""
    if len(items) < _MANY or PROCESSORS < 2:
        return [work(items)] if items else []
    size = -(-len(items) // PROCESSORS)
    # Forked: the processes begin with what this one has read and remembers.
    with ProcessPoolExecutor(PROCESSORS, multiprocessing.get_context("fork")) as processes:
        return list(
            processes.map(work, [items[first : first + size] for first in range(0, len(items), size)])
        )
