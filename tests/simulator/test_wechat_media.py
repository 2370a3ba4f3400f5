"""Media by id: bytes, a link for videos, three days of life."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx

from tests.simulator.stand import Stand, stand


async def _pushed(here: Stand, kind: str, mime: str, body: bytes = b"0123456789") -> dict[str, str]:
    await here.upload("wechat", ("x.bin", body, mime), kind=kind)
    await here.settled()
    return here.product.seen[-1].xml


async def _media(here: Stand, media_id: str) -> httpx.Response:
    params = {"access_token": await here.token(), "media_id": media_id}
    return await here.http.get("/wechat/cgi-bin/media/get", params=params)


def test_a_picture_is_served_by_its_id_and_by_its_link() -> None:
    async def run() -> None:
        async with stand(public_url="http://simulator") as here:
            pushed = await _pushed(here, "photo", "image/jpeg")
            answer = await _media(here, pushed["MediaId"])
            assert (answer.content, answer.headers["content-type"]) == (b"0123456789", "image/jpeg")
            assert answer.headers["content-disposition"].startswith('attachment; filename="')
            assert (await here.http.get(pushed["PicUrl"])).content == b"0123456789"

    asyncio.run(run())


def test_a_video_is_answered_with_a_link() -> None:
    async def run() -> None:
        async with stand(public_url="http://simulator") as here:
            pushed = await _pushed(here, "video", "video/mp4")
            link: dict[str, Any] = (await _media(here, pushed["MediaId"])).json()
            assert list(link) == ["video_url"]
            assert (await here.http.get(link["video_url"])).content == b"0123456789"

    asyncio.run(run())


def test_media_die_after_three_days_and_unknown_ones_were_never_there() -> None:
    async def run() -> None:
        async with stand() as here:
            pushed = await _pushed(here, "voice", "audio/amr")
            await here.advance(3 * 86400 - 60)
            assert (await _media(here, pushed["MediaId"])).content == b"0123456789"
            await here.advance(120)
            assert (await _media(here, pushed["MediaId"])).json()["errcode"] == 40007
            assert (await _media(here, "unknown")).json()["errcode"] == 40007
            assert (await _media(here, "")).json()["errcode"] == 41006

    asyncio.run(run())


def test_an_unverified_account_has_the_pictures_link_only() -> None:
    async def run() -> None:
        async with stand(wechat_account="unverified", public_url="http://simulator") as here:
            pushed = await _pushed(here, "photo", "image/jpeg")
            assert (await _media(here, pushed["MediaId"])).json()["errcode"] == 48001
            assert (await here.http.get(pushed["PicUrl"])).content == b"0123456789"

    asyncio.run(run())


def test_media_may_be_truncated_on_demand() -> None:
    async def run() -> None:
        async with stand() as here:
            pushed = await _pushed(here, "photo", "image/jpeg")
            await here.faults({"kind": "truncated_media", "count": 1})
            assert (await _media(here, pushed["MediaId"])).content == b"01234"
            assert (await _media(here, pushed["MediaId"])).content == b"0123456789"

    asyncio.run(run())
