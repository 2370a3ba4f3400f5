"""The WeChat API keeps its windows, quotas and privileges."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.simulator.stand import WECHAT_USER, Stand, stand

HOUR = 3600.0


async def _codes(here: Stand, count: int) -> list[int]:
    return [(await here.say(f"第 {n} 条"))["errcode"] for n in range(count)]


def test_five_messages_may_answer_one_and_the_next_word_of_the_user_renews_them() -> None:
    async def run() -> None:
        async with stand() as here:
            await here.user("wechat", "text", text="在吗")
            assert await _codes(here, 6) == [0, 0, 0, 0, 0, 45047]
            await here.user("wechat", "text", text="在吗")
            assert await _codes(here, 6) == [0, 0, 0, 0, 0, 45047]
            shown = [message for message in await here.phone("wechat") if message["from"] == "bot"]
            assert len(shown) == 10

    asyncio.run(run())


def test_the_window_shuts_after_48_hours() -> None:
    async def run() -> None:
        async with stand() as here:
            await here.user("wechat", "text", text="在吗")
            await here.advance(48 * HOUR - 60)
            assert await _codes(here, 1) == [0]
            await here.advance(120)
            answer = await here.say("晚了")
            assert answer["errcode"] == 45015
            assert answer["errmsg"].startswith("response out of time limit or subscription is canceled")

    asyncio.run(run())


@pytest.mark.parametrize("action", ["subscribe", "menu", "scan"])
def test_an_event_allows_three_messages_within_a_minute(action: str) -> None:
    async def run() -> None:
        async with stand() as here:
            await here.user("wechat", action, **({"key": "K"} if action == "menu" else {}))
            assert await _codes(here, 4) == [0, 0, 0, 45047]
            await here.user("wechat", action, **({"key": "K"} if action == "menu" else {}))
            await here.advance(61)
            assert await _codes(here, 1) == [45015]

    asyncio.run(run())


def test_an_event_adds_to_what_a_message_left() -> None:
    async def run() -> None:
        async with stand() as here:
            await here.user("wechat", "text", text="在吗")
            await here.user("wechat", "menu", key="K")
            assert await _codes(here, 4) == [0, 0, 0, 0]
            await here.advance(61)
            assert await _codes(here, 5) == [0, 0, 0, 0, 45047]

    asyncio.run(run())


def test_somebody_who_left_cannot_be_written_to() -> None:
    async def run() -> None:
        async with stand() as here:
            await here.user("wechat", "text", text="在吗")
            await here.user("wechat", "unsubscribe")
            assert (await here.say("别走"))["errcode"] == 45015
            assert (await here.say("谁", contact="oNobody"))["errcode"] == 40003

    asyncio.run(run())


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"msgtype": "text", "text": {"content": "字" * 682 + "ab"}}, 0),
        ({"msgtype": "text", "text": {"content": "字" * 683}}, 45002),
        ({"msgtype": "text", "text": {"content": ""}}, 44004),
        ({"msgtype": "text"}, 44004),
        ({"msgtype": "dance", "dance": {}}, 40008),
        ({"msgtype": "image", "image": {"media_id": "none"}}, 40007),
    ],
)
def test_content_is_checked_and_a_refusal_costs_no_quota(body: dict[str, Any], code: int) -> None:
    async def run() -> None:
        async with stand() as here:
            await here.user("wechat", "text", text="在吗")
            assert (await here.account("message/custom/send", touser=WECHAT_USER, **body))["errcode"] == code
            assert await _codes(here, 5) == [0, 0, 0, 0, 0 if code else 45047]

    asyncio.run(run())


@pytest.mark.parametrize(
    ("account", "allowed"),
    [
        (
            "service",
            {"message/custom/send", "media/get", "message/template/send", "message/subscribe/bizsend"},
        ),
        ("subscription", {"message/custom/send", "media/get", "message/subscribe/bizsend"}),
        ("unverified", set()),
        ("sandbox", {"message/custom/send", "media/get", "message/template/send"}),
    ],
)
def test_an_account_may_call_what_its_sort_may(account: str, allowed: set[str]) -> None:
    async def run() -> None:
        async with stand(wechat_account=account) as here:
            await here.user("wechat", "text", text="在吗")
            calls = {"message/custom/send", "media/get", "message/template/send", "message/subscribe/bizsend"}
            answered = {path: (await here.account(path, touser=WECHAT_USER))["errcode"] for path in calls}
            assert {path for path, code in answered.items() if code != 48001} == allowed

    asyncio.run(run())


def test_tokens_are_missing_wrong_or_expired_each_with_its_own_code() -> None:
    async def run() -> None:
        async with stand() as here:
            send = "/wechat/cgi-bin/message/custom/send"
            token = await here.token()

            async def code(**params: str) -> int:
                return int(
                    (await here.http.post(send, params=params, json={"touser": "x"})).json()["errcode"]
                )

            assert await code() == 41001
            assert await code(access_token="wrong") == 40001
            assert await code(access_token=token) == 40003
            await here.advance(7201)
            assert await code(access_token=token) == 42001
            assert await code(access_token=await here.token()) == 40003

    asyncio.run(run())


def test_the_stable_token_is_shared_until_it_is_replaced_by_force() -> None:
    async def run() -> None:
        async with stand() as here:
            asked = {
                "grant_type": "client_credential",
                "appid": here.config.wechat_app_id,
                "secret": here.config.wechat_app_secret,
            }
            url = "/wechat/cgi-bin/stable_token"
            first = (await here.http.post(url, json=asked)).json()
            assert (await here.http.post(url, json=asked)).json()["access_token"] == first["access_token"]
            legacy = (await here.http.get("/wechat/cgi-bin/token", params=asked)).json()["access_token"]
            forced = (await here.http.post(url, json={**asked, "force_refresh": True})).json()["access_token"]
            assert forced != first["access_token"]
            send = "/wechat/cgi-bin/getcallbackip"
            codes = [
                (await here.http.get(send, params={"access_token": token})).json().get("errcode", 0)
                for token in (first["access_token"], forced, legacy)
            ]
            assert codes == [40001, 0, 0]
            for wrong, code in (("grant_type", 40002), ("appid", 40013), ("secret", 40125)):
                assert (await here.http.post(url, json={**asked, wrong: "x"})).json()["errcode"] == code
            assert (await here.http.get(url)).json()["errcode"] == 43002

    asyncio.run(run())


def test_an_old_token_outlives_its_successor_by_five_minutes() -> None:
    async def run() -> None:
        async with stand() as here:
            asked = {
                "grant_type": "client_credential",
                "appid": here.config.wechat_app_id,
                "secret": here.config.wechat_app_secret,
            }

            async def issue() -> str:
                return str(
                    (await here.http.get("/wechat/cgi-bin/token", params=asked)).json()["access_token"]
                )

            async def works(token: str) -> bool:
                answer = await here.http.get("/wechat/cgi-bin/getcallbackip", params={"access_token": token})
                return "ip_list" in answer.json()

            first, second = await issue(), await issue()
            assert first != second
            assert await works(first)
            assert await works(second)
            await here.advance(301)
            assert not await works(first)
            assert await works(second)

    asyncio.run(run())


def test_a_template_message_is_shown_and_its_arrival_is_reported() -> None:
    async def run() -> None:
        async with stand() as here:
            await here.user("wechat", "text", text="在吗")
            data = {"thing1": {"value": "TS2501011234567"}, "phrase2": {"value": "专员核实"}}
            answer = await here.account(
                "message/template/send", touser=WECHAT_USER, template_id="T1", data=data
            )
            assert answer["errcode"] == 0
            await here.settled()
            assert "专员核实" in (await here.phone("wechat"))[-1]["text"]
            event = here.product.seen[-1].xml
            assert (event["Event"], event["Status"]) == ("TEMPLATESENDJOBFINISH", "success")
            assert event["MsgID"] == str(answer["msgid"])

    asyncio.run(run())


def test_one_consent_allows_one_subscription_message() -> None:
    async def run() -> None:
        async with stand() as here:
            await here.user("wechat", "text", text="在吗")
            message = {"touser": WECHAT_USER, "template_id": "T1", "data": {"thing1": {"value": "有进展"}}}
            assert (await here.account("message/subscribe/bizsend", **message))["errcode"] == 43101
            await here.user("wechat", "agree", template_id="T1")
            await here.settled()
            assert b"<SubscribeStatusString><![CDATA[accept]]>" in here.product.seen[-1].body
            await here.advance(72 * HOUR)
            codes = [
                (await here.account("message/subscribe/bizsend", **message))["errcode"] for _ in range(2)
            ]
            assert codes == [0, 43101]

    asyncio.run(run())


def test_typing_is_for_those_who_wrote_just_now_and_cannot_be_repeated() -> None:
    async def run() -> None:
        async with stand() as here:
            await here.user("wechat", "text", text="在吗")

            async def typing(command: str) -> int:
                answer = await here.account("message/custom/typing", touser=WECHAT_USER, command=command)
                return int(answer["errcode"])

            assert await typing("Typing") == 0
            assert await typing("Typing") == 45081
            assert await typing("CancelTyping") == 0
            assert await typing("Dance") == 45072
            await here.advance(31)
            assert await typing("Typing") == 45080

    asyncio.run(run())


@pytest.mark.parametrize(
    ("button", "code"),
    [
        ([], 40016),
        ([{"type": "click", "name": "我要投诉到底行不行", "key": "K"}], 40018),
        ([{"type": "click", "name": "投诉"}], 40019),
        ([{"type": "dance", "name": "投诉"}], 40017),
        ([{"type": "view", "name": "官网", "url": ""}], 40020),
        (
            [
                {
                    "name": "更多",
                    "sub_button": [{"type": "click", "name": "x", "key": str(n)} for n in range(6)],
                }
            ],
            40023,
        ),
    ],
)
def test_a_menu_out_of_limits_is_refused(button: list[dict[str, Any]], code: int) -> None:
    async def run() -> None:
        async with stand() as here:
            assert (await here.account("menu/create", button=button))["errcode"] == code
            assert (await here.account("menu/get"))["errcode"] == 46003

    asyncio.run(run())
