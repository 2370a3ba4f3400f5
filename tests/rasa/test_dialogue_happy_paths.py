"""From the first word to a case number, for people who tell much and people who tell little."""

from __future__ import annotations

import re

import pytest

from channels.message import Kind
from tests.rasa.talk import File, Said, Sign, Talk, Tap, play

pytestmark = pytest.mark.trained

TOLD_ALL = (
    "我5月3日在华星数码旗舰店买的手机，订单号202505038823456，花了1299元，"
    + "用三天就黑屏，客服一直推脱，我要退款"
)


def test_one_who_tells_it_all_needs_at_most_five_messages(talk: Talk) -> None:
    play(talk, [(TOLD_ALL, "登记"), (Tap("没有"), "①"), (Tap("确认提交"), r"TS\d{13}")])
    assert talk.messages <= 5
    (case,) = talk.cases()
    assert case.type in ("product_quality", "after_sales")
    assert case.order_no == "202505038823456"
    assert case.amount_fen == 129_900
    assert case.remedy == "refund"
    assert case.consent_version == "1"
    assert "黑屏" in case.description


@pytest.mark.parametrize(
    "dialogue",
    [
        ["投诉", "手机坏了", "开机闪三下就黑", "没有", "不记得", "没有", "确认"],
        ["投诉", Tap("商品质量"), "坏了", "不知道", "没有", "没有", "没有", "对"],
        ["快递丢了", "上周就该到", "sf1390022814567", "没", "ok"],
        ["我要投诉", "客服骂人", "昨天打电话问退货 他说爱退不退", "没有订单号", "没有", "没有", "提交"],
        ["多扣我钱", "会员自动续费30块", "无", "上个月手机付的", "没有", "确认"],
    ],
    ids=["phone", "type by menu", "parcel", "rude", "fee"],
)
def test_the_tersest_reach_a_number_in_at_most_nine_messages(talk: Talk, dialogue: list[Said]) -> None:
    for said in dialogue:
        talk.say(said)
        if talk.cases():
            break
    assert talk.cases(), f"last asked: {talk.asked}; last said: {talk.answer}"
    assert talk.messages <= 9
    assert re.search(r"TS\d{13}", talk.answer)


def test_the_receipt_names_number_stage_handler_and_the_next_step(talk: Talk) -> None:
    play(talk, [(TOLD_ALL, "登记"), ("没有", "①"), ("确认", r"TS\d{13}.*负责.*下一步.*我的投诉进度")])
    assert talk.asked is None
    assert talk.slots() == {}, "the session has ended"


def test_a_bare_wish_to_complain_is_asked_for_type_account_order_and_evidence_in_turn(talk: Talk) -> None:
    play(
        talk,
        [
            ("我要投诉", "哪一类"),
            (Tap("物流配送"), "发生了什么|经过"),
            ("3号下的单，说5号送到，到现在物流还停在南京中转站一动不动", "订单号"),
            ("订单号是 YT8812340099123", "照片|截图"),
            ("没有", "① 投诉类型：物流配送.*③ 订单号：YT8812340099123.*④ 证据：暂无，可补充"),
            ("确认", r"TS\d{13}"),
        ],
    )


def test_a_vague_account_gets_one_question_that_fits_its_type(talk: Talk) -> None:
    play(
        talk,
        [
            ("我要投诉", "哪一类"),
            (Tap("商品质量"), "发生了什么|经过"),
            ("坏了", "具体是什么毛病"),
            ("不好用", "订单号"),
        ],
    )


def test_no_order_number_leads_to_the_date_or_another_proof(talk: Talk) -> None:
    play(
        talk,
        [
            ("在楼下超市买的酸奶，喝完全家拉肚子，店员还说没事", "订单号"),
            ("没有", "哪天买"),
            ("前天傍晚微信付的", "照片|截图"),
            ("没有", "没有（前天傍晚微信付的）"),
            ("确认", r"TS\d{13}"),
        ],
    )
    (case,) = talk.cases()
    assert case.order_no is None
    assert case.flagged is None
    assert "前天傍晚微信付的" in case.description


def test_without_any_proof_it_is_filed_and_flagged_for_a_person(talk: Talk) -> None:
    play(
        talk,
        [
            ("约了上门修空调，师傅修了半小时收我六百，第二天又不制冷了", "订单号"),
            ("没有", "哪天买|哪天"),
            (Tap("都没有"), "找到任何一样随时发我.*(照片|截图)"),
            ("没有", "①"),
            ("确认提交", r"TS\d{13}"),
        ],
    )
    assert talk.cases()[0].flagged == "no_proof"


def test_files_before_during_and_after_all_end_up_in_the_case(talk: Talk) -> None:
    play(
        talk,
        [
            (File("before"), "收到 1 个文件.*发生了什么"),
            ("买的洗衣机用两次就漏水，客厅地板全泡了，售后电话打了五次没人来", "订单号"),
            (File("while"), "现在共 2 个.*订单号"),
            ("202505178823456", "①"),
            (File("late"), "现在共 3 个.*(没变|上面那些)"),
            ("确认", r"TS\d{13}"),
            (File("after"), r"收到 1 个文件，已经加进投诉 TS\d{13}"),
        ],
    )
    (case,) = talk.cases()
    assert len(case.evidence) == 4


def test_photos_are_collected_until_he_says_that_is_all(talk: Talk) -> None:
    play(
        talk,
        [
            ("买的洗衣机用两次就漏水，客厅地板全泡了，订单号202505178823456", "照片|截图"),
            (File("one"), "收到 1 个文件.*(还有吗|接着发)"),
            (File("two", Kind.DOCUMENT), "现在共 2 个.*(还有吗|接着发)"),
            (File("two", Kind.DOCUMENT), "已经收到过.*(还有吗|接着发)"),
            (Tap("发完了"), "④ 证据：2 个文件"),
        ],
    )


def test_a_refused_file_is_answered_with_its_reason_and_the_question_stands(talk: Talk) -> None:
    play(
        talk,
        [
            ("买的洗衣机用两次就漏水，客厅地板全泡了，订单号202505178823456", "照片|截图"),
            (File("virus", Kind.DOCUMENT, refused="program"), "程序和脚本收不了.*(照片|截图)"),
        ],
    )
    assert talk.asked == "evidence"


def test_words_under_a_photo_count_as_words(talk: Talk) -> None:
    play(
        talk,
        [
            ("我要投诉", "哪一类"),
            (
                File("crack", caption="新买的手机屏幕第三天自己裂了，售后说是人为不给保修"),
                "收到 1 个文件.*订单号",
            ),
        ],
    )
    assert "自己裂了" in talk.facts()["description"]


def test_a_shared_contact_fills_the_phone(talk: Talk) -> None:
    play(
        talk,
        [
            ("买的洗衣机用两次就漏水，客厅地板全泡了，订单号202505178823456", "照片|截图"),
            ("没有", "⑨ 联系电话：可补充"),
            ("改电话", "手机号"),
            (Sign(Kind.CONTACT, phone="13800138000"), "⑨ 联系电话：13800138000"),
        ],
    )
