"""Faults happen as often as asked, and the ledger tells what the user saw of each."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from simulator.app import create_simulator
from simulator.faults import KINDS
from tests.simulator.stand import CONFIG, TELEGRAM_USER, Product, served, stand


def test_a_rule_with_a_count_happens_so_often_and_no_more() -> None:
    async def run() -> None:
        async with stand() as here:
            await here.user("telegram", "text", text="hi")
            await here.faults({"kind": "rate_limited", "channel": "telegram", "count": 2, "retry_after": 7})
            answers = [await here.bot("sendMessage", chat_id=TELEGRAM_USER, text="x") for _ in range(3)]
            assert [answer.get("error_code", 200) for answer in answers] == [429, 429, 200]
            assert answers[0]["parameters"] == {"retry_after": 7}
            plan = (await here.http.get("/playground/api/faults")).json()
            assert plan["rules"][0]["committed"] == 2
            assert (await here.bot("getMe"))["ok"]

    asyncio.run(run())


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("window_closed", 45015),
        ("quota_spent", 45047),
        ("rate_limited", 45011),
        ("busy", -1),
        ("token_expired", 42001),
    ],
)
def test_wechat_refuses_on_demand_with_the_code_of_the_fault(kind: str, code: int) -> None:
    async def run() -> None:
        async with stand() as here:
            await here.user("wechat", "text", text="hi")
            await here.faults({"kind": kind, "channel": "wechat", "count": 1})
            assert (await here.say("x"))["errcode"] == code
            assert (await here.say("x"))["errcode"] == 0
            sends = (await here.ledger("wechat"))["sends"]
            assert [(send["code"], send["fault"], send["shown"]) for send in sends] == [
                (code, kind, False),
                (0, "", True),
            ]

    asyncio.run(run())


def test_a_probability_is_drawn_from_the_seed() -> None:
    async def codes(seed: int) -> list[int]:
        async with stand() as here:
            await here.user("telegram", "text", text="hi")
            await here.faults({"kind": "server_error", "probability": 0.5}, seed=seed)
            answers = [await here.bot("sendMessage", chat_id=TELEGRAM_USER, text="x") for _ in range(20)]
            return [answer.get("error_code", 200) for answer in answers]

    async def run() -> None:
        first = await codes(5)
        assert set(first) == {200, 500}
        assert await codes(5) == first
        assert await codes(6) != first

    asyncio.run(run())


def test_a_rule_may_name_a_method_and_a_user() -> None:
    async def run() -> None:
        async with stand() as here:
            await here.user("telegram", "text", text="hi")
            await here.user("telegram", "text", text="hi", contact="5")
            await here.faults(
                {"kind": "server_error", "method": "getMe"},
                {"kind": "busy", "contact": "5", "channel": "telegram"},
            )
            assert (await here.bot("getMe"))["error_code"] == 500
            assert (await here.bot("sendMessage", chat_id=TELEGRAM_USER, text="x"))["ok"]
            assert (await here.bot("sendMessage", chat_id=5, text="x"))["error_code"] == 502

    asyncio.run(run())


def test_an_unknown_fault_or_field_is_refused() -> None:
    async def run() -> None:
        async with stand() as here:
            bodies: list[dict[str, Any]] = [{"kind": "earthquake"}, {"kind": "busy", "propability": 0.1}]
            for body in bodies:
                assert (
                    await here.http.post("/playground/api/faults", json={"rules": [body]})
                ).status_code == 422
            assert (await here.http.get("/playground/api/faults")).json() == {
                "rules": [],
                "kinds": list(KINDS),
            }

    asyncio.run(run())


@pytest.mark.parametrize(
    ("kind", "shown"),
    [("reset_before", False), ("reset_after", True), ("timeout_before", False), ("timeout_after", True)],
)
def test_a_broken_connection_leaves_the_caller_without_an_answer(kind: str, shown: bool) -> None:
    app = create_simulator(CONFIG, httpx.ASGITransport(Product()))
    with served(app) as url, httpx.Client(base_url=url, trust_env=False, timeout=20) as http:
        http.post("/playground/api/telegram/text", json={"text": "hi"})
        rule = {"kind": kind, "count": 1, "seconds": 1.5}
        assert http.post("/playground/api/faults", json={"rules": [rule]}).status_code == 200
        send = f"/telegram/bot{CONFIG.telegram_token}/sendMessage"
        expected = httpx.ReadTimeout if kind.startswith("timeout") else httpx.RemoteProtocolError
        with pytest.raises(expected):
            http.post(send, json={"chat_id": TELEGRAM_USER, "text": "一"}, timeout=0.7)
        assert http.post(send, json={"chat_id": TELEGRAM_USER, "text": "二"}).json()["ok"]
        texts = [
            message["text"] for message in http.get("/playground/api/telegram/messages").json()["messages"]
        ]
        assert texts == (["hi", "一", "二"] if shown else ["hi", "二"])


def test_media_may_break_off_in_the_middle() -> None:
    app = create_simulator(CONFIG, httpx.ASGITransport(Product()))
    with served(app) as url, httpx.Client(base_url=url, trust_env=False) as http:
        files = [("files", ("a.bin", bytes(1000), "application/pdf"))]
        http.post("/playground/api/telegram/upload", files=files, data={"kind": "file"})
        medium = app.state.simulation.media
        path = app.state.simulation.store.one("SELECT path FROM media")["path"]
        assert medium.find_path("telegram", path).size == 1000
        http.post("/playground/api/faults", json={"rules": [{"kind": "cut_media", "count": 1}]})
        file = f"/telegram/file/bot{CONFIG.telegram_token}/{path}"
        with pytest.raises(httpx.RemoteProtocolError):
            http.get(file)
        assert len(http.get(file).content) == 1000
