"""Short answers, read by rules: nothing, that is all, which item, which number."""

from __future__ import annotations

from typing import Any

import pytest

from actions import answers, intake, items, phrases
from actions.heard import Heard


def heard(text: str = "", intent: str = "inform", *, pressed: bool = False, **entities: str) -> Heard:
    """An utterance as the form gets it."""
    found: list[dict[str, Any]] = [
        {"entity": name, "value": value, **({} if pressed else {"start": max(text.find(value), 0)})}
        for name, value in entities.items()
    ]
    return Heard(
        text="" if pressed else text,
        intent=intent,
        confidence=1.0,
        entities=tuple(found),
        pressed=pressed,
        kind="choice" if pressed else "text",
        event=None,
        media_ids=(),
        words_follow=False,
    )


@pytest.mark.parametrize(
    "text",
    [
        "没有",
        "没有啊",
        "我没有订单号",
        "忘记了",
        "沒有",
        "不知道",
        "找不到订单了",
        "没存",
        "无",
        "过",
        "线下买的",
        "没照片",
        "冇",
    ],
)
def test_saying_that_there_is_none(text: str) -> None:
    assert phrases.says_none(text)


@pytest.mark.parametrize("text", ["没有收到货", "过期了两天", "不要脸的商家", "无理取闹的客服", "好多问题"])
def test_an_account_is_not_a_none(text: str) -> None:
    assert not phrases.says_none(text)
    assert not phrases.says_done(text)


@pytest.mark.parametrize(
    "text", ["没有了", "就这些", "发完了", "完成", "好了", "没其他的了", "OK", "就这一张"]
)
def test_saying_that_this_is_all(text: str) -> None:
    assert phrases.says_done(text)


@pytest.mark.parametrize(
    ("text", "item"),
    [
        ("改订单号", "order_no"),
        ("第三项不对", "order_no"),
        ("第 3 项不对", "order_no"),
        ("第③项有误", "order_no"),
        ("订单号填错了", "order_no"),
        ("手机号错了 应该是13800138000", "phone"),
        ("商家名字写错了", "merchant"),
        ("改一下描述", "description"),
        ("改下我的要求", "remedy"),
        ("補充證據", "evidence"),
        ("我打错了", None),
        ("金额是399不是299", None),
        ("第十项不对", None),
    ],
)
def test_the_item_that_a_correction_names(text: str, item: str | None) -> None:
    assert items.item_to_correct(text) == item


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("单号yt88123400991", "YT88123400991"),
        ("E2024 0613 77 8812", "E20240613778812"),
        ("订单：JD2024ABC-99", "JD2024ABC99"),
        ("ｊｄ２０２４０５０１", "JD20240501"),
        ("就是那个蓝色的", None),
        ("12345", None),
    ],
)
def test_an_order_number_as_it_is_typed(text: str, number: str | None) -> None:
    assert items.an_order_number(text) == number


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("399", "399"),
        ("1,299.00", "1299.00"),
        ("是399不是299", "399"),
        ("不是299，是399", "399"),
        ("很多", None),
    ],
)
def test_the_amount_that_is_meant(text: str, amount: str | None) -> None:
    assert items.an_amount(text) == amount


@pytest.mark.parametrize("text", ["我要投诉", "投诉", "我想投诉一下", "你好我要投诉", "帮我投诉商家", "举报"])
def test_a_bare_wish_tells_nothing(text: str) -> None:
    assert not phrases.tells_something(text)


@pytest.mark.parametrize(
    ("text", "vague"), [("手机坏了", True), ("东西太差了", True), ("洗衣机漏水三次没修好", False)]
)
def test_an_account_is_vague_when_nobody_could_act_on_it(text: str, vague: bool) -> None:
    assert phrases.is_vague(text) is vague


@pytest.mark.parametrize(
    ("facts", "files", "question"),
    [
        ({}, 0, "complaint_type"),
        ({"complaint_type": "delivery"}, 0, "description"),
        ({"complaint_type": "delivery", "description": "丢了"}, 0, "detail"),
        ({"complaint_type": "delivery", "description": "包裹三天没有动静打电话没人接"}, 0, "order_no"),
        (
            {"complaint_type": "delivery", "description": "丢了", "asked_detail": True, "no_order": True},
            0,
            "proof",
        ),
        (
            {"complaint_type": "delivery", "description": "丢了", "asked_detail": True, "no_order": True},
            1,
            "confirm",
        ),
        (
            {"complaint_type": "privacy", "description": "丢了", "asked_detail": True, "no_order": True},
            0,
            "evidence",
        ),
        (
            {"complaint_type": "delivery", "description": "包裹三天没有动静打电话没人接", "order_no": "1"},
            0,
            "evidence",
        ),
        (
            {
                "complaint_type": "delivery",
                "description": "包裹三天没有动静打电话没人接",
                "order_no": "1",
                "evidence_done": True,
            },
            0,
            "confirm",
        ),
    ],
)
def test_only_what_is_missing_is_asked_in_its_order(facts: dict[str, Any], files: int, question: str) -> None:
    assert intake.next_question(facts, files) == question


def test_an_answer_with_a_type_and_a_story_brings_both() -> None:
    answer = answers.read(
        "complaint_type", heard("快递三天没动静打电话也没人接", complaint_type="delivery"), {}
    )
    assert answer is not None
    assert answer.facts == {"complaint_type": "delivery", "description": "快递三天没动静打电话也没人接"}


def test_a_phone_number_is_no_order_number() -> None:
    answer = answers.read("order_no", heard("13800138000", phone="13800138000"), {})
    assert answer is not None
    assert answer.facts == {"phone": "13800138000"}
    assert answer.hint == "utter_phone_not_order"


@pytest.mark.parametrize("question", ["order_no", "proof", "evidence", "detail"])
@pytest.mark.parametrize("press", [True, False])
def test_every_question_that_may_be_passed_over_takes_a_no(question: str, press: bool) -> None:
    words = heard(intent="skip", pressed=True) if press else heard("没有", "deny")
    answer = answers.read(question, words, {"description": "坏了"})
    assert answer is not None
    assert answer.sure


@pytest.mark.parametrize(
    ("name", "value", "fits"),
    [
        ("amount", "1299", True),
        ("amount", "9" * 20, False),
        ("remedy", "refund", True),
        ("remedy", "revenge", False),
    ],
)
def test_what_a_case_cannot_hold_counts_as_not_said(name: str, value: str, fits: bool) -> None:
    assert intake.holdable(name, value) is fits


def test_the_same_words_twice_are_kept_once() -> None:
    once = intake.add_words({}, "屏幕裂了")
    assert intake.add_words(once, "屏幕裂了") == once
    assert intake.add_words(once, "还漏电")["description"] == "屏幕裂了\n还漏电"
