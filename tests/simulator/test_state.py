"""A restart empties no phone, repeats no number and forgets no undelivered update."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.simulator.stand import TELEGRAM_USER, Answer, Delivered, stand


async def _down(delivered: Delivered) -> Answer:
    return 503, ""


def test_what_was_not_delivered_before_a_restart_is_delivered_after_it_in_order(tmp_path: Path) -> None:
    async def run() -> None:
        state = str(tmp_path / "phones" / "state.db")
        async with stand(_down, state=state) as here:
            for text in "一二":
                await here.user("telegram", "text", text=text)
            first = (await here.ledger("telegram"))["updates"][0]["external_id"]
        async with stand(state=state) as here:
            await here.user("telegram", "text", text="三")
            await here.settled()
            updates = [one.update for one in here.product.seen]
            assert [update["message"]["text"] for update in updates] == ["一", "二", "三"]
            assert [update["update_id"] - int(first) for update in updates] == [0, 1, 2]
            assert [message["text"] for message in await here.phone("telegram")] == ["一", "二", "三"]

    asyncio.run(run())


def test_the_webhook_the_menu_the_tokens_and_the_quota_outlive_a_restart(tmp_path: Path) -> None:
    async def run() -> None:
        state = str(tmp_path / "state.db")
        async with stand(state=state, telegram_webhook="") as here:
            await here.bot("setWebhook", url="http://product/later", secret_token="abc")
            await here.account("menu/create", button=[{"type": "click", "name": "投诉", "key": "K"}])
            await here.user("wechat", "text", text="在吗")
            for _ in range(5):
                await here.say("x")
            token = await here.token()
        async with stand(state=state, telegram_webhook="") as here:
            assert await here.token() == token
            assert (await here.say("x"))["errcode"] == 45047
            profile = (await here.http.get("/playground/api/wechat/profile")).json()
            assert profile["menu"] == [{"name": "投诉", "key": "K", "url": "", "sub": []}]
            await here.user("telegram", "text", text="hi", contact=TELEGRAM_USER)
            await here.settled()
            (update,) = [one for one in here.product.seen if one.path == "/later"]
            assert update.headers["x-telegram-bot-api-secret-token"] == "abc"

    asyncio.run(run())


def test_numbers_do_not_begin_again_with_a_new_state() -> None:
    async def run() -> None:
        async with stand() as here:
            await here.user("telegram", "text", text="x")
            await here.settled()
            first = here.product.seen[0].update["update_id"]
        async with stand() as here:
            await here.user("telegram", "text", text="x")
            await here.settled()
            assert here.product.seen[0].update["update_id"] >= first
            assert first > 10_000_000

    asyncio.run(run())
