"""The first run in a browser: two phones, a photo, a case number, and an agent who takes over at the console."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, ViewportSize, expect
from sqlalchemy import select

from cases.tables import Case
from conversations.database import Database
from conversations.tables import Contact, Conversation, InboundMessage
from server import training
from tests.journeys.complaints import TOLD_ALL
from tests.journeys.pages import SECONDS, PhonePage, Window, chromium
from tests.journeys.said import order_page
from tests.product import Product, free_port, product, trained_model

pytestmark = [pytest.mark.browser, pytest.mark.alone, pytest.mark.trained]

SIZES: dict[str, ViewportSize] = {
    "desktop": {"width": 1280, "height": 800},
    "telephone": {"width": 390, "height": 844},
}


@dataclass
class Demo:
    """What a first run shows: the product with its playground, and the password that it printed once."""

    product: Product
    database: Database
    password: str

    def case_of(self, contact: str) -> Case:
        with self.database.read() as session:
            case = session.scalars(select(Case).join(Contact).where(Contact.external_id == contact)).one()
            _ = case.evidence, case.timeline
            return case

    def conversation_of(self, contact: str) -> Conversation:
        with self.database.read() as session:
            return session.scalars(
                select(Conversation).join(Contact).where(Contact.external_id == contact)
            ).one()

    def handled_by_floor(self, contact: str) -> int:
        """How many of a person's messages no turn of the bot answered."""
        conversation_id = self.conversation_of(contact).id
        with self.database.read() as session:
            return len(
                session.scalars(
                    select(InboundMessage.id).where(
                        InboundMessage.conversation_id == conversation_id,
                        InboundMessage.handled_by == "floor",
                    )
                ).all()
            )


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """`suda serve --prepare` with nothing configured, as a newcomer starts it."""
    folder = tmp_path_factory.mktemp("first-run")
    models = folder / "models"
    models.mkdir()
    (models / f"{training.model_name()}.tar.gz").symlink_to(trained_model())
    url = f"sqlite:///{folder}/suda.db"
    settings = {"SUDA_MODEL_DIR": str(models)}
    with product(folder, free_port(), url, settings, arguments=("--prepare",)) as running:
        told = re.search(r"First account: admin  password: (\S+)", running.log.read_text())
        assert told, "the first run prints the administrator's password"
        database = Database(url)
        yield Demo(running, database, told.group(1))
        database.dispose()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.mark.parametrize("size", list(SIZES))
def test_both_phones_reach_a_case_and_an_agent_takes_over_and_hands_back(
    demo: Demo, browser: Browser, size: str
) -> None:
    contacts = {"telegram": f"70010020{len(size)}", "wechat": f"oSuda_PlaygroundPhone_{size}"}
    phones = Window.open(browser, SIZES[size], f"phones-{size}", contacts)
    desk = Window.open(browser, SIZES[size], f"console-{size}", contacts)
    try:
        phones.page.goto(demo.product.url)
        numbers = {
            "telegram": _complain_on_telegram(phones, demo, contacts["telegram"]),
            "wechat": _complain_on_wechat(phones, demo, contacts["wechat"]),
        }
        _sign_in(desk, demo)
        for channel, number in numbers.items():
            phone = PhonePage(phones.page, channel)
            phone.show()
            _ask_for_a_person(phones, phone, number)
            _take_over_and_hand_back(phones, phone, desk, demo, contacts[channel])
            _move_the_case(phones, phone, desk, demo, number, contacts[channel])
    finally:
        phones.close()
        desk.close()


def _complain_on_telegram(phones: Window, demo: Demo, contact: str) -> str:
    phone = PhonePage(phones.page, "telegram")
    phone.show()
    phones.looks_right("0-empty")
    phone.type(TOLD_ALL)
    phone.expect("照片、视频|照片、截图")
    phones.looks_right("1-telegram-asked")
    phone.send_photo("订单截图.png", order_page(contact))
    phone.expect("还有吗|接着发")
    phone.choose("发完了")
    phone.expect("请您核对.*④ 证据：1 个文件")
    phones.looks_right("2-telegram-read-back")
    phone.choose("确认提交")
    phone.expect(r"TS\d{13}")
    phones.looks_right("3-telegram-number")
    return _number_with_photo(phone, demo, contact)


def _complain_on_wechat(phones: Window, demo: Demo, contact: str) -> str:
    phone = PhonePage(phones.page, "wechat")
    phone.show()
    phone.root.locator("[data-role=menu][data-key=file_complaint]").click()
    phone.expect("3. 物流配送")
    phones.looks_right("4-wechat-types")
    phone.type("3")
    phone.expect("发生了什么|怎么发生")
    phone.type("3号下的单，说5号送到，到现在物流还停在南京中转站一动不动")
    phone.expect("订单号")
    phone.type("YT8812340099123")
    phone.expect("照片、视频|照片、截图")
    phone.send_photo("物流截图.png", order_page(contact))
    phone.expect("还有吗|接着发")
    phone.type("1")
    phone.expect("请您核对.*④ 证据：1 个文件")
    phones.looks_right("5-wechat-read-back")
    phone.type("1")
    phone.expect(r"TS\d{13}")
    phones.looks_right("6-wechat-number")
    return _number_with_photo(phone, demo, contact)


def _number_with_photo(phone: PhonePage, demo: Demo, contact: str) -> str:
    number = re.search(r"TS\d{13}", phone.expect(r"TS\d{13}"))
    assert number
    case = demo.case_of(contact)
    assert case.number == number.group()
    assert [evidence.content_type for evidence in case.evidence] == ["image/png"]
    return case.number


def _ask_for_a_person(phones: Window, phone: PhonePage, number: str) -> None:
    phone.type("我的投诉进度")
    phone.expect(f"{number}.*诉求受理")
    phones.looks_right(f"7-{phone.channel}-status")
    phone.type("转人工")
    phone.expect("已经为您转人工")


def _sign_in(desk: Window, demo: Demo) -> None:
    page = desk.page
    page.goto(f"{demo.product.url}/console")
    desk.looks_right("0-sign-in")
    page.locator("[data-role=login]").fill("admin")
    page.locator("[data-role=password]").fill(demo.password)
    page.locator("[data-role=sign-in]").click()
    expect(page.locator("#list-queue")).to_be_visible()
    desk.looks_right("1-signed-in")


def _take_over_and_hand_back(
    phones: Window, phone: PhonePage, desk: Window, demo: Demo, contact: str
) -> None:
    page, channel = desk.page, phone.channel
    page.goto(f"{demo.product.url}/console")
    conversation = demo.conversation_of(contact).id
    page.locator(f"[data-role=queue-item][data-conversation='{conversation}']").click()
    expect(page.locator("[data-role=message][data-author=user]").last).to_contain_text("转人工")
    desk.looks_right(f"2-{channel}-waits")
    page.locator("[data-role=take]").click()
    phone.expect("我是客服小诉")
    assert demo.conversation_of(contact).floor == "agent"

    said = phone.bot().count()
    phone.type("你好，什么时候能退款？")
    expect(page.locator("[data-role=message][data-author=user]").last).to_contain_text("什么时候能退款")
    phone.type("我的投诉进度")
    expect(page.locator("[data-role=message][data-author=user]").last).to_contain_text("我的投诉进度")
    page.locator("[data-role=reply-input]").fill("您好，已经联系商家，\n今天 18:00 前给您答复。")
    page.locator("[data-role=reply-send]").click()
    phone.expect("今天 18:00 前给您答复")
    assert phone.bot().count() == said + 1, "the bot is silent while a person talks"
    assert demo.handled_by_floor(contact) == 2
    sent = page.locator("[data-role=message][data-author=agent][data-state=sent]")
    expect(sent.last).to_contain_text("给您答复", timeout=SECONDS)
    expect(sent.last).to_be_in_viewport()
    desk.looks_right(f"3-{channel}-talks")
    phones.looks_right(f"8-{channel}-person")

    page.locator("[data-role=release]").click()
    phone.expect("接下来由我陪着您")
    assert demo.conversation_of(contact).floor == "bot"
    expect(page.locator("[data-role=take]")).to_be_visible()
    expect(page.locator("[data-role=reply-input]")).to_have_count(0)
    desk.looks_right(f"4-{channel}-handed-back")


def _move_the_case(
    phones: Window, phone: PhonePage, desk: Window, demo: Demo, number: str, contact: str
) -> None:
    page = desk.page
    page.goto(f"{demo.product.url}/console/cases")
    desk.looks_right(f"5-{phone.channel}-cases")
    page.goto(f"{demo.product.url}/console/cases/{number}")
    desk.looks_right(f"6-{phone.channel}-case")
    page.locator("[data-role=move-note]").fill("已联系仓库核实，商品确有质量问题。")
    page.locator("[data-role=move][data-stage=verifying]").click()
    expect(page.locator("[data-role=case-stage]")).to_have_attribute("data-stage", "verifying")
    phone.expect(f"{number}.*已联系仓库核实")
    desk.looks_right(f"7-{phone.channel}-moved")
    phones.looks_right(f"9-{phone.channel}-told")
    case = demo.case_of(contact)
    assert case.stage == "verifying"
    assert case.timeline[-1].note is not None
