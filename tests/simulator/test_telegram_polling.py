"""getUpdates: offsets confirm, rivals conflict, a webhook excludes polling."""

from __future__ import annotations

import asyncio
from collections import Counter

from tests.simulator.stand import Stand, run_on, stand


async def _poll(here: Stand, **params: int) -> list[int]:
    return [update["update_id"] for update in (await here.bot("getUpdates", **params))["result"]]


def test_an_update_is_given_again_until_a_higher_offset_confirms_it() -> None:
    async def run() -> None:
        async with stand(telegram_webhook="") as here:
            for text in "一二三":
                await here.user("telegram", "text", text=text)
            first = await _poll(here)
            assert len(first) == 3
            assert await _poll(here, offset=first[0]) == first
            assert await _poll(here, offset=first[1]) == first[1:]
            assert await _poll(here, offset=first[2] + 1) == []
            assert {message["state"] for message in await here.phone("telegram")} == {"delivered"}

    asyncio.run(run())


def test_a_limit_is_kept_and_a_negative_offset_counts_from_the_end() -> None:
    async def run() -> None:
        async with stand(telegram_webhook="") as here:
            for text in "一二三四":
                await here.user("telegram", "text", text=text)
            ids = await _poll(here, limit=2)
            assert len(ids) == 2
            assert await _poll(here, offset=-1) == [ids[0] + 3]
            assert await _poll(here) == [ids[0] + 3]

    asyncio.run(run())


def test_a_long_poll_ends_as_soon_as_something_comes() -> None:
    async def run() -> None:
        async with stand(telegram_webhook="") as here:
            waiting = asyncio.create_task(_poll(here, timeout=30))
            await run_on()
            await here.user("telegram", "text", text="来了")
            assert len(await asyncio.wait_for(waiting, 20)) == 1

    asyncio.run(run())


def test_a_second_poller_ends_the_first_with_a_conflict() -> None:
    async def run() -> None:
        async with stand(telegram_webhook="") as here:
            first = asyncio.create_task(here.bot("getUpdates", timeout=30))
            await run_on()
            await here.bot("getUpdates", timeout=0)
            answer = await asyncio.wait_for(first, 20)
            assert answer["error_code"] == 409
            assert answer["description"].startswith("Conflict: terminated by other getUpdates request")

    asyncio.run(run())


def test_polling_beside_a_webhook_is_a_conflict_and_setting_one_ends_a_poll() -> None:
    async def run() -> None:
        async with stand(telegram_webhook="") as here:
            poll = asyncio.create_task(here.bot("getUpdates", timeout=30))
            await run_on()
            await here.bot("setWebhook", url="http://product/hook")
            assert (await poll)["description"] == "Conflict: terminated by setWebhook request"
            refused = await here.bot("getUpdates")
            assert refused["description"].startswith(
                "Conflict: can't use getUpdates method while webhook is active"
            )
            await here.bot("deleteWebhook")
            assert (await here.bot("getUpdates"))["result"] == []

    asyncio.run(run())


def test_a_duplicated_update_is_handed_out_once_more_after_it_was_confirmed() -> None:
    async def run() -> None:
        async with stand(telegram_webhook="") as here:
            await here.faults({"kind": "duplicate"})
            await here.user("telegram", "text", text="一")
            (first,) = await _poll(here)
            assert await _poll(here, offset=first + 1) == [first]
            assert await _poll(here, offset=first + 1) == []
            causes = Counter(one["cause"] for one in (await here.ledger("telegram"))["deliveries"])
            assert causes == {"poll": 1, "duplicate": 1}

    asyncio.run(run())
