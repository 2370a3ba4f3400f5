"""The console in a real browser: keys, live updates between two agents, a case moved, a telephone's width."""

from __future__ import annotations

import os
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, Route, ViewportSize, expect, sync_playwright

from conversations.clock import utc_now
from conversations.database import Database
from conversations.tables import Conversation
from conversations.wakeups import WEB
from tests.conftest import missing
from tests.console.parts import PASSWORD, Console, make_console, said
from tests.console.seed import Morning, seed

# In milliseconds: a busy machine that runs two tests at once may need more than the usual five seconds.
expect.set_options(timeout=15_000)

pytestmark = pytest.mark.browser

DESKTOP: ViewportSize = {"width": 1280, "height": 800}
TELEPHONE: ViewportSize = {"width": 390, "height": 844}


@dataclass
class Served:
    """The console, served."""

    url: str
    console: Console
    morning: Morning


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = os.environ.get("SUDA_TEST_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        if path is None and not Path(playwright.chromium.executable_path).exists():
            missing("browser", "no Chromium: install one, or set SUDA_TEST_CHROMIUM")
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        opened = playwright.chromium.launch(executable_path=path, args=arguments)
        yield opened
        opened.close()


@pytest.fixture
def served(sqlite_url: str, tmp_path: Path) -> Iterator[Served]:
    database = Database(sqlite_url)
    console = make_console(database, tmp_path, utc_now)
    morning = seed(console, utc_now())
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(console.app, log_config=None, ws="none", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    while not server.started and thread.is_alive():
        time.sleep(0.01)
    yield Served(f"http://127.0.0.1:{listening.getsockname()[1]}/console", console, morning)
    server.should_exit = True
    thread.join(10)
    console.wakeups.close()
    database.dispose()


class Desk:
    """A signed-in browser window that collects what its page complains about."""

    def __init__(self, browser: Browser, served: Served, login: str, size: ViewportSize = DESKTOP) -> None:
        self.complaints: list[str] = []
        self.context = browser.new_context(viewport=size, locale="zh-CN", reduced_motion="reduce")
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(15_000)
        self.page.on(
            "console",
            lambda said: self.complaints.append(said.text) if said.type in ("error", "warning") else None,
        )
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.url = served.url
        self.page.goto(f"{self.url}/sign-in")
        self.page.fill("[data-role=login]", login)
        self.page.fill("[data-role=password]", PASSWORD)
        self.page.click("[data-role=sign-in]")
        expect(self.page.locator("[data-live]")).to_have_attribute("data-state", "open", timeout=15_000)

    def open(self, path: str) -> Page:
        self.page.goto(f"{self.url}/{path}")
        expect(self.page.locator("[data-live]")).to_have_attribute("data-state", "open", timeout=15_000)
        return self.page


@pytest.fixture
def desks(browser: Browser, served: Served) -> Iterator[list[Desk]]:
    opened: list[Desk] = []
    yield opened
    complaints = [complaint for desk in opened for complaint in desk.complaints]
    for desk in opened:
        desk.context.close()
    assert complaints == []


def test_with_keys_alone_an_agent_takes_answers_and_hands_back_while_a_colleague_looks_on(
    browser: Browser, served: Served, desks: list[Desk]
) -> None:
    desks += [Desk(browser, served, "lin"), Desk(browser, served, "chen")]
    page, other = desks[0].page, desks[1].open(f"conversations/{served.morning.waiting}")
    page.keyboard.press("?")
    expect(page.locator("#help")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("n")  # the emergency first
    expect(page.locator(".talk-head time.waiting")).to_be_visible()
    page.click(f"[data-role=queue-item][data-conversation='{served.morning.waiting}']")
    expect(page.locator(".talk h1")).to_have_text("宋知予")
    page.keyboard.press("t")
    expect(page.locator("[data-role=reply-input]")).to_be_focused()
    expect(other.locator(".talk-head .tag.other")).to_have_text("林若溪在接待")
    page.keyboard.type("您好，我在看物流记录。")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("请稍等。")
    page.keyboard.press("Enter")
    said_by_agent = "[data-role=message][data-author=agent][data-state=queued]"
    for window in (page, other):
        expect(window.locator(said_by_agent)).to_have_count(1)
        expect(window.locator(said_by_agent)).to_contain_text("您好，我在看物流记录。\n请稍等。")
    expect(page.locator("[data-role=reply-input]")).to_have_value("")
    page.keyboard.press("Escape")
    page.keyboard.press("h")
    expect(page.locator("[data-role=release]")).to_be_visible()
    page.keyboard.press("h")
    expect(page.locator("[data-role=take]")).to_be_visible()
    expect(page.locator("[data-role=message][data-author=event]").last).to_contain_text("交还给机器人")


def test_one_can_write_at_once_though_the_news_of_taking_comes_before_its_answer(
    browser: Browser, served: Served, desks: list[Desk]
) -> None:
    desks.append(Desk(browser, served, "lin"))
    page = desks[0].open(f"conversations/{served.morning.waiting}")

    def answer_late(route: Route) -> None:
        answer = route.fetch()
        expect(page.locator("[data-role=reply-input]")).to_be_visible()
        route.fulfill(response=answer)

    page.route("**/take", answer_late)
    page.keyboard.press("t")
    expect(page.locator("[data-role=reply-input]")).to_be_focused()
    page.unroute("**/take")


def test_a_message_of_the_person_appears_without_losing_what_is_being_typed(
    browser: Browser, served: Served, desks: list[Desk]
) -> None:
    desks.append(Desk(browser, served, "lin"))
    page = desks[0].open(f"conversations/{served.morning.talking}")
    page.fill("[data-role=reply-input]", "我正在写")
    with served.console.database.write() as session:
        row = session.get(Conversation, served.morning.talking)
        assert row is not None
        said(session, row, "还在吗？", utc_now())
    served.console.wakeups.notify(WEB)
    expect(page.locator("[data-role=message][data-author=user]").last).to_contain_text("还在吗？")
    expect(page.locator("[data-role=reply-input]")).to_have_value("我正在写")
    expect(page.locator("[data-role=reply-input]")).to_be_focused()
    page.fill("[data-role=reply-input]", "")


def test_pictures_open_in_full_and_players_play(browser: Browser, served: Served, desks: list[Desk]) -> None:
    desks.append(Desk(browser, served, "lin"))
    page = desks[0].open(f"conversations/{served.morning.talking}")
    page.locator(".bubbles [data-picture]").first.click()
    expect(page.locator("#viewer img")).to_have_js_property("complete", True)
    page.wait_for_function("document.querySelector('#viewer img').naturalWidth > 0")
    page.keyboard.press("ArrowRight")
    expect(page.locator("[data-viewer-name]")).to_contain_text("2/3")
    page.keyboard.press("Escape")
    seconds = page.evaluate(
        "async () => { const a = document.querySelector('.bubbles audio'); a.preload = 'auto'; a.load();"
        " await new Promise((ok, no) => { a.onloadedmetadata = ok; a.onerror = no; }); return a.duration; }"
    )
    assert seconds == pytest.approx(1.0, abs=0.1)


def test_a_case_is_moved_with_words_for_the_person_and_noted_without(
    browser: Browser, served: Served, desks: list[Desk]
) -> None:
    desks.append(Desk(browser, served, "lin"))
    page = desks[0].open(f"cases/{served.morning.case}")
    page.click("[data-role=move][data-stage=proposing]")
    expect(page.locator("#move-wrong")).to_contain_text("请写明核实到的情况")
    expect(page.locator("[data-role=move-note]")).to_be_focused()
    page.fill("[data-role=move-note]", "检测报告显示涂层不合格。")
    page.click("[data-role=move][data-stage=proposing]")
    expect(page.locator("[data-role=case-stage]")).to_have_text("方案制定")
    page.fill("[data-role=note-text]", "走财务快速通道")
    page.click("[data-role=note-save]")
    expect(page.locator(".timeline .internal").first).to_contain_text("走财务快速通道")
    page.click("text=打开会话")
    expect(page.locator("[data-role=message][data-author=notice]").last).to_contain_text("涂层不合格")
    expect(page.locator(".bubbles")).not_to_contain_text("走财务")
    # The browser itself reports the refused move of the first step.
    desks[0].complaints[:] = [one for one in desks[0].complaints if "409" not in one]


@pytest.mark.parametrize("size", [DESKTOP, TELEPHONE], ids=["desktop", "telephone"])
def test_nothing_is_wider_than_the_window(
    browser: Browser, served: Served, desks: list[Desk], size: ViewportSize
) -> None:
    desks.append(Desk(browser, served, "lin", size))
    for path in (
        "workbench",
        f"conversations/{served.morning.talking}",
        f"conversations/{served.morning.waiting}",
        f"conversations/{served.morning.broken}",
        "cases",
        f"cases/{served.morning.case}",
        "account",
    ):
        page = desks[0].open(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], path
        cut_off = page.evaluate(
            "[...document.querySelectorAll('button, h1, h2, .tag, .stage')].filter(one => one.offsetParent &&"
            " getComputedStyle(one).textOverflow !== 'ellipsis' && one.scrollWidth > one.clientWidth + 1)"
            ".map(one => one.textContent.trim())"
        )
        assert cut_off == [], path


def test_on_a_telephone_one_goes_from_the_list_to_the_talk_to_the_facts_and_back(
    browser: Browser, served: Served, desks: list[Desk]
) -> None:
    desks.append(Desk(browser, served, "lin", TELEPHONE))
    page = desks[0].page
    page.click(f"[data-conversation='{served.morning.talking}']")
    expect(page.locator("[data-role=reply-input]")).to_be_visible()
    expect(page.locator("#lists")).to_be_hidden()
    page.click("text=资料")
    expect(page.locator(".side")).to_contain_text(served.morning.case)
    page.click("text=回到会话")
    page.click("[aria-label=返回会话列表]")
    expect(page.locator("#lists")).to_be_visible()
