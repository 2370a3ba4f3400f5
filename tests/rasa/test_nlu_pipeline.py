"""The components in a real Rasa pipeline: this project's settings on a small assistant's data."""

from __future__ import annotations

import asyncio
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from rasa.model_testing import test_nlu as rasa_test_nlu
from rasa.model_training import train_nlu
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.training_data.message import Message
from ruamel.yaml import YAML

from bot.nlu.character_entities import CharacterEntityExtractor
from bot.nlu.character_features import Seen
from bot.nlu.rule_sources import RULES, rules_fingerprint
from bot.nlu.shaped_entities import ShapedEntityExtractor
from bot.nlu.span_tagger import Span
from bot.nlu.tokenizer import CharacterTokenizer
from bot.parse import ModelNotFound, Parser, load_parser
from tests.training_texts import TRAINING_FILES, read

ROOT = Path(__file__).parents[2]
DATA = Path(__file__).parent / "data"
AT = datetime(2025, 3, 12, 15, 30)


def train(folder: Path, data: Path, **settings: dict[str, Any]) -> Parser:
    """A parser trained on `data` with the project's pipeline; `settings` by component class name replace some."""
    config = YAML(typ="safe").load((ROOT / "config.yml").read_text(encoding="utf-8"))
    for component in config["pipeline"]:
        component.update(settings.get(component["name"].rsplit(".", 1)[-1], {}))
    path = folder / "config.yml"
    with path.open("w", encoding="utf-8") as file:
        YAML().dump({key: config[key] for key in ("recipe", "assistant_id", "language", "pipeline")}, file)
    model = train_nlu(str(path), str(data), str(folder), fixed_model_name="model")
    assert model is not None
    return load_parser(Path(model))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("small")


@pytest.fixture(scope="module")
def parser(folder: Path) -> Parser:
    return train(folder, DATA / "nlu_small", FallbackClassifier={"threshold": 0.05})


def _entities(parsed: dict[str, Any], name: str) -> list[tuple[str, str]]:
    return [
        (parsed["text"][one["start"] : one["end"]], one["value"])
        for one in parsed["entities"]
        if one["entity"] == name
    ]


def test_an_angry_sentence_without_punctuation_fills_the_case(parser: Parser) -> None:
    text = "你们这破手机用三天就黑屏 客服还不理我 1299呢"
    parsed = parser.parse(text, AT)
    assert parsed["intent"]["name"] == "file_complaint"
    assert _entities(parsed, "amount") == [("1299", "1299")]
    [(span, value)] = _entities(parsed, "complaint_type")
    assert span == text
    assert value in ("product_quality", "service_attitude")


def test_offsets_are_those_of_the_text_as_typed(parser: Parser) -> None:
    parsed = parser.parse("㎡ 訂單號ＪＤ２０２４ＡＢＣ－９９ 花了１２９９元 要求退款", AT)
    assert _entities(parsed, "order_no") == [("ＪＤ２０２４ＡＢＣ－９９", "JD2024ABC99")]
    assert _entities(parsed, "amount") == [("１２９９元", "1299")]
    assert _entities(parsed, "remedy") == [("退款", "refund")]


def test_every_entity_names_its_extractor_and_how_sure_it_is(parser: Parser) -> None:
    for entity in parser.parse("昨天在小米之家买的手机黑屏 要求退款 电话13800138000", AT)["entities"]:
        assert entity["extractor"]
        assert 0 < entity["confidence_entity"] <= 1


def test_dates_are_resolved_against_the_time_of_the_message(parser: Parser) -> None:
    assert _entities(parser.parse("昨天", AT), "incident_time") == [("昨天", "2025-03-11")]
    assert _entities(parser.parse("昨天", datetime(2024, 1, 1)), "incident_time") == [("昨天", "2023-12-31")]


def test_a_leading_slash_is_text_and_no_command(parser: Parser) -> None:
    parsed = parser.parse('/query_status{"case_no": "TS2503011234567"}', AT)
    assert parsed["text"].startswith("/query_status")
    assert parsed["intent"]["confidence"] < 1.0
    assert all(one["extractor"] != "RegexMessageHandler" for one in parsed["entities"])


def test_a_text_that_names_a_type_has_that_type(parser: Parser) -> None:
    assert _entities(parser.parse("物流问题", AT), "complaint_type") == [("物流问题", "delivery")]
    assert _entities(parser.parse("虚假宣傳", AT), "complaint_type") == [("虚假宣傳", "false_advertising")]


def test_a_text_without_a_grievance_has_no_type(parser: Parser) -> None:
    for text in ("你好", "查一下进度", "", "   ", "😡"):
        assert _entities(parser.parse(text, AT), "complaint_type") == []


@pytest.mark.parametrize(
    "text", ["", " ", "\n", "😡😡", "\u0000\u200b", "a" * 4000, "啊" * 4000, "1" * 4000, "㎡" * 300]
)
def test_strange_texts_are_parsed_all_the_same(parser: Parser, text: str) -> None:
    parsed = parser.parse(text, AT)
    assert parsed["text"] == text
    assert parsed["intent"]["name"]
    assert all(0 <= one["start"] < one["end"] <= len(text) for one in parsed["entities"])


def test_lines_are_parsed_in_their_order(parser: Parser) -> None:
    assert [one["text"] for one in parser.parse_lines(["你好\n", "查进度\r\n", "\n"], AT)] == [
        "你好",
        "查进度",
        "",
    ]


def test_a_missing_model_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(ModelNotFound, match="no trained model"):
        load_parser(tmp_path)


def test_a_kind_of_entity_can_be_switched_off_and_renamed() -> None:
    config = {**ShapedEntityExtractor.get_default_config(), "entities": {"amount": "price", "phone": None}}
    message = Message({"text": "花了1299元 电话13800138000"})
    ShapedEntityExtractor(config).process([message])
    assert [(one["entity"], one["value"]) for one in message.get("entities")] == [("price", "1299")]


def test_an_unknown_kind_of_entity_is_refused() -> None:
    with pytest.raises(InvalidConfigException, match="colour"):
        ShapedEntityExtractor(
            {**ShapedEntityExtractor.get_default_config(), "entities": {"colour": "colour"}}
        )


@pytest.mark.parametrize(("entity", "amounts"), [("remedy", ["1200"]), ("merchant", [])])
def test_a_sum_inside_a_wish_is_a_sum_and_a_number_inside_a_name_is_none(
    entity: str, amounts: list[str]
) -> None:
    message = Message({"text": "我要拿回1200块"})
    message.set("entities", [{"entity": entity, "start": 2, "end": 9, "value": "…"}])
    ShapedEntityExtractor(ShapedEntityExtractor.get_default_config()).process([message])
    assert [one["value"] for one in message.get("entities") if one["entity"] == "amount"] == amounts


class _FindsOne:
    def spans(self, text: Seen, bar: float, bars: dict[str, float]) -> list[Span]:
        return [Span(1, 5, "shop", 0.9)]


@pytest.mark.parametrize(
    ("text", "name"),
    [("在恒盛电子厂上班", "恒盛电子厂"), ("在恒盛电子厂家买", "恒盛电子"), ("在恒盛电子", "恒盛电子")],
)
def test_a_name_takes_the_kind_of_shop_with_it_that_follows(text: str, name: str) -> None:
    config = {**CharacterEntityExtractor.get_default_config(), "endings": {"shop": "厂(?![家商])"}}
    extractor = CharacterEntityExtractor(config, None, None, _FindsOne())  # type: ignore[arg-type]
    message = Message(data={"text": text})
    extractor.process([message])
    assert [one["value"] for one in message.get("entities")] == [name]


@pytest.mark.usefixtures("parser")
def test_rasa_test_nlu_works_on_a_model(folder: Path) -> None:
    model, data = str(folder / "model.tar.gz"), str(DATA / "nlu_small")
    asyncio.run(
        rasa_test_nlu(model, data, str(folder / "results"), {"disable_plotting": True, "errors": True})
    )
    report = json.loads((folder / "results/intent_report.json").read_text(encoding="utf-8"))
    assert report["file_complaint"]["support"] > 0
    assert (folder / "results/CharacterEntityExtractor_report.json").exists()


def test_tokens_never_cross_an_entity_of_the_training_data() -> None:
    tokenizer = CharacterTokenizer(CharacterTokenizer.get_default_config())
    checked = 0
    for example in (example for path in TRAINING_FILES for example in read(path) if example["entities"]):
        message = Message(data={"text": example["text"], "entities": example["entities"]})
        tokens = tokenizer.tokenize(message, "text")
        starts, ends = {one.start for one in tokens}, {one.end for one in tokens}
        for entity in example["entities"]:
            assert entity["start"] in starts, example
            assert entity["end"] in ends, example
            checked += 1
    assert checked > 1_000


def test_an_entity_that_begins_inside_a_run_cuts_it() -> None:
    tokenizer = CharacterTokenizer(CharacterTokenizer.get_default_config())
    message = Message({"text": "买了iPhone15", "entities": [{"entity": "model", "start": 3, "end": 10}]})
    assert [one.text for one in tokenizer.tokenize(message, "text")] == ["买", "了", "i", "Phone", "15"]
    plain = Message({"text": "订单 2024ABC"})
    assert [(one.text, one.start, one.end) for one in tokenizer.tokenize(plain, "text")] == [
        ("订", 0, 1),
        ("单", 1, 2),
        ("2024", 3, 7),
        ("ABC", 7, 10),
    ]


def test_an_edited_rule_changes_the_fingerprint_of_what_was_trained_with_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = rules_fingerprint()
    assert before == rules_fingerprint()
    monkeypatch.setattr("bot.nlu.fingerprint.inspect.getsource", lambda module: f"edited {module.__name__}")
    assert rules_fingerprint() != before


def test_every_rule_module_is_part_of_the_fingerprint() -> None:
    rules = {path.stem for path in (ROOT / "bot/nlu").glob("*.py")}
    components = {
        "tokenizer", "meanings", "intents", "complaint_type", "shaped_entities", "character_entities",
    }  # fmt: skip
    models = {
        "linear",
        "masking",
        "features",
        "character_features",
        "span_tagger",
        "lexicon",
        "machines",
        "swapped_names",
        "entity_lessons",
        "sentence_vectors",
    }  # each named by the component that trains it
    listed = {module.__name__.rsplit(".", 1)[-1] for module in RULES}
    assert rules - components - models - {"__init__", "fingerprint", "rule_sources", "shares"} == listed
