"""Wake-ups between processes: they wake, they never block, and a dead listener is forgotten."""

from __future__ import annotations

import asyncio
from pathlib import Path

from conversations.wakeups import BOT, WEB, LocalWakeups


def test_a_listener_is_woken_by_its_topic_alone(tmp_path: Path) -> None:
    async def scenario() -> list[bool]:
        wakeups = LocalWakeups(tmp_path)
        bot, web = wakeups.listen(BOT), wakeups.listen(WEB)
        wakeups.notify(BOT)
        heard = [await bot.wait(1.0), await web.wait(0.02)]
        bot.close()
        web.close()
        return heard

    assert asyncio.run(scenario()) == [True, False]


def test_many_wake_ups_count_as_one_and_do_not_block(tmp_path: Path) -> None:
    async def scenario() -> list[bool]:
        wakeups = LocalWakeups(tmp_path)
        bot = wakeups.listen(BOT)
        for _ in range(5_000):
            wakeups.notify(BOT)
        heard = [await bot.wait(1.0), await bot.wait(0.02)]
        bot.close()
        return heard

    assert asyncio.run(scenario()) == [True, False]


def test_the_socket_of_a_dead_process_is_removed(tmp_path: Path) -> None:
    async def scenario() -> None:
        wakeups = LocalWakeups(tmp_path)
        listener = wakeups.listen(BOT)
        listener._socket.close()  # as a killed process leaves it: the file stays
        wakeups.notify(BOT)

    asyncio.run(scenario())
    assert list(tmp_path.iterdir()) == []
