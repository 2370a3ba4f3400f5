"""The character tagger: finds names that it has never seen by what stands around them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bot.nlu.character_features import seen
from bot.nlu.lexicon import Lexicon
from bot.nlu.span_tagger import Settings, Span, SpanTagger
from bot.nlu.spans import Found
from bot.nlu.swapped_names import with_names_swapped

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


def _tagger() -> SpanTagger:
    texts, spans = zip(*_examples(), strict=True)
    return SpanTagger.train(["shop"], seen(texts, [()] * len(texts), _NO_WORDS), spans, Settings(fewest=1))


def _spans(tagger: SpanTagger, text: str, bar: float = 0.5) -> list[tuple[int, int, str]]:
    found = tagger.spans(seen([text], [()], _NO_WORDS), bar)
    return [(one.start, one.end, one.label) for one in found]


def test_an_unseen_name_is_found_by_its_surroundings() -> None:
    (found,) = _tagger().spans(seen(["在鹿鸣书院买的"], [()], _NO_WORDS))
    assert (found.start, found.end, found.label) == (1, 5, "shop")
    assert 0.5 < found.confidence <= 1.0


def test_a_stored_tagger_finds_what_it_found_before(tmp_path: Path) -> None:
    tagger = _tagger()
    tagger.save(tmp_path / "tagger.npz")
    loaded = SpanTagger.load(tmp_path / "tagger.npz")
    (tmp_path / "tagger.npz").unlink()
    for text in ("在鹿鸣书院买的", "投诉云上酒店", "手机坏了没人理我"):
        assert _spans(loaded, text) == _spans(tagger, text)


def test_a_text_without_a_name_has_no_span() -> None:
    tagger = _tagger()
    assert _spans(tagger, "手机坏了没人理我") == []
    assert _spans(tagger, "") == []


def test_no_span_is_given_that_is_less_sure_than_the_bar() -> None:
    assert _spans(_tagger(), "在鹿鸣书院买的", bar=1.0) == []


@pytest.mark.parametrize("text", ["在如意居买的", "投诉京东"])
def test_a_span_is_one_whole_name_wherever_it_ends(text: str) -> None:
    ((start, end, _),) = _spans(_tagger(), text)
    assert text[start:end] in _NAMES


def test_a_label_that_no_text_holds_is_never_found() -> None:
    texts = ["手机坏了", "没人理我"]
    tagger = SpanTagger.train(["shop"], seen(texts, [()] * 2, _NO_WORDS), [[], []], Settings(fewest=1))
    assert _spans(tagger, "在鹿鸣书院买的") == []


def test_a_lexicon_finds_its_longest_word() -> None:
    lexicon = Lexicon({"shop": {"京东", "京东物流", "店"}})
    assert lexicon.found_in("京东物流慢") == [Found(0, 4, "shop")]
    assert lexicon.found_in("小店") == []  # a word of one character is everywhere


def test_the_features_of_a_text_are_the_same_alone_and_among_others() -> None:
    texts = ["在京东买的, 1299", "", "😡İ坏了"]
    known = [[Found(1, 3, "found merchant")], [], [Found(0, 40, "token")]]
    lexicon = Lexicon({"shop": {"京东"}})
    together = seen(texts, known, lexicon)
    for number, text in enumerate(texts):
        alone = seen([text], [known[number]], lexicon)
        first, last = together.starts[number : number + 2]
        assert np.array_equal(alone.fixed, together.fixed[first:last])
        of_text = (together.more_of >= first) & (together.more_of < last)
        there = sorted(zip(together.more_of[of_text] - first, together.more[of_text], strict=True))
        assert sorted(zip(alone.more_of, alone.more, strict=True)) == there


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
