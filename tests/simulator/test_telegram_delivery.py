"""Updates reach the webhook in order, with the secret, until they are taken."""

from __future__ import annotations

import asyncio
from collections import Counter

from tests.simulator.stand import TELEGRAM_USER, Answer, Delivered, run_on, stand


def _texts(seen: list[Delivered]) -> list[str]:
    return [one.update["message"]["text"] for one in seen]


def test_an_update_carries_the_secret_and_a_number_one_higher_than_the_last() -> None:
    async def run() -> None:
        async with stand() as here:
            for text in "一二三":
                await here.user("telegram", "text", text=text)
            await here.settled()
            numbers = [one.update["update_id"] for one in here.product.seen]
            assert numbers == [numbers[0], numbers[0] + 1, numbers[0] + 2]
            assert _texts(here.product.seen) == ["一", "二", "三"]
            assert {one.headers["x-telegram-bot-api-secret-token"] for one in here.product.seen} == {"s3cret"}
            assert {message["state"] for message in await here.phone("telegram")} == {"delivered"}

    asyncio.run(run())


def test_an_update_that_is_refused_is_tried_again_and_holds_back_the_next_of_its_chat_only() -> None:
    async def run() -> None:
        refusals = iter([503, 500, 404])

        async def answers(delivered: Delivered) -> Answer:
            if delivered.update["message"]["text"] == "甲":
                return next(refusals, 200), ""
            return 200, ""

        async with stand(answers) as here:
            await here.user("telegram", "text", text="甲")
            await here.user("telegram", "text", text="乙")
            await here.user("telegram", "text", contact="5", text="别的聊天")
            await here.settled()
            texts = _texts(here.product.seen)
            assert [text for text in texts if text != "别的聊天"] == ["甲", "甲", "甲", "甲", "乙"]
            assert texts.index("别的聊天") < texts.index("乙")
            tries = (await here.ledger("telegram"))["deliveries"]
            statuses = [one["status"] for one in tries]
            assert Counter(statuses) == {200: 3, 503: 1, 500: 1, 404: 1}
            info = (await here.bot("getWebhookInfo"))["result"]
            assert info["last_error_message"].startswith("Wrong response from the webhook: 404")

    asyncio.run(run())


def test_retry_after_in_the_products_answer_is_obeyed() -> None:
    async def run() -> None:
        loop = asyncio.get_running_loop()
        at: list[float] = []

        async def answers(delivered: Delivered) -> Answer:
            at.append(loop.time())
            if len(at) > 1:
                return 200, ""
            delivered.answer_headers["retry-after"] = "1"
            return 429, ""

        async with stand(answers) as here:
            await here.user("telegram", "text", text="x")
            await here.settled()
            assert at[1] - at[0] >= 0.95

    asyncio.run(run())


def test_each_update_comes_twice_under_the_duplicate_fault() -> None:
    async def run() -> None:
        async with stand() as here:
            await here.faults({"kind": "duplicate", "channel": "telegram"})
            for text in ("甲", "乙"):
                await here.user("telegram", "text", text=text)
            await here.settled()
            assert Counter(_texts(here.product.seen)) == {"甲": 2, "乙": 2}
            assert len({one.update["update_id"] for one in here.product.seen}) == 2
            causes = Counter(one["cause"] for one in (await here.ledger("telegram"))["deliveries"])
            assert causes == {"first": 2, "duplicate": 2}

    asyncio.run(run())


def test_a_late_duplicate_comes_after_everything_else_was_said() -> None:
    async def run() -> None:
        async with stand() as here:
            await here.faults({"kind": "late_duplicate", "seconds": 1.5, "count": 1})
            await here.user("telegram", "text", text="甲")
            await here.user("telegram", "text", text="乙")
            await here.settled()
            assert _texts(here.product.seen) == ["甲", "乙", "甲"]

    asyncio.run(run())


def test_a_burst_is_held_back_and_then_comes_in_order() -> None:
    async def run() -> None:
        async with stand() as here:
            await here.faults({"kind": "burst", "seconds": 2})
            for text in "一二三四":
                await here.user("telegram", "text", text=text)
            assert here.product.seen == []
            assert [message["state"] for message in await here.phone("telegram")] == ["sending"] * 4
            await here.settled()
            assert _texts(here.product.seen) == list("一二三四")

    asyncio.run(run())


def test_a_shuffled_burst_loses_nothing_but_the_order() -> None:
    async def run() -> None:
        async with stand() as here:
            await here.faults({"kind": "shuffle", "seconds": 1}, seed=3)
            sent = [str(n) for n in range(12)]
            for text in sent:
                await here.user("telegram", "text", text=text)
            await here.settled()
            got = _texts(here.product.seen)
            assert sorted(got) == sorted(sent)
            assert got != sent

    asyncio.run(run())


def test_a_method_in_the_answer_to_the_webhook_is_carried_out() -> None:
    async def run() -> None:
        async def answers(delivered: Delivered) -> Answer:
            return 200, '{"method": "sendMessage", "chat_id": 700100200, "text": "收到"}'

        async with stand(answers) as here:
            await here.user("telegram", "text", text="在吗")
            await here.settled()
            assert [message["text"] for message in await here.phone("telegram")] == ["在吗", "收到"]

    asyncio.run(run())


def test_kinds_that_the_bot_did_not_allow_are_not_delivered() -> None:
    async def run() -> None:
        async with stand() as here:
            url = here.config.telegram_webhook
            assert (await here.bot("setWebhook", url=url, allowed_updates=["message"]))["result"] is True
            (message,) = (await here.user("telegram", "text", text="一"))["messages"]
            await here.user("telegram", "edit", message_id=message["id"], text="二")
            await here.settled()
            assert _texts(here.product.seen) == ["一"]
            assert (await here.phone("telegram"))[0]["text"] == "二"

    asyncio.run(run())


def test_no_more_connections_than_allowed_are_open_at_once() -> None:
    async def run() -> None:
        gate = asyncio.Event()
        open_now, most = 0, 0

        async def answers(delivered: Delivered) -> Answer:
            nonlocal open_now, most
            open_now += 1
            most = max(most, open_now)
            await gate.wait()
            open_now -= 1
            return 200, ""

        async with stand(answers, telegram_max_connections=3) as here:
            for contact in range(1, 11):
                await here.user("telegram", "text", contact=str(contact), text="x")
            await run_on()
            assert open_now == 3
            gate.set()
            await here.settled()
            assert most == 3
            assert len(here.product.seen) == 10

    asyncio.run(run())


def test_pending_updates_can_be_dropped_when_the_webhook_changes() -> None:
    async def run() -> None:
        async with stand(telegram_webhook="") as here:
            await here.user("telegram", "text", text="旧")
            await here.bot("setWebhook", url="http://product/hook", drop_pending_updates=True)
            await here.user("telegram", "text", text="新", contact=TELEGRAM_USER)
            await here.settled()
            assert _texts(here.product.seen) == ["新"]

    asyncio.run(run())


def test_dropped_updates_are_not_tried_again() -> None:
    async def run() -> None:
        async def answers(delivered: Delivered) -> Answer:
            return (200, "") if delivered.path == "/hook" else (503, "")

        async with stand(answers) as here:
            await here.user("telegram", "text", text="旧")
            await here.bot("setWebhook", url="http://product/hook", drop_pending_updates=True)
            await here.user("telegram", "text", text="新")
            await here.settled()
            assert _texts([one for one in here.product.seen if one.path == "/hook"]) == ["新"]
            states = [update["state"] for update in (await here.ledger("telegram"))["updates"]]
            assert states == ["expired", "delivered"]

    asyncio.run(run())
