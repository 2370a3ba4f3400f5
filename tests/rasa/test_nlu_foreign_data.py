"""The components are not tied to this project's labels: they train on any Rasa data."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.parse import Parser
from tests.rasa.test_nlu_pipeline import DATA, train


@pytest.fixture(scope="module")
def parser(tmp_path_factory: pytest.TempPathFactory) -> Parser:
    return train(
        tmp_path_factory.mktemp("foreign"),
        DATA / "nlu_foreign.yml",
        CharacterEntityExtractor={"entities": None, "coded": []},
        ShapedEntityExtractor={"entities": {"amount": "money", "remedy": None, "merchant": None}},
        ComplaintTypeClassifier={"names": {}, "intents": []},
        FallbackClassifier={"threshold": 0.05},
    )


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("订一张飞重庆的机票", "book_flight"),
        ("天津明天天气如何", "ask_weather"),
        ("放一首轻音乐", "play_music"),
    ],
)
def test_its_intents_are_learnt(parser: Parser, text: str, intent: str) -> None:
    assert parser.parse(text)["intent"]["name"] == intent


def test_its_entities_are_learnt_with_their_spans(parser: Parser) -> None:
    text = "订一张去重庆的机票"
    cities = [one for one in parser.parse(text)["entities"] if one["entity"] == "city"]
    assert [(text[one["start"] : one["end"]], one["value"]) for one in cities] == [("重庆", "重庆")]


def test_its_synonyms_give_values(parser: Parser) -> None:
    assert [one["value"] for one in parser.parse("从深圳飞成都")["entities"]] == ["SZX", "成都"]


def test_without_labels_in_the_metadata_no_text_has_a_type(parser: Parser) -> None:
    assert [one for one in parser.parse("手机坏了")["entities"] if one["entity"] == "complaint_type"] == []


def test_rules_give_entities_under_the_names_of_the_settings(parser: Parser) -> None:
    assert [(one["entity"], one["value"]) for one in parser.parse("放首歌300块")["entities"]] == [
        ("money", "300")
    ]


def test_data_without_any_entity_trains_too(tmp_path: Path) -> None:
    data = tmp_path / "nlu.yml"
    examples = {"a": ("你好", "您好"), "b": ("再见", "拜拜")}
    intents = [
        f"- intent: {intent}\n  examples: |\n" + "".join(f"    - {text}\n" for text in texts)
        for intent, texts in examples.items()
    ]
    data.write_text('version: "3.1"\nnlu:\n' + "".join(intents), encoding="utf-8")
    assert train(tmp_path, data).parse("您好啊")["intent_ranking"]
