"""The linear classifier: learns, is honest about how sure it is, and is the same after storing."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest

from bot.nlu.features import ngrams
from bot.nlu.linear import LinearModel, Settings

_TEXTS = {
    "weather": ["今天天气怎么样", "明天会下雨吗", "外面冷不冷", "北京热吗", "周末下雪吗", "天气预报"],
    "music": ["放首歌", "来点音乐", "我想听歌", "播放周杰伦的歌", "换一首歌", "放点轻音乐"],
}


def _model() -> LinearModel:
    pairs = [(text, label) for label, texts in _TEXTS.items() for text in texts]
    return LinearModel.fit([text for text, _ in pairs], [label for _, label in pairs], Settings(folds=3))


def test_an_unseen_sentence_gets_the_label_whose_words_it_shares() -> None:
    model = _model()
    confidences = dict(zip(model.labels, model.confidences("上海明天天气"), strict=True))
    assert confidences["weather"] > confidences["music"]
    assert sum(confidences.values()) == pytest.approx(1.0)


def test_a_stored_model_answers_as_before(tmp_path: Path) -> None:
    model = _model()
    model.save(tmp_path)
    loaded = LinearModel.load(tmp_path)
    assert loaded.labels == model.labels
    assert np.allclose(loaded.confidences("明天听歌"), model.confidences("明天听歌"), atol=1e-3)


def test_confidence_on_labels_given_by_chance_is_near_chance() -> None:
    chance = random.Random(3)
    texts = ["".join(chance.choice("天地人你我他大小多少上下") for _ in range(8)) for _ in range(300)]
    labels = [chance.choice(["a", "b"]) for _ in texts]
    model = LinearModel.fit(texts, labels)
    unseen = ["".join(chance.choice("天地人你我他大小多少上下") for _ in range(8)) for _ in range(100)]
    assert np.mean([model.confidences(text).max() for text in unseen]) < 0.65


def test_one_label_is_not_enough_to_learn() -> None:
    with pytest.raises(ValueError, match="two labels"):
        LinearModel.fit(["你好", "您好"], ["greet", "greet"])


def test_punctuation_case_and_the_digits_of_a_number_make_no_difference() -> None:
    assert list(ngrams("等了12天,OK!", 2)) == list(ngrams("等了34天 ok", 2))


def test_a_text_without_any_known_feature_still_gets_confidences() -> None:
    model = _model()
    assert model.confidences("😡").sum() == pytest.approx(1.0)
    assert model.confidences("").sum() == pytest.approx(1.0)
