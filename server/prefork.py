"""A loader that forks its workers: what was imported and loaded once is there again the moment a worker dies.

The loader starts no thread, event loop or database engine before it forks. It ends with its supervisor; a worker ends
when its loader is gone (`parent_is_gone`).
"""

from __future__ import annotations

import gc
import os
import signal
import time
from collections.abc import Callable
from types import FrameType

import structlog

log = structlog.get_logger(__name__)

LOOK_SECONDS = 0.02
GRACE_SECONDS = 12.0
SHORT_LIFE_SECONDS = 2.0
PAUSE_AFTER_SHORT_LIFE = 0.5
GARBAGE_BEFORE_COLLECTING = 10_000
"""Objects; Python's 700 means a collection several times a turn."""


def keep_workers(count: int, work: Callable[[], int], *, name: str) -> int:
    """Keep `count` forked processes running `work` (which returns an exit status) until told to stop."""
    stopping = False

    def stop(_signal: int, _frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the supervisor's: it ends all in order
    born: dict[int, float] = {}
    parent = os.getppid()
    # What is loaded stays for good: the workers' collections need not walk it, nor copy its pages.
    gc.collect()
    gc.freeze()
    not_before = 0.0
    while not stopping and os.getppid() == parent:
        while len(born) < count and time.monotonic() >= not_before:
            pid = os.fork()
            if pid == 0:
                signal.signal(signal.SIGTERM, signal.SIG_DFL)
                gc.set_threshold(GARBAGE_BEFORE_COLLECTING, 20, 50)
                os._exit(_status_of(work))
            born[pid] = time.monotonic()
        for pid, status in _bury(born):
            lived = time.monotonic() - born.pop(pid)
            log.warning(
                "a worker ended and is replaced", role=name, pid=pid, status=status, lived=round(lived, 1)
            )
            if lived < SHORT_LIFE_SECONDS:
                not_before = time.monotonic() + PAUSE_AFTER_SHORT_LIFE
        time.sleep(LOOK_SECONDS)
    _end(born)
    return 0


def _status_of(work: Callable[[], int]) -> int:
    try:
        return work()
    except BaseException:
        log.exception("a worker failed")
        return 1


def _bury(born: dict[int, float]) -> list[tuple[int, int]]:
    ended = []
    for pid in born:
        gone, status = os.waitpid(pid, os.WNOHANG)
        if gone:
            ended.append((pid, status))
    return ended


def _end(born: dict[int, float]) -> None:
    for pid in born:
        _signal(pid, signal.SIGTERM)
    deadline = time.monotonic() + GRACE_SECONDS
    while born and time.monotonic() < deadline:
        for pid, _ in _bury(born):
            del born[pid]
        time.sleep(LOOK_SECONDS)
    for pid in born:
        _signal(pid, signal.SIGKILL)


def _signal(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return
