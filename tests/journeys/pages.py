"""The product's pages in a real Chromium: opening them, watching for complaints, measuring what is clipped."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, Request, Route, ViewportSize, expect, sync_playwright

from tests.conftest import missing

PICTURES = Path(__file__).resolve().parents[2] / "test-results" / "journeys"
SECONDS = 20_000
"""How long the product may take for an answer, in Playwright's milliseconds."""

_CLIPPED = """
() => {
  const found = [];
  for (const element of document.querySelectorAll("body *")) {
    const style = getComputedStyle(element);
    if (element.closest("[hidden], dialog:not([open])") || style.visibility === "hidden") continue;
    const box = element.getBoundingClientRect();
    if (box.width < 2 || box.height < 2 || style.display === "inline") continue;
    const holdsText = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
    const shortens = style.textOverflow === "ellipsis" || style.webkitLineClamp !== "none";
    const scrolls = ["auto", "scroll"].includes(style.overflowX);
    if (holdsText && !shortens && !scrolls && element.scrollWidth > element.clientWidth + 1)
      found.push(`${element.tagName}.${element.className}: ${element.textContent.trim().slice(0, 40)}`);
    if (scrolls && element.dataset.role !== "examples" && element.scrollWidth > element.clientWidth + 1)
      found.push(`scrolls sideways: ${element.tagName}.${element.className}`);
  }
  const page = document.documentElement;
  if (page.scrollWidth > page.clientWidth) found.push(`the page is ${page.scrollWidth} px wide`);
  return found;
}
"""


@contextmanager
def chromium() -> Iterator[Browser]:
    """A Chromium; skips (or fails, where a browser is required) if there is none."""
    path = os.environ.get("SUDA_TEST_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        if path is None and not Path(playwright.chromium.executable_path).exists():
            missing("browser", "no Chromium: install one, or set SUDA_TEST_CHROMIUM")
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        browser = playwright.chromium.launch(executable_path=path, args=arguments)
        yield browser
        browser.close()


@dataclass
class Window:
    """One tab. `complaints`: what the browser's console said in anger."""

    page: Page
    name: str
    complaints: list[str]

    @classmethod
    def open(cls, browser: Browser, size: ViewportSize, name: str, contacts: dict[str, str]) -> Window:
        """A tab of its own session; `contacts`: whose phones the playground shows, by channel."""
        context = browser.new_context(
            viewport=size, reduced_motion="reduce", locale="zh-CN", timezone_id="Asia/Shanghai"
        )
        context.set_default_timeout(SECONDS)
        context.route(re.compile("/playground/api/(telegram|wechat)/"), _as_contacts(contacts))
        page = context.new_page()
        window = cls(page, name, [])
        page.on("console", lambda said: window._heard(said.type, said.text))
        page.on("pageerror", lambda error: window.complaints.append(str(error)))
        page.on("requestfailed", lambda request: window._failed(request))
        return window

    def looks_right(self, moment: str) -> None:
        """Take a picture, and fail for anything clipped, any sideways scrolling, any complaint."""
        PICTURES.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=PICTURES / f"{self.name}-{moment}.png")
        clipped = self.page.evaluate(_CLIPPED)
        assert not clipped, f"{self.name} {moment}: {clipped}"
        assert not self.complaints, f"{self.name} {moment}: {self.complaints}"

    def close(self) -> None:
        """Close the tab and its session."""
        self.page.context.close()

    def _heard(self, kind: str, text: str) -> None:
        if kind in ("error", "warning"):
            self.complaints.append(text)

    def _failed(self, request: Request) -> None:
        if request.failure and "ERR_ABORTED" not in request.failure:  # a stream that the page itself ended
            self.complaints.append(f"{request.url}: {request.failure}")


def _as_contacts(contacts: dict[str, str]) -> Callable[[Route], None]:
    """The page shows the playground's own two phones; the query names other ones."""

    def handle(route: Route) -> None:
        url = route.request.url
        channel = "telegram" if "/api/telegram/" in url else "wechat"
        route.continue_(url=f"{url}{'&' if '?' in url else '?'}contact={contacts[channel]}")

    return handle


@dataclass
class PhonePage:
    """One of the two phones on the page."""

    page: Page
    channel: str

    def __post_init__(self) -> None:
        self.root = self.page.locator(f"[data-phone={self.channel}]")

    def show(self) -> None:
        """Bring it to the front where only one fits."""
        tab = self.page.locator(f"[data-role=tab][data-for={self.channel}]")
        if tab.is_visible():
            tab.click()

    def part(self, role: str) -> Locator:
        return self.root.locator(f"[data-role={role}]")

    def type(self, text: str) -> None:
        """Write and send."""
        self.part("input").fill(text)
        self.part("input").press("Enter")

    def choose(self, label: str) -> None:
        """Take a choice: the button on Telegram, its words on WeChat."""
        if self.channel == "telegram":
            button = self.part("choice").filter(has_text=re.compile(f"^{label}$")).last
            button.scroll_into_view_if_needed()
            button.click()
        else:
            self.type(label)

    def send_photo(self, name: str, content: bytes) -> None:
        self.part("photo-input").set_input_files({"name": name, "mimeType": "image/png", "buffer": content})
        self.part("upload-send").click()

    def bot(self) -> Locator:
        """Everything that the other side said."""
        return self.root.locator("[data-role=message][data-from=bot] [data-role=text]")

    def expect(self, words: str) -> str:
        """Wait until the latest message of the other side holds the words; returns all of it."""
        last = self.bot().last
        expect(last).to_contain_text(re.compile(words, re.DOTALL), timeout=SECONDS)
        return last.inner_text()
