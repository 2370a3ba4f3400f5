"""What is no message of a platform is refused at the door, and nothing of it is stored."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import func, select

from conversations.tables import Contact, Conversation, InboundMessage
from tests.journeys.conftest import House
from tests.journeys.webhooks import Webhooks, reply_text, telegram_update, wechat_xml

pytestmark = [pytest.mark.alone, pytest.mark.trained]

STRANGER = "899000001"


def _count(house: House) -> tuple[int, int]:
    with house.database.read() as session:
        return (
            session.scalar(select(func.count()).select_from(InboundMessage)) or 0,
            session.scalar(select(func.count()).select_from(Contact)) or 0,
        )


@pytest.fixture
def nothing_stored(house: House) -> Iterator[None]:
    """The test's requests must leave no trace in the database."""
    before = _count(house)
    yield
    assert _count(house) == before


@pytest.mark.usefixtures("nothing_stored")
@pytest.mark.parametrize(
    ("secret", "status"),
    [(None, 401), ("", 403), ("wrong", 403), ("ÿ" * 40, 403)],
    ids=["none", "empty", "wrong", "no ASCII"],
)
def test_telegram_without_the_right_secret(webhooks: Webhooks, secret: str | None, status: int) -> None:
    update = telegram_update(STRANGER, text="我要投诉")
    assert webhooks.telegram(update, secret=secret).status_code == status


MALFORMED = [
    b"",
    b"{",
    b"null",
    b"[]",
    b'"text"',
    b"{}",
    b'{"update_id": "one"}',
    b'{"update_id": 1, "message": {"text": "x"}}',
    b'{"update_id": 1, "message": []}',
    b"\xff\xfe",
    b"[" * 100_000,
]


@pytest.mark.usefixtures("nothing_stored")
@pytest.mark.parametrize("body", MALFORMED, ids=lambda body: repr(body[:40]))
def test_a_malformed_update(webhooks: Webhooks, body: bytes) -> None:
    assert webhooks.telegram(body).status_code == 400


@pytest.mark.usefixtures("nothing_stored")
def test_an_update_of_another_content_type(webhooks: Webhooks) -> None:
    assert webhooks.telegram(telegram_update(STRANGER, text="a"), content_type="text/xml").status_code == 415


@pytest.mark.usefixtures("nothing_stored")
def test_bodies_that_are_too_long(webhooks: Webhooks) -> None:
    assert webhooks.telegram(telegram_update(STRANGER, text="长" * 1_000_000)).status_code == 413
    assert webhooks.wechat(wechat_xml("oLong", "text", Content="长" * 1_000_000)).status_code == 413


@pytest.mark.usefixtures("nothing_stored")
@pytest.mark.parametrize("signature", [None, "", "0" * 40, "ÿ"], ids=str)
def test_wechat_without_the_right_signature(webhooks: Webhooks, signature: str | None) -> None:
    push = wechat_xml("oForged", "text", Content="我要投诉")
    assert webhooks.wechat(push, signature=signature).status_code == 403
    assert webhooks.wechat(b"", signature=signature, method="GET").status_code == 403


@pytest.mark.usefixtures("nothing_stored")
@pytest.mark.parametrize("age", [3600.0, -3600.0])
def test_a_signature_of_another_hour(webhooks: Webhooks, age: float) -> None:
    push = wechat_xml("oStale", "text", Content="我要投诉")
    assert webhooks.wechat(push, age=age).status_code == 403


@pytest.mark.usefixtures("nothing_stored")
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<xml>",
        b"{}",
        b"<xml></xml>",
        b"<xml><MsgType>text</MsgType></xml>",
        b'<!DOCTYPE x [<!ENTITY a "b">]><xml><MsgType>&a;</MsgType></xml>',
        wechat_xml("", "text", Content="a"),
        wechat_xml("o" * 200, "text", Content="a"),
        wechat_xml("oWhen", "text", Content="a").replace(b"<CreateTime>", b"<CreateTime>x"),
    ],
    ids=lambda body: repr(body[:40]),
)
def test_a_malformed_push(webhooks: Webhooks, body: bytes) -> None:
    assert webhooks.wechat(body).status_code == 400


def test_wechat_checks_the_address_by_an_echo(webhooks: Webhooks) -> None:
    answer = webhooks.wechat(b"", method="GET")
    assert (answer.status_code, answer.text) == (200, "echo-4711")


def test_the_same_push_again_gets_the_same_answer_and_is_stored_once(
    house: House, webhooks: Webhooks
) -> None:
    push = wechat_xml("oAgain_0000000000000001", "text", Content="你好")
    first, second = webhooks.wechat(push), webhooks.wechat(push)
    assert reply_text(first) == reply_text(second)
    with house.database.read() as session:
        rows = session.scalars(
            select(InboundMessage)
            .join(Conversation)
            .join(Contact)
            .where(Contact.external_id == "oAgain_0000000000000001")
        ).all()
    assert len(rows) == 1


def test_an_update_delivered_twice_is_stored_once(house: House, webhooks: Webhooks) -> None:
    update = telegram_update("899000002", text="你好")
    assert [webhooks.telegram(update).status_code for _ in range(2)] == [200, 200]
    with house.database.read() as session:
        rows = session.scalars(
            select(InboundMessage).where(InboundMessage.external_id == str(update["update_id"]))
        ).all()
    assert len(rows) == 1


@pytest.mark.usefixtures("nothing_stored")
def test_group_chats_are_none_of_ours(webhooks: Webhooks) -> None:
    update = telegram_update(STRANGER, text="我要投诉")
    update["message"]["chat"] = {"id": -100123, "type": "supergroup", "title": "群"}
    assert webhooks.telegram(update).status_code == 200


@pytest.mark.usefixtures("nothing_stored")
def test_the_action_server_and_rasas_own_api_are_not_there(house: House) -> None:
    for path in ("/webhook", "/webhooks/rest/webhook", "/model/parse", "/conversations/1/tracker", "/docs"):
        assert house.platforms.http.post(f"{house.product.url}{path}", json={}).status_code in (404, 405)
