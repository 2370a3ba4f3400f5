"""Telegram's webhook and long polling, beyond what every channel's webhook does."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from channels.telegram.polling import TelegramPoller
from channels.telegram.webhook import telegram_router
from server.loops import end
from tests.contract.memory_inbox import MemoryInbox
from tests.contract.platforms import (
    TELEGRAM,
    TELEGRAM_TOKEN,
    payload,
    telegram_no,
    telegram_update,
)
from tests.contract.scripted_server import Act, Answer, HangUp, ScriptedServer, Silence, json_answer


def post(inbox: MemoryInbox, **changes: Any) -> Any:
    request = {**TELEGRAM.post(payload("telegram", "text")), **changes}

    async def run() -> Any:
        async with TELEGRAM.client(inbox) as client:
            return await client.post(**request)

    return asyncio.run(run())


def test_without_the_secret_header_nobody_gets_in() -> None:
    inbox = MemoryInbox()
    assert post(inbox, headers={"Content-Type": "application/json"}).status_code == 401
    assert not inbox.stored


def test_what_is_not_json_by_its_own_word_is_refused() -> None:
    inbox = MemoryInbox()
    headers = {**TELEGRAM.post(b"")["headers"], "Content-Type": "text/plain"}
    assert post(inbox, headers=headers).status_code == 415
    assert not inbox.stored


def test_a_webhook_without_a_secret_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="secret"):
        telegram_router("", MemoryInbox())


def test_a_pressed_button_is_answered_in_the_response_itself() -> None:
    inbox = MemoryInbox()
    answer = post(inbox, content=payload("telegram", "callback_query"))
    assert answer.json() == {"method": "answerCallbackQuery", "callback_query_id": "2586315470918273645"}
    assert [inbound.choice for inbound in inbox.stored] == ["Zm9vYmFyYmF6cXV4MTIzNDU2"]


@pytest.mark.parametrize("name", ["group_text", "channel_post", "live_location_moved"])
def test_what_is_none_of_our_business_is_taken_and_not_stored(name: str) -> None:
    inbox = MemoryInbox()
    assert post(inbox, content=payload("telegram", name)).status_code == 200
    assert not inbox.stored


# Long polling


def updates(*names: str) -> Answer:
    return json_answer({"ok": True, "result": [telegram_update(name) for name in names]})


YES = json_answer({"ok": True, "result": True})


def poll(
    inbox: MemoryInbox,
    *acts: Act,
    until: Callable[[ScriptedServer, TelegramPoller], bool],
    then: Callable[[ScriptedServer, TelegramPoller], None],
) -> None:
    """Poll a server that answers so, until the condition holds; then stop and look."""

    async def run() -> None:
        async with ScriptedServer() as server:
            server.plan("/deleteWebhook", YES)
            server.plan("/answerCallbackQuery", YES)
            server.plan("/getUpdates", *acts, Silence())
            poller = TelegramPoller(
                TELEGRAM_TOKEN, inbox, api_url=server.url, wait=1, first_pause=0.01, longest_pause=0.05
            )
            task = asyncio.create_task(poller.run())
            await _soon(lambda: until(server, poller))
            await end([task])
            assert task.cancelled()
            then(server, poller)

    asyncio.run(run())


async def _soon(condition: Callable[[], bool]) -> None:
    async def wait() -> None:
        while not condition():
            await asyncio.sleep(0.005)

    await asyncio.wait_for(wait(), 10)


def offsets(server: ScriptedServer) -> list[int]:
    return [int(call.form()["offset"]) for call in server.called("/getUpdates")]


def nothing(server: ScriptedServer, poller: TelegramPoller) -> None:
    """All was said in the condition."""


def polled(times: int) -> Callable[[ScriptedServer, TelegramPoller], bool]:
    return lambda server, poller: len(server.called("/getUpdates")) >= times


def test_a_webhook_is_taken_down_before_the_first_poll() -> None:
    def then(server: ScriptedServer, poller: TelegramPoller) -> None:
        assert [call.path.rpartition("/")[2] for call in server.calls[:2]] == ["deleteWebhook", "getUpdates"]
        assert server.called("/getUpdates")[0].form()["allowed_updates"] == [
            "message",
            "edited_message",
            "callback_query",
            "my_chat_member",
        ]

    poll(MemoryInbox(), until=polled(1), then=then)


def test_the_offset_moves_behind_what_is_stored() -> None:
    inbox = MemoryInbox()

    def then(server: ScriptedServer, poller: TelegramPoller) -> None:
        last = telegram_update("photo")["update_id"]
        assert offsets(server) == [0, last + 1]
        assert len(inbox.stored) == 2

    poll(inbox, updates("text", "photo"), until=polled(2), then=then)


def test_an_update_that_could_not_be_stored_is_asked_for_again() -> None:
    inbox = MemoryInbox()
    store = inbox.store
    failures = iter([False, True])

    async def second_fails(inbound: Any, *, reply_within: float | None = None) -> Any:
        inbox.refuse = int(next(failures, False))
        return await store(inbound, reply_within=reply_within)

    inbox.store = second_fails  # type: ignore[method-assign]

    def then(server: ScriptedServer, poller: TelegramPoller) -> None:
        first, last = telegram_update("text")["update_id"], telegram_update("photo")["update_id"]
        assert offsets(server) == [0, first + 1, last + 1]
        assert len(inbox.stored) == 2

    poll(inbox, updates("text", "photo"), updates("photo"), until=polled(3), then=then)


def test_an_old_update_that_comes_again_does_not_move_the_offset_back() -> None:
    def then(server: ScriptedServer, poller: TelegramPoller) -> None:
        last = telegram_update("photo")["update_id"]
        assert offsets(server) == [0, last + 1, last + 1]

    poll(MemoryInbox(), updates("photo"), updates("text"), until=polled(3), then=then)


def test_an_unreadable_update_is_counted_and_does_not_block_the_next() -> None:
    inbox = MemoryInbox()
    broken = {"update_id": 734501000, "message": {"text": "?"}}
    mixed = json_answer({"ok": True, "result": [broken, telegram_update("text")]})

    def then(server: ScriptedServer, poller: TelegramPoller) -> None:
        assert poller.rejected == 1
        assert len(inbox.stored) == 1
        assert offsets(server)[1] == telegram_update("text")["update_id"] + 1

    poll(inbox, mixed, until=polled(2), then=then)


@pytest.mark.parametrize(
    "act",
    [
        Answer(502, b"<html>"),
        HangUp(),
        telegram_no(429, "Too Many Requests: retry after 1", retry_after=1),
        telegram_no(401, "Unauthorized"),
        Answer(200, b"<html>portal</html>"),
        json_answer({"ok": True, "result": {"not": "a list"}}),
    ],
)
def test_the_poller_survives_whatever_the_server_does(act: Act) -> None:
    inbox = MemoryInbox()
    poll(inbox, act, act, updates("text"), until=lambda server, poller: bool(inbox.stored), then=nothing)


def test_a_webhook_set_meanwhile_is_taken_down_again() -> None:
    inbox = MemoryInbox()

    def then(server: ScriptedServer, poller: TelegramPoller) -> None:
        assert len(server.called("/deleteWebhook")) == 2

    conflict = telegram_no(409, "Conflict: can't use getUpdates method while webhook is active")
    poll(inbox, conflict, updates("text"), until=lambda server, poller: bool(inbox.stored), then=then)


def test_a_pressed_button_is_answered_by_a_call() -> None:
    def then(server: ScriptedServer, poller: TelegramPoller) -> None:
        assert server.called("/answerCallbackQuery")[0].form()["callback_query_id"] == "2586315470918273645"

    poll(
        MemoryInbox(),
        updates("callback_query"),
        until=lambda server, poller: bool(server.called("/answerCallbackQuery")),
        then=then,
    )


def test_a_silent_poll_is_simply_made_again() -> None:
    empty = json_answer({"ok": True, "result": []})
    poll(MemoryInbox(), empty, empty, until=polled(3), then=nothing)


def test_the_log_of_a_poll_has_no_text(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    inbox = MemoryInbox()
    broken = {"update_id": 734501000, "message": {"text": "13800138000"}}
    with caplog.at_level("DEBUG"):
        poll(
            inbox,
            json_answer({"ok": True, "result": [broken, telegram_update("text")]}),
            until=polled(2),
            then=nothing,
        )
    logged = caplog.text + "".join(capfd.readouterr())
    assert "update skipped" in logged
    assert not any(secret in logged for secret in ("13800138000", "三天", TELEGRAM_TOKEN))
