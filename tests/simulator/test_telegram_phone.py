"""What a user does on the Telegram phone arrives in the Bot API's shapes."""

from __future__ import annotations

import asyncio
import io
from typing import Any

from PIL import Image

from tests.simulator.stand import TELEGRAM_USER, Stand, stand


def _picture(width: int = 1200, height: int = 800) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(target, "JPEG")
    return target.getvalue()


async def _last_message(here: Stand) -> dict[str, Any]:
    await here.settled()
    message: dict[str, Any] = here.product.seen[-1].update["message"]
    return message


def test_a_command_is_marked_as_one() -> None:
    async def run() -> None:
        async with stand() as here:
            await here.user("telegram", "text", text="/status 我的投诉")
            message = await _last_message(here)
            assert message["entities"] == [{"type": "bot_command", "offset": 0, "length": 7}]
            assert message["from"]["id"] == message["chat"]["id"] == int(TELEGRAM_USER)
            assert message["chat"]["type"] == "private"

    asyncio.run(run())


def test_a_text_over_the_limit_is_cut_by_the_app_into_several_messages() -> None:
    async def run() -> None:
        async with stand() as here:
            shown = (await here.user("telegram", "text", text="长" * 5000))["messages"]
            assert [len(message["text"]) for message in shown] == [4096, 904]

    asyncio.run(run())


def test_several_photos_are_separate_updates_of_one_album_with_the_caption_on_the_first() -> None:
    async def run() -> None:
        async with stand() as here:
            body = _picture()
            files = [(f"{n}.jpg", body, "image/jpeg") for n in range(3)]
            await here.upload("telegram", *files, kind="photo", caption="三张图")
            await here.settled()
            messages = [one.update["message"] for one in here.product.seen]
            assert len({message["media_group_id"] for message in messages}) == 1
            assert [message.get("caption") for message in messages] == ["三张图", None, None]
            small, large = messages[0]["photo"]
            assert (small["width"], small["height"]) == (90, 60)
            assert (large["width"], large["height"], large["file_size"]) == (1200, 800, len(body))

    asyncio.run(run())


def test_one_photo_is_no_album_and_its_largest_size_is_the_file_itself() -> None:
    async def run() -> None:
        async with stand() as here:
            body = _picture()
            await here.upload("telegram", ("a.jpg", body, "image/jpeg"), kind="photo")
            message = await _last_message(here)
            assert "media_group_id" not in message
            file = (await here.bot("getFile", file_id=message["photo"][-1]["file_id"]))["result"]
            assert file["file_path"].startswith("photos/")
            assert file["file_path"].endswith(".jpg")
            url = f"/telegram/file/bot{here.config.telegram_token}/{file['file_path']}"
            assert (await here.http.get(url)).content == body
            assert (await here.http.get(url.replace("file_", "fileX_"))).status_code == 404
            assert (await here.http.get(f"/telegram/file/bot1:x/{file['file_path']}")).status_code == 401

    asyncio.run(run())


def test_a_picture_that_cannot_be_read_is_still_sent() -> None:
    async def run() -> None:
        async with stand() as here:
            await here.upload("telegram", ("a.jpg", b"no picture", "image/jpeg"), kind="photo")
            assert len((await _last_message(here))["photo"]) == 1

    asyncio.run(run())


def test_a_file_over_20_mb_can_be_sent_but_not_fetched() -> None:
    async def run() -> None:
        async with stand() as here:
            body = bytes(20 * 1024 * 1024 + 1)
            await here.upload("telegram", ("big.pdf", body, "application/pdf"), kind="file")
            document = (await _last_message(here))["document"]
            assert (document["file_size"], document["file_name"]) == (len(body), "big.pdf")
            answer = await here.bot("getFile", file_id=document["file_id"])
            assert answer["description"] == "Bad Request: file is too big"
            unknown = await here.bot("getFile", file_id="nothing")
            assert unknown["description"] == "Bad Request: invalid file_id"

    asyncio.run(run())


def test_every_kind_of_message_has_its_own_field() -> None:
    async def run() -> None:
        async with stand() as here:
            for kind in ("voice", "audio", "video", "video_note"):
                await here.upload("telegram", ("x.bin", b"123", "audio/ogg"), kind=kind)
            await here.user("telegram", "location", latitude=31.2, longitude=121.5, label="人民广场")
            await here.user("telegram", "sticker", emoji="😡")
            await here.settled()
            messages = [one.update["message"] for one in here.product.seen]
            fields = ("voice", "audio", "video", "video_note", "location", "sticker")
            assert [next(field for field in fields if field in message) for message in messages] == list(
                fields
            )
            assert messages[4]["location"] == {"latitude": 31.2, "longitude": 121.5}
            assert messages[5]["sticker"]["emoji"] == "😡"

    asyncio.run(run())


def test_an_edit_is_an_update_of_its_own_with_the_new_text() -> None:
    async def run() -> None:
        async with stand() as here:
            (message,) = (await here.user("telegram", "text", text="订单 1"))["messages"]
            await here.user("telegram", "edit", message_id=message["id"], text="订单 2")
            await here.settled()
            edited = here.product.seen[-1].update["edited_message"]
            assert (edited["message_id"], edited["text"]) == (message["id"], "订单 2")
            assert edited["edit_date"] >= edited["date"]

    asyncio.run(run())


def test_blocking_and_unblocking_are_told_as_membership() -> None:
    async def run() -> None:
        async with stand() as here:
            await here.user("telegram", "text", text="hi")
            await here.user("telegram", "block")
            await here.user("telegram", "text", text="hi", expect=409)
            await here.user("telegram", "unblock")
            await here.settled()
            changes = [
                one.update["my_chat_member"] for one in here.product.seen if b"my_chat_member" in one.body
            ]
            statuses = [
                (one["old_chat_member"]["status"], one["new_chat_member"]["status"]) for one in changes
            ]
            assert statuses == [("member", "kicked"), ("kicked", "member")]

    asyncio.run(run())


def test_a_press_carries_the_data_and_the_message_and_is_answered_once() -> None:
    async def run() -> None:
        async with stand() as here:
            await here.user("telegram", "text", text="hi")
            markup = {"inline_keyboard": [[{"text": "质量", "callback_data": "tok1"}]]}
            sent = (await here.bot("sendMessage", chat_id=TELEGRAM_USER, text="类型？", reply_markup=markup))[
                "result"
            ]
            await here.user("telegram", "press", message_id=sent["message_id"], button_id="0.0")
            await here.settled()
            query = here.product.seen[-1].update["callback_query"]
            assert (query["data"], query["message"]) == ("tok1", sent)
            assert (await here.bot("answerCallbackQuery", callback_query_id=query["id"]))["result"] is True
            again = await here.bot("answerCallbackQuery", callback_query_id=query["id"])
            assert again["description"] == (
                "Bad Request: query is too old and response timeout expired or query ID is invalid"
            )

    asyncio.run(run())


def test_a_press_on_a_button_that_is_gone_is_refused_by_the_phone() -> None:
    async def run() -> None:
        async with stand() as here:
            await here.user("telegram", "text", text="hi")
            sent = (await here.bot("sendMessage", chat_id=TELEGRAM_USER, text="x"))["result"]
            body = {"message_id": sent["message_id"], "button_id": "0.0"}
            assert "失效" in (await here.user("telegram", "press", expect=409, **body))["detail"]

    asyncio.run(run())


def test_an_answer_that_comes_too_late_is_refused() -> None:
    async def run() -> None:
        async with stand(telegram_callback_seconds=-1.0) as here:
            await here.user("telegram", "text", text="hi")
            markup = {"inline_keyboard": [[{"text": "a", "callback_data": "t"}]]}
            sent = (await here.bot("sendMessage", chat_id=TELEGRAM_USER, text="x", reply_markup=markup))[
                "result"
            ]
            await here.user("telegram", "press", message_id=sent["message_id"], button_id="0.0")
            await here.settled()
            query = here.product.seen[-1].update["callback_query"]
            late = await here.bot("answerCallbackQuery", callback_query_id=query["id"])
            assert late["error_code"] == 400

    asyncio.run(run())


def test_typing_shows_until_the_message_comes() -> None:
    async def run() -> None:
        async with stand() as here:
            await here.user("telegram", "text", text="hi")
            await here.bot("sendChatAction", chat_id=TELEGRAM_USER, action="typing")
            page = "/playground/api/telegram/messages"
            assert (await here.http.get(page)).json()["typing"] is True
            await here.bot("sendMessage", chat_id=TELEGRAM_USER, text="好")
            assert (await here.http.get(page)).json()["typing"] is False

    asyncio.run(run())
