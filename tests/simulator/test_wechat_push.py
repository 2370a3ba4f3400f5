"""WeChat pushes messages signed, three times at most, and shows the first answer that came in time."""

from __future__ import annotations

import asyncio
import hashlib
from typing import Any

import pytest

from simulator.wechat.envelope import Envelope, signature
from tests.simulator.stand import CONFIG, WECHAT_USER, Answer, Delivered, Stand, passive_text, stand

GREY = "该公众号提供的服务出现故障，请稍后再试"
AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"


async def _bubbles(here: Stand) -> list[tuple[str, str]]:
    await here.settled()
    return [(message["from"], message["text"]) for message in await here.phone("wechat")]


def test_a_text_is_signed_over_token_timestamp_and_nonce() -> None:
    async def run() -> None:
        async with stand() as here:
            await here.user("wechat", "text", text="a ]]> b\x0b<c>")
            await here.settled()
            (push,) = here.product.seen
            parts = sorted([here.config.wechat_token, push.query["timestamp"], push.query["nonce"]])
            assert push.query["signature"] == hashlib.sha1("".join(parts).encode()).hexdigest()
            assert push.query["openid"] == WECHAT_USER
            pushed = push.xml
            assert (pushed["MsgType"], pushed["Content"]) == ("text", "a ]]> b<c>")
            assert (pushed["FromUserName"], pushed["ToUserName"]) == (
                WECHAT_USER,
                here.config.wechat_original_id,
            )
            assert 2**50 < int(pushed["MsgId"]) < 2**63

    asyncio.run(run())


def test_message_ids_grow() -> None:
    async def run() -> None:
        async with stand() as here:
            for text in "一二三":
                await here.user("wechat", "text", text=text)
            await here.settled()
            by_text = {push.xml["Content"]: int(push.xml["MsgId"]) for push in here.product.seen}
            assert by_text["一"] < by_text["二"] < by_text["三"]

    asyncio.run(run())


@pytest.mark.parametrize("quiet", ["", "success"])
def test_a_quiet_answer_shows_nothing_and_is_not_tried_again(quiet: str) -> None:
    async def run() -> None:
        async def answers(delivered: Delivered) -> Answer:
            return 200, quiet

        async with stand(answers) as here:
            await here.user("wechat", "text", text="在吗")
            assert await _bubbles(here) == [("user", "在吗")]
            assert len(here.product.seen) == 1

    asyncio.run(run())


def test_a_passive_reply_is_shown() -> None:
    async def run() -> None:
        async def answers(delivered: Delivered) -> Answer:
            return 200, passive_text(delivered, "您好")

        async with stand(answers) as here:
            await here.user("wechat", "text", text="在吗")
            assert await _bubbles(here) == [("user", "在吗"), ("bot", "您好")]

    asyncio.run(run())


def test_three_tries_with_the_same_id_and_then_the_grey_line() -> None:
    async def run() -> None:
        async def answers(delivered: Delivered) -> Answer:
            return 500, ""

        async with stand(answers) as here:
            await here.user("wechat", "text", text="在吗")
            assert await _bubbles(here) == [("user", "在吗"), ("system", GREY)]
            assert len(here.product.seen) == 3
            assert len({push.xml["MsgId"] for push in here.product.seen}) == 1
            report = await here.ledger("wechat")
            assert report["updates"][0]["state"] == "failed"
            assert [one["cause"] for one in report["deliveries"]] == ["first", "retry", "retry"]
            assert (await here.phone("wechat"))[0]["state"] == "failed"

    asyncio.run(run())


def test_an_answer_after_the_time_limit_is_lost_and_the_next_one_in_time_is_shown_once() -> None:
    async def run() -> None:
        calls = 0

        async def answers(delivered: Delivered) -> Answer:
            nonlocal calls
            calls += 1
            if calls == 1:
                await asyncio.Event().wait()
            return 200, passive_text(delivered, f"第 {calls} 次")

        async with stand(answers, wechat_try_seconds=0.7) as here:
            await here.user("wechat", "text", text="在吗")
            assert await _bubbles(here) == [("user", "在吗"), ("bot", "第 2 次")]
            assert calls == 2

    asyncio.run(run())


def _unusable() -> list[str]:
    swapped = (
        "<xml><ToUserName>gh_5da5da5da5da</ToUserName><FromUserName>{user}</FromUserName><CreateTime>1</CreateTime>"
        "<MsgType>text</MsgType><Content>x</Content></xml>"
    )
    right = (
        "<xml><ToUserName>{user}</ToUserName><FromUserName>gh_5da5da5da5da</FromUserName><CreateTime>1</CreateTime>"
        "<MsgType>%s</MsgType>%s</xml>"
    )
    bomb = '<!DOCTYPE xml [<!ENTITY a "x">]>' + right % ("text", "<Content>&a;</Content>")
    return [
        '{"errcode": 0}',
        "ok",
        "<xml><unclosed>",
        swapped,
        right % ("text", "<Content></Content>"),
        right % ("text", "<Content>" + "字" * 683 + "</Content>"),
        right % ("dance", ""),
        right % ("image", "<Image></Image>"),
        bomb,
    ]


@pytest.mark.parametrize("answer", _unusable())
def test_an_unusable_answer_shows_the_grey_line_at_once(answer: str) -> None:
    async def run() -> None:
        async def answers(delivered: Delivered) -> Answer:
            return 200, answer.replace("{user}", WECHAT_USER)

        async with stand(answers) as here:
            await here.user("wechat", "text", text="在吗")
            assert await _bubbles(here) == [("user", "在吗"), ("system", GREY)]
            assert len(here.product.seen) == 1

    asyncio.run(run())


def test_the_longest_reply_is_shown() -> None:
    async def run() -> None:
        async def answers(delivered: Delivered) -> Answer:
            return 200, passive_text(delivered, "字" * 682)

        async with stand(answers) as here:
            await here.user("wechat", "text", text="在吗")
            assert (await _bubbles(here))[-1] == ("bot", "字" * 682)

    asyncio.run(run())


def test_in_aes_mode_only_the_sealed_message_travels_and_the_reply_must_be_sealed_too() -> None:
    async def run() -> None:
        envelope = Envelope(AES_KEY, CONFIG.wechat_app_id)
        opened: list[str] = []

        async def answers(delivered: Delivered) -> Answer:
            sealed = delivered.xml["Encrypt"]
            query = delivered.query
            assert query["encrypt_type"] == "aes"
            parts = (CONFIG.wechat_token, query["timestamp"], query["nonce"], sealed)
            assert query["msg_signature"] == signature(*parts)
            assert b"<MsgType>" not in delivered.body
            opened.append(envelope.open(sealed))
            if "plain" in opened[-1]:
                return 200, passive_text(Delivered("", {}, {}, opened[-1].encode()), "明文")
            reply = envelope.seal(passive_text(Delivered("", {}, {}, opened[-1].encode()), "密文"))
            sign = signature(CONFIG.wechat_token, "1700000000", "n1", reply)
            return 200, (
                f"<xml><Encrypt>{reply}</Encrypt><MsgSignature>{sign}</MsgSignature>"
                f"<TimeStamp>1700000000</TimeStamp><Nonce>n1</Nonce></xml>"
            )

        async with stand(answers, wechat_aes_key=AES_KEY) as here:
            await here.user("wechat", "text", text="在吗")
            assert (await _bubbles(here))[-1] == ("bot", "密文")
            await here.user("wechat", "text", text="plain")
            assert (await _bubbles(here))[-1] == ("system", GREY)

    asyncio.run(run())


def test_the_envelope_is_the_one_that_an_independent_implementation_opens() -> None:
    crypto = pytest.importorskip("wechatpy.crypto")
    theirs = crypto.PrpCrypto(__import__("base64").b64decode(AES_KEY + "="))
    ours = Envelope(AES_KEY, "wx123")
    assert theirs.decrypt(ours.seal("<xml>你好</xml>"), "wx123") == "<xml>你好</xml>"
    assert ours.open(theirs.encrypt("<xml>再见</xml>", "wx123").decode()) == "<xml>再见</xml>"


def test_under_the_duplicate_fault_the_first_answer_is_lost_and_the_second_counts() -> None:
    async def run() -> None:
        async def answers(delivered: Delivered) -> Answer:
            return 200, passive_text(delivered, "收到")

        async with stand(answers) as here:
            await here.faults({"kind": "duplicate", "channel": "wechat"})
            await here.user("wechat", "text", text="甲")
            assert await _bubbles(here) == [("user", "甲"), ("bot", "收到")]
            assert len({push.xml["MsgId"] for push in here.product.seen}) == 1
            deliveries = (await here.ledger("wechat"))["deliveries"]
            assert [(one["cause"], one["answer"]) for one in deliveries] == [
                ("first", "收到"),
                ("duplicate", "收到"),
            ]

    asyncio.run(run())


def test_a_late_duplicate_repeats_the_push_and_shows_nothing_more() -> None:
    async def run() -> None:
        async def answers(delivered: Delivered) -> Answer:
            return 200, passive_text(delivered, "收到")

        async with stand(answers) as here:
            await here.faults({"kind": "late_duplicate", "seconds": 0.1})
            await here.user("wechat", "text", text="甲")
            assert await _bubbles(here) == [("user", "甲"), ("bot", "收到")]
            assert len(here.product.seen) == 2

    asyncio.run(run())


def test_every_kind_of_message_has_its_elements() -> None:
    async def run() -> None:
        async with stand(public_url="http://here:1/sim/") as here:
            files: list[tuple[str, str, dict[str, str]]] = [
                ("photo", "image/jpeg", {}),
                ("voice", "audio/amr", {}),
                ("voice", "audio/amr", {"recognition": "我要投诉"}),
                ("video", "video/mp4", {}),
                ("short_video", "video/mp4", {}),
                ("file", "application/pdf", {}),
            ]
            for kind, mime, more in files:
                await here.upload("wechat", ("x", b"12345", mime), kind=kind, **more)
            await here.user("wechat", "location", latitude=31.2, longitude=121.5, label="人民广场")
            await here.user("wechat", "link", title="新闻", description="d", url="https://x.cn/a?b=1&c=2")
            await here.user("wechat", "sticker", emoji="😡")
            await here.settled()
            pushed: list[dict[str, Any]] = sorted(
                (one.xml for one in here.product.seen), key=lambda one: one["MsgId"]
            )
            kinds = ["image", "voice", "voice", "video", "shortvideo", "file", "location", "link", "text"]
            assert [one["MsgType"] for one in pushed] == kinds
            image, voice, heard, video, _, file, place, link, sticker = pushed
            assert image["PicUrl"] == f"http://here:1/sim/wechat/pic/{image['MediaId']}/0"
            assert (voice["Format"], "Recognition" in voice) == ("amr", False)
            assert heard["Recognition"] == "我要投诉"
            assert video["ThumbMediaId"]
            assert (file["Title"], file["FileTotalLen"], "MediaId" in file) == ("x", "5", False)
            assert (place["Location_X"], place["Location_Y"], place["Label"]) == ("31.2", "121.5", "人民广场")
            assert link["Url"] == "https://x.cn/a?b=1&c=2"
            assert sticker["Content"] == "【收到不支持的消息类型，暂无法显示】"

    asyncio.run(run())


def test_several_pictures_are_separate_messages_and_the_caption_is_a_text() -> None:
    async def run() -> None:
        async with stand() as here:
            picture = ("a.jpg", b"1", "image/jpeg")
            await here.upload("wechat", picture, picture, kind="photo", caption="发票")
            await here.settled()
            kinds = sorted(one.xml["MsgType"] for one in here.product.seen)
            assert kinds == ["image", "image", "text"]

    asyncio.run(run())


def test_events_have_no_message_id_and_their_own_keys() -> None:
    async def run() -> None:
        async with stand() as here:
            button = [
                {"type": "click", "name": "我要投诉", "key": "COMPLAIN"},
                {"type": "view", "name": "官网", "url": "https://x.cn"},
            ]
            assert (await here.account("menu/create", button=button))["errcode"] == 0
            await here.user("wechat", "subscribe")
            await here.user("wechat", "menu", key="COMPLAIN")
            await here.user("wechat", "menu", key="https://x.cn")
            await here.user("wechat", "scan", scene="42")
            await here.user("wechat", "unsubscribe")
            await here.user("wechat", "scan", scene="43")
            await here.settled()
            events = [one.xml for one in here.product.seen]
            assert sorted((event["Event"], event["EventKey"]) for event in events) == [
                ("CLICK", "COMPLAIN"),
                ("SCAN", "42"),
                ("VIEW", "https://x.cn"),
                ("subscribe", ""),
                ("subscribe", "qrscene_43"),
                ("unsubscribe", ""),
            ]
            assert not any("MsgId" in event for event in events)
            ids = [update["external_id"] for update in (await here.ledger("wechat"))["updates"]]
            assert ids[0] == WECHAT_USER + events[0]["CreateTime"]

    asyncio.run(run())


def test_the_address_check_passes_only_where_the_echo_comes_back_as_it_was() -> None:
    async def run() -> None:
        async def echoes(delivered: Delivered) -> Answer:
            return 200, delivered.query["echostr"]

        async with stand(echoes) as here:
            assert (await here.http.post("/playground/api/wechat/verify")).json()["ok"] is True
        async with stand() as here:
            assert (await here.http.post("/playground/api/wechat/verify")).json()["ok"] is False

    asyncio.run(run())
