"""A person who can only speak: heard out in recordings, called back, and filed without a word typed."""

from __future__ import annotations

import itertools

import pytest

from channels.message import Kind
from tests.rasa.talk import File, Sign, Talk, Tap, play

pytestmark = pytest.mark.trained
_voices = itertools.count(1)


def voice() -> File:
    return File(f"voice {next(_voices)}.amr", Kind.VOICE)


def test_two_voices_and_three_taps_file_a_case(talk: Talk) -> None:
    play(
        talk,
        [(voice(), "收到 1 个文件.*听不了语音.*接着发语音"), (voice(), "用语音投诉.*打电话跟您核对.*隐私")],
    )
    play(talk, [(Tap("提交语音投诉"), "打哪个电话"), (Tap("不留电话"), r"在这里找您.*TS\d{13}")])
    (case,) = talk.cases()
    assert (case.flagged, case.type, case.phone) == ("voice", "other", None)
    assert "语音投诉" in case.description
    assert len(case.evidence) == 2
    assert case.consent_version
    assert (talk.asked, talk.facts()) == (None, {})


def test_his_number_is_shared_for_the_call(talk: Talk) -> None:
    play(talk, [(voice(), "听不了语音"), (voice(), "用语音投诉"), (Tap("提交语音投诉"), "打哪个电话")])
    play(talk, [(Sign(Kind.CONTACT, phone="13800138000"), r"给您打电话.*TS\d{13}")])
    assert talk.cases()[0].phone == "13800138000"


def test_a_number_too_short_is_asked_for_again(talk: Talk) -> None:
    play(talk, [(voice(), "听不了语音"), (voice(), "用语音投诉"), (Tap("提交语音投诉"), "打哪个电话")])
    play(talk, [("1380013", "不完整.*打哪个电话"), ("13800138000", r"给您打电话.*TS\d{13}")])


def test_more_voices_at_the_offer_are_kept_and_it_is_made_again(talk: Talk) -> None:
    play(talk, [(voice(), "听不了语音"), (voice(), "用语音投诉"), (voice(), "共 3 个.*用语音投诉")])
    play(
        talk,
        [
            (Tap("提交语音投诉"), "打哪个电话"),
            (voice(), "共 4 个.*打哪个电话"),
            (Tap("不留电话"), r"TS\d{13}"),
        ],
    )
    assert len(talk.cases()[0].evidence) == 4


def test_who_says_that_he_cannot_type_is_told_to_speak(talk: Talk) -> None:
    play(talk, [("我要投诉", "哪一类|发生了什么"), ("我不会打字啊", "用语音发过来")])
    play(talk, [(voice(), "用语音投诉"), (Tap("提交语音投诉"), "打哪个电话")])


def test_who_says_so_after_a_voice_is_offered_to_file_it(talk: Talk) -> None:
    play(talk, [(voice(), "听不了语音"), ("我不会打字啊", "用语音投诉"), (Tap("提交语音投诉"), "打哪个电话")])


def test_who_would_rather_type_goes_on_typing(talk: Talk) -> None:
    play(talk, [(voice(), "听不了语音"), (voice(), "用语音投诉"), (Tap("我来打字"), "用文字来.*哪一类")])
    play(talk, [("买的洗衣机用两次就漏水，客厅地板全泡了", "订单号")])


def test_words_at_the_offer_are_the_account(talk: Talk) -> None:
    play(talk, [(voice(), "听不了语音"), (voice(), "用语音投诉")])
    play(talk, [("买的洗衣机用两次就漏水，客厅地板全泡了，售后不管", "订单号")])
    assert "洗衣机" in talk.facts()["description"]


def test_what_was_typed_before_stays_in_the_case(talk: Talk) -> None:
    play(talk, [("买的洗衣机用两次就漏水，客厅地板全泡了", "订单号"), (voice(), "听不了语音.*订单号")])
    play(talk, [(voice(), "用语音投诉"), (Tap("提交语音投诉"), "打哪个电话"), ("没有电话", r"TS\d{13}")])
    (case,) = talk.cases()
    assert case.description.startswith("买的洗衣机用两次就漏水")
    assert case.type == "product_quality"


def test_a_voice_as_evidence_is_evidence(talk: Talk) -> None:
    play(talk, [("买的洗衣机用两次就漏水，客厅地板全泡了，订单号202505178823456", "照片|截图")])
    play(talk, [(voice(), "收到 1 个文件.*还有吗|发完"), (voice(), "共 2 个")])
    assert "语音投诉" not in talk.answer


def test_the_notice_is_explained_at_the_offer(talk: Talk) -> None:
    play(talk, [(voice(), "听不了语音"), (voice(), "用语音投诉"), ("隐私", "只有经办人员能看.*用语音投诉")])


def test_the_offer_stands_through_what_is_no_answer_to_it(talk: Talk) -> None:
    play(
        talk,
        [
            (voice(), "听不了语音"),
            (voice(), "用语音投诉"),
            ("取消", "先不填了吗"),
            (Tap("接着填"), "用语音投诉"),
        ],
    )
    play(talk, [("重新开始", "都会清掉"), (Tap("接着填"), "用语音投诉")])
    play(
        talk,
        [
            ("电话不对，是13900001111", "13900001111.*用语音投诉"),
            ("我还要投诉另一家店", "一件一件来.*用语音投诉"),
        ],
    )
    play(talk, [("你好", "我在.*用语音投诉"), (File("door"), "收到 1 个文件.*用语音投诉")])
