"""Whatever comes in the middle of a question is served, and the question is asked again with nothing lost."""

from __future__ import annotations

import re

import pytest

from channels.message import Kind, Place
from tests.rasa.talk import File, Said, Sign, Talk, Tap, play

pytestmark = pytest.mark.trained

TOLD = "买的洗衣机用两次就漏水，客厅地板全泡了，售后电话打了五次没人来"
ORDER = "202505178823456"

TO_THE_QUESTION: dict[str, list[Said]] = {
    "complaint_type": ["我要投诉"],
    "description": ["我要投诉", Tap("商品质量")],
    "detail": ["我要投诉", Tap("商品质量"), "坏了"],
    "order_no": [TOLD],
    "proof": [TOLD, "没有订单号"],
    "evidence": [TOLD, ORDER],
    "confirm": [TOLD, ORDER, "没有"],
}
ASKED_AGAIN = {
    "complaint_type": "哪一类",
    "description": "发生了什么|经过",
    "detail": "具体是什么毛病",
    "order_no": "订单号",
    "proof": "哪天买的",
    "evidence": "照片|截图",
    "confirm": "没变|上面那些|①",
}
INTERRUPTIONS: dict[str, tuple[Said, str]] = {
    "status": ("我的投诉进度", "没有正在处理的投诉|还没提交"),
    "time": ("多久能处理好", "24小时内有专人联系"),
    "scope": ("什么样的事可以投诉", "商品质量、虚假宣传"),
    "evidence": ("需要什么证据", "付款记录、发票"),
    "privacy": ("我的信息会泄露吗", "只有经办人员能看"),
    "compensation": ("能赔我多少钱", "退一赔三"),
    "outside": ("可以打12315吗", "12315"),
    "greeting": ("你好", "我在"),
    "thanks": ("谢谢", "不客气|应该的"),
    "help": ("你能做什么", "登记投诉"),
    "small talk": ("今天天气怎么样", "帮不上|不懂"),
    "sticker": (Sign(Kind.STICKER), "表情"),
    "unsupported": (Sign(Kind.UNSUPPORTED), "打不开"),
    "place": (Sign(Kind.LOCATION, Place(31.2, 121.5, "南京路1号")), "位置收到"),
    "photo": (File("in between"), "收到 1 个文件"),
    "repeat": ("再说一遍", "."),
    "emoji": ("😤😤", "表情"),
}


@pytest.mark.parametrize("question", TO_THE_QUESTION)
@pytest.mark.parametrize("interruption", INTERRUPTIONS)
def test_an_interruption_is_served_and_the_question_asked_again(
    talk: Talk, question: str, interruption: str
) -> None:
    for said in TO_THE_QUESTION[question]:
        talk.say(said)
    assert talk.asked == question
    before = talk.facts()
    said, served = INTERRUPTIONS[interruption]
    play(talk, [(said, served)])
    if (question, interruption) == ("proof", "photo"):  # a photo is a proof: the question is answered
        assert talk.asked == "confirm"
        return
    play_again = ASKED_AGAIN[question]
    if (question, interruption) == ("evidence", "photo"):
        play_again = "还有吗|接着发"
    assert re.search(play_again, talk.answer, re.DOTALL), talk.answer
    assert talk.asked == question
    after = talk.facts()
    if interruption == "place":
        after = {**after, "description": before.get("description")}
        after = {name: value for name, value in after.items() if value is not None}
    assert after == before


def test_a_long_chat_in_the_middle_of_a_question_loses_nothing(talk: Talk) -> None:
    play(talk, [(TOLD, "订单号")])
    for said in ["你好", "多久能处理好", "谢谢", "能赔我多少钱", "今天天气怎么样"] * 4:
        talk.say(said)
    play(talk, [(ORDER, "照片|截图"), ("没有", "①"), ("确认", r"TS\d{13}")])
    assert talk.cases()[0].description == TOLD


def test_taking_it_back_before_it_is_filed_is_stopping(talk: Talk) -> None:
    play(talk, [(TOLD, "订单号"), ("撤诉", "先不填了吗"), ("是的", "72 小时")])


@pytest.mark.parametrize("question", TO_THE_QUESTION)
def test_asking_for_a_person_queues_and_the_question_waits_until_he_goes_on_by_himself(
    talk: Talk, question: str
) -> None:
    for said in TO_THE_QUESTION[question]:
        talk.say(said)
    before = talk.facts()
    play(talk, [("转人工", "排在第 1 位")])
    assert "订单号是多少" not in talk.answer
    play(talk, [(Tap("继续自助"), f"取消排队.*({ASKED_AGAIN[question]})")])
    assert talk.asked == question
    assert talk.facts() == before


def test_an_emergency_brings_advice_and_a_person_at_once(talk: Talk) -> None:
    play(talk, [(TOLD, "订单号"), ("洗衣机着火了 屋里全是烟", "120.*119.*110.*同事")])
    assert talk.facts()["danger"] is True
    play(talk, [(Tap("继续自助"), "订单号"), (ORDER, "照片|截图"), ("没有", "①"), ("确认", r"TS\d{13}")])
    assert talk.cases()[0].priority == "urgent"


def test_an_emergency_out_of_the_blue_is_kept_for_the_case(talk: Talk) -> None:
    play(talk, [("充电宝爆炸了 我妈手烧伤了", "120"), (Tap("继续自助"), "取消排队"), ("继续", "接着|订单号")])
    assert "爆炸" in talk.facts()["description"]


def test_abuse_is_met_calmly_once_and_a_person_is_offered(talk: Talk) -> None:
    play(talk, [("你们都是垃圾 滚", "听得出来您很生气.*转人工")])
    first = talk.answer
    play(talk, [("滚 骗子", "转人工")])
    assert talk.answer != first


@pytest.mark.parametrize("asked", ["你是机器人吗", "你是真人吗？", "你是谁呀"])
def test_who_asks_whether_he_talks_to_a_machine_is_told(talk: Talk, asked: str) -> None:
    play(talk, [("手机用三天就黑屏，客服不理人", "订单号"), (asked, "机器人|人工")])
    assert "不懂" not in talk.answer


def test_a_failure_and_small_talk_in_the_intake_bring_a_person(talk: Talk) -> None:
    play(
        talk,
        [
            ("手机用三天就黑屏，客服不理人", "订单号"),
            ("今天天气怎么样", "帮不上|不懂"),
            ("帮我订一张去北京的票", "直接跟您聊.*订单号"),
        ],
    )
    play(talk, [("202505038823456", "照片|截图"), ("今天天气怎么样", "帮不上|不懂")])
    assert "直接跟您聊" not in talk.answer


def test_two_failures_in_a_row_bring_the_menu_and_a_person(talk: Talk) -> None:
    play(talk, [("asdf qwer", "没看懂|没明白|帮不上|本事"), ("zxcv hjkl", "还是没看懂")])
    assert "转人工" in talk.choices


@pytest.mark.parametrize(
    ("said", "answered", "asked"),
    [
        ("订单号我找找", "不急", "pause"),
        ("等一下", "不急", "pause"),
        ("没单号 线下门店刷卡买的", "照片|截图", "evidence"),
        ("这跟订单没关系", "照片|截图", "evidence"),
        ("凭什么不给退", "订单号", "order_no"),
        ("13800138000", "手机号.*订单号", "order_no"),
        ("我想要换一台", "要求换货.*订单号", "order_no"),
        ("乱七八糟", "很生气", "order_no"),
        ("咕噜哇啦", "不懂|帮不上", "order_no"),
        ("绿色那个", "没看懂|没对上", "order_no"),
        ("就那个呗", "没看懂|没对上", "order_no"),
    ],
)
def test_an_answer_beside_the_question_is_understood_as_what_it_is(
    talk: Talk, said: str, answered: str, asked: str
) -> None:
    play(talk, [(TOLD, "订单号"), (said, answered)])
    assert talk.asked == asked


def test_after_a_moments_search_the_answer_is_taken(talk: Talk) -> None:
    play(talk, [(TOLD, "订单号"), ("等一下 我看看", "不急"), ("找到了 202505178823456", "照片|截图")])


def test_the_announcement_of_a_photo_is_not_asked_about_again(talk: Talk) -> None:
    play(
        talk,
        [(TOLD, "订单号"), (ORDER, "照片|截图"), ("有照片", "直接发过来"), (File("it"), "收到 1 个文件")],
    )
    assert talk.asked == "evidence"


def test_complaining_without_words_for_it_still_opens_the_intake(talk: Talk) -> None:
    play(talk, [("我想投诉，但是不知道怎么说", "哪一类|发生了什么")])


@pytest.mark.parametrize("words", ["隐私", "看一下隐私全文"])
def test_the_notice_that_the_read_back_names_is_shown_and_nothing_changes(talk: Talk, words: str) -> None:
    told = "买的洗衣机用两次就漏水，客厅地板全泡了，订单号202505178823456"
    play(talk, [(told, "照片|截图"), ("没有", "说「隐私」看全文"), (words, "只有经办人员能看.*(提交|核对)")])
    assert talk.asked == "confirm"
    assert talk.facts()["complaint_type"] == "product_quality"
