"""Captured updates of the Bot API and what they become."""

from __future__ import annotations

import copy
import json
from datetime import datetime, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels.message import Attachment, Inbound, Kind, MediaKind, Place
from channels.telegram.parse import MalformedUpdate, parse_update, pressed_button
from tests.contract.platforms import PAYLOADS, telegram_update

NAMES = sorted(path.stem for path in (PAYLOADS / "telegram").glob("*.json"))
IGNORED = {"channel_post", "group_press", "group_text", "live_location_moved"}


def parsed(name: str) -> Inbound:
    inbound = parse_update(telegram_update(name))
    assert inbound is not None
    return inbound


@pytest.mark.parametrize("name", NAMES)
def test_every_private_update_is_somebodys_and_has_its_number(name: str) -> None:
    update = telegram_update(name)
    inbound = parse_update(update)
    if name in IGNORED:
        assert inbound is None
        return
    assert inbound is not None
    assert (inbound.channel, inbound.contact) == ("telegram", "6021735489")
    assert (inbound.external_id, inbound.order) == (str(update["update_id"]), update["update_id"])
    assert inbound.display_name == "小雨 陈"


KINDS = {
    "text": Kind.TEXT,
    "text_with_entities": Kind.TEXT,
    "reply": Kind.TEXT,
    "forward": Kind.TEXT,
    "photo": Kind.PHOTO,
    "album_1": Kind.PHOTO,
    "voice": Kind.VOICE,
    "audio": Kind.AUDIO,
    "video": Kind.VIDEO,
    "video_note": Kind.VIDEO,
    "animation": Kind.VIDEO,
    "document": Kind.DOCUMENT,
    "contact": Kind.CONTACT,
    "location": Kind.LOCATION,
    "venue": Kind.LOCATION,
    "sticker": Kind.STICKER,
    "command_human": Kind.COMMAND,
    "slash_text": Kind.TEXT,
    "slash_chinese": Kind.TEXT,
    "edited_text": Kind.EDIT,
    "callback_query": Kind.CHOICE,
    "callback_query_old_message": Kind.CHOICE,
    "blocked": Kind.EVENT,
    "dice": Kind.UNSUPPORTED,
    "poll": Kind.UNSUPPORTED,
    "story": Kind.UNSUPPORTED,
    "emoji_only": Kind.TEXT,
    "control_characters": Kind.TEXT,
    "nothing_visible": Kind.UNSUPPORTED,
    "text_4000": Kind.TEXT,
}


@pytest.mark.parametrize(("name", "kind"), KINDS.items(), ids=KINDS)
def test_each_kind_is_told(name: str, kind: Kind) -> None:
    assert parsed(name).kind is kind


def test_a_text_keeps_its_number_and_its_time() -> None:
    inbound = parsed("text")
    assert inbound.message_id == "41"
    assert inbound.sent_at == datetime.fromtimestamp(1763887241, timezone.utc)


def test_of_a_photo_the_largest_size_is_taken() -> None:
    (picture,) = parsed("photo").attachments
    assert picture == Attachment(
        MediaKind.IMAGE, "AgACAgUAAxkBAAMpaSA1y", mime_type="image/jpeg", size=152077
    )
    assert parsed("photo").text == "屏幕是这样的"


def test_a_size_that_no_bot_may_fetch_is_passed_over() -> None:
    (picture,) = parsed("photo_too_large").attachments
    assert picture.reference == "AgACAgUAAxkBAAMpaSA1m"


def test_an_album_is_known_by_its_id() -> None:
    assert parsed("album_1").album_id == parsed("album_2").album_id == "14098765432101234"


AUDIO, VIDEO, DOCUMENT = MediaKind.AUDIO, MediaKind.VIDEO, MediaKind.DOCUMENT
FILES = {
    "voice": Attachment(AUDIO, "AwACAgUAAxkBAAMq", None, None, "audio/ogg", 28411, 7),
    "audio": Attachment(AUDIO, "CQACAgUAAxkBAAMr", None, "通话录音.m4a", "audio/mp4", 1023441, 63),
    "video": Attachment(VIDEO, "BAACAgUAAxkBAAMs", None, "VID_0007.mp4", "video/mp4", 4192044, 12),
    "video_note": Attachment(VIDEO, "DQACAgUAAxkBAAMt", None, None, "video/mp4", 601223, 5),
    "animation": Attachment(VIDEO, "CgACAgUAAxkBAAMu", None, "animation.gif.mp4", "video/mp4", 90211, 3),
    "document": Attachment(DOCUMENT, "BQACAgUAAxkBAAMv", None, "发票.pdf", "application/pdf", 88123),
    "document_too_large": Attachment(
        DOCUMENT, "BQACAgUAAxkBAAMw", None, "监控.zip", "application/zip", 52428800
    ),
}


@pytest.mark.parametrize(("name", "attachment"), FILES.items(), ids=FILES)
def test_a_file_keeps_its_reference_and_what_telegram_says_of_it(name: str, attachment: Attachment) -> None:
    assert parsed(name).attachments == (attachment,)


def test_a_shared_number_comes_with_the_contact() -> None:
    inbound = parsed("contact")
    assert (inbound.phone, inbound.text) == ("+8613800138000", "小雨 陈")


def test_places_have_degrees_and_a_venues_name() -> None:
    assert parsed("location").place == Place(31.230416, 121.473701)
    assert parsed("venue").place == Place(31.234, 121.48, "南京东路旗舰店 南京东路 300 号")


@pytest.mark.parametrize(
    ("name", "command"), [("command_start_with_argument", "start"), ("command_human", "human")]
)
def test_a_command_is_known_by_its_name_alone(name: str, command: str) -> None:
    inbound = parsed(name)
    assert (inbound.kind, inbound.argument) == (Kind.COMMAND, command)


def test_what_only_looks_like_a_command_is_text() -> None:
    assert parsed("slash_text").text == '/confirm{"case_id":"1"}'
    assert parsed("slash_chinese").text == "/投诉"


def test_an_edit_names_the_message_that_it_changes() -> None:
    text, caption = parsed("edited_text"), parsed("edited_caption")
    assert (text.edits, text.text) == ("41", "我在你们店里买的手机，用了五天就黑屏了")
    assert (caption.kind, caption.edits, caption.text) == (Kind.EDIT, "45", "屏幕全黑")
    assert text.sent_at == datetime.fromtimestamp(1763887300, timezone.utc)


def test_a_pressed_button_brings_its_token_and_is_dated_by_its_arrival() -> None:
    arrived = datetime(2025, 11, 23, 8, tzinfo=timezone.utc)
    update = telegram_update("callback_query")
    inbound = parse_update(update, received_at=arrived)
    assert inbound is not None
    assert (inbound.choice, inbound.sent_at) == ("Zm9vYmFyYmF6cXV4MTIzNDU2", arrived)
    assert pressed_button(update) == "2586315470918273645"


def test_blocking_and_coming_back_are_events() -> None:
    assert parsed("blocked").event == "blocked"
    assert parsed("unblocked").event == "unblocked"


def test_controls_and_halves_of_surrogates_are_dropped() -> None:
    assert parsed("control_characters").text == "坏了[31m\n第二行"


def test_four_thousand_characters_stay_whole() -> None:
    assert len(parsed("text_4000").text or "") == 4000


BROKEN: dict[str, Any] = {
    "no number": lambda u: u.pop("update_id"),
    "a number that is none": lambda u: u.update(update_id="7"),
    "a truth as a number": lambda u: u.update(update_id=True),
    "a number no database holds": lambda u: u.update(update_id=2**70),
    "a message that is none": lambda u: u.update(message=[1]),
    "no chat": lambda u: u["message"].pop("chat"),
    "no date": lambda u: u["message"].pop("date"),
    "no message number": lambda u: u["message"].pop("message_id"),
    "a message number that is none": lambda u: u["message"].update(message_id="x"),
    "a chat without a number": lambda u: u["message"]["chat"].update(id="me"),
    "a text that is none": lambda u: u["message"].update(text={"a": 1}),
    "a date beyond time": lambda u: u["message"].update(date=10**18),
}


@pytest.mark.parametrize("break_it", BROKEN.values(), ids=BROKEN)
def test_a_broken_update_is_malformed(break_it: Any) -> None:
    update = telegram_update("text")
    break_it(update)
    with pytest.raises(MalformedUpdate):
        parse_update(update)


VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False),
    st.text(max_size=8),
    st.just([]),
    st.just({}),
)


def _paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(deeper for key, inner in items for deeper in _paths(inner, (*path, key)))]


@settings(max_examples=300, deadline=None)
@given(data=st.data(), name=st.sampled_from(NAMES), value=VALUES)
def test_whatever_stands_in_a_field_nothing_but_a_clean_value_or_a_typed_error_comes_out(
    data: st.DataObject, name: str, value: Any
) -> None:
    update = copy.deepcopy(telegram_update(name))
    path = data.draw(st.sampled_from([path for path in _paths(update) if path]))
    target = update
    for key in path[:-1]:
        target = target[key]
    target[path[-1]] = value
    try:
        inbound = parse_update(update)
    except MalformedUpdate:
        return
    if inbound is not None:
        words = [inbound.text, inbound.phone, inbound.choice, inbound.album_id, inbound.argument]
        words += [a.reference for a in inbound.attachments] + [a.file_name for a in inbound.attachments]
        assert all(word is None or isinstance(word, str) for word in words)
        assert "\x00" not in json.dumps(words)
        assert inbound.contact.lstrip("-").isdecimal()
