"""The page with the two phones, in a real browser, before recorded answers."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, ViewportSize, expect, sync_playwright

from tests.conftest import missing
from tests.simulator.recorded_phones import PIXEL, RecordedPhones

pytestmark = pytest.mark.browser

DESKTOP: ViewportSize = {"width": 1280, "height": 800}
TELEPHONE: ViewportSize = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def context() -> Iterator[BrowserContext]:
    """One for all tests, so that files are fetched once; what a page keeps, it keeps for its own tab."""
    path = os.environ.get("SUDA_TEST_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        if path is None and not Path(playwright.chromium.executable_path).exists():
            missing("browser", "no Chromium: install one, or set SUDA_TEST_CHROMIUM")
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        browser = playwright.chromium.launch(executable_path=path, args=arguments)
        yield browser.new_context(reduced_motion="reduce", locale="zh-CN")
        browser.close()


@pytest.fixture(scope="module")
def served() -> Iterator[RecordedPhones]:
    with RecordedPhones().serving() as phones:
        yield phones


@pytest.fixture
def phones(served: RecordedPhones) -> RecordedPhones:
    served.forget()
    return served


@pytest.fixture
def page(context: BrowserContext, phones: RecordedPhones, request: pytest.FixtureRequest) -> Iterator[Page]:
    """The page, open and connected; a complaint in the browser's console fails the test."""
    page = context.new_page()
    page.set_viewport_size(getattr(request, "param", DESKTOP))
    page.set_default_timeout(10_000)
    complaints: list[str] = []
    page.on(
        "console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    with page.expect_response(re.compile("/wechat/messages")):
        page.goto(phones.url)
    yield page
    page.close()
    # The browser itself reports every answer of 503; a test that causes them expects them.
    assert [one for one in complaints if "status of 503" not in one and "ERR_INCOMPLETE" not in one] == []


def phone(page: Page, channel: str) -> Locator:
    return page.locator(f"[data-phone={channel}]")


def part(phone: Locator, role: str) -> Locator:
    return phone.locator(f"[data-role={role}]")


def words(phone: Locator, sender: str) -> Locator:
    return phone.locator(f"[data-role=message][data-from={sender}] [data-role=text]")


@pytest.mark.parametrize("channel", ["telegram", "wechat"])
def test_enter_sends_shift_enter_breaks_the_line_and_the_message_shows_once(
    page: Page, phones: RecordedPhones, channel: str
) -> None:
    one = phone(page, channel)
    part(one, "input").fill("手机黑屏")
    part(one, "input").press("Shift+Enter")
    part(one, "input").press_sequentially("三天了")
    part(one, "input").press("Enter")
    expect(one.locator("[data-role=message][data-state=delivered]")).to_have_count(1)
    expect(words(one, "user")).to_have_text("手机黑屏\n三天了", use_inner_text=True)
    expect(part(one, "input")).to_have_value("")
    assert phones.said(channel, "text") == [{"text": "手机黑屏\n三天了"}]


def test_an_inline_button_is_pressed_once_and_all_of_them_are_dead_afterwards(
    page: Page, phones: RecordedPhones
) -> None:
    telegram = phone(page, "telegram")
    rows = [[{"label": "商品质量", "id": "a"}, {"label": "物流配送", "id": "b"}]]
    message = phones.say("telegram", "哪一类？", buttons=rows)
    part(telegram, "choice").get_by_text("物流配送").click()
    for choice in part(telegram, "choice").all():
        expect(choice).to_be_disabled()
    assert phones.said("telegram", "press") == [{"message_id": message["id"], "button_id": "b"}]


def test_wechat_choices_are_text_to_be_answered_by_typing(page: Page, phones: RecordedPhones) -> None:
    phones.say("wechat", "哪一类？\n1. 商品质量\n2. 物流配送")
    wechat = phone(page, "wechat")
    expect(words(wechat, "bot")).to_have_text("哪一类？\n1. 商品质量\n2. 物流配送", use_inner_text=True)
    expect(part(wechat, "choice")).to_have_count(0)
    part(wechat, "menu").get_by_text("我的投诉进度").click()
    expect(part(wechat, "menu").get_by_text("我的投诉进度")).to_be_enabled()
    assert phones.said("wechat", "menu") == [{"key": "query_status"}]


def test_photos_are_looked_at_then_sent_together_and_open_large(page: Page, phones: RecordedPhones) -> None:
    telegram = phone(page, "telegram")
    pictures = [{"name": f"{name}.png", "mimeType": "image/png", "buffer": PIXEL} for name in "ab"]
    part(telegram, "photo-input").set_input_files(pictures)  # type: ignore[arg-type]
    part(telegram, "caption").fill("屏幕裂了")
    assert phones.calls == []
    part(telegram, "upload-send").click()
    photos = telegram.locator("[data-role=message][data-kind=photo][data-state=delivered]")
    expect(photos).to_have_count(2)
    assert phones.said("telegram", "upload") == [
        {"kind": "photo", "caption": "屏幕裂了", "recognition": "", "names": ["a.png", "b.png"]}
    ]
    part(photos.first, "file").click()
    expect(page.locator("[data-role=viewer]")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("[data-role=viewer]")).to_be_hidden()


def test_a_wechat_voice_message_carries_what_the_recognition_would_say(
    page: Page, phones: RecordedPhones
) -> None:
    wechat = phone(page, "wechat")
    voice = {"name": "v.amr", "mimeType": "audio/amr", "buffer": b"#!AMR\n"}
    part(wechat, "voice-input").set_input_files(voice)  # type: ignore[arg-type]
    part(wechat, "recognition").fill("手机又黑屏了")
    part(wechat, "upload-send").click()
    expect(wechat.locator("[data-kind=voice][data-state=delivered]")).to_have_count(1)
    assert [upload["recognition"] for upload in phones.said("wechat", "upload")] == ["手机又黑屏了"]


def test_words_that_did_not_go_out_stay_over_a_reload_and_can_be_sent_again(
    page: Page, phones: RecordedPhones
) -> None:
    telegram = phone(page, "telegram")
    phones.refusing = True
    part(telegram, "input").fill("别把我的话弄丢")
    part(telegram, "input").press("Enter")
    expect(part(telegram, "retry")).to_be_visible()
    part(telegram, "input").fill("还没写完")
    page.reload()
    expect(words(telegram, "user")).to_have_text("别把我的话弄丢")
    expect(part(telegram, "input")).to_have_value("还没写完")
    phones.refusing = False
    part(telegram, "retry").click()
    expect(telegram.locator("[data-role=message][data-state=delivered]")).to_have_count(1)
    expect(words(telegram, "user")).to_have_count(1)
    assert phones.said("telegram", "text") == [{"text": "别把我的话弄丢"}]


def test_a_lost_connection_is_told_and_nothing_said_meanwhile_is_missed(
    page: Page, phones: RecordedPhones
) -> None:
    telegram = phone(page, "telegram")
    phones.say("telegram", "断线之前")
    expect(words(telegram, "bot")).to_have_count(1)
    phones.go_down()
    expect(part(telegram, "offline")).to_be_visible()
    phones.say("telegram", "断线之间")
    phones.up = True
    expect(words(telegram, "bot")).to_have_text(["断线之前", "断线之间"])
    expect(part(telegram, "offline")).to_be_hidden()


def test_a_reader_further_up_is_left_there_and_told_of_new_messages(
    page: Page, phones: RecordedPhones
) -> None:
    wechat = phone(page, "wechat")
    for number in range(12):
        phones.say("wechat", f"第 {number} 句\n有\n三行")
    expect(words(wechat, "bot").last).to_be_in_viewport()
    part(wechat, "messages").evaluate("scroller => scroller.scrollTo(0, 0)")
    expect(part(wechat, "messages")).to_have_js_property("scrollTop", 0)
    phones.typing("wechat", True)
    expect(part(wechat, "typing")).to_be_visible()
    phones.say("wechat", "新的一句")
    expect(part(wechat, "new-messages")).to_be_visible()
    expect(part(wechat, "typing")).to_be_hidden()
    expect(words(wechat, "bot").first).to_be_in_viewport()
    part(wechat, "new-messages").click()
    expect(words(wechat, "bot").last).to_be_in_viewport()
    expect(part(wechat, "new-messages")).to_be_hidden()


def test_ones_own_telegram_message_can_be_changed_and_the_number_shared(
    page: Page, phones: RecordedPhones
) -> None:
    telegram = phone(page, "telegram")
    part(telegram, "input").fill("订单号 123")
    part(telegram, "send").click()
    expect(telegram.locator("[data-state=delivered]")).to_have_count(1)
    words(telegram, "user").dblclick()
    part(telegram, "input").fill("订单号 456")
    part(telegram, "input").press("Enter")
    expect(words(telegram, "user")).to_have_text("订单号 456")
    assert [edit["text"] for edit in phones.said("telegram", "edit")] == ["订单号 456"]
    expect(part(telegram, "share-phone")).to_be_hidden()
    phones.say("telegram", "方便留个手机号吗？", request_phone=True)
    part(telegram, "share-phone").click()
    part(telegram, "phone-number").fill("138 0013 8000")
    part(telegram, "phone-send").click()
    expect(part(telegram, "phone-number")).to_be_hidden()
    assert phones.said("telegram", "share-phone") == [{"phone": "13800138000"}]


def test_an_example_fills_the_box_and_sends_nothing(page: Page, phones: RecordedPhones) -> None:
    part(phone(page, "wechat"), "input").click()
    example = page.locator("[data-role=example]").first
    example.click()
    expect(part(phone(page, "wechat"), "input")).to_have_value(example.inner_text())
    assert phones.calls == []


def test_clearing_asks_once_and_empties_both_phones(page: Page, phones: RecordedPhones) -> None:
    phones.say("telegram", "一")
    phones.say("wechat", "二")
    messages = page.locator("[data-role=message]")
    expect(messages).to_have_count(2)
    page.locator("[data-role=reset]").click()
    page.keyboard.press("Escape")
    expect(messages).to_have_count(2)
    page.locator("[data-role=reset]").click()
    page.locator("[data-role=reset-confirm]").click()
    expect(messages).to_have_count(0)
    assert phones.said("", "reset") == [{}]


@pytest.mark.parametrize("page", [DESKTOP, TELEPHONE], indirect=True, ids=["desktop", "telephone"])
def test_nothing_is_wider_than_the_window_and_both_phones_can_be_reached(
    page: Page, phones: RecordedPhones
) -> None:
    long = "https://example.com/" + "a" * 120 + "\n" + "退款说好三天到账。" * 40
    rows = [[{"label": "一个写得很长很长的选项，要占两行才放得下", "id": "a"}, {"label": "短", "id": "b"}]]
    for channel in ("telegram", "wechat"):
        phones.say(channel, long, buttons=rows if channel == "telegram" else [])
        tab = page.locator(f"[data-role=tab][data-for={channel}]")
        if tab.is_visible():
            tab.click()
        one = phone(page, channel)
        expect(part(one, "input")).to_be_in_viewport(ratio=1)
        expect(words(one, "bot")).to_be_visible()
        sideways = "element => element.scrollWidth > element.clientWidth"
        assert not part(one, "messages").evaluate(sideways)
        assert not page.locator("html").evaluate(sideways)
        for choice in part(one, "choice").all():
            assert not choice.evaluate("element => element.scrollHeight > element.clientHeight + 1")
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")
