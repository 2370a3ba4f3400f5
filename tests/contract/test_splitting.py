"""Cutting texts, and which characters are kept: pure rules."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.characters import clean_text, display_columns
from channels.splitting import Weight, size, split_text, utf8_bytes, utf16_units


@given(st.text(max_size=400), st.integers(16, 60), st.sampled_from([utf8_bytes, utf16_units]))
def test_nothing_but_space_around_cuts_is_lost_and_no_part_is_too_long(
    text: str, limit: int, weight: Weight
) -> None:
    parts = split_text(text, limit, weight)
    assert all(part and size(part, weight) <= limit for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


@given(st.text(max_size=100))
def test_weights_are_what_python_encodes(text: str) -> None:
    assert size(text, utf16_units) == len(text.encode("utf-16-le", "surrogatepass")) // 2
    assert size(text, utf8_bytes) == len(text.encode("utf-8", "surrogatepass"))


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("一二三四五\n\n六七，八九\n十", ["一二三四五", "六七，八九\n十"]),
        ("一二三四五\n六七，八九十一", ["一二三四五", "六七，八九十一"]),
        ("一二三四五六。七，八九十一", ["一二三四五六。", "七，八九十一"]),
        ("一二三四五，六七八九十一二", ["一二三四五，", "六七八九十一二"]),
        ("one two three four", ["one two", "three four"]),
        ("价格是 1,299.50元整吗吗", ["价格是", "1,299.50元整", "吗吗"]),
    ],
)
def test_a_text_is_cut_where_a_reader_would_pause(text: str, parts: list[str]) -> None:
    assert split_text(text, 10, utf16_units) == parts


@pytest.mark.parametrize("whole", ["👨‍👩‍👧", "👍🏽", "🇨🇳", "é", "❗️"])
def test_no_visible_character_is_cut_in_two(whole: str) -> None:
    parts = split_text(whole * 40, 37, utf8_bytes)
    assert "".join(parts) == whole * 40
    assert all(part == whole * part.count(whole) for part in parts)


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        (None, None),
        ("", None),
        (" \n\t", None),
        ("\u200b\u200d\ufe0f", None),
        ("a\r\nb\rc", "a\nb\nc"),
        ("a\x00\x1b\x7f\x85b", "ab"),
        ("a\ud83d", "a"),
        ("a\ufffe\ufdd0", "a"),
        ("👨‍👩‍👧 ❗️\t。", "👨‍👩‍👧 ❗️\t。"),
    ],
)
def test_only_what_a_person_can_have_typed_is_kept(raw: str | None, clean: str | None) -> None:
    assert clean_text(raw) == clean


def test_chinese_characters_and_emoji_are_two_columns_wide() -> None:
    assert display_columns("同意ok👍❗️") == 10
