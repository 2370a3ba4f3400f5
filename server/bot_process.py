"""The bot role: one loader process reads the model once, and forks the bots that run turns.

The loader starts no thread, loop or database engine before it forks, so a further bot costs a few megabytes and a bot
that died is replaced within milliseconds.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from types import FrameType

import structlog

from conversations.clock import utc_now
from conversations.database import Database
from conversations.flood import RateLimit
from conversations.turn_runner import TurnRunner
from conversations.wakeups import BOT, LocalWakeups
from server import heartbeat
from server.settings import Settings

log = structlog.get_logger(__name__)

SWEEP_SECONDS = 0.5
OVERDUE_PAUSE = 0.05
RESTART_PAUSE = 0.5
NICE = 5
"""Bots step back for the web process: a webhook's answer is what the platform waits for."""


def run_bots(settings: Settings) -> int:
    """Load the model, fork the bots, replace those that die; ends with the supervisor or on SIGTERM."""
    from datetime import timedelta

    from bot import without_tensorflow

    without_tensorflow.install()
    from actions.in_process import run_action
    from bot.agent import Assistant, ModelMissing
    from server.action_runner import adapt

    started = time.monotonic()
    try:
        assistant = Assistant.load(settings.model_dir, adapt(run_action))
    except ModelMissing as missing:
        print(f"SUDA_MODEL_DIR: {missing}", file=sys.stderr)
        return 2
    policy = asyncio.DefaultEventLoopPolicy()
    asyncio.set_event_loop_policy(policy)  # importing Rasa leaves uvloop's
    warm = policy.new_event_loop()
    warm.run_until_complete(assistant.warm_up())
    warm.close()
    log.info("model loaded", seconds=round(time.monotonic() - started, 1))

    limit = RateLimit(settings.rate_limit_messages, timedelta(seconds=settings.rate_limit_seconds))
    children: dict[int, float] = {}
    stopping = False

    def stop(_signal: int, _frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    parent = os.getppid()
    while not stopping and os.getppid() == parent:
        while len(children) < settings.bots:
            pid = os.fork()
            if pid == 0:
                os._exit(_bot(settings, assistant, limit))
            children[pid] = time.monotonic()
        _bury(children)
        time.sleep(0.05)
    for pid in children:
        _signal(pid, signal.SIGTERM)
    deadline = time.monotonic() + 10
    while children and time.monotonic() < deadline:
        _bury(children, mourn=False)
        time.sleep(0.05)
    for pid in children:
        _signal(pid, signal.SIGKILL)
    return 0


def _bury(children: dict[int, float], *, mourn: bool = True) -> None:
    for pid in list(children):
        ended, status = os.waitpid(pid, os.WNOHANG)
        if not ended:
            continue
        lived = time.monotonic() - children.pop(pid)
        if mourn:
            log.warning("a bot ended and is replaced", pid=pid, status=status, lived=round(lived, 1))
            if lived < 2.0:
                time.sleep(RESTART_PAUSE)


def _signal(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


def _bot(settings: Settings, assistant: object, limit: RateLimit) -> int:
    """A forked bot; returns its exit status."""
    from bot.agent import Assistant

    assert isinstance(assistant, Assistant)
    os.nice(NICE)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the loader tells us
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    main = loop.create_task(_serve(settings, assistant, limit))
    loop.add_signal_handler(signal.SIGTERM, main.cancel)
    try:
        loop.run_until_complete(main)
    except asyncio.CancelledError:
        return 0
    except Exception:
        log.exception("a bot failed")
        return 1
    finally:
        loop.close()
    return 0


async def _serve(settings: Settings, assistant: object, limit: RateLimit) -> None:
    from bot.agent import Assistant

    assert isinstance(assistant, Assistant)
    database = Database(settings.database_url, pool_size=2)
    wakeups = LocalWakeups(settings.data_dir / "run")
    listener = wakeups.listen(BOT)
    runner = TurnRunner(database, assistant, wakeups, clock=utc_now, rate_limit=limit)
    beats = asyncio.create_task(heartbeat.keep_beating(database, "bot", utc_now, {}))
    parent = os.getppid()
    try:
        while os.getppid() == parent:
            try:
                done = await runner.run_due()
                pause = 0.0 if done else _until_due(runner)
            except Exception as failure:
                # Whatever the database does: no message is lost, the next sweep finds it.
                log.warning("a sweep failed", failure=type(failure).__name__)
                pause = SWEEP_SECONDS
            await listener.wait(pause)
            await asyncio.sleep(0)
    finally:
        beats.cancel()
        listener.close()
        runner.close()
        database.dispose()


def _until_due(runner: TurnRunner) -> float:
    due = runner.next_due_at()
    if due is None:
        return SWEEP_SECONDS
    left = (due - utc_now()).total_seconds()
    return min(left, SWEEP_SECONDS) if left > 0 else OVERDUE_PAUSE
