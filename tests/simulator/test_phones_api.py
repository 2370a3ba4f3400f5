"""What the page builds on: shapes, live events, files that cannot harm it, starting over."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from simulator.app import create_simulator
from tests.simulator.stand import CONFIG, TELEGRAM_USER, Product, Stand, served, stand


@contextmanager
def _listening(
    http: httpx.Client, url: str, **headers: str
) -> Iterator[Iterator[tuple[str, dict[str, Any], str]]]:
    """Server-sent events as (name, data, id)."""
    with http.stream("GET", url, headers=headers) as response:
        assert response.headers["content-type"].startswith("text/event-stream")

        def events() -> Iterator[tuple[str, dict[str, Any], str]]:
            name, data, number = "", "", ""
            for line in response.iter_lines():
                field, _, value = line.partition(": ")
                if field == "event":
                    name = value
                elif field == "data":
                    data = value
                elif field == "id":
                    number = value
                elif not line and name:
                    yield name, json.loads(data), number
                    name, data, number = "", "", ""

        yield events()


def test_a_message_has_the_agreed_fields() -> None:
    async def run() -> None:
        async with stand() as here:
            (message,) = (await here.user("telegram", "text", text="你好"))["messages"]
            assert message.pop("at").endswith("+00:00")
            assert isinstance(message.pop("id"), int)
            assert message == {
                "from": "user",
                "kind": "text",
                "text": "你好",
                "buttons": [],
                "keyboard": [],
                "request_phone": False,
                "file": None,
                "location": None,
                "album": "",
                "state": "sending",
                "edited": False,
            }
            await here.settled()
            page = (await here.http.get("/playground/api/telegram/messages")).json()
            assert page["messages"][0]["state"] == "delivered"
            assert page["typing"] is False

    asyncio.run(run())


def test_only_messages_after_the_given_one_are_listed() -> None:
    async def run() -> None:
        async with stand() as here:
            ids = [(await here.user("wechat", "text", text=t))["messages"][0]["id"] for t in "一二三"]
            url = "/playground/api/wechat/messages"
            later = (await here.http.get(url, params={"after": ids[0]})).json()["messages"]
            assert [message["text"] for message in later] == ["二", "三"]

    asyncio.run(run())


def test_each_contact_has_a_phone_of_its_own() -> None:
    async def run() -> None:
        async with stand() as here:
            await here.user("wechat", "text", contact="oOther-1", text="别人")
            assert await here.phone("wechat") == []
            assert [message["text"] for message in await here.phone("wechat", "oOther-1")] == ["别人"]
            await here.user("telegram", "text", contact="abc", text="x", expect=422)

    asyncio.run(run())


@pytest.mark.parametrize("action", ["press", "share-phone", "edit"])
def test_what_wechat_lacks_is_refused_with_a_sentence(action: str) -> None:
    async def run() -> None:
        async with stand() as here:
            body = {"press": {"message_id": 1, "button_id": "0.0"}, "edit": {"message_id": 1, "text": "x"}}
            answer = await here.user("wechat", action, expect=409, **body.get(action, {}))
            assert "微信" in answer["detail"]

    asyncio.run(run())


def _app() -> FastAPI:
    return create_simulator(CONFIG, httpx.ASGITransport(Product()))


def test_the_stream_tells_of_messages_deliveries_and_typing() -> None:
    with served(_app()) as url, httpx.Client(base_url=url, trust_env=False) as http:
        bot = f"/telegram/bot{CONFIG.telegram_token}"
        with _listening(http, "/playground/api/telegram/events") as events:
            http.post("/playground/api/telegram/text", json={"text": "在吗"})
            name, message, _ = next(events)
            assert (name, message["text"], message["state"]) == ("message", "在吗", "sending")
            name, message, _ = next(events)
            assert (name, message["state"]) == ("update", "delivered")
            http.post(f"{bot}/sendChatAction", json={"chat_id": TELEGRAM_USER, "action": "typing"})
            assert next(events)[:2] == ("typing", {"typing": True})
            markup = {"inline_keyboard": [[{"text": "a", "callback_data": "t"}]]}
            sent = {"chat_id": TELEGRAM_USER, "text": "好", "reply_markup": markup}
            number = http.post(f"{bot}/sendMessage", json=sent).json()["result"]["message_id"]
            assert next(events)[:2] == ("typing", {"typing": False})
            assert next(events)[1]["buttons"] == [[{"label": "a", "id": "0.0"}]]
            http.post(f"{bot}/editMessageReplyMarkup", json={"chat_id": TELEGRAM_USER, "message_id": number})
            name, message, _ = next(events)
            assert (name, message["id"], message["buttons"]) == ("update", number, [])


def test_a_page_that_reconnects_gets_what_it_missed() -> None:
    with served(_app()) as url, httpx.Client(base_url=url, trust_env=False) as http:
        with _listening(http, "/playground/api/telegram/events") as events:
            http.post("/playground/api/telegram/text", json={"text": "一"})
            next(events)
            seen = next(events)[2]
        http.post("/playground/api/telegram/text", json={"text": "二"})
        headers = {"Last-Event-ID": seen}
        with _listening(http, "/playground/api/telegram/events", **headers) as events:
            assert next(events)[1]["text"] == "二"


def test_an_open_stream_does_not_keep_the_server_from_stopping() -> None:
    with served(_app()) as url, httpx.Client(base_url=url, trust_env=False) as http:
        opened = http.stream("GET", "/playground/api/wechat/events")
        opened.__enter__()
    # ``served`` fails when the server does not end.


async def _stored(here: Stand, name: str, mime: str) -> httpx.Response:
    (message,) = await here.upload("telegram", (name, b"<script>alert(1)</script>", mime), kind="file")
    return await here.http.get(message["file"]["url"])


@pytest.mark.parametrize(
    ("mime", "disposition", "served_as"),
    [
        ("image/png", "inline", "image/png"),
        ("audio/ogg", "inline", "audio/ogg"),
        ("text/html", "attachment", "application/octet-stream"),
        ("image/svg+xml", "attachment", "application/octet-stream"),
        ("application/pdf", "attachment", "application/octet-stream"),
    ],
)
def test_a_file_is_shown_inline_only_where_a_browser_cannot_run_it(
    mime: str, disposition: str, served_as: str
) -> None:
    async def run() -> None:
        async with stand() as here:
            response = await _stored(here, '发票"\r\n.html', mime)
            assert response.headers["content-disposition"].startswith(disposition)
            assert response.headers["content-type"] == served_as
            assert response.headers["x-content-type-options"] == "nosniff"
            assert "sandbox" in response.headers["content-security-policy"]

    asyncio.run(run())


def test_a_player_may_ask_for_a_part_of_a_file() -> None:
    async def run() -> None:
        async with stand() as here:
            (message,) = await here.upload("telegram", ("a.ogg", b"0123456789", "audio/ogg"), kind="voice")
            url = message["file"]["url"]
            for asked, got in (("bytes=2-4", b"234"), ("bytes=7-", b"789"), ("bytes=-2", b"89")):
                response = await here.http.get(url, headers={"Range": asked})
                assert (response.status_code, response.content) == (206, got)
            whole = await here.http.get(url, headers={"Range": "bytes=20-30"})
            assert (whole.status_code, len(whole.content)) == (200, 10)

    asyncio.run(run())


def test_links_follow_the_path_under_which_the_app_is_mounted() -> None:
    async def run() -> None:
        inner = create_simulator(CONFIG, httpx.ASGITransport(Product()))
        outer = FastAPI()
        outer.mount("/sim", inner)
        async with (
            inner.router.lifespan_context(inner),
            httpx.AsyncClient(transport=httpx.ASGITransport(outer), base_url="http://x") as http,
        ):
            files = [("files", ("a.png", b"1", "image/png"))]
            answer = await http.post("/sim/playground/api/wechat/upload", files=files, data={"kind": "photo"})
            link = answer.json()["messages"][0]["file"]["url"]
            assert link.startswith("/sim/playground/api/files/")
            assert (await http.get(link)).content == b"1"

    asyncio.run(run())


def test_starting_over_empties_both_phones_but_not_the_counters() -> None:
    async def run() -> None:
        async with stand() as here:
            await here.user("telegram", "text", text="旧")
            await here.user("wechat", "text", text="旧")
            await here.settled()
            before = here.product.seen[0].update["update_id"]
            await here.http.post("/playground/api/reset")
            assert await here.phone("telegram") == await here.phone("wechat") == []
            assert (await here.bot("sendMessage", chat_id=TELEGRAM_USER, text="x"))["error_code"] == 400
            await here.user("telegram", "text", text="新")
            await here.settled()
            assert here.product.seen[-1].update["update_id"] == before + 1

    asyncio.run(run())


def test_a_page_of_another_site_cannot_use_the_phones() -> None:
    async def run() -> None:
        async with stand() as here:
            headers = {"Sec-Fetch-Site": "cross-site"}
            for path in ("reset", "telegram/block"):
                response = await here.http.post(f"/playground/api/{path}", headers=headers)
                assert response.status_code == 403
            headers = {"Sec-Fetch-Site": "same-origin"}
            assert (await here.http.post("/playground/api/reset", headers=headers)).status_code == 200

    asyncio.run(run())
