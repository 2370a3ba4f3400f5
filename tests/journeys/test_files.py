"""Photos, files and voices before, during and after: kept by content, attached once, refused with a reason."""

from __future__ import annotations

import hashlib
import io
import re
import subprocess
import time
import zipfile
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from tests.conftest import missing
from tests.journeys.complaints import ASKS_EVIDENCE, ASKS_ORDER, LEAK, LEAK_WITH_ORDER, READ_BACK, file_case
from tests.journeys.conftest import House
from tests.journeys.person import Person, verify_dialog
from tests.journeys.said import File, Send, Tap, photo, picture

pytestmark = [pytest.mark.alone, pytest.mark.trained]


SECONDS_BETWEEN_PICTURES = 0.9
"""What is tested: somebody sends them one after the other, nine within ten seconds."""


def _zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("订单.txt", "订单号 1" * 200)
    return out.getvalue()


def _voice(seed: int) -> File:
    """An AMR voice message of four frames (3GPP TS 26.101: mode 7 has 32 bytes a frame)."""
    return File("voice.amr", "audio/amr", b"#!AMR\n" + (b"\x3c" + bytes([seed]) * 31) * 4)


def test_photos_before_during_and_after_all_belong_to_the_case(house: House, person: Person) -> None:
    before, during, late = (photo(f"{when} {person.contact}") for when in ("before", "during", "late"))
    verify_dialog(
        person,
        [
            (before, "收到 1 个文件.*发生了什么"),
            (LEAK, ASKS_ORDER),
            (during, f"现在共 2 个.*({ASKS_ORDER})"),
            ("202505178823456", READ_BACK),
            (Tap("确认提交"), r"TS\d{13}.*2 份"),
            (late, r"收到 1 个文件，已经加进投诉 TS\d{13}"),
        ],
    )
    (case,) = person.cases()
    assert len(case.evidence) == 3
    assert len({one.sha256 for one in case.evidence}) == 3
    assert [media.state for media in person.media()] == ["stored"] * 3
    for one in case.evidence:
        path = next((house.product.data / "evidence").rglob(one.sha256))
        assert hashlib.sha256(path.read_bytes()).hexdigest() == one.sha256
    if person.channel == "wechat":
        sent = [hashlib.sha256(send.files[0].body).hexdigest() for send in (before, during, late)]
        assert [one.sha256 for one in case.evidence] == sent


def test_pictures_sent_together_are_answered_together(person: Person) -> None:
    verify_dialog(person, [(LEAK_WITH_ORDER, ASKS_EVIDENCE)])
    pictures = tuple(picture(f"{person.contact}-{number}") for number in range(3))
    verify_dialog(person, [(Send("photo", pictures), "收到 3 个文件"), (Tap("发完了"), "④ 证据：3 个文件")])
    assert person.outbound()[-1].text.count("证据") == 1


def test_the_same_file_twice_is_one(person: Person) -> None:
    same = Send("photo", (picture("same" + person.contact),))
    verify_dialog(
        person,
        [
            (LEAK_WITH_ORDER, ASKS_EVIDENCE),
            (same, "收到 1 个文件"),
            (same, "已经收到过"),
            (Tap("发完了"), "④ 证据：1 个文件"),
        ],
    )
    assert len(person.evidence()) == 1


_whole = picture("truncated", "jpg").body
REFUSED = {
    "archive": (File("证据.png", "image/png", _zip()), "压缩包收不了"),
    "gone": (File("空.png", "image/png", b""), "可能是空的"),
    "damaged": (File("一半.jpg", "image/jpeg", _whole[: len(_whole) // 2]), "不完整或已损坏"),
    "program": (File("发票.pdf", "application/pdf", b"MZ\x90\x00" + bytes(600)), "程序和脚本收不了"),
}


def test_refused_files_are_told_why_and_the_chat_goes_on(person: Person) -> None:
    verify_dialog(person, [(LEAK_WITH_ORDER, ASKS_EVIDENCE)])
    kind = "file" if person.channel == "telegram" else "photo"
    answer = person.say(Send(kind, tuple(file for file, _ in REFUSED.values())))
    for _, words in REFUSED.values():
        assert words in answer
    assert re.search(ASKS_EVIDENCE, answer), "the question stands"
    verify_dialog(
        person, [(photo(f"good {person.contact}"), "收到 1 个文件"), (Tap("发完了"), "④ 证据：1 个文件")]
    )
    *refused, good = person.media()
    assert [media.reason for media in refused] == list(REFUSED)
    assert {media.state for media in refused} == {"refused", "gone"}
    assert good.state == "stored"
    assert len(person.evidence()) == 1


def test_a_file_over_telegrams_limit_is_told_what_to_do(telegram: Person) -> None:
    big = File("录像.mp4", "video/mp4", b"\x00\x00\x00\x18ftypmp42" + bytes(20 * 1024 * 1024))
    verify_dialog(telegram, [(LEAK_WITH_ORDER, ASKS_EVIDENCE), (Send("video", (big,)), "太大了.*压缩")])
    (media,) = telegram.media()
    assert (media.state, media.reason) == ("refused", "too_large")


def test_a_wechat_voice_is_kept_and_its_recognised_words_count(wechat: Person) -> None:
    verify_dialog(
        wechat,
        [
            ("我要投诉", "哪一类"),
            (Send("voice", (_voice(1),), recognition=LEAK), f"收到 1 个文件.*({ASKS_ORDER})"),
        ],
    )
    (media,) = wechat.media()
    assert media.content_type == "audio/amr"
    assert "洗衣机" in wechat.drafts()[0].facts["description"]
    assert len(wechat.evidence()) == 1


def test_a_voice_without_words_is_kept_and_words_are_asked_for(person: Person) -> None:
    verify_dialog(person, [("我要投诉", "哪一类"), (Tap("商品质量"), "发生了什么|怎么发生")])
    verify_dialog(person, [(Send("voice", (_voice(2),)), "用文字说一下")])
    assert [media.state for media in person.media()] == ["stored"]


def test_words_under_a_telegram_photo_tell_the_story(telegram: Person) -> None:
    verify_dialog(
        telegram, [("我要投诉", "哪一类"), (photo("story", LEAK), f"收到 1 个文件.*({ASKS_ORDER})")]
    )
    assert "洗衣机" in telegram.drafts()[0].facts["description"]


def test_a_wechat_file_that_cannot_be_fetched_is_told_so(wechat: Person) -> None:
    paper = File("合同.pdf", "application/pdf", b"%PDF-1.4\n")
    verify_dialog(wechat, [(LEAK_WITH_ORDER, ASKS_EVIDENCE), (Send("file", (paper,)), "收不了.*照片或截图")])


def test_a_photo_after_the_case_is_open_is_in_its_timeline(person: Person) -> None:
    number = file_case(person)
    verify_dialog(person, [(photo("later" + person.contact), f"加进投诉 {number}")])
    (case,) = person.cases()
    assert "evidence" in [entry.what for entry in case.timeline]


def test_evidence_lies_nowhere_but_under_its_hash(house: House, person: Person) -> None:
    verify_dialog(person, [(photo("../../etc/" + person.contact), "收到 1 个文件")])
    names = [path.name for path in (house.product.data / "evidence").rglob("*") if path.is_file()]
    assert all(len(Path(name).stem) == 64 for name in names)


def _order_page(lines: list[str]) -> File:
    """A screenshot of a shop's order page, with these lines on it."""
    wanted = ["fc-match", "-f", "%{file}", "Noto Sans CJK SC"]
    found = subprocess.run(wanted, capture_output=True, text=True, check=False).stdout
    if "CJK" not in found:
        missing("fonts", "no font with Chinese characters (fonts-noto-cjk)")
    font = ImageFont.truetype(found, 30)
    image = Image.new("RGB", (720, 1280), "white")
    draw = ImageDraw.Draw(image)
    for row, line in enumerate(lines):
        draw.text((40, 60 + row * 90), line, fill="black", font=font)
    out = io.BytesIO()
    image.save(out, "PNG")
    return File("order.png", "image/png", out.getvalue())


def test_a_screenshot_of_the_order_is_read_and_proposed(person: Person) -> None:
    number = "2025050388" + person.contact[-5:]
    page = [
        "待收货",
        "华星数码旗舰店 >",
        "星河X5 手机",
        "实付款 ¥1,299.00",
        f"订单编号 {number}",
        "下单时间 2026-11-20 12:30:11",
    ]
    read = f"从图上认出：订单号 {number}，商家 华星数码旗舰店，金额 1299 元.*截图上认出来的，请核对"
    verify_dialog(
        person,
        [
            (LEAK, ASKS_ORDER),
            (Send("photo", (_order_page(page),)), f"收到 1 个文件.*{read}"),
            ("金额不对，是 399", "改好了：金额 399 元.*⑥ 涉及金额：399 元\n"),
            (Tap("确认提交"), r"TS\d{13}"),
        ],
    )
    (case,) = person.cases()
    assert (case.order_no, case.merchant, case.amount_fen) == (number, "华星数码旗舰店", 39_900)


def test_nine_pictures_within_ten_seconds_bring_at_most_two_answers(person: Person) -> None:
    verify_dialog(person, [(LEAK_WITH_ORDER, ASKS_EVIDENCE)])
    before = len([m for m in person.shown() if m["from"] == "bot"])
    for number in range(9):
        person.act(Send("photo", (picture(f"{person.contact} {number}"),)))
        time.sleep(SECONDS_BETWEEN_PICTURES)
    _expect_nine(person, before, answers=2)


def test_nine_pictures_chosen_together_bring_one_answer(telegram: Person) -> None:
    verify_dialog(telegram, [(LEAK_WITH_ORDER, ASKS_EVIDENCE)])
    before = len([m for m in telegram.shown() if m["from"] == "bot"])
    telegram.act(Send("photo", tuple(picture(f"{telegram.contact} {number}") for number in range(9))))
    _expect_nine(telegram, before, answers=1)


def _expect_nine(person: Person, before: int, *, answers: int) -> None:
    assert "现在共 9 个" in person.read()
    assert len([m for m in person.shown() if m["from"] == "bot"]) - before <= answers
    assert len(person.evidence()) == 9
    person.check_rows()
