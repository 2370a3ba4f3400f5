"""A newcomer's first minutes: `suda serve --prepare`, both phones and the console, in a real browser."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.conftest import missing
from tests.faults.dialogues import picture
from tests.product import Product, free_port, product

pytestmark = [pytest.mark.browser, pytest.mark.alone]

ANSWER_MS = 30_000
CLIPPED = """() => [...document.querySelectorAll('[data-role=text], [data-role=choice], button, a, h1, h2')]
  .filter(one => one.offsetParent && one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).overflow !== 'visible'
    && getComputedStyle(one).textOverflow !== 'ellipsis')
  .map(one => one.textContent.trim().slice(0, 30))"""
SIZES = pytest.mark.parametrize("size", [(1280, 800), (390, 844)], ids=["desktop", "phone"])
PICTURES = Path("test-results")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = os.environ.get("SUDA_TEST_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        missing("browser", "no Chromium: install one, or set SUDA_TEST_CHROMIUM")
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        running = playwright.chromium.launch(executable_path=path, args=arguments)
        yield running
        running.close()


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """The product as the README starts it: nothing configured, so the playground is on."""
    folder = tmp_path_factory.mktemp("first-run")
    with product(folder, free_port(), f"sqlite:///{folder}/suda.db", {}, arguments=("--prepare",)) as started:
        yield started


@pytest.fixture
def errors() -> list[str]:
    """What the browser's console complained about."""
    return []


def _open(context: BrowserContext, url: str, errors: list[str]) -> Page:
    page = context.new_page()
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda failure: errors.append(str(failure)))
    page.goto(url)
    return page


def _looks_right(page: Page, name: str) -> None:
    PICTURES.mkdir(exist_ok=True)
    page.screenshot(path=PICTURES / f"{name}.png")
    width = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert width[0] <= width[1], f"{name} scrolls sideways"
    assert page.evaluate(CLIPPED) == []


class Phone:
    """One of the two phones on the page."""

    def __init__(self, page: Page, name: str) -> None:
        self._page = page
        tab = page.locator(f"[data-role=tab][data-for={name}]")
        if tab.is_visible():
            tab.click()
        self.frame = page.locator(f"[data-phone={name}]")

    def say(self, text: str, answer: str | None) -> None:
        before = self.answers()
        self.frame.locator("[data-role=input]").fill(text)
        self.frame.locator("[data-role=send]").click()
        if answer is not None:
            self.hears(answer, after=before)

    def send_photo(self, path: Path, answer: str) -> None:
        before = self.answers()
        self.frame.locator("[data-role=photo-input]").set_input_files(path)
        self._page.locator("[data-role=upload-send]:visible").click()
        self.hears(answer, after=before)

    def answers(self) -> int:
        return self.frame.locator("[data-role=message][data-from=bot]").count()

    def hears(self, answer: str, *, after: int = 0) -> None:
        bubbles = self.frame.locator("[data-role=message][data-from=bot]")
        fresh = bubbles.filter(has_text=re.compile(answer))
        expect(bubbles.nth(after)).to_be_visible(timeout=ANSWER_MS)
        expect(fresh.last).to_be_visible(timeout=ANSWER_MS)


@SIZES
def test_both_phones_reach_a_case_and_a_person_takes_over(
    browser: Browser, running: Product, errors: list[str], size: tuple[int, int], tmp_path: Path
) -> None:
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, locale="zh-CN", timezone_id="Asia/Shanghai"
    )
    context.set_default_timeout(ANSWER_MS)
    photo = tmp_path / "order.png"
    photo.write_bytes(picture(str(size)))
    context.request.post(f"{running.url}/playground/api/reset")
    page = _open(context, running.url, errors)
    for name in ("telegram", "wechat"):
        phone = Phone(page, name)
        phone.say(f"电饭煲用了三天就不通电 客服还不理我 1299呢 {size[0]}", "订单号")
        phone.say("JD2026112000345" + str(size[0]), "照片|仍要提交|同一")
        phone.send_photo(photo, "收到")
        phone.say("发完了", "核对")
        phone.say("确认提交", r"TS\d{13}")
        phone.say("我的投诉进度", "诉求受理|哪一件|2 件")
        _looks_right(page, f"{name}-{size[0]}")
    telegram = Phone(page, "telegram")
    telegram.say("转人工", "第 ?\\d+ ?位")
    _agent_talks(context, running, errors, telegram, size)
    assert errors == []
    context.close()


def _agent_talks(
    context: BrowserContext, running: Product, errors: list[str], phone: Phone, size: tuple[int, int]
) -> None:
    """The agent signs in, takes the chat, talks, moves nothing but words, and hands back."""
    found = re.search(r"password: (\S+)", running.log.read_text())
    assert found is not None
    console = _open(context, f"{running.url}/console", errors)
    console.locator("[data-role=login]").fill("admin")
    console.locator("[data-role=password]").fill(found.group(1))
    console.locator("[data-role=sign-in]").click()
    console.locator("[data-role=queue-item]").first.click()
    console.locator("[data-role=take]").click()
    phone.hears("由我来跟进")
    console.locator("[data-role=reply-input]").fill(f"我是人工客服，{size[0]} 号照片收到了")
    console.locator("[data-role=reply-send]").click()
    phone.hears(f"{size[0]} 号照片收到了")
    before = phone.answers()
    phone.say("我的投诉进度", None)
    bubble = console.locator("[data-role=message][data-author=user]").filter(has_text="我的投诉进度").last
    expect(bubble).to_be_visible(timeout=ANSWER_MS)
    console.wait_for_timeout(1500)
    assert phone.answers() == before, "the bot spoke while an agent has the floor"
    _looks_right(console, f"console-{size[0]}")
    console.locator("[data-role=release]").click()
    phone.hears("人工|继续|还有", after=before)
    _looks_right(console, f"console-after-{size[0]}")
