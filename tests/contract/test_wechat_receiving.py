"""WeChat's webhook, beyond what every channel's webhook does: both modes, the passive reply, its five
seconds.
"""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree

import httpx
import pytest
from fastapi import FastAPI
from wechatpy.crypto import WeChatCrypto

from channels.message import Button, Outbound
from channels.wechat.crypto import Cipher, Undecipherable
from channels.wechat.render import cut_to_fit, fitting, render_merged
from channels.wechat.webhook import wechat_router
from tests.contract.memory_inbox import MemoryInbox
from tests.contract.platforms import APP_ID, WECHAT_TOKEN, payload, wechat_query, wechat_signature

OPENID = "oSuda0dYk3xY7VbQpLm9RtUwZ1aE"
AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
TEXT = payload("wechat", "text")


def says(*texts: str) -> tuple[Outbound, ...]:
    return tuple(Outbound(OPENID, text, str(number)) for number, text in enumerate(texts))


def call(
    inbox: MemoryInbox, *requests: dict[str, Any], method: str = "POST", **options: Any
) -> list[httpx.Response]:
    """The answers to these requests, one after the other."""
    app = FastAPI()
    app.include_router(wechat_router(WECHAT_TOKEN, inbox, **options))

    async def run() -> list[httpx.Response]:
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://suda.test"
        ) as client:
            return [await client.request(method, "/webhooks/wechat", **request) for request in requests]

    return asyncio.run(run())


def plain(body: bytes = TEXT, **query: str) -> dict[str, Any]:
    return {"params": {**wechat_query(), **query}, "content": body}


def fields(xml: str) -> dict[str, str]:
    return {child.tag: child.text or "" for child in ElementTree.fromstring(xml)}


def test_the_address_is_verified_by_echoing() -> None:
    (answer,) = call(MemoryInbox(), {"params": {**wechat_query(), "echostr": "5467<b>"}}, method="GET")
    assert (answer.status_code, answer.text) == (200, "5467<b>")
    assert answer.headers["content-type"].startswith("text/plain")


@pytest.mark.parametrize(
    "change", [{"signature": "0" * 40}, {"signature": ""}, {"nonce": "other"}, {"timestamp": "1"}]
)
def test_nobody_else_can_verify_it(change: dict[str, str]) -> None:
    (answer,) = call(MemoryInbox(), {"params": {**wechat_query(), "echostr": "1", **change}}, method="GET")
    assert answer.status_code == 403
    assert answer.text == "refused"


def test_without_anything_to_say_the_answer_is_success() -> None:
    inbox = MemoryInbox()
    (answer,) = call(inbox, plain())
    assert answer.text == "success"
    assert len(inbox.stored) == 1


def test_a_turns_replies_are_one_message_to_the_one_who_wrote() -> None:
    inbox = MemoryInbox(says("收到您的投诉。", "请问订单号是多少？"))
    (answer,) = call(inbox, plain())
    reply = fields(answer.text)
    assert (reply["ToUserName"], reply["FromUserName"], reply["MsgType"]) == (
        OPENID,
        "gh_5da5da5da5da",
        "text",
    )
    assert reply["Content"] == "收到您的投诉。\n\n请问订单号是多少？"
    assert int(reply["CreateTime"]) > 0


def test_what_was_given_counts_as_delivered_after_the_answer() -> None:
    inbox = MemoryInbox(says("好的"))
    call(inbox, plain())
    assert inbox.delivered == [says("好的")]


def test_a_redelivery_gets_the_same_answer_again() -> None:
    inbox = MemoryInbox(says("好的"))
    request = plain()
    first, second = call(inbox, request, request)
    assert fields(first.text)["Content"] == fields(second.text)["Content"] == "好的"
    assert len(inbox.stored) == 1


@pytest.mark.parametrize("text", ["a]]>b", "]]>", "]]]]>>", "<b>&amp;</b>", "一\x0b二"])
def test_no_text_breaks_the_xml(text: str) -> None:
    (answer,) = call(MemoryInbox(says(f"您说：{text}")), plain())
    assert fields(answer.text)["Content"] == f"您说：{text}".replace("\x0b", "")


def test_a_turn_that_takes_too_long_is_answered_in_time_with_success() -> None:
    inbox = MemoryInbox(says("好的"), thinks=5.0)
    began = time.monotonic()
    (answer,) = call(inbox, plain(), answer_within=0.2)
    assert answer.text == "success"
    assert time.monotonic() - began < 2.0
    assert not inbox.delivered


def test_the_time_that_storing_took_is_not_given_to_the_turn() -> None:
    took: list[float] = []

    class Slow(MemoryInbox):
        async def store(self, *args: Any, **kwargs: Any) -> Any:
            clock = asyncio.get_running_loop().time
            began = clock()
            await asyncio.sleep(0.15)
            stored = await super().store(*args, **kwargs)
            took.append(clock() - began)
            return stored

    inbox = Slow(says("好的"))
    call(inbox, plain(), answer_within=0.4)
    (within,) = inbox.asked_within
    rounding = 1e-6
    assert within <= 0.4 - took[0] + rounding
    (reply_within,) = inbox.reply_within
    assert reply_within is not None
    assert 0.3 < reply_within <= 0.4


def sent_before(seconds: int) -> dict[str, Any]:
    """A request that stood in the socket's queue for a while before it was taken up."""
    return {"params": wechat_query(str(int(time.time()) - seconds)), "content": TEXT}


def test_a_request_that_had_to_wait_for_us_leaves_the_turn_less_time() -> None:
    inbox = MemoryInbox(says("好的"))
    call(inbox, sent_before(4))
    (within,) = inbox.asked_within
    assert within <= 1.0


def test_an_answer_that_went_out_after_five_seconds_does_not_count_as_delivered() -> None:
    inbox = MemoryInbox(says("好的"), thinks=2.1)
    (answer,) = call(inbox, sent_before(4), answer_within=9.0)
    assert fields(answer.text)["Content"] == "好的"
    assert not inbox.delivered


def test_a_clock_that_is_far_off_changes_nothing() -> None:
    inbox = MemoryInbox(says("好的"))
    call(inbox, sent_before(60))
    (within,) = inbox.asked_within
    assert within > 3.0
    assert inbox.delivered


@pytest.mark.parametrize("name", ["event_unsubscribe", "event_view"])
def test_nothing_is_said_to_somebody_who_will_not_see_it(name: str) -> None:
    inbox = MemoryInbox(says("好的"))
    (answer,) = call(inbox, plain(payload("wechat", name)))
    assert answer.text == "success"
    assert inbox.reply_within == [None]
    assert not inbox.delivered


def test_reports_are_taken_and_not_stored() -> None:
    inbox = MemoryInbox()
    (answer,) = call(inbox, plain(payload("wechat", "event_templatesendjobfinish")))
    assert (answer.status_code, answer.text) == (200, "success")
    assert not inbox.stored


@pytest.mark.parametrize("minutes", [-20, 20])
def test_a_signature_far_from_our_time_is_stale(minutes: int) -> None:
    inbox = MemoryInbox()
    then = str(int(time.time()) + minutes * 60)
    (answer,) = call(inbox, {"params": wechat_query(then), "content": TEXT})
    assert answer.status_code == 403
    assert not inbox.stored


@pytest.mark.parametrize("minutes", [-10, 10])
def test_a_late_delivery_or_a_clock_that_is_off_is_not_refused(minutes: int) -> None:
    inbox = MemoryInbox()
    then = str(int(time.time()) + minutes * 60)
    (answer,) = call(inbox, {"params": wechat_query(then), "content": TEXT})
    assert answer.status_code == 200
    assert len(inbox.stored) == 1


def test_the_limit_of_staleness_is_a_choice() -> None:
    then = str(int(time.time()) - 60)
    (answer,) = call(
        MemoryInbox(), {"params": wechat_query(then), "content": TEXT}, stale_after=timedelta(seconds=5)
    )
    assert answer.status_code == 403


@pytest.mark.parametrize("timestamp", ["", "now", "-5", "1" * 13, "１７"])
def test_a_time_stamp_that_is_none_is_refused(timestamp: str) -> None:
    (answer,) = call(MemoryInbox(), {"params": wechat_query(timestamp or " "), "content": TEXT})
    assert answer.status_code == 403


def test_an_encrypted_message_without_our_key_is_refused() -> None:
    (answer,) = call(MemoryInbox(), plain(b"<xml><ToUserName>g</ToUserName><Encrypt>x</Encrypt></xml>"))
    assert answer.status_code == 400


def test_entities_are_refused() -> None:
    inbox = MemoryInbox()
    body = b'<!DOCTYPE x [<!ENTITY a "b">]>' + TEXT.replace("快递".encode(), b"&a;")
    (answer,) = call(inbox, plain(body))
    assert answer.status_code == 400
    assert not inbox.stored


# What goes into one reply


def test_only_the_last_of_several_lists_is_numbered() -> None:
    first = Outbound(OPENID, "哪一类？", "1", (Button("质量", "a"),))
    last = Outbound(OPENID, "继续吗？", "2", (Button("继续", "b"), Button("取消", "c")))
    assert (
        render_merged((first, last)) == "哪一类？\n\n· 质量\n\n继续吗？\n\n1. 继续\n2. 取消\n（回复数字选择）"
    )


def test_as_many_messages_as_fit_are_taken_and_the_rest_is_left() -> None:
    long = says(*("长" * 300 for _ in range(5)))  # 900 bytes each
    assert fitting(long) == 2
    inbox = MemoryInbox(long)
    (answer,) = call(inbox, plain())
    assert len(fields(answer.text)["Content"].encode()) <= 2048
    assert inbox.delivered == [long[:2]]


def test_a_message_that_fits_into_no_reply_is_left_to_be_pushed() -> None:
    inbox = MemoryInbox(says("长" * 700))
    (answer,) = call(inbox, plain(), account="service")
    assert answer.text == "success"
    assert not inbox.delivered


def test_an_account_that_cannot_push_gives_what_fits_and_says_that_it_is_cut() -> None:
    inbox = MemoryInbox(says("长" * 700))
    (answer,) = call(inbox, plain(), account="unverified")
    content = fields(answer.text)["Content"]
    assert len(content.encode()) <= 2048
    assert content.endswith("（内容较长，未能全部显示）")


def test_a_text_that_fits_is_not_cut() -> None:
    assert cut_to_fit("a" * 2048) == "a" * 2048


# AES mode


def sealed(body: bytes = TEXT, *, key: str = AES_KEY, app_id: str = APP_ID, **change: str) -> dict[str, Any]:
    """A message as wechatpy encrypts it, which is not our code."""
    timestamp, nonce = str(int(time.time())), "831045"
    envelope = WeChatCrypto(WECHAT_TOKEN, key, app_id).encrypt_message(body.decode(), nonce, timestamp)
    encrypted = fields(envelope)["Encrypt"]
    query = {
        **wechat_query(timestamp, nonce),
        "encrypt_type": "aes",
        "msg_signature": wechat_signature(WECHAT_TOKEN, timestamp, nonce, encrypted),
        **change,
    }
    to = "<ToUserName><![CDATA[gh_5da5da5da5da]]></ToUserName>"
    xml = f"<xml>{to}<Encrypt><![CDATA[{encrypted}]]></Encrypt></xml>"
    return {"params": query, "content": xml.encode()}


AES = {"aes_key": AES_KEY, "app_id": APP_ID}


def test_an_encrypted_message_is_answered_encrypted() -> None:
    inbox = MemoryInbox(says("好的]]>"))
    (answer,) = call(inbox, sealed(), **AES)
    assert [inbound.text for inbound in inbox.stored] == ["快递三天没动静了，客服也不回"]
    envelope = fields(answer.text)
    opened = WeChatCrypto(WECHAT_TOKEN, AES_KEY, APP_ID).decrypt_message(
        answer.text, envelope["MsgSignature"], envelope["TimeStamp"], envelope["Nonce"]
    )
    assert fields(opened)["Content"] == "好的]]>"


def test_success_is_never_encrypted() -> None:
    (answer,) = call(MemoryInbox(), sealed(), **AES)
    assert answer.text == "success"


@pytest.mark.parametrize(
    "request_",
    [
        sealed(msg_signature="0" * 40),
        sealed(msg_signature=""),
        sealed(timestamp="1"),
        sealed(key="B" * 43),
        sealed(app_id="wxffffffffffffffff"),
        plain(),
    ],
    ids=["forged", "unsigned", "other time", "other key", "other account", "not encrypted"],
)
def test_what_is_not_sealed_for_us_is_refused_and_not_stored(request_: dict[str, Any]) -> None:
    inbox = MemoryInbox()
    (answer,) = call(inbox, request_, **AES)
    assert answer.status_code == 403
    assert not inbox.stored


def test_the_address_is_verified_in_aes_mode_too() -> None:
    (answer,) = call(MemoryInbox(), {"params": {**wechat_query(), "echostr": "7"}}, method="GET", **AES)
    assert answer.text == "7"


@pytest.mark.parametrize("encrypted", ["", "AAAA", "not base64!", "A" * 64, "é"])
def test_what_is_no_cipher_text_is_undecipherable(encrypted: str) -> None:
    with pytest.raises(Undecipherable):
        Cipher(AES_KEY, APP_ID).decrypt(encrypted)


@pytest.mark.parametrize("key", ["", "short", "!" * 43])
def test_a_wrong_key_is_noticed_at_the_start(key: str) -> None:
    with pytest.raises(ValueError, match="EncodingAESKey"):
        Cipher(key, APP_ID)


def test_a_webhook_without_a_token_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="token"):
        wechat_router("", MemoryInbox())
