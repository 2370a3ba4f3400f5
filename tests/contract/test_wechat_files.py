"""WeChat's own ways of fetching what people send: by id, from an address, and what may be wrong with it."""

from __future__ import annotations

import pytest

from channels.base import (
    ChannelError,
    MediaGone,
    MediaNotAllowed,
    MediaTooLarge,
    RetryLater,
)
from channels.message import Attachment, MediaKind
from channels.wechat.client import WeChatChannel
from tests.contract.platforms import wechat_answer
from tests.contract.scripted_server import Act, Answer, HangUp, ScriptedServer, Silence, json_answer
from tests.contract.wechat_scene import MEDIA, TOKEN, granted, play, tokens_used

JPEG = Answer(
    200, b"jpeg!", {"Content-Type": "image/jpeg", "Content-disposition": 'attachment; filename="M.jpg"'}
)


def media(kind: MediaKind = MediaKind.AUDIO, url: str | None = None) -> Attachment:
    return Attachment(kind, "MEDIA_ID", url=url)


def test_a_file_is_fetched_by_its_id() -> None:
    async def scene(server: ScriptedServer, channel: WeChatChannel) -> None:
        server.plan(MEDIA, JPEG)
        fetched = await channel.fetch(media(), max_bytes=100)
        assert (fetched.content, fetched.file_name, fetched.mime_type) == (b"jpeg!", "M.jpg", "image/jpeg")
        assert server.called(MEDIA)[0].query == {"access_token": "token-1", "media_id": "MEDIA_ID"}

    play(scene)


def test_a_video_is_fetched_from_the_address_that_comes_instead() -> None:
    async def scene(server: ScriptedServer, channel: WeChatChannel) -> None:
        server.plan(MEDIA, json_answer({"video_url": f"{server.url}/cdn/v.mp4"}))
        server.plan("/cdn/v.mp4", Answer(200, b"film", {"Content-Type": "video/mp4"}))
        fetched = await channel.fetch(media(MediaKind.VIDEO), max_bytes=100)
        assert (fetched.content, fetched.mime_type) == (b"film", "video/mp4")
        assert server.called("/cdn/v.mp4")[0].query == {}  # the token is nobody else's business

    play(scene)


def test_a_refused_token_is_renewed_for_files_too() -> None:
    async def scene(server: ScriptedServer, channel: WeChatChannel) -> None:
        server.plan(TOKEN, granted("old"), granted("new"))
        server.plan(MEDIA, wechat_answer(42001), JPEG)
        await channel.fetch(media(), max_bytes=100)
        assert tokens_used(server, MEDIA) == ["old", "new"]

    play(scene)


@pytest.mark.parametrize(
    ("act", "kind"),
    [
        (wechat_answer(40007, "invalid media_id"), MediaGone),
        (wechat_answer(48001, "api unauthorized"), MediaNotAllowed),
        (wechat_answer(-1, "system error"), RetryLater),
        (wechat_answer(45009, "quota"), RetryLater),
        (wechat_answer(40001, "invalid credential"), RetryLater),
        (Answer(200, b"x" * 101, {"Content-Type": "image/jpeg"}), MediaTooLarge),
        (Answer(200, b"", {"Content-Type": "image/jpeg"}), MediaGone),
        (Answer(200, b"hel", {"Content-Type": "image/jpeg"}, promised=5), RetryLater),
        (Answer(500), RetryLater),
        (Silence(), RetryLater),
        (HangUp(), RetryLater),
        (json_answer({"video_url": "file://elsewhere/secret"}), RetryLater),
    ],
)
def test_what_may_be_wrong_with_a_file_has_its_type(act: Act, kind: type[ChannelError]) -> None:
    async def scene(server: ScriptedServer, channel: WeChatChannel) -> None:
        server.plan(MEDIA, act)
        with pytest.raises(ChannelError) as caught:
            await channel.fetch(media(), max_bytes=100)
        assert type(caught.value) is kind

    play(scene, timeout=0.3 if act == Silence() else 5.0)


def test_a_picture_that_is_gone_by_its_id_is_fetched_from_its_address() -> None:
    async def scene(server: ScriptedServer, channel: WeChatChannel) -> None:
        server.plan(MEDIA, wechat_answer(40007))
        server.plan("/pic/0", JPEG)
        fetched = await channel.fetch(media(MediaKind.IMAGE, f"{server.url}/pic/0"), max_bytes=100)
        assert fetched.content == b"jpeg!"

    play(scene)


@pytest.mark.parametrize(
    ("act", "kind"),
    [
        (Answer(302, b"", {"Location": "http://127.0.0.1:1/"}), MediaGone),
        (Answer(403), MediaGone),
        (Answer(404), MediaGone),
        (Answer(429), RetryLater),
        (Answer(503), RetryLater),
        (HangUp(), RetryLater),
        (Answer(200, b"x" * 101), MediaTooLarge),
    ],
)
def test_what_may_be_wrong_with_a_picture_has_its_type(act: Act, kind: type[ChannelError]) -> None:
    async def scene(server: ScriptedServer, channel: WeChatChannel) -> None:
        server.plan("/pic/0", act)
        with pytest.raises(ChannelError) as caught:
            await channel.fetch(media(MediaKind.IMAGE, f"{server.url}/pic/0"), max_bytes=100)
        assert type(caught.value) is kind

    play(scene, account="unverified")


def test_an_unverified_account_fetches_pictures_by_their_address_and_nothing_else() -> None:
    async def scene(server: ScriptedServer, channel: WeChatChannel) -> None:
        server.plan("/pic/0", JPEG)
        await channel.fetch(media(MediaKind.IMAGE, f"{server.url}/pic/0"), max_bytes=100)
        for kind in (MediaKind.AUDIO, MediaKind.VIDEO):
            with pytest.raises(MediaNotAllowed):
                await channel.fetch(media(kind), max_bytes=100)
        assert not server.called(TOKEN)

    play(scene, account="unverified")


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/latest/meta-data",
        "http://127.0.0.1:1/x",
        "http://qpic.cn.evil.test/0",
        "nonsense",
        "http://[",
    ],
)
def test_a_picture_elsewhere_than_at_wechat_is_not_fetched(url: str) -> None:
    async def scene(server: ScriptedServer, channel: WeChatChannel) -> None:
        with pytest.raises(MediaGone):
            await channel.fetch(media(MediaKind.IMAGE, url), max_bytes=100)
        assert not server.calls

    play(scene, account="unverified")


def test_a_file_message_cannot_be_fetched_by_anybody() -> None:
    async def scene(server: ScriptedServer, channel: WeChatChannel) -> None:
        with pytest.raises(MediaNotAllowed):
            await channel.fetch(Attachment(MediaKind.DOCUMENT, "filekey:BAAA"), max_bytes=100)

    play(scene)
