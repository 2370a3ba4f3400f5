"""Where evidence is kept, and how it is shown."""

from __future__ import annotations

import hashlib
import io
import threading
from pathlib import Path

import pytest
from PIL import Image

from cases.evidence.store import EvidenceAltered, NotInStore
from cases.evidence.thumbnail import EDGE, NoPicture, thumbnail
from cases.evidence.vault import EvidenceVault
from conversations.media import Kept, Refusal, Vault
from tests.cases import files


@pytest.fixture(params=["file", "memory"])
def vault(request: pytest.FixtureRequest, tmp_path: Path) -> EvidenceVault:
    """An empty vault on the disk, and one in memory."""
    url = f"file://{tmp_path}/evidence" if request.param == "file" else f"memory://{tmp_path.name}"
    return EvidenceVault(url)


def stored(folder: Path) -> list[Path]:
    """All files below a folder."""
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_good_file_is_kept_unaltered_under_its_hash(vault: Vault) -> None:
    content = files.jpeg()
    kept = vault.keep(content, file_name="a.png", mime_type="application/zip")
    assert kept == Kept(hashlib.sha256(content).hexdigest(), len(content), "image", "image/jpeg")
    assert isinstance(vault, EvidenceVault)
    assert vault.read(kept.sha256) == content
    with vault.open(kept.sha256) as stream:
        assert stream.read(3) == b"\xff\xd8\xff"


def test_a_refused_file_is_not_kept(vault: EvidenceVault) -> None:
    content = files.archive({"a": b"b"})
    assert vault.keep(content, file_name="a.jpg", mime_type="image/jpeg") == Refusal("archive")
    assert not vault.has(hashlib.sha256(content).hexdigest())


def test_the_limit_of_bytes_is_the_setting_s(tmp_path: Path) -> None:
    small = EvidenceVault(f"file://{tmp_path}", max_bytes=100)
    assert small.keep(files.jpeg(), file_name=None, mime_type=None) == Refusal("too_large")


def test_the_same_content_is_stored_once(tmp_path: Path) -> None:
    vault = EvidenceVault(f"file://{tmp_path}/evidence")
    first = vault.keep(files.jpeg(), file_name="a.jpg", mime_type=None)
    (path,) = stored(tmp_path)
    before = path.stat()
    assert vault.keep(files.jpeg(), file_name="b.jpg", mime_type=None) == first
    assert stored(tmp_path) == [path]
    assert path.stat().st_mtime_ns == before.st_mtime_ns
    assert path.stat().st_mode & 0o077 == 0


def test_the_same_content_from_many_threads_is_whole_and_once(tmp_path: Path) -> None:
    vault = EvidenceVault(f"file://{tmp_path}/evidence")
    content = files.wav(2)
    threads = [
        threading.Thread(target=vault.keep, args=(content,), kwargs={"file_name": None, "mime_type": None})
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    (path,) = stored(tmp_path)
    assert path.read_bytes() == content


def test_a_write_that_breaks_off_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault = EvidenceVault(f"file://{tmp_path}/evidence")

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("cases.evidence.store.os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        vault.keep(files.jpeg(), file_name=None, mime_type=None)
    assert stored(tmp_path) == []


def test_a_half_file_of_that_name_is_written_anew(tmp_path: Path) -> None:
    vault = EvidenceVault(f"file://{tmp_path}/evidence")
    content = files.jpeg()
    vault.put(content)
    (path,) = stored(tmp_path)
    path.write_bytes(content[:10])
    vault.put(content)
    assert path.read_bytes() == content


def test_a_file_that_was_tampered_with_is_not_given_out_as_evidence(tmp_path: Path) -> None:
    vault = EvidenceVault(f"file://{tmp_path}/evidence")
    name = vault.put(files.jpeg())
    stored(tmp_path)[0].write_bytes(b"something else")
    with pytest.raises(EvidenceAltered):
        vault.read(name)


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd",
        "/etc/passwd",
        "",
        "a" * 63,
        "A" * 64,
        "a" * 64 + "\n",
        "a" * 62 + "/.",
        "..",
        "\x00",
    ],
)
def test_nothing_but_a_hash_is_a_name(vault: EvidenceVault, name: str) -> None:
    for look in (vault.open, vault.read, vault.has):
        with pytest.raises(ValueError, match="SHA-256"):
            look(name)


def test_what_is_not_there_is_said_to_be_missing(vault: EvidenceVault) -> None:
    assert not vault.has("a" * 64)
    with pytest.raises(NotInStore):
        vault.open("a" * 64)


def test_a_relative_url_lies_below_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    name = EvidenceVault("file://var/evidence").put(files.jpeg())
    assert (tmp_path / "var" / "evidence" / name[:2] / name[2:4] / name).is_file()


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "GIF", "HEIF"])
def test_a_thumbnail_is_a_small_jpeg_of_any_picture(format: str) -> None:
    small = Image.open(io.BytesIO(thumbnail(files.picture(format, files.photo(800, 500)))))
    assert (small.format, small.size) == ("JPEG", (EDGE, 320))


def test_a_thumbnail_has_no_place_no_device_and_no_time() -> None:
    exif = Image.Exif()
    exif[0x010F] = "SecretPhone"
    exif.get_ifd(0x8825)[2] = (39.0, 54.0, 20.0)
    content = files.jpeg(exif=exif, comment=b"SecretComment")
    assert b"SecretPhone" in content
    small = thumbnail(content)
    assert b"Secret" not in small
    assert b"Exif" not in small
    assert not Image.open(io.BytesIO(small)).getexif()


def test_a_thumbnail_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by a quarter
    small = Image.open(io.BytesIO(thumbnail(files.jpeg(exif=exif))))
    assert small.size == (200, 320)


def test_a_small_picture_is_not_blown_up() -> None:
    assert Image.open(io.BytesIO(thumbnail(files.picture("PNG", files.photo(40, 30))))).size == (40, 30)


def test_what_is_transparent_becomes_white() -> None:
    clear = Image.new("RGBA", (20, 20), (0, 0, 0, 0))
    small = Image.open(io.BytesIO(thumbnail(files.picture("PNG", clear))))
    assert min(small.convert("L").tobytes()) > 250


@pytest.mark.parametrize("content", [b"", b"no picture", files.pdf(), files.jpeg()[:200]])
def test_what_is_no_picture_has_no_thumbnail(content: bytes) -> None:
    with pytest.raises(NoPicture):
        thumbnail(content)
