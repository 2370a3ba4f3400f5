"""Our channels against stand-ins of both platforms that were written from the platforms' documentation.

Over real sockets: a person does something on a phone, our webhook stores it; we send, the phone shows it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from channels.base import (
    BlockedByUser,
    Channel,
    ChannelError,
    MediaGone,
    MediaNotAllowed,
    MediaTooLarge,
    Misconfigured,
    OutcomeUnknown,
    QuotaSpent,
    RetryLater,
    WindowClosed,
)
from channels.message import Attachment, Button, Kind, MediaKind, Outbound
from channels.telegram.client import TelegramChannel
from channels.telegram.polling import TelegramPoller
from channels.wechat.client import WeChatChannel
from tests.contract.memory_inbox import MemoryInbox
from tests.contract.stand_ins import AES_KEY, StandIns, stand_ins

CHANNELS = ("telegram", "wechat")
PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
    b"\x00\x00\x00\rIDATx\x9cc\xf8\xff\xff?\x00\x05\xfe\x02\xfe\r\xefF\xb8\x00\x00\x00\x00IEND\xaeB`\x82"
)


@pytest.fixture(scope="module")
def both() -> Iterator[StandIns]:
    with stand_ins() as world:
        yield world


@pytest.fixture
def world(both: StandIns) -> StandIns:
    """Both platforms, with empty phones, no faults and an empty inbox."""
    both.fault()
    both.settled()
    both.http.post("/playground/api/reset")
    both.inbox.stored.clear()
    both.inbox.reply_within.clear()
    both.inbox.refuse = 0
    return both


# Receiving


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize(
    "text", ["我要投诉", "/123号楼漏水", "😡", "一" * 4000, "<b>&]]>"], ids=lambda t: t[:6]
)
def test_what_a_person_types_is_stored(world: StandIns, channel: str, text: str) -> None:
    (bubble,) = world.person(channel, "text", text=text)
    (inbound,) = world.received(Kind.TEXT)
    assert (inbound.contact, inbound.text) == (world.contact(channel), text)
    world.settled()
    shown = world.http.get(f"/playground/api/{channel}/messages").json()["messages"]
    assert [message["state"] for message in shown if message["id"] == bubble["id"]] == ["delivered"]


UPLOADS = (
    ("photo", Kind.PHOTO, "image/png"),
    ("voice", Kind.VOICE, "audio/ogg"),
    ("video", Kind.VIDEO, "video/mp4"),
)


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize(("upload", "kind", "mime"), UPLOADS, ids=lambda value: str(value))
def test_what_a_person_uploads_can_be_fetched(
    world: StandIns, channel: str, upload: str, kind: Kind, mime: str
) -> None:
    world.upload(channel, upload, f"evidence.{upload}", PNG, mime)
    (inbound,) = world.received(kind)
    (attachment,) = inbound.attachments
    fetched = world.with_channel(channel, lambda opened: opened.fetch(attachment, max_bytes=1000))
    assert fetched.content == PNG


def test_a_document_on_telegram_can_be_fetched_with_its_name(world: StandIns) -> None:
    world.upload("telegram", "file", "发票.pdf", b"%PDF-1.7", "application/pdf", caption="发票")
    (inbound,) = world.received(Kind.DOCUMENT)
    assert inbound.text == "发票"
    fetched = world.with_channel(
        "telegram", lambda opened: opened.fetch(inbound.attachments[0], max_bytes=1000)
    )
    assert (fetched.content, fetched.file_name) == (b"%PDF-1.7", "发票.pdf")


def test_a_file_on_wechat_is_stored_and_cannot_be_fetched(world: StandIns) -> None:
    world.upload("wechat", "file", "发票.pdf", b"%PDF-1.7", "application/pdf")
    (inbound,) = world.received(Kind.DOCUMENT)
    assert (inbound.attachments[0].file_name, inbound.attachments[0].size) == ("发票.pdf", 8)
    with pytest.raises(MediaNotAllowed):
        world.with_channel("wechat", lambda opened: opened.fetch(inbound.attachments[0], max_bytes=1000))


def test_a_file_over_telegrams_limit_is_too_large(world: StandIns) -> None:
    world.upload("telegram", "file", "监控.mp4", b"0" * (20 * 1024 * 1024 + 1), "video/mp4")
    (inbound,) = world.received(Kind.DOCUMENT)
    (attachment,) = inbound.attachments
    undeclared = Attachment(MediaKind.DOCUMENT, attachment.reference)

    async def fetch_both(opened: Channel) -> None:
        for one in (attachment, undeclared):
            with pytest.raises(MediaTooLarge):
                await opened.fetch(one, max_bytes=100_000_000)

    world.with_channel("telegram", fetch_both)


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_file_over_our_limit_is_too_large(world: StandIns, channel: str) -> None:
    world.upload(channel, "voice", "a.ogg", b"0" * 2000, "audio/ogg")
    attachment = world.received(Kind.VOICE)[0].attachments[0]
    undeclared = Attachment(MediaKind.AUDIO, attachment.reference)
    with pytest.raises(MediaTooLarge):
        world.with_channel(channel, lambda opened: opened.fetch(undeclared, max_bytes=1999))


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_file_that_nobody_sent_is_gone(world: StandIns, channel: str) -> None:
    with pytest.raises(MediaGone):
        world.with_channel(
            channel, lambda opened: opened.fetch(Attachment(MediaKind.AUDIO, "nothing"), max_bytes=1000)
        )


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_download_that_breaks_off_is_retried_later(world: StandIns, channel: str) -> None:
    world.upload(channel, "voice", "a.ogg", b"0" * 2000, "audio/ogg")
    attachment = world.received(Kind.VOICE)[0].attachments[0]
    world.fault(kind="cut_media")
    with pytest.raises(RetryLater):
        world.with_channel(channel, lambda opened: opened.fetch(attachment, max_bytes=5000))


def test_the_other_kinds_of_telegram(world: StandIns) -> None:
    world.person("telegram", "location", latitude=31.2, longitude=121.4)
    world.person("telegram", "sticker", emoji="😡")
    world.person("telegram", "share-phone", phone="+8613800138000")
    (bubble,) = world.person("telegram", "text", text="黑屏三天")
    world.settled()
    world.person("telegram", "edit", message_id=bubble["id"], text="黑屏五天")
    world.person("telegram", "text", text="/start")
    world.person("telegram", "block")
    world.settled()
    world.person("telegram", "unblock")
    assert world.received(Kind.LOCATION)[0].place is not None
    assert world.received(Kind.STICKER)
    assert world.received(Kind.CONTACT)[0].phone == "+8613800138000"
    edit = world.received(Kind.EDIT)[0]
    assert (edit.edits, edit.text) == (str(bubble["id"]), "黑屏五天")
    assert world.received(Kind.COMMAND)[0].argument == "start"
    assert [event.event for event in world.received(Kind.EVENT, 2)] == ["blocked", "unblocked"]


def test_the_other_kinds_of_wechat(world: StandIns) -> None:
    world.person("wechat", "location", latitude=23.1, longitude=113.3, label="客村")
    world.person("wechat", "link", title="商品页", url="https://item.example.com/1")
    world.person("wechat", "sticker")
    world.person("wechat", "scan", scene="store_7")
    world.person("wechat", "unsubscribe")
    world.settled()
    world.person("wechat", "subscribe")
    place = world.received(Kind.LOCATION)[0].place
    assert place is not None
    assert place.label == "客村"
    assert world.received(Kind.LINK)[0].text == "商品页\nhttps://item.example.com/1"
    assert world.received(Kind.STICKER)
    assert {event.event for event in world.received(Kind.EVENT, 3)} == {"scan", "blocked", "subscribe"}


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("fault", ["duplicate", "late_duplicate", "burst", "shuffle"])
def test_however_the_platform_delivers_each_message_is_stored_once(
    world: StandIns, channel: str, fault: str
) -> None:
    world.fault(kind=fault, channel=channel, seconds=0.2)
    for number in range(4):
        world.person(channel, "text", text=f"第{number}条")
    world.settled()
    texts = sorted(world.inbox.stored, key=lambda inbound: inbound.order)
    assert [inbound.text for inbound in texts] == [f"第{number}条" for number in range(4)]


@pytest.mark.parametrize("channel", CHANNELS)
def test_what_could_not_be_stored_comes_again(world: StandIns, channel: str) -> None:
    world.inbox.refuse = 2
    world.person(channel, "text", text="我要投诉")
    world.settled()
    assert [inbound.text for inbound in world.inbox.stored] == ["我要投诉"]


# Sending


@pytest.mark.parametrize("channel", CHANNELS)
def test_what_we_send_is_shown(world: StandIns, channel: str) -> None:
    world.person(channel, "text", text="你好")
    world.settled()
    world.send(channel, "您好，<请讲> & “慢慢说” ]]> 😀")
    assert [bubble["text"] for bubble in world.phone(channel)] == ["您好，<请讲> & “慢慢说” ]]> 😀"]


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("text", ["处理结果如下。" * 600, "😀" * 2100], ids=["text", "emoji"])
def test_a_long_text_is_shown_whole(world: StandIns, channel: str, text: str) -> None:
    if channel == "wechat":
        text = text[: 2900 if text[0] == "处" else 2000]
    world.person(channel, "text", text="你好")
    world.settled()
    receipt = world.send(channel, text)
    bubbles = world.phone(channel)
    assert len(bubbles) == len(receipt.external_ids) > 1
    assert "".join(bubble["text"] for bubble in bubbles) == text


def test_a_pressed_button_comes_back_with_its_token(world: StandIns) -> None:
    world.person("telegram", "text", text="你好")
    world.settled()
    world.send("telegram", "哪一类？", buttons=(Button("商品质量", "tok-1"), Button("物流", "tok-2")))
    (bubble,) = world.phone("telegram")
    button = bubble["buttons"][0][1]
    world.person("telegram", "press", message_id=bubble["id"], button_id=button["id"])
    assert world.received(Kind.CHOICE)[0].choice == "tok-2"
    calls = world.http.get("/playground/api/ledger", params={"channel": "telegram"}).json()["telegram"]
    assert calls["deliveries"][-1]["status"] == 200


def test_the_phone_button_is_shown_and_goes_with_the_next_message(world: StandIns) -> None:
    world.person("telegram", "text", text="你好")
    world.settled()
    world.send("telegram", "请留下手机号", request_phone=True)
    assert world.phone("telegram")[-1]["request_phone"]
    world.send("telegram", "收到", key="2")
    assert not any(bubble["request_phone"] for bubble in world.phone("telegram"))


@pytest.mark.parametrize("channel", CHANNELS)
def test_typing_is_shown(world: StandIns, channel: str) -> None:
    world.person(channel, "text", text="你好")
    world.settled()
    world.with_channel(channel, lambda opened: opened.show_typing(world.contact(channel)))
    assert world.http.get(f"/playground/api/{channel}/messages").json()["typing"]


@pytest.mark.parametrize("channel", CHANNELS)
def test_somebody_who_left_is_out_of_reach(world: StandIns, channel: str) -> None:
    world.person(channel, "text", text="你好")
    world.person(channel, "block")
    world.settled()
    with pytest.raises((BlockedByUser, WindowClosed)):
        world.send(channel, "您好")


FAILURES = [
    *((channel, "rate_limited", RetryLater, 0) for channel in CHANNELS),
    *((channel, "server_error", RetryLater, 0) for channel in CHANNELS),
    *((channel, "busy", RetryLater, 0) for channel in CHANNELS),
    *((channel, "timeout_before", OutcomeUnknown, 0) for channel in CHANNELS),
    *((channel, "timeout_after", OutcomeUnknown, 1) for channel in CHANNELS),
    *((channel, "reset_before", OutcomeUnknown, 0) for channel in CHANNELS),
    *((channel, "reset_after", OutcomeUnknown, 1) for channel in CHANNELS),
    ("wechat", "window_closed", WindowClosed, 0),
    ("wechat", "quota_spent", QuotaSpent, 0),
]


@pytest.mark.parametrize(("channel", "fault", "kind", "shown"), FAILURES)
def test_every_failure_of_a_platform_has_its_type(
    world: StandIns, channel: str, fault: str, kind: type[ChannelError], shown: int
) -> None:
    world.person(channel, "text", text="你好")
    world.settled()
    world.fault(kind=fault, channel=channel, seconds=3, count=1)
    with pytest.raises(ChannelError) as caught:
        world.send(channel, "您好", timeout=1.0 if fault.startswith("timeout") else 5.0)
    assert type(caught.value) is kind
    assert len(world.phone(channel)) == shown


def test_an_expired_token_is_renewed_without_anybody_noticing(world: StandIns) -> None:
    world.person("wechat", "text", text="你好")
    world.settled()
    world.fault(kind="token_expired", channel="wechat", count=1)
    world.send("wechat", "您好")
    assert [bubble["text"] for bubble in world.phone("wechat")] == ["您好"]


def test_the_sixth_message_finds_the_quota_spent_and_two_days_later_the_window_is_shut(
    world: StandIns,
) -> None:
    world.person("wechat", "text", text="你好")
    world.settled()

    async def six(opened: Channel) -> None:
        for number in range(5):
            await opened.send(Outbound(world.contact("wechat"), f"第{number}条", str(number)))
        with pytest.raises(QuotaSpent):
            await opened.send(Outbound(world.contact("wechat"), "第五条", "5"))

    world.with_channel("wechat", six)
    world.advance(49 * 3600)
    try:
        with pytest.raises(WindowClosed):
            world.send("wechat", "您好", key="9")
    finally:
        world.advance(-49 * 3600)


def test_wrong_credentials_are_told(world: StandIns) -> None:
    async def run() -> None:
        telegram = TelegramChannel("1:wrong", api_url=f"{world.url}/telegram")
        wechat = WeChatChannel(world.config.wechat_app_id, "wrong", api_url=f"{world.url}/wechat")
        for channel, name in ((telegram, "telegram"), (wechat, "wechat")):
            with pytest.raises(Misconfigured):
                await channel.send(Outbound(world.contact(name), "您好", "1"))
            await channel.aclose()

    asyncio.run(run())


# Worlds of their own


def test_a_passive_reply_is_shown_once_though_wechat_asks_twice() -> None:
    inbox = MemoryInbox((Outbound("x", "收到您的投诉。]]>", "1"),))
    with stand_ins(inbox) as world:
        world.fault(kind="duplicate", channel="wechat", count=1)
        world.person("wechat", "text", text="我要投诉")
        world.settled()
        world.until(lambda: bool(world.phone("wechat")))
        assert [bubble["text"] for bubble in world.phone("wechat")] == ["收到您的投诉。]]>"]
        assert len(inbox.stored) == 1


@pytest.mark.parametrize("account", ["service", "unverified"])
def test_in_aes_mode_everything_works_as_in_plain_mode(account: str) -> None:
    inbox = MemoryInbox((Outbound("x", "收到。", "1"),))
    with stand_ins(inbox, wechat_aes_key=AES_KEY, wechat_account=account) as world:
        assert world.http.post("/playground/api/wechat/verify").json()["ok"]
        world.person("wechat", "text", text="我要投诉")
        world.until(lambda: bool(world.phone("wechat")))
        assert world.phone("wechat")[0]["text"] == "收到。"
        assert world.inbox.stored[0].text == "我要投诉"


def test_an_unverified_account_answers_only_and_fetches_only_pictures() -> None:
    with stand_ins(wechat_account="unverified") as world:
        world.upload("wechat", "photo", "a.png", PNG, "image/png")
        world.upload("wechat", "voice", "a.amr", b"#!AMR\n", "audio/amr")
        picture = world.received(Kind.PHOTO)[0].attachments[0]
        voice = world.received(Kind.VOICE)[0].attachments[0]
        assert world.with_channel("wechat", lambda c: c.fetch(picture, max_bytes=1000)).content == PNG
        with pytest.raises(MediaNotAllowed):
            world.with_channel("wechat", lambda c: c.fetch(voice, max_bytes=1000))
        with pytest.raises(WindowClosed):
            world.send("wechat", "您好")


def test_long_polling_takes_over_and_loses_nothing() -> None:
    inbox = MemoryInbox()
    with stand_ins(inbox, polling=False) as world:
        world.inbox.refuse = 1

        async def run() -> None:
            poller = TelegramPoller(
                world.config.telegram_token, inbox, api_url=f"{world.url}/telegram", wait=1, first_pause=0.01
            )
            task = asyncio.create_task(poller.run())
            await asyncio.to_thread(_chat, world)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

        asyncio.run(run())
        assert [inbound.text for inbound in inbox.stored if inbound.kind is Kind.TEXT] == ["一", "二", "三"]


def _chat(world: StandIns) -> None:
    world.fault(kind="duplicate", channel="telegram")
    for text in ("一", "二", "三"):
        world.person("telegram", "text", text=text)
    world.received(Kind.TEXT, 3)
    world.settled()
