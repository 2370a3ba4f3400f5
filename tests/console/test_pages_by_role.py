"""Every page and every act, for every role: allowed or refused, and never without a token or a trace."""

from __future__ import annotations

import re

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from console.security import CSRF_HEADER
from conversations.tables import AuditEntry, Conversation
from tests.console.conftest import House
from tests.console.parts import MORNING, Console, SetClock, browser_of, person, staff
from tests.console.seed import Morning, seed

ROLES = ("agent", "supervisor", "auditor", "admin")
PAGES = (
    "/console/workbench",
    "/console/conversations/{talking}",
    "/console/conversations/{talking}/panes",
    "/console/conversations/{talking}/messages",
    "/console/conversations/{talking}/beside",
    "/console/lists",
    "/console/cases",
    "/console/cases/{case}",
    "/console/account",
    "/console/media/1/thumbnail",
    "/console/evidence/1/original",
)
ACTS = (
    ("/console/conversations/{with_bot}/take", {}),
    ("/console/cases/{case}/note", {"text": "看过了"}),
    ("/console/cases/{case}/call", {"text": "已通话"}),
    ("/console/cases/{case}/move", {"to": "proposing", "note": "已核实"}),
    ("/console/conversations/{with_bot}/typing", {}),
)


@pytest.fixture
def morning(console: Console) -> Morning:
    return seed(console, MORNING)


@pytest.fixture
def people(console: Console, morning: Morning) -> House:
    """The seed's own people: it has one of each role but the administrator."""
    with console.database.write() as session:
        admin = staff(session, "root", "管理员", "admin").id
    return House(lin=1, chen=2, boss=3, auditor=4, admin=admin)


def named(path: str, morning: Morning) -> str:
    return path.format(**vars(morning))


def test_every_role_may_look_at_every_page(console: Console, morning: Morning, people: House) -> None:
    for role in ROLES:
        browser = browser_of(console, people.of_role(role))
        for path in PAGES:
            answer = browser.get(named(path, morning))
            assert answer.status_code == 200, (role, path, answer.text[:200])
            assert "default-src" in answer.headers["content-security-policy"]
            assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("role", ROLES)
def test_all_but_the_auditor_may_act(console: Console, morning: Morning, people: House, role: str) -> None:
    browser = browser_of(console, people.of_role(role))
    for path, form in ACTS:
        answer = browser.post(named(path, morning), data=form, headers={"X-Requested-With": "fetch"})
        if role == "auditor":
            assert answer.status_code == 403, path
            assert "只能查看" in answer.json()["message"]
        else:
            assert answer.status_code in (200, 204), (path, answer.text)


def test_the_auditor_sees_no_buttons_that_he_may_not_press(
    console: Console, morning: Morning, people: House
) -> None:
    browser = browser_of(console, people.auditor)
    pages = (
        browser.get(f"/console/conversations/{morning.waiting}").text
        + browser.get(f"/console/cases/{morning.case}").text
    )
    for role in ("take", "reply-input", "move", "note-save", "assign", "retry"):
        assert f'data-role="{role}"' not in pages


def test_strangers_are_sent_to_the_door_and_scripts_are_told(console: Console, morning: Morning) -> None:
    stranger = TestClient(console.app, follow_redirects=False)
    for path in (*PAGES, "/console/events"):
        answer = stranger.get(named(path, morning))
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/console/sign-in?next=%2Fconsole%2F")
        assert stranger.get(named(path, morning), headers={"X-Requested-With": "fetch"}).status_code == 401
    for path, form in ACTS:
        assert stranger.post(named(path, morning), data=form).status_code == 401


def test_no_unsafe_request_is_obeyed_without_the_sessions_token(
    console: Console, morning: Morning, people: House
) -> None:
    browser, other = browser_of(console, people.lin), browser_of(console, people.lin)
    for token in ("", "0" * 64, other.headers[CSRF_HEADER]):
        browser.headers[CSRF_HEADER] = token
        for path, form in (*ACTS, ("/console/account/duty", {"on": "false"}), ("/console/sign-out", {})):
            answer = browser.post(named(path, morning), data=form)
            assert answer.status_code == 403, path
            assert "页面已过期" in answer.text


def test_the_token_may_come_in_the_form_as_well(console: Console, morning: Morning, people: House) -> None:
    browser = browser_of(console, people.lin)
    token = browser.headers.pop(CSRF_HEADER)
    answer = browser.post(f"/console/conversations/{morning.with_bot}/take", data={"csrf": token})
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/console/conversations/{morning.with_bot}"


def test_every_look_leaves_a_trace_of_ids_only(console: Console, morning: Morning, people: House) -> None:
    browser = browser_of(console, people.auditor)
    for path in (
        f"/console/conversations/{morning.talking}",
        f"/console/cases/{morning.case}",
        "/console/evidence/1/original",
        "/console/media/1/thumbnail",
    ):
        browser.get(path)
    with console.database.read() as session:
        seen = session.scalars(
            select(AuditEntry).where(AuditEntry.actor == f"agent:{people.auditor}").order_by(AuditEntry.id)
        ).all()
    assert [(row.action, row.subject) for row in seen] == [
        ("conversation.view", f"conversation:{morning.talking}"),
        ("case.view", "case:1"),
        ("file.original", "evidence:1"),
        ("file.thumbnail", "media:1"),
    ]
    assert all(not row.details for row in seen)


def test_an_open_page_that_goes_on_asking_is_one_look_and_asking_without_a_page_is_one_too(
    console: Console, morning: Morning, people: House, clock: SetClock
) -> None:
    browser = browser_of(console, people.auditor)
    path = f"/console/conversations/{morning.talking}"

    def looks() -> int:
        with console.database.read() as session:
            counted = (
                select(func.count()).select_from(AuditEntry).where(AuditEntry.action == "conversation.view")
            )
            return session.scalar(counted) or 0

    browser.get(f"{path}/messages")
    assert looks() == 1
    browser.get(path)
    assert looks() == 2
    for _ in range(3):
        clock.forward(minutes=10)
        browser.get(f"{path}/messages")
        browser.get(f"{path}/beside")
    assert looks() == 2
    clock.forward(minutes=16)
    browser.get(f"{path}/messages")
    assert looks() == 3


def test_what_is_not_there_is_said_in_a_sentence(console: Console, people: House) -> None:
    browser = browser_of(console, people.lin)
    for path, words in (
        ("/console/conversations/999999", "没有这个会话"),
        ("/console/conversations/99999999999999999999", "没有这个会话"),
        ("/console/conversations/abc", "格式不对"),
        ("/console/cases/TS2611230000001", "没有这个编号"),
        ("/console/media/99999/thumbnail", "没有这个文件"),
        ("/console/evidence/99999/original", "没有这份证据"),
    ):
        answer = browser.get(path)
        assert answer.status_code in (404, 422), path
        assert words in answer.text, path


def test_a_body_that_is_too_large_is_refused_before_it_is_read(lin: TestClient, console: Console) -> None:
    answer = lin.post("/console/account/duty", data={"on": "x" * 300_000})
    assert answer.status_code == 413
    with console.database.read() as session:
        assert session.scalar(select(func.count()).select_from(AuditEntry)) == 0


def test_no_page_has_a_script_or_a_style_of_its_own(
    console: Console, morning: Morning, people: House
) -> None:
    browser = browser_of(console, people.lin)
    for path in PAGES[:9]:
        text = browser.get(named(path, morning)).text
        assert " style=" not in text
        assert "<style" not in text
        assert " onclick=" not in text
        assert text.count("<script") == text.count('<script type="module" src="/console/assets/')


def test_static_files_come_with_their_version_and_nothing_else_comes(
    console: Console, lin: TestClient
) -> None:
    page = lin.get("/console/workbench").text
    for address in re.findall(r'(?:src|href)="(/console/assets/[^"]+)"', page):
        answer = lin.get(address)
        assert answer.status_code == 200
        assert "immutable" in answer.headers["cache-control"]
    for wrong in ("x/../app.py", "x/..%2f..%2fapp.py", "x/css", "x/"):
        assert lin.get(f"/console/assets/{wrong}").status_code in (404, 307)


def test_while_the_database_refuses_the_page_says_so_and_nothing_half_done_is_kept(
    console: Console, lin: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    with console.database.write() as session:
        row = person(session)

    def refuse(*_: object, **__: object) -> None:
        raise OperationalError("INSERT", {}, Exception("disk full"))

    monkeypatch.setattr("conversations.handover.enqueue", refuse)
    answer = lin.post(f"/console/conversations/{row.id}/take", headers={"X-Requested-With": "fetch"})
    assert answer.status_code == 503
    assert "没有保存" in answer.json()["message"]
    with console.database.read() as session:
        again = session.get(Conversation, row.id)
        assert again is not None
        assert again.floor == "bot"


def test_signs_that_no_database_can_hold_do_no_harm(console: Console, lin: TestClient) -> None:
    assert lin.get("/console/cases?text=%00x%00").status_code == 200
    assert lin.get("/console/cases/TS%00").status_code == 404
    with console.database.write() as session:
        row = person(session)
    lin.post(f"/console/conversations/{row.id}/take")
    assert lin.post(f"/console/conversations/{row.id}/reply", data={"text": "您\x00好"}).status_code == 303
