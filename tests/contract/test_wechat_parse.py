"""Captured messages and events of Official Accounts and what they become."""

from __future__ import annotations

import contextlib
from datetime import datetime, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels.message import Attachment, Inbound, Kind, MediaKind, Place
from channels.wechat.parse import MalformedMessage, parse_message
from channels.wechat.xml import MalformedXml, read_fields
from tests.contract.platforms import PAYLOADS, payload

NAMES = sorted(path.stem for path in (PAYLOADS / "wechat").glob("*.xml"))
IGNORED = {"event_location", "event_templatesendjobfinish"}
MEDIA_ID = "r8mTz0rNfJv3PqWkLhYd2eXsUc7BoA5iGnQx1Vt"


def parsed(name: str) -> Inbound:
    inbound = parse_message(read_fields(payload("wechat", name)))
    assert inbound is not None
    return inbound


@pytest.mark.parametrize("name", NAMES)
def test_everything_but_reports_is_somebodys(name: str) -> None:
    inbound = parse_message(read_fields(payload("wechat", name)))
    assert (inbound is None) == (name in IGNORED)
    if inbound is not None:
        assert (inbound.channel, inbound.contact) == ("wechat", "oSuda0dYk3xY7VbQpLm9RtUwZ1aE")
        assert inbound.external_id
        assert len(inbound.external_id) <= 160


KINDS = {
    "text": Kind.TEXT,
    "text_sticker": Kind.STICKER,
    "text_slash": Kind.TEXT,
    "text_emoji": Kind.TEXT,
    "text_markup": Kind.TEXT,
    "text_4000": Kind.TEXT,
    "text_menu_click": Kind.TEXT,
    "image": Kind.PHOTO,
    "voice": Kind.VOICE,
    "video": Kind.VIDEO,
    "shortvideo": Kind.VIDEO,
    "location": Kind.LOCATION,
    "link": Kind.LINK,
    "file": Kind.DOCUMENT,
    "miniprogrampage": Kind.UNSUPPORTED,
}


@pytest.mark.parametrize(("name", "kind"), KINDS.items(), ids=KINDS)
def test_each_kind_is_told(name: str, kind: Kind) -> None:
    assert parsed(name).kind is kind


def test_a_text_keeps_its_number_and_its_time() -> None:
    inbound = parsed("text")
    assert inbound.external_id == inbound.message_id == "24903854118449414"
    assert inbound.sent_at == datetime.fromtimestamp(1763887207, timezone.utc)
    assert inbound.text == "快递三天没动静了，客服也不回"


def test_text_is_taken_as_it_was_typed() -> None:
    assert parsed("text_markup").text == '<b>价格</b> & "运费" <!DOCTYPE html>'
    assert parsed("text_slash").text == "/restart"
    assert len(parsed("text_4000").text or "") == 4000


def test_a_picture_has_an_id_and_an_address() -> None:
    assert parsed("image").attachments == (
        Attachment(MediaKind.IMAGE, MEDIA_ID, "http://mmbiz.qpic.cn/mmbiz_jpg/abc/0", mime_type="image/jpeg"),
    )


def test_a_voice_brings_the_words_that_wechat_recognised() -> None:
    assert parsed("voice").text is None
    assert parsed("voice_recognised").text == "我要投诉外卖送错了"
    assert parsed("voice").attachments == (Attachment(MediaKind.AUDIO, MEDIA_ID, mime_type="audio/amr"),)


def test_a_file_has_a_name_and_a_size_but_nothing_to_fetch_it_by() -> None:
    assert parsed("file").attachments == (
        Attachment(MediaKind.DOCUMENT, "filekey:BAAAAAAAAACJHA0y", file_name="合同.pdf", size=230895),
    )


def test_a_place_has_degrees_and_a_label() -> None:
    assert parsed("location").place == Place(23.134521, 113.358803, "广州市海珠区客村艺苑路12号")


def test_a_link_keeps_its_words_and_its_address() -> None:
    assert parsed("link").text == "商品页\n新款电饭煲\nhttps://item.example.com/1?a=1&b=2"


@pytest.mark.parametrize(
    ("name", "event", "argument"),
    [
        ("event_subscribe", "subscribe", None),
        ("event_subscribe_scan", "subscribe", "store_7"),
        ("event_unsubscribe", "blocked", None),
        ("event_scan", "scan", "store_7"),
        ("event_click", "menu", "query_status"),
        ("event_scancode_waitmsg", "menu", "file_complaint"),
        ("event_view", "view", "https://www.example.com/privacy"),
    ],
)
def test_an_event_has_a_name_and_its_argument(name: str, event: str, argument: str | None) -> None:
    inbound = parsed(name)
    assert (inbound.kind, inbound.event, inbound.argument) == (Kind.EVENT, event, argument)
    assert inbound.message_id is None


def test_an_event_is_known_by_who_when_and_what() -> None:
    fields = read_fields(payload("wechat", "event_click"))

    def name_of(**changes: str) -> str:
        inbound = parse_message({**fields, **changes})
        assert inbound is not None
        return inbound.external_id

    original = name_of()
    assert original == name_of()
    others = [name_of(CreateTime="1763887999"), name_of(FromUserName="oOther"), name_of(EventKey="help")]
    assert len({original, *others}) == 4


def test_messages_of_one_second_are_ordered_by_their_number() -> None:
    fields = read_fields(payload("wechat", "text"))
    orders = []
    for created, number in (
        ("1763887207", "24903854118449414"),
        ("1763887207", "24903854118449999"),
        ("1763887208", "7"),
    ):
        inbound = parse_message({**fields, "CreateTime": created, "MsgId": number})
        assert inbound is not None
        orders.append(inbound.order)
    assert orders == sorted(orders)
    assert max(orders) < 2**63


BROKEN: dict[str, dict[str, str | None]] = {
    "no type": {"MsgType": None},
    "no sender": {"FromUserName": None},
    "no receiver": {"ToUserName": None},
    "no time": {"CreateTime": None},
    "a time that is none": {"CreateTime": "yesterday"},
    "a time beyond time": {"CreateTime": "99999999999999999999"},
    "no number": {"MsgId": None},
    "a number that is none": {"MsgId": "x"},
    "an endless number": {"MsgId": "9" * 30},
    "no content": {"Content": None},
    "an endless sender": {"FromUserName": "o" * 200},
}


@pytest.mark.parametrize("change", BROKEN.values(), ids=BROKEN)
def test_a_broken_message_is_malformed(change: dict[str, str | None]) -> None:
    fields: dict[str, Any] = {**read_fields(payload("wechat", "text")), **change}
    with pytest.raises(MalformedMessage):
        parse_message({name: value for name, value in fields.items() if value is not None})


@pytest.mark.parametrize("degrees", ["north", "nan", "inf", "91"])
def test_a_place_that_is_none_is_malformed(degrees: str) -> None:
    with pytest.raises(MalformedMessage):
        parse_message({**read_fields(payload("wechat", "location")), "Location_X": degrees})


@settings(max_examples=200, deadline=None)
@given(name=st.sampled_from(NAMES), data=st.data(), value=st.text(max_size=20))
def test_whatever_stands_in_a_field_a_value_or_a_typed_error_comes_out(
    name: str, data: st.DataObject, value: str
) -> None:
    fields = read_fields(payload("wechat", name))
    field = data.draw(st.sampled_from(sorted(fields)))
    with contextlib.suppress(MalformedMessage):
        parse_message({**fields, field: value})


# XML

LAUGHS = (
    '<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;">]>'
    "<xml><Content>&lol2;</Content></xml>"
)


@pytest.mark.parametrize(
    "document",
    [
        LAUGHS,
        '<!DOCTYPE x SYSTEM "file://elsewhere/secret"><xml/>',
        '<!DOCTYPE x [<!ENTITY e SYSTEM "file://elsewhere/secret">]><xml><Content>&e;</Content></xml>',
        "<xml><A>1</A><A>2</A></xml>",
        "<html><A>1</A></html>",
        "<xml>" + "<a>" * 100 + "</a>" * 100 + "</xml>",
        "<xml>" + "".join(f"<a{n}>1</a{n}>" for n in range(1000)) + "</xml>",
        "<xml><A>1</A>",
        "plain",
        "",
        "<xml>&unknown;</xml>",
        "<xml><A>\x01</A></xml>",
        "<xml><A>\ud800</A></xml>",
    ],
    ids=lambda document: document[:30],
)
def test_xml_that_wechat_would_not_send_is_malformed(document: str) -> None:
    with pytest.raises(MalformedXml):
        read_fields(document)


def test_elements_inside_elements_are_read_by_their_path() -> None:
    fields = read_fields(payload("wechat", "event_scancode_waitmsg"))
    assert fields["ScanCodeInfo.ScanType"] == "qrcode"
    assert fields["EventKey"] == "file_complaint"
