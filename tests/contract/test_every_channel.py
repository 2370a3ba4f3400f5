"""What every channel keeps to, whatever its platform: `channels.base` and `channels.inbox` as tests."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from channels.base import (
    BlockedByUser,
    Channel,
    ChannelError,
    Misconfigured,
    OutcomeUnknown,
    Rejected,
    RetryLater,
)
from channels.message import Button, Inbound, Kind, Outbound
from tests.contract.memory_inbox import MemoryInbox
from tests.contract.platforms import PLATFORMS, Platform, payload
from tests.contract.scripted_server import Act, Answer, HangUp, ScriptedServer, Silence

SENTENCE = "洗衣机一转起来就响，像拖拉机一样；客服说会来，一直没有人来。"


@pytest.fixture(params=PLATFORMS, ids=lambda platform: platform.name)
def platform(request: pytest.FixtureRequest) -> Platform:
    chosen: Platform = request.param
    return chosen


def outbound(platform: Platform, text: str, *labels: str, key: str = "1") -> Outbound:
    buttons = tuple(Button(label, f"token-{number}") for number, label in enumerate(labels))
    return Outbound(platform.contact, text, key, buttons)


def with_server(
    platform: Platform, scene: Callable[[ScriptedServer, Channel], Awaitable[None]], *, timeout: float = 5.0
) -> None:
    """Play a scene with a channel whose platform is a scripted server that takes everything."""

    async def play() -> None:
        async with ScriptedServer() as server:
            platform.accept(server)
            channel = platform.channel(server.url, timeout)
            try:
                await scene(server, channel)
            finally:
                await channel.aclose()

    asyncio.run(play())


def failure_of(platform: Platform, *acts: Act, timeout: float = 5.0) -> ChannelError:
    """What `send` raises when the platform acts so."""
    raised: list[ChannelError] = []

    async def scene(server: ScriptedServer, channel: Channel) -> None:
        server.plan(platform.send_path, *acts)
        with pytest.raises(ChannelError) as caught:
            await channel.send(outbound(platform, "您好"))
        raised.append(caught.value)

    with_server(platform, scene, timeout=timeout)
    return raised[0]


def test_a_text_arrives_as_it_was_written(platform: Platform) -> None:
    async def scene(server: ScriptedServer, channel: Channel) -> None:
        await channel.send(outbound(platform, "您好，<b>价格</b> & “运费” \\u0041 😀 ]]>\n第二行"))
        assert platform.text_sent(server, 0) == "您好，<b>价格</b> & “运费” \\u0041 😀 ]]>\n第二行"

    with_server(platform, scene)


def test_a_text_at_the_limit_is_one_message(platform: Platform) -> None:
    async def scene(server: ScriptedServer, channel: Channel) -> None:
        await channel.send(outbound(platform, "a" * platform.limit))
        assert len(server.called(platform.send_path)) == 1

    with_server(platform, scene)


@pytest.mark.parametrize("text", [SENTENCE * 200, "😀" * 3000, "长" * 5000, "word " * 2000], ids=len)
def test_a_long_text_goes_out_in_order_in_parts_within_the_limit(platform: Platform, text: str) -> None:
    async def scene(server: ScriptedServer, channel: Channel) -> None:
        receipt = await channel.send(outbound(platform, text))
        parts = [platform.text_sent(server, n) for n in range(len(server.called(platform.send_path)))]
        assert len(parts) == len(receipt.external_ids) > 1
        assert all(0 < platform.count(part) <= platform.limit for part in parts)
        assert "".join("".join(parts).split()) == "".join(text.split())

    with_server(platform, scene)


def test_a_long_text_is_cut_behind_a_sentence(platform: Platform) -> None:
    async def scene(server: ScriptedServer, channel: Channel) -> None:
        await channel.send(outbound(platform, SENTENCE * 200))
        assert platform.text_sent(server, 0).endswith("没有人来。")

    with_server(platform, scene)


def test_a_retry_goes_on_with_the_part_that_failed(platform: Platform) -> None:
    async def scene(server: ScriptedServer, channel: Channel) -> None:
        message = outbound(platform, "".join(f"{n}：{SENTENCE}" for n in range(200)), key="long")
        server.plan(platform.send_path, platform.yes, platform.too_busy)
        with pytest.raises(RetryLater):
            await channel.send(message)
        platform.accept(server)
        receipt = await channel.send(message)
        texts = [platform.text_sent(server, n) for n in range(len(server.called(platform.send_path)))]
        assert len(set(texts)) == len(texts) - 1 == len(receipt.external_ids)
        assert texts[1] == texts[2]  # only the part that was refused is sent again

    with_server(platform, scene)


def test_the_same_text_under_another_key_is_sent_anew(platform: Platform) -> None:
    async def scene(server: ScriptedServer, channel: Channel) -> None:
        for key in ("1", "2"):
            await channel.send(outbound(platform, SENTENCE * 100, key=key))
        calls = len(server.called(platform.send_path))
        assert platform.text_sent(server, 0) == platform.text_sent(server, calls // 2)

    with_server(platform, scene)


def test_every_choice_can_be_read_or_pressed(platform: Platform) -> None:
    async def scene(server: ScriptedServer, channel: Channel) -> None:
        await channel.send(outbound(platform, "您要投诉哪一类？", "商品质量", "物流", "服务态度"))
        sent = server.called(platform.send_path)[0]
        shown = str(sent.form() if platform.name == "telegram" else sent.json())
        assert all(label in shown for label in ("商品质量", "物流", "服务态度"))

    with_server(platform, scene)


@pytest.mark.parametrize("text", ["", " \n ", "\u200b", "\x07\x08"])
def test_a_text_with_nothing_to_see_is_rejected_without_a_call(platform: Platform, text: str) -> None:
    async def scene(server: ScriptedServer, channel: Channel) -> None:
        with pytest.raises(Rejected):
            await channel.send(outbound(platform, text))
        assert not server.called(platform.send_path)

    with_server(platform, scene)


def test_control_characters_and_broken_surrogates_do_not_go_out(platform: Platform) -> None:
    async def scene(server: ScriptedServer, channel: Channel) -> None:
        await channel.send(outbound(platform, "坏\x00了\x1b[31m\ud83d！"))
        assert platform.text_sent(server, 0) == "坏了[31m！"

    with_server(platform, scene)


def test_a_rate_limit_is_retried_later(platform: Platform) -> None:
    failure = failure_of(platform, platform.too_busy)
    assert isinstance(failure, RetryLater)
    assert failure.after


def test_a_refused_text_is_rejected_with_the_platforms_code(platform: Platform) -> None:
    failure = failure_of(platform, platform.refused)
    assert isinstance(failure, Rejected)
    assert not isinstance(failure, BlockedByUser)
    assert failure.code


def test_a_person_out_of_reach_is_told_apart(platform: Platform) -> None:
    assert isinstance(failure_of(platform, platform.blocked), BlockedByUser)


def test_wrong_credentials_wait_for_an_operator(platform: Platform) -> None:
    assert isinstance(failure_of(platform, platform.wrong_credentials), Misconfigured)


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_failing_server_is_retried_later(platform: Platform, status: int) -> None:
    failure = failure_of(platform, Answer(status, b"<html>Bad Gateway</html>", {"Content-Type": "text/html"}))
    assert isinstance(failure, RetryLater)


def test_an_answer_that_does_not_come_leaves_the_outcome_unknown(platform: Platform) -> None:
    assert isinstance(failure_of(platform, Silence(), timeout=0.2), OutcomeUnknown)


def test_a_connection_that_breaks_leaves_the_outcome_unknown(platform: Platform) -> None:
    assert isinstance(failure_of(platform, HangUp()), OutcomeUnknown)
    assert isinstance(failure_of(platform, Answer(200, b"{", promised=1024)), OutcomeUnknown)


def test_an_answer_that_is_no_answer_leaves_the_outcome_unknown(platform: Platform) -> None:
    assert isinstance(failure_of(platform, Answer(200, b"<html>portal</html>")), OutcomeUnknown)


def test_a_server_that_is_not_there_got_nothing(platform: Platform) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"

    async def send() -> None:
        channel = platform.channel(url, 5.0)
        try:
            await channel.send(outbound(platform, "您好"))
        finally:
            await channel.aclose()

    with pytest.raises(RetryLater):
        asyncio.run(send())


def test_showing_that_somebody_types_never_fails(platform: Platform) -> None:
    async def scene(server: ScriptedServer, channel: Channel) -> None:
        for act in (Answer(500), HangUp(), platform.refused):
            server.plan("/sendChatAction", act)
            server.plan("/message/custom/typing", act)
            await channel.show_typing(platform.contact)
        assert len(server.calls) >= 3

    with_server(platform, scene)


def test_no_secret_and_no_text_gets_into_the_log(
    platform: Platform, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    async def scene(server: ScriptedServer, channel: Channel) -> None:
        server.plan(platform.send_path, platform.refused)
        with pytest.raises(Rejected):
            await channel.send(outbound(platform, "我的手机是 13800138000"))
        platform.accept(server)
        await channel.send(outbound(platform, "我的手机是 13800138000"))

    with caplog.at_level("DEBUG"):
        with_server(platform, scene)
    logged = caplog.text + "".join(capfd.readouterr())
    assert not any(
        secret in logged for secret in ("13800138000", "AAtest-token", "token-1", "app-secret", "手机")
    )


# Receiving


def receive(inbox: MemoryInbox, platform: Platform, *requests: dict[str, Any]) -> list[Any]:
    async def post() -> list[Any]:
        async with platform.client(inbox) as client:
            return [await client.post(**request) for request in requests]

    return asyncio.run(post())


def stored(platform: Platform, body: bytes) -> Inbound:
    inbox = MemoryInbox()
    (response,) = receive(inbox, platform, platform.post(body))
    assert response.status_code == 200
    (inbound,) = inbox.stored
    return inbound


def text_body(platform: Platform, text: str) -> bytes:
    """A text message with this content, as the platform writes it."""
    original = payload(platform.name, "text").decode()
    if platform.name == "telegram":
        escaped = "".join(f"\\u{unit:04x}" for unit in _utf16(text))
        return original.replace("我在你们店里买的手机，用了三天就黑屏了", escaped).encode()
    return original.replace("快递三天没动静了，客服也不回", text).encode()


def _utf16(text: str) -> list[int]:
    raw = text.encode("utf-16-le", "surrogatepass")
    return [raw[i] | raw[i + 1] << 8 for i in range(0, len(raw), 2)]


def test_a_text_is_stored_with_who_when_and_what(platform: Platform) -> None:
    inbound = stored(platform, payload(platform.name, "text"))
    assert (inbound.channel, inbound.contact, inbound.kind) == (platform.name, platform.contact, Kind.TEXT)
    assert all((inbound.external_id, inbound.message_id, inbound.text))
    assert inbound.sent_at.tzinfo is not None


def test_a_redelivery_is_the_same_message(platform: Platform) -> None:
    inbox = MemoryInbox()
    body = payload(platform.name, "text")
    answers = receive(inbox, platform, platform.post(body), platform.post(body))
    assert [answer.status_code for answer in answers] == [200, 200]
    assert len(inbox.stored) == 1


def test_two_messages_are_two_and_in_order(platform: Platform) -> None:
    inbox = MemoryInbox()
    names = ("text", "voice", "sticker" if platform.name == "telegram" else "text_sticker")
    receive(inbox, platform, *(platform.post(payload(platform.name, name)) for name in names))
    assert len({inbound.external_id for inbound in inbox.stored}) == 3
    assert len({inbound.order for inbound in inbox.stored}) == 3


def test_a_forged_message_is_refused_and_not_stored(platform: Platform) -> None:
    inbox = MemoryInbox()
    (answer,) = receive(inbox, platform, platform.forged(payload(platform.name, "text")))
    assert answer.status_code in (401, 403)
    assert not inbox.stored


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"<xml>", b"[]", b"null", b"{}", b"<xml></xml>", b"\xff\xfe", b"0" * 50, b"[" * 100_000],
    ids=lambda body: repr(body[:12]),
)
def test_a_malformed_body_is_refused_and_not_stored(platform: Platform, body: bytes) -> None:
    inbox = MemoryInbox()
    (answer,) = receive(inbox, platform, platform.post(body))
    assert answer.status_code == 400
    assert not inbox.stored


def test_an_endless_body_is_refused_and_not_stored(platform: Platform) -> None:
    inbox = MemoryInbox()
    (answer,) = receive(inbox, platform, platform.post(b" " * 1_000_001))
    assert answer.status_code == 413
    assert not inbox.stored


def test_an_endless_body_of_unknown_length_is_refused(platform: Platform) -> None:
    async def chunks() -> Any:
        for _ in range(1001):
            yield b" " * 1000

    inbox = MemoryInbox()
    (answer,) = receive(inbox, platform, {**platform.post(b""), "content": chunks()})
    assert answer.status_code == 413
    assert not inbox.stored


def test_while_nothing_can_be_stored_the_platform_is_asked_to_come_again(platform: Platform) -> None:
    inbox = MemoryInbox(refuse=1)
    request = platform.post(payload(platform.name, "text"))
    first, second = receive(inbox, platform, request, request)
    assert (first.status_code, second.status_code) == (503, 200)
    assert len(inbox.stored) == 1


def test_a_text_of_four_thousand_characters_is_stored_whole(platform: Platform) -> None:
    text = (SENTENCE * 200)[:4000]
    assert stored(platform, text_body(platform, text)).text == text


@pytest.mark.parametrize("text", ["/投诉 你们", "/123号楼漏水", '/restart{"a":1}', "//", "/"])
def test_a_leading_slash_is_text_like_any_other(platform: Platform, text: str) -> None:
    inbound = stored(platform, text_body(platform, text))
    assert (inbound.kind, inbound.text) == (Kind.TEXT, text)


def test_emoji_alone_are_a_text(platform: Platform) -> None:
    inbound = stored(platform, text_body(platform, "😡👨‍👩‍👧🇨🇳❗️"))
    assert (inbound.kind, inbound.text) == (Kind.TEXT, "😡👨‍👩‍👧🇨🇳❗️")


def test_a_text_with_nothing_to_see_is_stored_as_unsupported(platform: Platform) -> None:
    inbound = stored(platform, text_body(platform, "\u200b\u200d"))
    assert (inbound.kind, inbound.text) == (Kind.UNSUPPORTED, None)


@pytest.mark.parametrize(
    ("name", "kind"),
    [("voice", Kind.VOICE), ("video", Kind.VIDEO), ("location", Kind.LOCATION)],
)
def test_kinds_that_both_platforms_know(platform: Platform, name: str, kind: Kind) -> None:
    assert stored(platform, payload(platform.name, name)).kind is kind


def test_an_unknown_kind_is_stored_as_unsupported(platform: Platform) -> None:
    name = "dice" if platform.name == "telegram" else "miniprogrampage"
    assert stored(platform, payload(platform.name, name)).kind is Kind.UNSUPPORTED


def test_somebody_who_leaves_is_blocked(platform: Platform) -> None:
    name = "blocked" if platform.name == "telegram" else "event_unsubscribe"
    inbound = stored(platform, payload(platform.name, name))
    assert (inbound.kind, inbound.event) == (Kind.EVENT, "blocked")


def test_no_text_of_a_webhook_gets_into_the_log(
    platform: Platform, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    with caplog.at_level("DEBUG"):
        stored(platform, payload(platform.name, "text"))
        receive(MemoryInbox(), platform, platform.forged(payload(platform.name, "text")))
    logged = caplog.text + "".join(capfd.readouterr())
    assert "webhook refused" in logged
    assert "三天" not in logged
