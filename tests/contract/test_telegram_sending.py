"""Telegram's own ways of sending and fetching, beyond what every channel does."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from channels.base import (
    BlockedByUser,
    ChannelError,
    MediaGone,
    MediaTooLarge,
    Misconfigured,
    Rejected,
    RetryLater,
)
from channels.message import Attachment, Button, MediaKind, Outbound
from channels.telegram.client import TelegramChannel
from channels.telegram.setup import set_webhook
from tests.contract.platforms import TELEGRAM_TOKEN, telegram_no, telegram_ok
from tests.contract.scripted_server import Act, Answer, HangUp, ScriptedServer, Silence, json_answer

CONTACT = "6021735489"
PICTURE = Attachment(MediaKind.IMAGE, "AgACAgUAAxkBAAMp", mime_type="image/jpeg", size=5)

Scene = Callable[[ScriptedServer, TelegramChannel], Awaitable[None]]


def play(scene: Scene, *acts: Act, timeout: float = 5.0) -> None:
    async def run() -> None:
        async with ScriptedServer() as server:
            server.plan("/sendMessage", *(acts or (telegram_ok(),)))
            channel = TelegramChannel(TELEGRAM_TOKEN, api_url=server.url, timeout=timeout, part_pause=0.0)
            try:
                await scene(server, channel)
            finally:
                await channel.aclose()

    asyncio.run(run())


def sent(message: Outbound) -> list[dict[str, Any]]:
    """The forms of all `sendMessage` calls that a message becomes."""
    forms: list[dict[str, Any]] = []

    async def scene(server: ScriptedServer, channel: TelegramChannel) -> None:
        await channel.send(message)
        forms.extend(call.form() for call in server.called("/sendMessage"))

    play(scene)
    return forms


def keyboard(*labels: str) -> list[list[str]]:
    buttons = tuple(Button(label, f"t{number}") for number, label in enumerate(labels))
    (form,) = sent(Outbound(CONTACT, "请选择", "1", buttons))
    return [[button["text"] for button in row] for row in form["reply_markup"]["inline_keyboard"]]


def test_short_labels_share_a_row_and_long_ones_stand_alone() -> None:
    assert keyboard("是", "不是") == [["是", "不是"]]
    assert keyboard("商品", "物流", "价格", "其他") == [["商品", "物流", "价格"], ["其他"]]
    assert keyboard("商品质量问题", "物流配送问题", "服务态度") == [
        ["商品质量问题", "物流配送问题"],
        ["服务态度"],
    ]
    assert keyboard("商家承诺的内容没有兑现", "是") == [["商家承诺的内容没有兑现"], ["是"]]


def test_a_button_carries_its_token() -> None:
    (form,) = sent(Outbound(CONTACT, "请选择", "1", (Button("是", "Zm9vYmFy"),)))
    assert form["reply_markup"]["inline_keyboard"] == [[{"text": "是", "callback_data": "Zm9vYmFy"}]]


def test_the_buttons_of_a_long_text_come_with_its_last_part() -> None:
    forms = sent(Outbound(CONTACT, "一句话。" * 2000, "1", (Button("是", "t"),)))
    assert len(forms) == 2
    assert "inline_keyboard" not in forms[0]["reply_markup"]
    assert "inline_keyboard" in forms[1]["reply_markup"]


def test_a_phone_number_is_asked_for_with_the_button_that_shares_it() -> None:
    (form,) = sent(Outbound(CONTACT, "请留下手机号", "1", request_phone=True))
    ((button,),) = form["reply_markup"]["keyboard"]
    assert button["request_contact"] is True


def test_words_of_ours_are_in_the_script_of_the_text() -> None:
    (form,) = sent(Outbound(CONTACT, "請留下手機號", "1", request_phone=True))
    assert form["reply_markup"]["keyboard"][0][0]["text"] == "📱 分享我的手機號"


def test_the_next_plain_message_takes_the_phone_button_away() -> None:
    (form,) = sent(Outbound(CONTACT, "收到", "1"))
    assert form["reply_markup"] == {"remove_keyboard": True}


def test_choices_and_the_phone_button_come_as_two_messages() -> None:
    first, second = sent(
        Outbound(CONTACT, "请留下手机号，或跳过", "1", (Button("跳过", "t"),), request_phone=True)
    )
    assert "inline_keyboard" in first["reply_markup"]
    assert "keyboard" in second["reply_markup"]


def test_no_text_is_read_as_markup_and_no_link_is_previewed() -> None:
    (form,) = sent(Outbound(CONTACT, "*隐私* https://example.com", "1"))
    assert "parse_mode" not in form
    assert form["link_preview_options"] == {"is_disabled": True}


def test_a_receipt_names_the_messages() -> None:
    async def scene(server: ScriptedServer, channel: TelegramChannel) -> None:
        receipt = await channel.send(Outbound(CONTACT, "一句话。" * 2000, "1"))
        assert receipt.external_ids == ("7", "8")

    play(scene, telegram_ok(7), telegram_ok(8))


def test_telegram_never_closes_a_window() -> None:
    async def scene(server: ScriptedServer, channel: TelegramChannel) -> None:
        assert channel.window_after("text", None) is None

    play(scene)


@pytest.mark.parametrize(
    ("act", "kind", "code"),
    [
        (telegram_no(400, "Bad Request: chat not found"), BlockedByUser, "400"),
        (telegram_no(400, "Bad Request: message text is empty"), Rejected, "400"),
        (telegram_no(400, "Bad Request: BUTTON_DATA_INVALID"), Rejected, "400"),
        (telegram_no(400, "Bad Request: group migrated", migrate_to_chat_id=-100), Rejected, "400"),
        (telegram_no(401, "Unauthorized"), Misconfigured, "401"),
        (telegram_no(403, "Forbidden: bot was blocked by the user"), BlockedByUser, "403"),
        (telegram_no(403, "Forbidden: user is deactivated"), BlockedByUser, "403"),
        (telegram_no(404, "Not Found"), Misconfigured, "401"),
        (telegram_no(409, "Conflict: terminated by other getUpdates request"), Misconfigured, "409"),
        (telegram_no(429, "Too Many Requests: retry after 35", retry_after=35), RetryLater, "429"),
        (Answer(429, b"slow down"), RetryLater, "429"),
        (telegram_no(500, "Internal Server Error"), RetryLater, "500"),
        (Answer(502, b"<html>"), RetryLater, "502"),
    ],
)
def test_every_refusal_has_its_type_and_code(act: Act, kind: type[ChannelError], code: str) -> None:
    async def scene(server: ScriptedServer, channel: TelegramChannel) -> None:
        with pytest.raises(ChannelError) as caught:
            await channel.send(Outbound(CONTACT, "您好", "1"))
        assert type(caught.value) is kind
        assert caught.value.code == code

    play(scene, act)


def test_telegrams_wish_to_wait_is_passed_on() -> None:
    async def scene(server: ScriptedServer, channel: TelegramChannel) -> None:
        with pytest.raises(RetryLater) as caught:
            await channel.send(Outbound(CONTACT, "您好", "1"))
        assert caught.value.after == 35
        assert not caught.value.whole_bot

    play(scene, telegram_no(429, "Too Many Requests: retry after 35", retry_after=35))


# Files


def file_answer(size: int | None = 5, path: str | None = "photos/file_0.jpg") -> Answer:
    file: dict[str, Any] = {"file_id": "AgACAgUAAxkBAAMp", "file_unique_id": "AQADc1"}
    if size is not None:
        file["file_size"] = size
    if path is not None:
        file["file_path"] = path
    return json_answer({"ok": True, "result": file})


def fetch(get_file: Act, download: Act, *, max_bytes: int = 100, attachment: Attachment = PICTURE) -> bytes:
    found: list[bytes] = []

    async def scene(server: ScriptedServer, channel: TelegramChannel) -> None:
        server.plan("/getFile", get_file)
        server.plan("/photos/file_0.jpg", download)
        fetched = await channel.fetch(attachment, max_bytes=max_bytes)
        assert fetched.mime_type == "image/jpeg"
        assert server.calls[-1].path == f"/file/bot{TELEGRAM_TOKEN}/photos/file_0.jpg"
        found.append(fetched.content)

    play(scene, timeout=0.3 if Silence() in (get_file, download) else 5.0)
    return found[0]


def test_a_file_is_fetched_whole() -> None:
    assert fetch(file_answer(), Answer(200, b"hello")) == b"hello"


@pytest.mark.parametrize(
    ("get_file", "download", "kind"),
    [
        (file_answer(size=101), Answer(200, b"x"), MediaTooLarge),
        (file_answer(size=None), Answer(200, b"x" * 101), MediaTooLarge),
        (telegram_no(400, "Bad Request: file is too big"), Answer(200, b"x"), MediaTooLarge),
        (telegram_no(400, "Bad Request: invalid file_id"), Answer(200, b"x"), MediaGone),
        (file_answer(path=None), Answer(200, b"x"), MediaGone),
        (file_answer(), Answer(404), MediaGone),
        (file_answer(), Answer(200, b""), MediaGone),
        (telegram_no(401, "Unauthorized"), Answer(200, b"x"), Misconfigured),
        (file_answer(), Answer(401), Misconfigured),
        (telegram_no(429, "Too Many Requests", retry_after=3), Answer(200, b"x"), RetryLater),
        (telegram_no(500, "Internal Server Error"), Answer(200, b"x"), RetryLater),
        (Silence(), Answer(200, b"x"), RetryLater),
        (HangUp(), Answer(200, b"x"), RetryLater),
        (file_answer(), Silence(), RetryLater),
        (file_answer(), HangUp(), RetryLater),
        (file_answer(), Answer(500), RetryLater),
        (file_answer(), Answer(200, b"hel", promised=5), RetryLater),
    ],
)
def test_what_may_be_wrong_with_a_file_has_its_type(
    get_file: Act, download: Act, kind: type[ChannelError]
) -> None:
    with pytest.raises(ChannelError) as caught:
        fetch(get_file, download)
    assert type(caught.value) is kind


def test_a_file_that_telegram_calls_too_large_is_not_asked_for() -> None:
    async def scene(server: ScriptedServer, channel: TelegramChannel) -> None:
        huge = Attachment(MediaKind.VIDEO, "BAACAgUAAxkBAAMs", size=20_000_001)
        with pytest.raises(MediaTooLarge) as caught:
            await channel.fetch(huge, max_bytes=100_000_000)
        assert caught.value.limit == 20_000_000
        assert not server.calls

    play(scene)


# Setting up


def set_up(*, me: Act, webhook: Act) -> ScriptedServer:
    """A server whose webhook was set."""
    server = ScriptedServer()

    async def run() -> None:
        async with server:
            server.plan("/getMe", me)
            server.plan("/setWebhook", webhook)
            server.plan("/setMyCommands", json_answer({"ok": True, "result": True}))
            address = "https://suda.test/webhooks/telegram"
            assert await set_webhook(TELEGRAM_TOKEN, address, "s3cret", api_url=server.url) == "suda_demo_bot"

    asyncio.run(run())
    return server


ME = json_answer(
    {"ok": True, "result": {"id": 1, "is_bot": True, "first_name": "诉达", "username": "suda_demo_bot"}}
)
DONE = json_answer({"ok": True, "result": True})


def test_setting_the_webhook_names_address_secret_and_kinds_of_updates() -> None:
    server = set_up(me=ME, webhook=DONE)
    form = server.called("/setWebhook")[0].form()
    assert (form["url"], form["secret_token"]) == ("https://suda.test/webhooks/telegram", "s3cret")
    assert form["allowed_updates"] == ["message", "edited_message", "callback_query", "my_chat_member"]
    commands = server.called("/setMyCommands")[0].form()["commands"]
    assert [command["command"] for command in commands] == ["start", "status", "human", "cancel", "help"]


@pytest.mark.parametrize(
    ("me", "webhook"),
    [
        (telegram_no(401, "Unauthorized"), DONE),
        (ME, telegram_no(400, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook")),
    ],
)
def test_what_an_operator_must_mend_is_told_without_the_token(me: Act, webhook: Act) -> None:
    with pytest.raises(Misconfigured) as caught:
        set_up(me=me, webhook=webhook)
    assert TELEGRAM_TOKEN not in caught.value.reason
