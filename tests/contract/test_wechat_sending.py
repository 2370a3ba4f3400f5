"""WeChat's own ways of sending, its token, its kinds of accounts and setting up, beyond what every channel does."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import httpx
import pytest

from channels.base import (
    BlockedByUser,
    ChannelError,
    Misconfigured,
    QuotaSpent,
    Rejected,
    RetryLater,
    SendWindow,
    WindowClosed,
)
from channels.message import Button, Outbound
from channels.wechat.account import ACCOUNTS
from channels.wechat.client import WeChatChannel
from channels.wechat.render import render_text
from channels.wechat.setup import check_account, put_up_menu
from channels.wechat.token import AccessToken
from tests.contract.platforms import WECHAT_GRANTS_TOKEN, wechat_answer, wechat_channel
from tests.contract.scripted_server import Act, Answer, HangUp, ScriptedServer, Silence, json_answer
from tests.contract.wechat_scene import MEDIA, SEND, TOKEN, granted, play, tokens_used

OPENID = "oSuda0dYk3xY7VbQpLm9RtUwZ1aE"
HELLO = Outbound(OPENID, "您好", "1")


def test_choices_are_a_numbered_list_with_a_word_on_how_to_answer() -> None:
    async def scene(server: ScriptedServer, channel: WeChatChannel) -> None:
        await channel.send(Outbound(OPENID, "哪一类？", "1", (Button("质量", "a"), Button("物流", "b"))))
        body = server.called(SEND)[0].json()
        assert body == {
            "touser": OPENID,
            "msgtype": "text",
            "text": {"content": "哪一类？\n\n1. 质量\n2. 物流\n（回复数字选择）"},
        }
        assert "哪一类".encode() in server.called(SEND)[0].body  # never as \\u escapes

    play(scene)


def test_the_word_on_how_to_answer_is_in_the_script_of_the_text() -> None:
    assert render_text(Outbound(OPENID, "哪一類？", "1", (Button("質量", "a"),))) == (
        "哪一類？\n\n1. 質量\n（回覆數字選擇）"
    )


def test_where_a_number_would_be_the_answer_the_choices_are_named_instead() -> None:
    asked = Outbound(OPENID, "订单号是多少？", "1", (Button("没有订单号", "a"),), free_input=True)
    assert render_text(asked) == "订单号是多少？\n\n（也可以回复「没有订单号」）"
    two = Outbound(
        OPENID, "訂單號是多少？", "1", (Button("沒有", "a"), Button("不記得", "b")), free_input=True
    )
    assert render_text(two) == "訂單號是多少？\n\n（也可以回覆「沒有」或「不記得」）"


def test_where_nothing_can_be_tapped_the_text_says_to_type_and_the_choices_are_not_named_twice() -> None:
    asked = Outbound(OPENID, "有照片吗？没有就点「没有」。", "1", (Button("没有", "a"),), free_input=True)
    assert render_text(asked) == "有照片吗？没有就回复「没有」。"
    listed = Outbound(OPENID, "没问题点「确认」。", "1", (Button("确认", "a"), Button("修改", "b")))
    assert render_text(listed) == "没问题回复「确认」。\n\n1. 确认\n2. 修改\n（回复数字选择）"


CODES = {
    -1: RetryLater,
    45009: RetryLater,
    45011: RetryLater,
    45015: WindowClosed,
    45047: QuotaSpent,
    48001: Misconfigured,
    40003: BlockedByUser,
    43004: BlockedByUser,
    43019: BlockedByUser,
    48002: BlockedByUser,
    50005: BlockedByUser,
    45002: Rejected,
    44004: Rejected,
    40008: Rejected,
    87014: Rejected,
    40013: Misconfigured,
    40125: Misconfigured,
    40164: Misconfigured,
    48004: Misconfigured,
    50002: Misconfigured,
    99999: Rejected,
}


@pytest.mark.parametrize(("errcode", "kind"), CODES.items())
def test_every_errcode_has_its_type_and_is_kept(errcode: int, kind: type[ChannelError]) -> None:
    async def scene(server: ScriptedServer, channel: WeChatChannel) -> None:
        server.plan(SEND, wechat_answer(errcode, "no rid: 1"))
        with pytest.raises(ChannelError) as caught:
            await channel.send(HELLO)
        assert type(caught.value) is kind
        assert caught.value.code == str(errcode)

    play(scene)


def test_a_limit_of_calls_holds_for_the_whole_account() -> None:
    async def scene(server: ScriptedServer, channel: WeChatChannel) -> None:
        server.plan(SEND, wechat_answer(45011))
        with pytest.raises(RetryLater) as caught:
            await channel.send(HELLO)
        assert caught.value.whole_bot
        assert caught.value.after == 60

    play(scene)


def test_an_account_that_may_not_send_does_not_try() -> None:
    async def scene(server: ScriptedServer, channel: WeChatChannel) -> None:
        with pytest.raises(WindowClosed):
            await channel.send(HELLO)
        await channel.show_typing(OPENID)
        assert not server.calls

    play(scene, account="unverified")


# The access token


def test_the_token_is_fetched_once_for_many_at_a_time() -> None:
    async def scene(server: ScriptedServer, channel: WeChatChannel) -> None:
        await asyncio.gather(*(channel.send(Outbound(OPENID, "您好", str(n))) for n in range(5)))
        (call,) = server.called(TOKEN)
        assert call.json() == {
            "grant_type": "client_credential",
            "appid": "wx5da5da5da5da5da5",
            "secret": "app-secret",
            "force_refresh": False,
        }

    play(scene)


def test_a_token_at_its_end_is_fetched_anew() -> None:
    async def scene(server: ScriptedServer, channel: WeChatChannel) -> None:
        server.plan(TOKEN, granted("short", lasts=0), granted("next"))
        await channel.send(HELLO)
        await channel.send(Outbound(OPENID, "再见", "2"))
        assert tokens_used(server) == ["short", "next"]

    play(scene)


@pytest.mark.parametrize("errcode", [40001, 40014, 42001])
def test_a_refused_token_is_renewed_and_the_message_sent_once_more(errcode: int) -> None:
    async def scene(server: ScriptedServer, channel: WeChatChannel) -> None:
        server.plan(TOKEN, granted("old"), granted("new"))
        server.plan(SEND, wechat_answer(errcode), wechat_answer(0))
        await channel.send(HELLO)
        assert tokens_used(server) == ["old", "new"]

    play(scene)


def test_a_token_that_stays_the_same_is_refreshed_by_force() -> None:
    async def scene(server: ScriptedServer, channel: WeChatChannel) -> None:
        server.plan(TOKEN, granted("old"), granted("old"), granted("new"))
        server.plan(SEND, wechat_answer(40001), wechat_answer(0))
        await channel.send(HELLO)
        assert [call.json()["force_refresh"] for call in server.called(TOKEN)] == [False, False, True]

    play(scene)


def test_a_token_that_is_always_refused_ends_after_one_renewal() -> None:
    async def scene(server: ScriptedServer, channel: WeChatChannel) -> None:
        server.plan(TOKEN, granted("1"), granted("2"), granted("3"))
        server.plan(SEND, wechat_answer(40001))
        with pytest.raises(RetryLater) as caught:
            await channel.send(HELLO)
        assert caught.value.whole_bot
        assert len(server.called(SEND)) == 2

    play(scene)


def test_no_refresh_is_forced_twice_within_a_minute() -> None:
    async def scene(server: ScriptedServer, channel: WeChatChannel) -> None:
        server.plan(TOKEN, granted("old"))
        server.plan(SEND, wechat_answer(40001))
        for key in ("1", "2", "3"):
            with pytest.raises(RetryLater):
                await channel.send(Outbound(OPENID, "您好", key))
        assert sum(call.json()["force_refresh"] for call in server.called(TOKEN)) == 1

    play(scene)


def test_a_token_that_another_task_renewed_is_taken_over() -> None:
    async def run() -> None:
        async with ScriptedServer() as server, httpx.AsyncClient(base_url=server.url) as http:
            server.plan(TOKEN, granted("old"), granted("new"))
            token = AccessToken(http, "wx", "s")
            old = await token.get()
            assert await asyncio.gather(*(token.renew(old) for _ in range(4))) == ["new"] * 4
            assert len(server.called(TOKEN)) == 2

    asyncio.run(run())


@pytest.mark.parametrize(
    ("act", "kind"),
    [
        (wechat_answer(40001, "AppSecret error"), Misconfigured),
        (wechat_answer(40125, "invalid appsecret"), Misconfigured),
        (wechat_answer(40164, "invalid ip"), Misconfigured),
        (wechat_answer(45009, "reach max api daily quota limit"), RetryLater),
        (wechat_answer(-1, "system error"), RetryLater),
        (json_answer({"errcode": 0}), RetryLater),
        (Answer(502), RetryLater),
        (Answer(404), Misconfigured),
        (HangUp(), RetryLater),
        (Silence(), RetryLater),
    ],
)
def test_without_a_token_nothing_was_sent(act: Act, kind: type[ChannelError]) -> None:
    async def scene(server: ScriptedServer, channel: WeChatChannel) -> None:
        server.plan(TOKEN, act)
        with pytest.raises(ChannelError) as caught:
            await channel.send(HELLO)
        assert type(caught.value) is kind
        assert not server.called(SEND)

    play(scene, timeout=0.3 if act == Silence() else 5.0)


# Accounts

MESSAGE, ACT, NONE = (
    SendWindow(timedelta(hours=48), 5),
    SendWindow(timedelta(minutes=1), 3),
    SendWindow(timedelta(0), 0),
)


@pytest.mark.parametrize(
    ("kind", "event", "window"),
    [
        ("text", None, MESSAGE),
        ("photo", None, MESSAGE),
        ("event", "menu", ACT),
        ("event", "scan", ACT),
        ("event", "subscribe", ACT),
        ("event", "view", NONE),
        ("event", "blocked", NONE),
    ],
)
def test_what_a_person_does_opens_the_window_that_the_table_says(
    kind: str, event: str | None, window: SendWindow
) -> None:
    async def scene(server: ScriptedServer, channel: WeChatChannel) -> None:
        assert channel.window_after(kind, event) == window

    async def closed(server: ScriptedServer, channel: WeChatChannel) -> None:
        assert channel.window_after(kind, event) == NONE

    play(scene)
    play(closed, account="unverified")


def test_the_table_has_the_four_kinds_of_accounts() -> None:
    assert set(ACCOUNTS) == {"service", "subscription", "unverified", "sandbox"}
    with pytest.raises(ValueError, match="no kind"):
        wechat_channel("http://127.0.0.1:1", account="enterprise")


# Setting up


def test_the_menu_is_put_up_with_the_token() -> None:
    async def run() -> None:
        async with ScriptedServer() as server:
            server.plan(TOKEN, WECHAT_GRANTS_TOKEN)
            server.plan("/menu/create", wechat_answer(0))
            await put_up_menu("wx", "s", "service", api_url=server.url)
            (call,) = server.called("/menu/create")
            assert call.query["access_token"] == "token-1"
            assert [button["key"] for button in call.json()["button"]] == [
                "file_complaint",
                "query_status",
                "request_human",
            ]

    asyncio.run(run())


def test_a_check_tells_where_the_api_denies_what_the_table_promises() -> None:
    async def run() -> None:
        async with ScriptedServer() as server:
            server.plan(TOKEN, WECHAT_GRANTS_TOKEN)
            server.plan(SEND, wechat_answer(40003, "invalid openid"))
            server.plan("/message/template/send", wechat_answer(48001, "api unauthorized"))
            server.plan("/message/subscribe/bizsend", wechat_answer(40003, "invalid openid"))
            server.plan(MEDIA, wechat_answer(40007, "invalid media_id"))
            found = await check_account("wx", "s", "service", api_url=server.url)
            assert {ability.name: ability.by_api for ability in found} == {
                "passive reply": None,
                "customer-service messages": True,
                "template messages": False,
                "subscription messages": True,
                "fetch media by id": True,
            }

    asyncio.run(run())
