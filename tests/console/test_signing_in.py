"""Signing in and out: who gets in, who must wait, what a browser is given."""

from __future__ import annotations

import re

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from console import accounts, signing_in
from console.security import SESSION_COOKIE
from console.tables import ConsoleSession
from conversations.tables import Agent, AuditEntry
from tests.console.conftest import House
from tests.console.parts import PASSWORD, Console, SetClock, browser_of


def try_sign_in(console: Console, login: str, password: str, **more: str) -> tuple[TestClient, int, str]:
    browser = TestClient(
        console.app, follow_redirects=False, base_url=more.pop("base_url", "http://testserver")
    )
    form = browser.get("/console/sign-in").text
    token = re.search(r'name="csrf" value="(\w+)"', form)
    assert token is not None
    values = {"login": login, "password": password, "csrf": token[1], **more}
    answer = browser.post("/console/sign-in", data=values)
    return browser, answer.status_code, answer.headers.get("location", "") or answer.text


def test_the_right_password_lets_in_and_the_next_page_is_the_one_that_was_asked_for(
    console: Console, house: House
) -> None:
    browser, status, place = try_sign_in(console, " LIN ", PASSWORD, next="/console/cases?whose=all")
    assert (status, place) == (303, "/console/cases?whose=all")
    assert browser.get("/console/workbench").status_code == 200


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "/console//evil.example", "/x"]
)
def test_nobody_is_sent_elsewhere_after_signing_in(console: Console, house: House, elsewhere: str) -> None:
    _, status, place = try_sign_in(console, "lin", PASSWORD, next=elsewhere)
    assert (status, place) == (303, "/console/workbench")


def test_a_wrong_password_and_an_unknown_login_get_the_same_words(console: Console, house: House) -> None:
    for login in ("lin", "nobody"):
        _, status, page = try_sign_in(console, login, "wrong")
        assert status == 401
        assert signing_in.WRONG in page


@pytest.mark.parametrize("login", ["lin", "nobody"])
def test_five_failures_lock_a_login_for_a_quarter_of_an_hour(
    console: Console, house: House, clock: SetClock, login: str
) -> None:
    for _ in range(5):
        assert try_sign_in(console, login, "wrong")[1] == 401
    _, status, page = try_sign_in(console, login, PASSWORD)
    assert status == 429
    assert signing_in.LOCKED in page
    clock.forward(minutes=15, seconds=1)
    assert try_sign_in(console, login, PASSWORD)[1] == (303 if login == "lin" else 401)


def test_a_success_forgets_the_failures_before_it(console: Console, house: House) -> None:
    for _ in range(4):
        try_sign_in(console, "lin", "wrong")
    try_sign_in(console, "lin", PASSWORD)
    for _ in range(4):
        assert try_sign_in(console, "lin", "wrong")[1] == 401
    assert try_sign_in(console, "lin", PASSWORD)[1] == 303


def test_an_address_that_fails_too_often_is_slowed_down_whatever_the_login(
    console: Console, house: House, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(accounts, "waste_time", lambda _password: None)
    for number in range(signing_in.ADDRESS_FAILURES):
        try_sign_in(console, f"nobody{number}", "wrong")
    _, status, page = try_sign_in(console, "lin", PASSWORD)
    assert status == 429
    assert signing_in.SLOW_DOWN in page
    clock.forward(minutes=16)
    assert try_sign_in(console, "lin", PASSWORD)[1] == 303


def test_a_disabled_person_does_not_get_in_and_his_open_browser_is_out(
    console: Console, house: House, clock: SetClock, lin: TestClient
) -> None:
    assert lin.get("/console/workbench").status_code == 200
    with console.database.write() as session:
        accounts.disable(session, "lin", now=clock())
    assert lin.get("/console/workbench").status_code == 303
    assert try_sign_in(console, "lin", PASSWORD)[1] == 401


def test_the_cookie_is_for_the_browser_alone_and_only_its_hash_is_kept(
    console: Console, house: House
) -> None:
    browser = TestClient(console.app, follow_redirects=False, base_url="https://testserver")
    token = re.search(r'name="csrf" value="(\w+)"', browser.get("/console/sign-in").text)
    assert token is not None
    answer = browser.post("/console/sign-in", data={"login": "lin", "password": PASSWORD, "csrf": token[1]})
    cookie = next(one for one in answer.headers.get_list("set-cookie") if one.startswith(SESSION_COOKIE))
    assert all(part in cookie for part in ("HttpOnly", "SameSite=lax", "Secure", "Path=/console"))
    with console.database.read() as session:
        kept = session.scalars(select(ConsoleSession)).one()
    assert kept.token_hash not in cookie
    assert len(kept.token_hash) == 64


def test_without_the_forms_token_nobody_signs_in(console: Console, house: House) -> None:
    browser = TestClient(console.app, follow_redirects=False)
    browser.get("/console/sign-in")
    answer = browser.post("/console/sign-in", data={"login": "lin", "password": PASSWORD, "csrf": "0" * 64})
    assert answer.status_code == 403
    assert "页面已过期" in answer.text


def test_an_empty_form_says_what_is_missing(console: Console, house: House) -> None:
    _, status, page = try_sign_in(console, "lin", "")
    assert status == 422
    assert "请填写账号和密码" in page


def test_signing_out_ends_the_session_for_good(console: Console, house: House, lin: TestClient) -> None:
    token = lin.cookies[SESSION_COOKIE]
    assert lin.post("/console/sign-out").headers["location"] == "/console/sign-in"
    lin.cookies.set(SESSION_COOKIE, token, path="/console")
    assert lin.get("/console/workbench").headers["location"].startswith("/console/sign-in")


def test_a_session_lasts_twelve_hours(lin: TestClient, clock: SetClock) -> None:
    clock.forward(hours=11, minutes=59)
    assert lin.get("/console/workbench").status_code == 200
    clock.forward(minutes=1)
    assert lin.get("/console/workbench").status_code == 303


def test_one_can_end_ones_other_sessions_but_nobody_elses(
    console: Console, house: House, lin: TestClient, chen: TestClient
) -> None:
    other = browser_of(console, house.lin)
    with console.database.read() as session:
        ids = {row.agent_id: row.id for row in session.scalars(select(ConsoleSession))}
    assert lin.post(f"/console/account/sessions/{ids[house.chen]}/end").status_code == 404
    assert chen.get("/console/workbench").status_code == 200
    assert lin.post(f"/console/account/sessions/{ids[house.lin]}/end").status_code == 303
    assert other.get("/console/workbench").status_code == 303
    assert lin.get("/console/workbench").status_code == 200


def test_a_new_password_ends_every_session_and_works(console: Console, house: House, lin: TestClient) -> None:
    form = {"current": "wrong", "new": "another-long-one", "again": "another-long-one"}
    assert "当前密码不对" in lin.post("/console/account/password", data=form).text
    form["current"] = PASSWORD
    assert lin.post("/console/account/password", data={**form, "again": "different-one"}).status_code == 422
    assert (
        lin.post("/console/account/password", data={**form, "new": "short", "again": "short"}).status_code
        == 422
    )
    assert lin.post("/console/account/password", data=form).status_code == 303
    assert lin.get("/console/workbench").status_code == 303
    assert try_sign_in(console, "lin", "another-long-one")[1] == 303


def test_an_old_hash_is_renewed_at_the_next_sign_in(console: Console, house: House) -> None:
    def kept() -> str:
        with console.database.read() as session:
            return session.scalars(select(Agent.password_hash).where(Agent.login == "lin")).one()

    before = kept()
    try_sign_in(console, "lin", PASSWORD)
    assert before != kept()
    assert kept().startswith("$argon2id$")
    assert try_sign_in(console, "lin", PASSWORD)[1] == 303


def test_signing_in_and_failing_to_are_in_the_audit_log(console: Console, house: House) -> None:
    try_sign_in(console, "lin", "wrong")
    try_sign_in(console, "lin", PASSWORD)
    with console.database.read() as session:
        assert [row.action for row in session.scalars(select(AuditEntry).order_by(AuditEntry.id))] == [
            "sign_in.failed",
            "sign_in",
        ]
