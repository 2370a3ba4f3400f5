"""Grounds on which a complaint is usually not taken: said once with the way on, and the person has the last word."""

from __future__ import annotations

import pytest

from cases import service
from cases.types import Stage
from tests.rasa.talk import File, Talk, Tap, play

pytestmark = pytest.mark.trained

LEAK = "买的洗衣机用两次就漏水，客厅地板全泡了，订单号202505178823456"
OLD = f"去年5月3号{LEAK}"
WAGES = "厂里拖欠我三个月工资，找老板也不给，我要投诉"


def filed(talk: Talk, text: str = LEAK) -> str:
    play(talk, [(text, "照片|截图"), ("没有", "①"), ("确认", r"TS\d{13}")])
    return talk.number()


def moved(talk: Talk, number: str, *stages: tuple[Stage, str]) -> None:
    with talk.database.write() as session:
        for stage, note in stages:
            service.move_case(session, number, stage, actor=service.Actor.SUPERVISOR, now=talk.now, note=note)


def closed(talk: Talk, number: str) -> None:
    moved(talk, number, (Stage.VERIFYING, "已联系"), (Stage.CONFIRMING, "已换新机"))
    with talk.database.write() as session:
        service.move_case(session, number, Stage.CLOSED, actor=service.Actor.USER, now=talk.now)


def test_the_same_matter_joins_the_open_case(talk: Talk) -> None:
    number = filed(talk)
    play(talk, [(f"{LEAK}，今天又漏了一次", f"已经提过：{number}.*补充到那一件里吗")])
    play(talk, [(File("again"), "收到 1 个文件.*补充到那一件")])
    play(talk, [(Tap("补充到那一件"), f"补充到 {number}")])
    (case,) = talk.cases()
    assert [entry.what for entry in case.timeline][-2:] == ["words", "evidence"]
    assert "今天又漏了一次" in str(case.timeline[-2].note)
    assert len(case.evidence) == 1
    assert (talk.asked, talk.facts()) == (None, {})


def test_the_same_matter_is_filed_all_the_same_and_flagged(talk: Talk) -> None:
    filed(talk)
    play(talk, [(LEAK, "已经提过"), (Tap("仍要提交"), "照样给您登记.*(照片|截图)"), ("没有", "①")])
    play(talk, [("确认", r"TS\d{13}")])
    first, second = talk.cases()
    assert (first.flagged, second.flagged) == (None, "same_case")


@pytest.mark.parametrize("words", ["补充进去吧", "加到那件里", "好的"])
def test_joining_is_said_in_words_too(talk: Talk, words: str) -> None:
    number = filed(talk)
    play(talk, [(f"{LEAK}，水漫到楼下了", "已经提过"), (words, f"补充到 {number}")])


@pytest.mark.parametrize("words", ["不是同一件事", "我还是要投诉", "另外立一件"])
def test_insisting_is_said_in_words_too(talk: Talk, words: str) -> None:
    filed(talk)
    play(talk, [(LEAK, "已经提过"), (words, "照样给您登记")])


def test_a_closed_case_is_opened_again(talk: Talk) -> None:
    number = filed(talk)
    closed(talk, number)
    talk.pass_time(days=3)
    play(talk, [(f"{LEAK}，换来的又漏", "已结案.*重新打开"), (Tap("重新处理那一件"), "重新处理|专员核实")])
    (case,) = talk.cases()
    assert (case.stage, case.reopen_count) == ("verifying", 1)


def test_long_closed_there_is_only_a_new_case(talk: Talk) -> None:
    closed(talk, filed(talk))
    talk.pass_time(days=20)
    play(talk, [(LEAK, "过了能重新打开的 15 天"), (Tap("仍要提交"), "照片|截图")])


def test_a_rejected_case_is_appealed(talk: Talk) -> None:
    number = filed(talk)
    moved(talk, number, (Stage.REJECTED, "不属于本平台订单，可联系 12315"))
    play(
        talk,
        [
            (f"{LEAK}，明明是你们的订单", "不予受理.*重新打开"),
            (Tap("重新处理那一件"), "诉求受理|重新受理|申诉"),
        ],
    )
    assert talk.cases()[0].stage == "accepted"


def test_a_withdrawn_case_stands_against_nothing(talk: Talk) -> None:
    number = filed(talk)
    with talk.database.write() as session:
        service.withdraw(session, number, talk.now)
    play(talk, [(LEAK, "照片|截图")])


def test_another_order_number_removes_the_ground(talk: Talk) -> None:
    filed(talk)
    play(talk, [(LEAK, "已经提过"), ("订单号不对，是202505178829999", "改好了.*(照片|截图)")])
    assert talk.facts()["order_no"] == "202505178829999"


def test_over_a_year_is_said_and_left_to_him(talk: Talk) -> None:
    play(talk, [(OLD, "2025年5月3日.*超过一年.*仍要提交"), (Tap("仍要提交"), "照片|截图"), ("没有", "①")])
    play(talk, [("确认", r"TS\d{13}")])
    assert talk.cases()[0].flagged == "too_late"


def test_another_date_removes_the_ground(talk: Talk) -> None:
    play(talk, [(OLD, "超过一年"), ("说错了，是今年10月3号", "改好了|记下.*(照片|截图)")])
    assert talk.facts()["incident_time"].startswith("2026-10-03")


def test_what_others_decide_is_sent_there(talk: Talk) -> None:
    play(talk, [(WAGES, "12333.*仍要提交"), (Tap("先不提交"), "72 小时")])
    assert talk.cases() == []


def test_what_others_decide_can_be_filed_all_the_same(talk: Talk) -> None:
    play(talk, [(WAGES, "12333"), ("我还是要投诉", "照样给您登记")])
    assert talk.facts()["overruled"] == ["outside_remit"]


def test_a_question_in_between_is_answered_and_the_ground_is_said_again(talk: Talk) -> None:
    play(talk, [(OLD, "超过一年"), ("多久能处理完", "办结.*超过一年"), (Tap("仍要提交"), "照片|截图")])


def test_danger_waits_for_no_ground(talk: Talk) -> None:
    play(talk, [("前年买的热水器昨天漏电把我老公电到了，人在急诊抢救", "120")])
    assert "超过一年" not in talk.answer


def test_an_emergency_removes_the_ground_and_the_intake_goes_on(talk: Talk) -> None:
    play(
        talk,
        [
            (OLD, "超过一年"),
            ("着火了！插座冒烟，救命", "先顾安全"),
            (Tap("继续自助"), "取消排队.*(照片|截图)"),
        ],
    )
