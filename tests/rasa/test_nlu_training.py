"""What training spares itself: tokens that nobody learns from, and Rasa's digests by way of JSON."""

from __future__ import annotations

import numpy as np
import pytest
from rasa.nlu.tokenizers.tokenizer import Token
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.tokenizer import CharacterTokenizer
from bot.train import quick_fingerprint


@pytest.mark.parametrize("in_training", [True, False])
def test_training_texts_are_cut_only_if_something_learns_from_tokens(in_training: bool) -> None:
    tokenizer = CharacterTokenizer({**CharacterTokenizer.get_default_config(), "in_training": in_training})
    example = Message(data={"text": "要退款"})
    tokenizer.process_training_data(TrainingData([example]))
    assert bool(example.get("text_tokens")) is in_training
    message = Message(data={"text": "要退款"})
    tokenizer.process([message])
    assert [token.text for token in message.get("text_tokens")] == ["要", "退", "款"]


def _example(**changed: object) -> Message:
    data = {"text": "退50", "intent": "inform", "entities": [{"entity": "amount", "start": 1, "end": 3}]}
    return Message(data={**data, **changed})


@pytest.mark.parametrize(
    "changed",
    [
        {"text": "退60"},
        {"intent": "deny"},
        {"entities": []},
        {"entities": [{"entity": "amount", "start": 1, "end": 2}]},
        {"metadata": {"example": {"complaint_type": "delivery"}}},
        {"meaning": np.ones(512, np.float32)},
        {"text_tokens": [Token("退", 0), Token("50", 1)]},
    ],
)
def test_a_digest_changes_with_all_that_an_example_holds(changed: dict[str, object]) -> None:
    assert quick_fingerprint(_example(**changed)) != quick_fingerprint(_example())
    assert quick_fingerprint(_example(**changed)) == quick_fingerprint(_example(**changed))


def test_a_digest_looks_into_the_middle_of_long_vectors() -> None:
    one, other = np.ones(5_000, np.float32), np.ones(5_000, np.float32)
    other[2_500] = 2
    assert quick_fingerprint(_example(meaning=one)) != quick_fingerprint(_example(meaning=other))
