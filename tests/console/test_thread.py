"""The thread of a conversation, and the lists beside it: order, kinds, states, pages, and never markup."""

from __future__ import annotations

from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from console import thread
from console.lists import workbench_lists
from conversations import handover
from conversations.tables import Agent
from tests.console.conftest import House
from tests.console.parts import MORNING, Console, SetClock, answered, file_of, person, said


def test_messages_stand_in_the_order_in_which_they_happened(console: Console) -> None:
    with console.database.write() as session:
        row = person(session)
        for minute in range(4):
            at = MORNING + timedelta(minutes=minute)
            said(session, row, f"问{minute}", at)
            answered(session, row, f"答{minute}", at)
        shown = thread.latest(session, row.id)
    assert [one.text for one in shown.bubbles] == ["问0", "答0", "问1", "答1", "问2", "答2", "问3", "答3"]
    assert shown.earlier is None


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 50])
def test_page_by_page_every_message_comes_once(console: Console, limit: int) -> None:
    with console.database.write() as session:
        row = person(session)
        for number in range(12):  # first he alone talks, then we alone, then by turns
            at = MORNING + timedelta(minutes=number)
            if number < 4 or (number > 8 and number % 2):
                said(session, row, str(number), at)
            else:
                answered(session, row, str(number), at)
        seen: list[str | None] = []
        cursor: str | None = None
        for _ in range(20):
            part = thread.latest(session, row.id, before=cursor, limit=limit)
            seen = [one.text for one in part.bubbles] + seen
            cursor = part.earlier
            if cursor is None:
                break
    assert seen == [str(number) for number in range(12)]


def test_a_cursor_that_is_none_is_refused(console: Console, lin: TestClient) -> None:
    with console.database.write() as session:
        row = person(session)
    answer = lin.get(f"/console/conversations/{row.id}/messages?before=1%20OR%201")
    assert answer.status_code == 422


def test_each_kind_of_message_says_what_it_is(console: Console, lin: TestClient) -> None:
    with console.database.write() as session:
        row = person(session)
        offered = answered(session, row, "哪一类？", MORNING, options=("质量", "物流"))
        said(session, row, None, MORNING, kind="choice", details={"choice": offered.choices[1].token})
        said(session, row, None, MORNING, kind="command", details={"argument": "status"})
        said(session, row, None, MORNING, kind="contact", details={"phone": "13800138000"})
        said(session, row, None, MORNING, kind="sticker")
        said(session, row, None, MORNING, kind="unsupported")
        said(session, row, "听写出来的话", MORNING, kind="voice")
        place = {"latitude": 31.2, "longitude": 121.4, "label": None}
        said(session, row, None, MORNING, kind="location", details={"place": place})
        said(session, row, None, MORNING, kind="event", details={"event": "subscribe"})
        said(session, row, None, MORNING, kind="event", details={"event": "menu", "argument": "query_status"})
        refused = said(session, row, None, MORNING, kind="document")
        file_of(session, refused, console.vault, b"", kind="document", state="refused", reason="archive")
        coming = said(session, row, None, MORNING, kind="photo", state="fetching")
        file_of(session, coming, console.vault, b"", state="pending")
    page = lin.get(f"/console/conversations/{row.id}").text
    for words in (
        "点选", "物流", "/status", "13800138000", "贴纸", "平台没有给出内容的消息", "语音识别", "听写出来的话",
        "31.20000, 121.40000", "关注了公众号", "点了菜单：查询进度", "压缩包", "正在接收", "文件接收中",
    ):  # fmt: skip
        assert words in page, words


def test_an_edit_stands_on_the_message_that_it_changed_with_the_old_words_beside(console: Console) -> None:
    with console.database.write() as session:
        row = person(session)
        first = said(session, row, "399元", MORNING, edited_text="599元")
        said(session, row, "599元", MORNING, kind="edit", details={"edits": first.message_id})
        said(session, row, "改了别处的话", MORNING, kind="edit", details={"edits": "unknown"})
        bubbles = thread.latest(session, row.id).bubbles
    assert [(one.text, one.old_text, one.label) for one in bubbles] == [
        ("599元", "399元", "已修改"),
        ("改了别处的话", None, "修改后的消息"),
    ]


@pytest.mark.parametrize(
    ("state", "code", "words"),
    [
        ("queued", None, "排队中"),
        ("sending", None, "发送中"),
        ("sent", None, "已发送"),
        ("held", "window", "已超过平台允许主动发送的时限"),
        ("held", "quota", "条数已用完"),
        ("held", "not_allowed", "不能主动发消息"),
        ("held", "blocked", "已屏蔽或取消关注"),
        ("failed", "40001", "平台的答复：40001"),
        ("superseded", None, "已作废"),
    ],
)
def test_each_state_of_what_we_say_is_shown_with_its_reason(
    console: Console, lin: TestClient, state: str, code: str | None, words: str
) -> None:
    with console.database.write() as session:
        row = person(session)
        answered(session, row, "您好", MORNING, state=state, code=code)
    page = lin.get(f"/console/conversations/{row.id}").text
    assert words in page
    assert f'data-state="{state}"' in page


def test_what_a_person_writes_is_never_markup(console: Console, lin: TestClient) -> None:
    evil = "<script>alert(1)</script><img src=x onerror=alert(1)> **粗** [链](javascript:alert(1))"
    with console.database.write() as session:
        row = person(session, name=evil)
        message = said(session, row, evil, MORNING, kind="document", edited_text=evil + "2")
        file_of(session, message, console.vault, b"", name=evil, state="refused", reason="archive")
        handover.request_person(session, row.id, "asked", MORNING)
    for path in (f"/console/conversations/{row.id}", "/console/lists", "/console/workbench"):
        page = lin.get(path).text
        assert "<script>alert" not in page
        assert "<img src=x" not in page
    assert "&lt;script&gt;alert(1)" in lin.get(f"/console/conversations/{row.id}").text


def test_nothing_new_is_answered_with_304(console: Console, lin: TestClient) -> None:
    with console.database.write() as session:
        row = person(session)
        said(session, row, "你好", MORNING)
    path = f"/console/conversations/{row.id}/messages"
    tag = lin.get(path).headers["etag"]
    assert lin.get(path, headers={"If-None-Match": tag}).status_code == 304
    with console.database.write() as session:
        said(session, session.merge(row), "在吗", MORNING)
    assert lin.get(path, headers={"If-None-Match": tag}).status_code == 200


def test_the_lists_hold_each_conversation_once_and_emergencies_in_front(
    console: Console, house: House, clock: SetClock
) -> None:
    with console.database.write() as session:
        agent, other = session.get(Agent, house.lin), session.get(Agent, house.chen)
        assert agent is not None
        assert other is not None
        first, second, burning, mine, theirs, bots = (person(session, name) for name in "甲乙丙丁戊己")
        for minutes, row, reason in ((9, first, "asked"), (5, second, "asked"), (1, burning, "emergency")):
            handover.request_person(session, row.id, reason, MORNING - timedelta(minutes=minutes))
        handover.take_floor(session, mine.id, agent, MORNING)
        handover.take_floor(session, theirs.id, other, MORNING)
        said(session, mine, "在吗？我的电话13800138000", MORNING + timedelta(seconds=1))
        lists = workbench_lists(session, agent)
    assert [one.name for one in lists.queue] == ["丙", "甲", "乙"]
    assert [one.name for one in lists.mine] == ["丁"]
    assert {one.name for one in lists.recent} == {"戊", "己"}
    assert lists.mine[0].unanswered
    assert lists.mine[0].preview == "在吗？我的电话138****8000"
    assert bots.id in {one.id for one in lists.recent}


def test_an_empty_house_says_what_to_do(lin: TestClient) -> None:
    page = lin.get("/console/workbench").text
    for words in ("没有人在等", "您还没有接待中的会话", "没有别的会话"):
        assert words in page
    assert "没有符合条件的案件" in lin.get("/console/cases").text
