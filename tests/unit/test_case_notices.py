"""What complainants read: in the product's time zone, concrete, and never an empty promise."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from itertools import product
from zoneinfo import ZoneInfo

import pytest

from cases import notices, phrases
from cases.clocks import Promise, Step, WorkingDays
from cases.lifecycle import MOVES
from cases.status import Act, PathStep, Status
from cases.types import PATH, Stage

CHINA = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 23, 4, 0, tzinfo=timezone.utc)
EMPTY_WORDS = ("尽快", "稍后", "近期", "耐心等待", "请稍等", "早日", "相关人员", "高度重视", "敬请")


def status(stage: Stage, step: Step, by: datetime | None, handler: str | None = "李敏") -> Status:
    """A status of one's own making."""
    return Status(
        number="TS2611230047118",
        type_shown="商品质量",
        stage=stage,
        since=NOW,
        path=tuple(PathStep(other, "ahead") for other in PATH),
        team="商品质量",
        handler=handler,
        contact=None,
        on_duty_from=None if handler else NOW + timedelta(hours=21),
        last_act=Act(NOW, "filed", "user", "product_quality"),
        promise=Promise(step, by),
        resolve_by=NOW + timedelta(days=9),
        evidence=2,
        escalation=0,
        now=NOW,
        zone=CHINA,
    )


def every_text() -> list[str]:
    """Each notice of each move, by user and by agent, and each status with each next step."""
    texts = []
    steps = list(product(Step, (None, NOW + timedelta(hours=30)), ("李敏", None)))
    for move in MOVES:
        for old, (step, by, handler), by_user in product(move.sources, steps, (True, False)):
            told = notices.stage_notice(
                status(move.to, step, by, handler),
                old,
                effect=move.effect,
                note="已核实：电池鼓包",
                by_user=by_user,
                carry_out=WorkingDays(2),
            )
            texts.append(told.text)
    for stage, (step, by, handler) in product(Stage, steps):
        now = status(stage, step, by, handler)
        texts += [notices.status_text(now), notices.receipt(now), notices.new_handler(now)]
    return texts


@pytest.mark.parametrize(
    ("instant", "shown"),
    [
        (datetime(2026, 11, 25, 10, 0, tzinfo=timezone.utc), "11月25日 18:00"),
        (datetime(2026, 11, 25, 17, 5, tzinfo=timezone.utc), "11月26日 01:05"),
        (datetime(2026, 12, 31, 16, 0, tzinfo=timezone.utc), "2027年1月1日 00:00"),
    ],
)
def test_times_are_said_in_the_product_s_zone(instant: datetime, shown: str) -> None:
    assert phrases.moment(instant, NOW, CHINA) == shown
    assert phrases.before(instant, NOW, CHINA) == f"{shown}前"


@pytest.mark.parametrize(
    ("span", "shown"),
    [
        (timedelta(minutes=10), "10分钟"),
        (timedelta(hours=24), "24小时"),
        (timedelta(hours=72), "3天"),
        (timedelta(days=7), "7天"),
        (WorkingDays(2), "2个工作日"),
    ],
)
def test_spans_are_said_as_people_say_them(span: timedelta | WorkingDays, shown: str) -> None:
    assert phrases.span_in_words(span) == shown


@pytest.mark.parametrize(
    ("name", "shown"), [("商品质量", "商品质量组"), ("客服中心", "客服中心"), ("合规部", "合规部")]
)
def test_a_team_is_called_a_team_once(name: str, shown: str) -> None:
    assert phrases.team_in_words(name) == shown


def test_no_text_makes_an_empty_promise_or_shows_its_seams() -> None:
    for text in every_text():
        assert not any(words in text for words in EMPTY_WORDS), text
        assert "None" not in text
        assert "  " not in text
        assert "。。" not in text
        assert "，。" not in text
        assert "前前" not in text
        assert not any(line != line.strip() for line in text.split("\n")), text
        assert "product_quality" not in text


def test_every_text_is_short_and_the_person_is_spoken_to_politely() -> None:
    for text in every_text():
        assert len(text) <= 260, text
        assert "你" not in text.replace("您", "")


def test_every_text_about_a_case_bears_its_number() -> None:
    assert all("TS2611230047118" in text for text in every_text())


def test_an_agent_s_words_reach_the_person_unchanged() -> None:
    for stage in (
        Stage.REJECTED,
        Stage.WAITING_USER,
        Stage.PROPOSING,
        Stage.AWAITING_CONSENT,
        Stage.CONFIRMING,
    ):
        told = notices.stage_notice(
            status(stage, Step.PLAN, NOW),
            Stage.VERIFYING,
            effect=None,
            note="第一行\n第二行",
            by_user=False,
            carry_out=WorkingDays(2),
        )
        assert "\n第一行\n第二行\n" in told.text


def test_the_receipt_of_a_case_that_nobody_in_person_has_says_when_the_team_works() -> None:
    text = notices.receipt(
        status(Stage.ACCEPTED, Step.FIRST_CONTACT, NOW + timedelta(hours=24), handler=None)
    )
    assert "由商品质量组负责，11月24日 09:00上班。" in text
    assert "您发的 2 份凭证已经附上。" in text


def test_what_the_user_must_do_is_not_called_late() -> None:
    overdue = Promise(Step.USER_CONFIRMS, NOW - timedelta(hours=1), overdue=True)
    from dataclasses import replace

    text = notices.next_step(replace(status(Stage.CONFIRMING, Step.NOTHING, None), promise=overdue))
    assert "超时" not in text
