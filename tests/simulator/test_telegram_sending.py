"""sendMessage and its companions refuse and accept as the Bot API does."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx
import pytest

from tests.simulator.stand import TELEGRAM_USER, Stand, stand

INLINE = {
    "inline_keyboard": [[{"text": "同意", "callback_data": "t1"}, {"text": "官网", "url": "https://x.cn"}]]
}


async def _greeted(here: Stand) -> None:
    await here.user("telegram", "text", text="/start")
    await here.settled()


def _refusals() -> list[tuple[dict[str, Any], int, str]]:
    def inline(**button: Any) -> dict[str, Any]:
        return {"text": "x", "reply_markup": {"inline_keyboard": [[button]]}}

    return [
        ({"text": ""}, 400, "Bad Request: message text is empty"),
        ({"text": " \n "}, 400, "Bad Request: message text is empty"),
        ({"text": "x" * 4097}, 400, "Bad Request: message is too long"),
        ({"text": "x", "chat_id": ""}, 400, "Bad Request: chat_id is empty"),
        ({"text": "x", "chat_id": 42}, 400, "Bad Request: chat not found"),
        (inline(text="a", callback_data="中" * 22), 400, "Bad Request: BUTTON_DATA_INVALID"),
        (inline(text="a", callback_data=""), 400, "Bad Request: BUTTON_DATA_INVALID"),
        (
            inline(text="a"),
            400,
            "Bad Request: can't parse inline keyboard button: "
            "Text buttons are unallowed in the inline keyboard",
        ),
        (
            {"text": "x", "reply_markup": "{"},
            400,
            "Bad Request: can't parse reply keyboard markup JSON object",
        ),
        ({"text": "x", "reply_markup": [1]}, 400, "Bad Request: object expected as reply markup"),
        (
            {"text": "a <i>b", "parse_mode": "HTML"},
            400,
            "Bad Request: can't parse entities: Can't find end tag corresponding to start tag \"i\"",
        ),
    ]


@pytest.mark.parametrize(("params", "code", "description"), _refusals())
def test_a_bad_message_is_refused_in_the_platforms_words_and_not_shown(
    params: dict[str, Any], code: int, description: str
) -> None:
    async def run() -> None:
        async with stand() as here:
            await _greeted(here)
            answer = await here.bot("sendMessage", **{"chat_id": TELEGRAM_USER, **params})
            assert (answer["ok"], answer["error_code"], answer["description"]) == (False, code, description)
            assert [message["from"] for message in await here.phone("telegram")] == ["user"]

    asyncio.run(run())


def test_the_longest_text_and_the_longest_button_data_are_taken() -> None:
    async def run() -> None:
        async with stand() as here:
            await _greeted(here)
            markup = {"inline_keyboard": [[{"text": "a", "callback_data": "x" * 64}]]}
            answer = await here.bot(
                "sendMessage", chat_id=TELEGRAM_USER, text="长" * 4096, reply_markup=markup
            )
            assert answer["ok"]
            assert answer["result"]["reply_markup"] == markup
            assert answer["result"]["chat"] == {"id": 700100200, "first_name": "用户0200", "type": "private"}

    asyncio.run(run())


def test_html_markup_does_not_count_towards_the_length_and_is_not_shown() -> None:
    async def run() -> None:
        async with stand() as here:
            await _greeted(here)
            text = "😀<b>" + "长" * 4095 + "</b>"
            answer = await here.bot("sendMessage", chat_id=TELEGRAM_USER, text=text, parse_mode="HTML")
            assert answer["result"]["entities"] == [{"type": "bold", "offset": 2, "length": 4095}]
            assert (await here.phone("telegram"))[-1]["text"] == "😀" + "长" * 4095

    asyncio.run(run())


def test_a_form_with_json_inside_works_like_json() -> None:
    async def run() -> None:
        async with stand() as here:
            await _greeted(here)
            form = {"chat_id": TELEGRAM_USER, "text": "选一个", "reply_markup": json.dumps(INLINE)}
            url = f"/telegram/bot{here.config.telegram_token}/sendmessage"
            assert (await here.http.post(url, data=form)).json()["ok"]
            shown = (await here.phone("telegram"))[-1]
            assert shown["buttons"] == [
                [{"label": "同意", "id": "0.0"}, {"label": "官网", "id": "0.1", "url": "https://x.cn"}]
            ]

    asyncio.run(run())


def test_button_data_never_reaches_the_phone() -> None:
    async def run() -> None:
        async with stand() as here:
            await _greeted(here)
            markup = {"inline_keyboard": [[{"text": "a", "callback_data": "tok-SECRET"}]]}
            await here.bot("sendMessage", chat_id=TELEGRAM_USER, text="x", reply_markup=markup)
            page = await here.http.get("/playground/api/telegram/messages")
            assert "tok-SECRET" not in page.text

    asyncio.run(run())


def test_a_wrong_token_is_unauthorized_and_an_unknown_method_is_not_found() -> None:
    async def run() -> None:
        async with stand() as here:
            wrong = await here.http.post("/telegram/bot1:x/getMe")
            assert (wrong.status_code, wrong.json()["description"]) == (401, "Unauthorized")
            assert (await here.bot("sendFax"))["description"] == "Not Found: method not found"
            me = await here.bot("getMe")
            assert me["result"]["is_bot"] is True

    asyncio.run(run())


def test_a_bot_that_was_blocked_is_told_so_until_the_user_lets_it_in_again() -> None:
    async def run() -> None:
        async with stand() as here:
            await _greeted(here)
            await here.user("telegram", "block")
            refused = await here.bot("sendMessage", chat_id=TELEGRAM_USER, text="在吗")
            assert (refused["error_code"], refused["description"]) == (
                403,
                "Forbidden: bot was blocked by the user",
            )
            await here.user("telegram", "unblock")
            assert (await here.bot("sendMessage", chat_id=TELEGRAM_USER, text="在吗"))["ok"]

    asyncio.run(run())


def test_a_burst_to_one_chat_is_tolerated_and_then_meets_429_with_retry_after() -> None:
    async def run() -> None:
        async with stand(telegram_limits=True) as here:
            await _greeted(here)
            answers = [await here.bot("sendMessage", chat_id=TELEGRAM_USER, text=str(n)) for n in range(8)]
            codes = [answer.get("error_code", 200) for answer in answers]
            assert codes == [200] * 5 + [429] * 3
            assert answers[-1]["parameters"]["retry_after"] >= 1
            assert answers[-1]["description"].startswith("Too Many Requests: retry after ")
            sends = (await here.ledger("telegram"))["sends"]
            assert [(send["code"], send["shown"]) for send in sends] == [(0, True)] * 5 + [(429, False)] * 3

    asyncio.run(run())


def test_an_edit_changes_the_bubble_and_taking_the_markup_away_takes_the_buttons() -> None:
    async def run() -> None:
        async with stand() as here:
            await _greeted(here)
            sent = (await here.bot("sendMessage", chat_id=TELEGRAM_USER, text="好吗", reply_markup=INLINE))[
                "result"
            ]
            at = {"chat_id": TELEGRAM_USER, "message_id": sent["message_id"]}
            assert (await here.bot("editMessageReplyMarkup", **at))["result"]["text"] == "好吗"
            again = await here.bot("editMessageReplyMarkup", **at)
            assert again["description"].startswith("Bad Request: message is not modified: ")
            edited = await here.bot("editMessageText", **at, text="已同意")
            assert "edit_date" in edited["result"]
            shown = (await here.phone("telegram"))[-1]
            assert (shown["text"], shown["buttons"], shown["edited"]) == ("已同意", [], True)

    asyncio.run(run())


def test_only_the_bots_own_messages_can_be_edited() -> None:
    async def run() -> None:
        async with stand() as here:
            await _greeted(here)
            users = (await here.phone("telegram"))[0]["id"]
            theirs = await here.bot("editMessageText", chat_id=TELEGRAM_USER, message_id=users, text="x")
            assert theirs["description"] == "Bad Request: message can't be edited"
            none = await here.bot("editMessageText", chat_id=TELEGRAM_USER, message_id=1, text="x")
            assert none["description"] == "Bad Request: message to edit not found"

    asyncio.run(run())


def test_a_keyboard_that_asks_for_the_phone_number_goes_once_it_was_shared() -> None:
    async def run() -> None:
        async with stand() as here:
            await _greeted(here)
            keyboard = {"keyboard": [[{"text": "发送手机号", "request_contact": True}], ["跳过"]]}
            await here.bot("sendMessage", chat_id=TELEGRAM_USER, text="电话？", reply_markup=keyboard)
            asked = (await here.phone("telegram"))[-1]
            assert (asked["request_phone"], asked["keyboard"]) == (True, [["跳过"]])
            await here.user("telegram", "share-phone", phone="+8613800138000")
            await here.settled()
            assert not any(message["request_phone"] for message in await here.phone("telegram"))
            contact = here.product.seen[-1].update["message"]["contact"]
            assert (contact["phone_number"], contact["user_id"]) == ("+8613800138000", 700100200)

    asyncio.run(run())


def test_a_photo_sent_as_multipart_is_shown_and_can_be_fetched_back() -> None:
    async def run() -> None:
        async with stand() as here:
            await _greeted(here)
            url = f"/telegram/bot{here.config.telegram_token}/sendPhoto"
            response: httpx.Response = await here.http.post(
                url,
                data={"chat_id": TELEGRAM_USER, "caption": "收据", "photo": "attach://one"},
                files={"one": ("receipt.png", b"\x89PNG bytes", "image/png")},
            )
            assert response.json()["result"]["caption"] == "收据"
            shown = (await here.phone("telegram"))[-1]
            assert (shown["kind"], shown["text"], shown["file"]["mime"]) == ("photo", "收据", "image/png")
            assert (await here.http.get(shown["file"]["url"])).content == b"\x89PNG bytes"

    asyncio.run(run())
