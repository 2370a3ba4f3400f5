"""What people do with the complaints that they have filed."""

from __future__ import annotations

import pytest

from bot.agent import Assistant
from cases import service
from conversations.database import Database
from tests.rasa.talk import File, Talk, Tap, play

pytestmark = pytest.mark.trained

FIRST = "买的洗衣机用两次就漏水，客厅地板全泡了，订单号202505178823456，电话13800138000"
SECOND = "昨天点的外卖里吃出一只蟑螂，商家说给我退两块钱，订单号3301234567890"


def filed(talk: Talk, text: str = FIRST) -> str:
    """File a complaint; returns its number."""
    play(talk, [(text, "照片|截图"), ("没有", "①"), ("确认", r"TS\d{13}")])
    return talk.number()


def moved(talk: Talk, number: str, *stages: tuple[str, str]) -> None:
    """What agents did meanwhile."""
    with talk.database.write() as session:
        for stage, note in stages:
            service.move_case(session, number, stage, actor=service.Actor.SUPERVISOR, now=talk.now, note=note)


TO_PLAN = (("verifying", "已联系"), ("proposing", "属实"), ("awaiting_consent", "退款 1299 元"))


def test_the_only_open_case_is_shown_directly(talk: Talk) -> None:
    number = filed(talk)
    play(talk, [("我的投诉进度", f"{number}.*诉求受理.*负责.*下一步.*专员核实")])


def test_several_open_cases_are_a_choice(talk: Talk) -> None:
    first, second = filed(talk), filed(talk, SECOND)
    play(talk, [("我的投诉到哪一步了", "2 件")])
    label = next(label for label in talk.choices if first in label)
    play(talk, [(Tap(label), f"投诉 {first}")])
    play(talk, [("查进度", "2 件"), (second, f"投诉 {second}")])


def test_of_many_open_cases_the_newest_are_a_choice_and_the_others_go_by_number(talk: Talk) -> None:
    one_each = [FIRST.replace("2025051788234", f"202505178823{n}") for n in range(8)]  # orders of their own
    numbers = [filed(talk, text) for text in one_each]
    play(talk, [("我的投诉进度", "8 件.*最近的 6 件.*编号")])
    shown = [label for label in talk.choices if "TS" in label]
    assert [label.split()[0] for label in shown] == numbers[:1:-1]
    play(talk, [(numbers[0], f"投诉 {numbers[0]}")])


def test_a_number_in_the_text_goes_straight_to_the_case(talk: Talk) -> None:
    first, _ = filed(talk), filed(talk, SECOND)
    play(talk, [(f"{first}处理得怎么样了", f"投诉 {first}")])
    spaced = f"ts {first[2:8]}-{first[8:14]} {first[14:]}"
    play(talk, [(f"帮我查一下{spaced}", f"投诉 {first}")])


def test_a_mistyped_number_is_caught(talk: Talk) -> None:
    number = filed(talk)
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
    play(talk, [(f"查一下{wrong}", "输错了")])


def test_no_case_offers_to_file_one(talk: Talk) -> None:
    play(talk, [("我的投诉进度", "没有正在处理的投诉"), (Tap("我要投诉"), "哪一类")])


def test_a_strangers_number_and_one_that_does_not_exist_get_the_same_question_and_the_same_refusal(
    talk: Talk, assistant: Assistant, sqlite_url: str
) -> None:
    number = filed(talk)
    other = Talk(Database(sqlite_url), assistant, contact="c2")
    other.now = talk.now
    from cases.numbers import new_number

    nobody = new_number(talk.now.date(), lambda _: 123)
    answers = []
    for asked_for in (number, nobody):
        play(other, [(f"查一下{asked_for}", "后四位"), ("1234", "没有对上")])
        answers.append(other.answer)
    assert answers[0] == answers[1]
    assert number not in "".join(answers)


def test_the_phones_last_digits_open_a_strangers_case(
    talk: Talk, assistant: Assistant, sqlite_url: str
) -> None:
    number = filed(talk)
    other = Talk(Database(sqlite_url), assistant, contact="c2")
    other.now = talk.now
    play(other, [(f"查一下{number}", "后四位"), ("8000", f"投诉 {number}")])


def test_after_three_wrong_tries_the_right_digits_help_no_more_for_an_hour(
    talk: Talk, assistant: Assistant, sqlite_url: str
) -> None:
    number = filed(talk)
    other = Talk(Database(sqlite_url), assistant, contact="c2")
    other.now = talk.now
    for wrong in ("0001", "0002", "0003"):
        play(other, [(f"查一下{number}", "后四位"), (wrong, "没有对上")])
    play(other, [(f"查一下{number}", "后四位"), ("8000", "一小时之后")])
    other.pass_time(minutes=61)
    play(other, [(f"查一下{number}", "后四位"), ("8000", f"投诉 {number}")])


def test_urging_counts_once_in_a_day(talk: Talk) -> None:
    number = filed(talk)
    play(talk, [("催一下", f"已经替您催办 {number}.*下一步"), ("快点处理啊", "24 小时内已经催过")])
    assert talk.cases()[0].priority == "high"


def test_withdrawing_is_asked_once(talk: Talk) -> None:
    number = filed(talk)
    play(talk, [("我要撤诉", f"确定撤回投诉 {number}"), ("不撤了", "照常处理")])
    assert talk.cases()[0].stage == "accepted"
    play(talk, [("撤诉", "确定"), (Tap("确定撤诉"), f"{number}.*撤诉")])
    assert talk.cases()[0].stage == "withdrawn"


def test_words_are_added_to_the_case(talk: Talk) -> None:
    number = filed(talk)
    play(
        talk, [("我想补充几句", "要补充什么"), ("今天楼下邻居说他家天花板也渗水了", f"已经加进投诉 {number}")]
    )
    notes = [entry.note for entry in talk.cases()[0].timeline if entry.what == "words"]
    assert notes == ["今天楼下邻居说他家天花板也渗水了"]


def test_files_for_several_cases_are_asked_about_and_kept(talk: Talk) -> None:
    first, _ = filed(talk), filed(talk, SECOND)
    play(talk, [(File("bill"), "放到哪一件")])
    label = next(label for label in talk.choices if first in label)
    play(talk, [(Tap(label), f"收到 1 个文件，已经加进投诉 {first}")])
    assert [len(case.evidence) for case in talk.cases()] == [1, 0]


def test_a_file_goes_to_the_case_that_waits_for_it(talk: Talk) -> None:
    number = filed(talk)
    moved(talk, number, ("verifying", "已联系"), ("waiting_user", "请发一张铭牌照片"))
    play(talk, [(File("plate"), "接着核实")])
    assert talk.cases()[0].stage == "verifying"


def test_the_plan_is_accepted_by_button(talk: Talk) -> None:
    number = filed(talk)
    moved(talk, number, *TO_PLAN)
    talk.say("你好")
    play(talk, [("同意这个方案", f"{number} 开始按方案办理")])
    assert talk.cases()[0].stage == "resolving"


def test_an_objection_is_asked_for_its_reason(talk: Talk) -> None:
    number = filed(talk)
    moved(talk, number, *TO_PLAN)
    play(talk, [("我不同意这个处理方案", "哪里不满意"), ("运费也要退给我", "意见收到了")])
    case = talk.cases()[0]
    assert case.stage == "proposing"
    assert case.timeline[-1].note == "运费也要退给我"


def test_consent_without_a_plan_is_said_so(talk: Talk) -> None:
    filed(talk)
    play(talk, [("同意这个方案", "没有等您答复的方案")])


@pytest.mark.parametrize("wish", ["撤诉", "补充几句话", "查进度"])
def test_a_matter_of_an_old_case_in_the_middle_of_a_new_one_returns_to_it(talk: Talk, wish: str) -> None:
    filed(talk)
    play(talk, [("我要投诉快递员态度差，昨天送货的时候把箱子扔地上还骂我", "订单号")])
    talk.say(wish)
    if wish == "撤诉":
        play(talk, [("不撤了", "照常处理.*接着.*订单号")])
    elif wish == "查进度":
        assert "订单号" in talk.answer
    assert talk.asked in ("order_no", "evidence")
    assert "骂我" in talk.facts()["description"]


@pytest.mark.parametrize(
    ("said", "served"),
    [
        ("多久能处理好", "24小时内有专人联系"),
        ("你好", "我在"),
        ("今天天气怎么样", "帮不上|不懂"),
        ("再说一遍", "确定撤回"),
    ],
)
def test_a_digression_while_a_case_is_asked_about_is_served_and_the_question_asked_again(
    talk: Talk, said: str, served: str
) -> None:
    number = filed(talk)
    play(talk, [("撤诉", "确定撤回"), (said, f"{served}.*"), ("确定", f"{number}.*撤诉")])
    assert talk.cases()[0].stage == "withdrawn"


def test_a_new_grievance_while_a_case_is_asked_about_opens_the_intake(talk: Talk) -> None:
    filed(talk)
    play(talk, [("撤诉", "确定撤回"), ("昨天点的外卖里吃出一只蟑螂，商家说给我退两块钱", "订单号")])
    assert talk.asked == "order_no"
    assert talk.cases()[0].stage == "accepted"


def test_a_file_in_answer_to_what_shall_be_added_goes_to_that_case(talk: Talk) -> None:
    first, _ = filed(talk), filed(talk, SECOND)
    play(talk, [("我想补充几句", "补充到哪一件")])
    label = next(label for label in talk.choices if first in label)
    play(talk, [(Tap(label), "要补充什么"), (File("bill"), f"加进投诉 {first}")])


def test_who_stops_a_matter_of_a_case_changes_nothing(talk: Talk) -> None:
    filed(talk), filed(talk, SECOND)
    play(talk, [("撤诉", "要撤哪一件"), ("算了", "先不弄了")])
    assert [case.stage for case in talk.cases()] == ["accepted", "accepted"]
    assert talk.slots() == {}


def test_a_new_complaint_can_be_told_while_a_choice_of_cases_is_open(talk: Talk) -> None:
    filed(talk), filed(talk, SECOND)
    play(talk, [("我的投诉进度", "2 件"), ("我要投诉", "哪一类|发生了什么|什么事")])
