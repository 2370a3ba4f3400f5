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
from datetime import timedelta

import structlog

from conversations.clock import utc_now
from conversations.database import Database
from conversations.flood import RateLimit
from conversations.turn_runner import TurnRunner
from conversations.wakeups import BOT, LocalWakeups
from server import heartbeat
from server.prefork import keep_workers
from server.settings import Settings
from server.supervisor import CANNOT_START

log = structlog.get_logger(__name__)

SWEEP_SECONDS = 0.5
OVERDUE_PAUSE = 0.05
NICE = 5
"""Bots step back for the web process: a webhook's answer is what the platform waits for."""


def run_bots(settings: Settings) -> int:
    """Load the model, then keep the bots running; ends with the supervisor or on SIGTERM."""
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
        return CANNOT_START
    policy = asyncio.DefaultEventLoopPolicy()
    asyncio.set_event_loop_policy(policy)  # importing Rasa leaves uvloop's
    warm = policy.new_event_loop()
    warm.run_until_complete(assistant.warm_up())
    warm.close()
    log.info("model loaded", seconds=round(time.monotonic() - started, 1))
    limit = RateLimit(settings.rate_limit_messages, timedelta(seconds=settings.rate_limit_seconds))
    return keep_workers(settings.bots, lambda: _bot(settings, assistant, limit), name="bot")


def _bot(settings: Settings, assistant: object, limit: RateLimit) -> int:
    """A forked bot; returns its exit status."""
    from bot.agent import Assistant

    assert isinstance(assistant, Assistant)
    os.nice(NICE)
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
