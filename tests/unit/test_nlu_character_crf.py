"""The character tagger: finds names that it has never seen by what stands around them."""

from __future__ import annotations

from pathlib import Path

from bot.nlu.character_crf import CharacterCrf, Lexicon, Span, tags, with_names_swapped

_NAMES = ["小米之家", "老王烧烤", "京东", "果然鲜", "如意居", "蓝鲸数码", "安心家政", "美团", "星辰影城"]
_FRAMES = ["在{}买的", "在{}吃的", "投诉{}", "{}的客服骂人", "我去{}吃饭", "我在{}买的"]
_NOTHING = ["手机坏了", "昨天买的东西", "客服骂人", "我去吃饭", "投诉一下", "没人理我"]
_NO_WORDS = Lexicon({})


def _examples() -> list[tuple[str, list[Span]]]:
    made: list[tuple[str, list[Span]]] = [(text, []) for text in _NOTHING]
    for frame in _FRAMES:
        start = frame.index("{")
        made += [(frame.format(name), [Span(start, start + len(name), "shop")]) for name in _NAMES]
    return made


def _trained(folder: Path) -> CharacterCrf:
    path = folder / "model"
    CharacterCrf.train([(text, spans, ()) for text, spans in _examples()], _NO_WORDS, path)
    loaded = CharacterCrf.load(path, _NO_WORDS)
    path.unlink()
    return loaded


def test_an_unseen_name_is_found_by_its_surroundings(tmp_path: Path) -> None:
    found = _trained(tmp_path).spans("在鹿鸣书院买的")
    assert [(one.start, one.end, one.label) for one in found] == [(1, 5, "shop")]
    assert 0.5 < found[0].confidence <= 1.0


def test_a_text_without_a_name_has_no_span(tmp_path: Path) -> None:
    crf = _trained(tmp_path)
    assert crf.spans("手机坏了没人理我") == []
    assert crf.spans("") == []


def test_tags_mark_where_a_span_begins_and_goes_on() -> None:
    assert tags("在京东买", [Span(1, 3, "shop")]) == ["O", "B-shop", "I-shop", "O"]


def test_a_lexicon_marks_its_longest_word() -> None:
    marks = Lexicon({"shop": {"京东", "京东物流"}}).marks("京东物流慢")
    assert marks == [["shop:begins"], ["shop:inside"], ["shop:inside"], ["shop:ends"], []]


def test_swapped_copies_keep_their_spans_on_the_new_names() -> None:
    copies = with_names_swapped(_examples(), 2, seed=1)
    assert len(copies) == 2 * len(_FRAMES) * len(_NAMES)
    heads, tails = {name[:2] for name in _NAMES}, {name[2:] for name in _NAMES}
    spliced = 0
    for text, (span,) in copies:
        name = text[span.start : span.end]
        assert name[:2] in heads
        assert name[2:] in tails
        assert text.replace(name, "{}") in _FRAMES
        spliced += name not in _NAMES
    assert 0 < spliced < len(copies)


def test_only_names_of_the_chosen_labels_are_swapped() -> None:
    assert with_names_swapped(_examples(), 2, seed=1, labels={"price"}) == []
