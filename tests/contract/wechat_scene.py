"""A WeChat channel before a scripted server, for the tests of what it sends and fetches."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from channels.wechat.client import WeChatChannel
from tests.contract.platforms import WECHAT_GRANTS_TOKEN, wechat_answer, wechat_channel
from tests.contract.scripted_server import Answer, ScriptedServer, json_answer

SEND = "/message/custom/send"
MEDIA = "/media/get"
TOKEN = "/stable_token"

Scene = Callable[[ScriptedServer, WeChatChannel], Awaitable[None]]


def play(scene: Scene, *, account: str = "service", timeout: float = 5.0) -> None:
    async def run() -> None:
        async with ScriptedServer() as server:
            server.plan(TOKEN, WECHAT_GRANTS_TOKEN)
            server.plan(SEND, wechat_answer(0))
            channel = wechat_channel(server.url, timeout, account)
            try:
                await scene(server, channel)
            finally:
                await channel.aclose()

    asyncio.run(run())


def granted(token: str, lasts: int = 7200) -> Answer:
    return json_answer({"access_token": token, "expires_in": lasts})


def tokens_used(server: ScriptedServer, path: str = SEND) -> list[str]:
    return [call.query["access_token"] for call in server.called(path)]
