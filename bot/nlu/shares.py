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
    shares = PROCESSORS if len(items) >= _MANY else 1
    size = -(-len(items) // shares) or 1
    return side_by_side(work, [(items[first : first + size],) for first in range(0, len(items), size)])


def side_by_side(work: Callable[..., Result], calls: Sequence[tuple[object, ...]]) -> list[Result]:
    """The results of `work` for each call's arguments, as many at a time as there are processors.

    The processes are forked: they begin with what this one has read and remembers.
    """
    if len(calls) < 2 or PROCESSORS < 2:
        return [work(*arguments) for arguments in calls]
    with ProcessPoolExecutor(PROCESSORS, multiprocessing.get_context("fork")) as processes:
        waiting = [processes.submit(work, *arguments) for arguments in calls]
        return [one.result() for one in waiting]
