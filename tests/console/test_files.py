"""Files that people sent: what an agent's browser is given, and what it is never given."""

from __future__ import annotations

from io import BytesIO

import pytest
from fastapi.testclient import TestClient
from PIL import Image
from sqlalchemy import select

from conversations.tables import AuditEntry, Media
from tests.console.parts import MORNING, Console, file_of, person, said
from tests.console.pictures import letter, photo, tone


def put(console: Console, content: bytes, **more: str) -> int:
    with console.database.write() as session:
        message = said(session, person(session), None, MORNING, kind="document")
        return file_of(session, message, console.vault, content, **more).id  # type: ignore[arg-type]


@pytest.mark.parametrize(("shape", "edge"), [("thumbnail", 360), ("preview", 900)])
def test_a_picture_is_shown_smaller_and_without_the_place_where_it_was_taken(
    console: Console, lin: TestClient, shape: str, edge: int
) -> None:
    original = photo(place=True)
    assert Image.open(BytesIO(original)).getexif().get_ifd(0x8825)
    answer = lin.get(f"/console/media/{put(console, original)}/{shape}")
    shown = Image.open(BytesIO(answer.content))
    assert answer.headers["content-type"] == "image/jpeg"
    assert max(shown.size) == edge
    assert not shown.getexif().get_ifd(0x8825)


def test_the_original_comes_unaltered_as_a_download_under_its_own_name(
    console: Console, lin: TestClient
) -> None:
    content = photo(place=True)
    answer = lin.get(f"/console/media/{put(console, content, name='内胆 照片.jpg')}/original")
    assert answer.content == content
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert "%E5%86%85%E8%83%86" in answer.headers["content-disposition"]


def test_a_name_is_only_ever_a_name(console: Console, lin: TestClient) -> None:
    name = '../../etc/pass"wd\r\nSet-Cookie: x=1'
    header = lin.get(f"/console/media/{put(console, photo(), name=name)}/original").headers[
        "content-disposition"
    ]
    assert "/" not in header.split("filename*")[0]
    assert "\n" not in header
    assert header.count('"') == 2


def test_what_a_stranger_sent_is_never_a_page(console: Console, lin: TestClient) -> None:
    answer = lin.get(f"/console/media/{put(console, letter(), kind='document', name='a.html.txt')}/original")
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_player_may_ask_for_a_part_and_that_is_one_look(console: Console, lin: TestClient) -> None:
    content = tone()
    path = f"/console/media/{put(console, content, kind='audio')}/original"
    assert "content-disposition" not in lin.get(path).headers
    for asked, first, last in (
        ("0-", 0, len(content) - 1),
        ("100-199", 100, 199),
        ("-50", len(content) - 50, None),
    ):
        answer = lin.get(path, headers={"Range": f"bytes={asked}"})
        assert answer.status_code == 206
        assert answer.content == content[first : None if last is None else last + 1]
        assert answer.headers["content-range"].startswith(f"bytes {first}-")
    assert lin.get(path, headers={"Range": "bytes=5-1"}).status_code == 200
    with console.database.read() as session:
        looks = session.scalars(select(AuditEntry.action)).all()
    assert looks == ["file.original"] * 3  # whole, from the start, and whole again


def test_a_refused_file_is_not_there(console: Console, lin: TestClient) -> None:
    media = put(console, b"", state="refused", reason="program")
    answer = lin.get(f"/console/media/{media}/original")
    assert answer.status_code == 404
    assert "没有收下" in answer.text


def test_a_file_that_was_tampered_with_is_not_served(console: Console, lin: TestClient) -> None:
    media = put(console, photo())
    with console.database.read() as session:
        name = session.scalars(select(Media.sha256).where(Media.id == media)).one()
    assert name is not None
    path = console.folder / "evidence" / name[:2] / name[2:4] / name
    path.write_bytes(photo((1, 2, 3)))
    answer = lin.get(f"/console/media/{media}/original")
    assert answer.status_code == 500
    assert "与入库时不一致" in answer.text
    path.unlink()
    assert lin.get(f"/console/media/{media}/original").status_code == 404


def test_a_document_has_no_thumbnail(console: Console, lin: TestClient) -> None:
    answer = lin.get(f"/console/media/{put(console, letter(), kind='document')}/thumbnail")
    assert answer.status_code == 404
    assert "不能显示成图片" in answer.text
