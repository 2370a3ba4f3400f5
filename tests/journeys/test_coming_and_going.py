"""Floods, and people who block, leave and come back."""

from __future__ import annotations

import time

import pytest

from tests.journeys.complaints import LEAK
from tests.journeys.person import Person, verify_dialog
from tests.journeys.said import Do
from tests.product import wait_for

pytestmark = [pytest.mark.alone, pytest.mark.trained]


def _next_second() -> None:
    now = int(time.time())
    wait_for("the next second", lambda: int(time.time()) > now, 2, every=0.01)


def test_a_flood_of_thirty_messages_is_stored_whole_said_once_and_answered_together(person: Person) -> None:
    person.act(LEAK)
    for number in range(29):
        person.act(f"第{number}次打电话没人接")
    person.read()
    person.check_rows()
    # WeChat does not push one person's messages in order: they count in the order in which they were written.
    rows = sorted(person.inbound(), key=lambda row: row.order)
    assert [row.text for row in rows[1:]] == [f"第{number}次打电话没人接" for number in range(29)]
    assert sum("消息来得有点快" in row.text for row in person.outbound()) == 1
    assert len(person.outbound()) < 60, "not each one is answered by itself"
    assert len(person.drafts()) == 1
    told = person.drafts()[0].facts["description"]
    assert all(f"第{number}次打电话" in told for number in (0, 14, 28))


def test_a_block_is_marked_and_the_return_is_served(telegram: Person) -> None:
    verify_dialog(telegram, [("你好", "诉达"), (Do("block"), "")])
    assert telegram.conversation().contact.blocked_at is not None
    verify_dialog(telegram, [(Do("unblock"), "")])
    assert telegram.conversation().contact.blocked_at is None
    verify_dialog(telegram, [("/start", "诉达")])
    assert telegram.conversation().contact.blocked_at is None


def test_who_follows_is_greeted_who_leaves_is_let_go_and_who_returns_is_greeted_again(wechat: Person) -> None:
    verify_dialog(wechat, [(Do("subscribe"), "投诉助手诉达.*1. 我要投诉"), (Do("unsubscribe"), "")])
    assert wechat.conversation().contact.blocked_at is not None
    _next_second()  # WeChat tells events apart by person and second: the same one again within it is a retry
    verify_dialog(wechat, [(Do("subscribe"), "投诉助手诉达")])
    assert wechat.conversation().contact.blocked_at is None
    events = [row.details["event"] for row in wechat.inbound()]
    assert events == ["subscribe", "blocked", "subscribe"]


def test_a_scanned_code_greets_a_new_follower(wechat: Person) -> None:
    verify_dialog(wechat, [(Do("scan", {"scene": "shop-17"}), "诉达")])


def test_a_menu_click_begins_the_intake(wechat: Person) -> None:
    verify_dialog(wechat, [(Do("menu", {"key": "file_complaint"}), "哪一类|下面哪一类"), ("1", "发生|经过")])
    assert wechat.drafts()[0].facts["complaint_type"] == "product_quality"
