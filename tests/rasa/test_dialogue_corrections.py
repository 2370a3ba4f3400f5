"""One item is changed, nothing else is lost, and the read-back comes again."""

from __future__ import annotations

import pytest

from tests.rasa.talk import File, Said, Talk, Tap, play

pytestmark = pytest.mark.trained

TOLD = "上周六在华星数码买的手机，订单号202505038823456，299元，用三天就黑屏，客服一直推脱"


@pytest.fixture
def read_back(talk: Talk) -> Talk:
    """A complaint that was just read back."""
    play(talk, [(TOLD, "照片|截图"), ("没有", "①.*确认提交")])
    return talk


@pytest.mark.parametrize(
    ("dialogue", "item", "value"),
    [
        (
            [("改订单号", "订单号"), ("202505038899999", "③ 订单号：202505038899999")],
            "order_no",
            "202505038899999",
        ),
        (
            [("第三项不对", "订单号"), ("JD20250503123", "③ 订单号：JD20250503123")],
            "order_no",
            "JD20250503123",
        ),
        (
            [("第 3 项不对", "订单号"), ("JD20250503123", "③ 订单号：JD20250503123")],
            "order_no",
            "JD20250503123",
        ),
        ([("金额是399不是299", "⑥ 涉及金额：399 元")], "amount", "399"),
        ([("不是299，是399块", "⑥ 涉及金额：399 元")], "amount", "399"),
        ([("金额写错了", "多少钱"), ("399", "⑥ 涉及金额：399 元")], "amount", "399"),
        ([(Tap("修改"), "哪一项"), ("6", "多少钱"), ("五百", "500 元|没看出金额")], None, None),
        (
            [
                (Tap("修改"), "哪一项"),
                (Tap("希望怎么处理"), "怎么处理"),
                (Tap("换货"), "⑦ 希望怎么处理：换货"),
            ],
            "remedy",
            "exchange",
        ),
        ([("改一下处理要求", "怎么处理"), ("给我退钱", "⑦ 希望怎么处理：退款")], "remedy", "refund"),
        (
            [("类型不对", "哪一类"), (Tap("售后服务"), "① 投诉类型：售后服务")],
            "complaint_type",
            "after_sales",
        ),
        ([("改电话", "手机号"), ("139 0013 9000", "⑨ 联系电话：13900139000")], "phone", "13900139000"),
        ([("手机号是13900139000", "⑨ 联系电话：13900139000")], "phone", "13900139000"),
        (
            [("改商家", "哪个商家"), ("华星数码南京路店", "⑤ 商家：华星数码南京路店")],
            "merchant",
            "华星数码南京路店",
        ),
        ([("这不是质量问题，是虚假宣传", "① 投诉类型：虚假宣传")], "complaint_type", "false_advertising"),
        ([("不对", "哪一项"), (Tap("不改了"), "没变|上面那些")], None, None),
    ],
)
def test_one_item_changes_and_the_rest_stays(
    read_back: Talk, dialogue: list[tuple[Said, str]], item: str | None, value: str | None
) -> None:
    before = read_back.facts()
    play(read_back, dialogue)
    after = read_back.facts()
    if item is not None:
        assert after[item] == value
    untouched = {name: v for name, v in before.items() if name not in (item, "amount", "no_order")}
    assert {name: after.get(name) for name in untouched} == untouched


def test_having_nothing_to_add_is_no_wish_to_change(read_back: Talk) -> None:
    play(read_back, [("没有了", "没变|上面那些"), ("确认", r"TS\d{13}")])


def test_thinking_better_of_a_change_leads_back(read_back: Talk) -> None:
    play(read_back, [("不对", "哪一项"), ("算了不改了", "没变|上面那些"), ("确认", r"TS\d{13}")])


def test_a_photo_at_the_read_back_does_not_read_everything_out_again(read_back: Talk) -> None:
    play(read_back, [(File("late"), "收到 1 个文件.*现在共 1 个.*(没变|上面那些)")])
    assert "①" not in read_back.answer
    play(read_back, [("确认", r"TS\d{13}")])
    assert len(read_back.cases()[0].evidence) == 1


def test_two_items_are_put_right_in_one_message(read_back: Talk) -> None:
    play(
        read_back,
        [
            (
                "金额不是299是399，订单号也错了，是202505038811111",
                "改好了.*③ 订单号：202505038811111.*⑥ 涉及金额：399 元",
            )
        ],
    )


def test_a_correction_after_filing_goes_to_the_case_s_handler(read_back: Talk) -> None:
    play(read_back, [("确认", r"TS\d{13}")])
    (case,) = read_back.cases()
    play(read_back, [("订单号填错了，应该是202505038811111", f"{case.number}")])
    (case,) = read_back.cases()
    assert [entry.note for entry in case.timeline if entry.what == "words"] == [
        "订单号填错了，应该是202505038811111"
    ]


def test_the_account_is_told_anew(read_back: Talk) -> None:
    play(
        read_back,
        [
            ("改一下经过", "发生了什么|经过"),
            ("充电的时候发烫，然后自动关机再也开不了", "② 发生了什么：充电的时候发烫"),
        ],
    )
    assert "黑屏" not in read_back.facts()["description"]


def test_more_evidence_may_be_added_at_the_read_back(read_back: Talk) -> None:
    play(
        read_back,
        [
            ("补充证据", "直接发|照片"),
            (File("late"), "收到 1 个文件"),
            ("发完了", "④ 证据：1 个文件"),
            ("确认", r"TS\d{13}"),
        ],
    )


def test_a_correction_in_the_middle_returns_to_the_open_question(talk: Talk) -> None:
    play(
        talk,
        [
            (TOLD, "照片|截图"),
            ("订单号填错了，是202505038800000", "改好了.*202505038800000.*(照片|截图)"),
        ],
    )
    assert talk.asked == "evidence"
    assert talk.facts()["order_no"] == "202505038800000"


def test_further_words_at_the_read_back_join_the_account(read_back: Talk) -> None:
    play(read_back, [("还有他们客服说话特别冲，挂了我三次电话", "② 发生了什么：.*挂了我三次电话")])
    assert "黑屏" in read_back.facts()["description"]


def test_refusing_the_notice_files_nothing_and_erases_what_was_told(read_back: Talk) -> None:
    play(read_back, [("不同意", "不能立案"), (Tap("不同意，删掉"), "已经删掉.*转人工")])
    assert read_back.cases() == []
    assert read_back.facts() == {}


def test_refusing_the_notice_can_be_thought_better_of(read_back: Talk) -> None:
    play(read_back, [("不同意", "不能立案"), (Tap("回到核对"), "没变|上面那些"), ("确认", r"TS\d{13}")])
