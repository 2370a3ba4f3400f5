"""Stopping, leaving, coming back, starting anew, refusing, taking back: asked once, and nothing is lost by accident."""

from __future__ import annotations

from tests.journeys.complaints import ASKS_EVIDENCE, ASKS_ORDER, READ_BACK
from tests.journeys.dialogues.happy import (
    ASKS_MORE,
    ASKS_PROOF,
    ASKS_TYPE,
    NUMBER,
    READ_BACK_SHORT,
    nothing_kept,
    one_case,
    one_draft,
)
from tests.journeys.person import Person
from tests.journeys.played import Dialogue
from tests.journeys.said import Tap, photo

KIND = "cancellations"

ASKS_LEAVING = "先不填了吗.*72 小时.*「继续」"
KEPT = "72 小时.*「继续」"
ASKS_CLEARING = "都会清掉.*确定吗"
ASKS_REFUSAL = "不能立案.*马上删掉.*确定吗"


def _one_case_withdrawn(person: Person) -> None:
    (case,) = person.cases()
    assert case.stage == "withdrawn"
    assert person.drafts() == []


def _withdrawn_and_filed_again(person: Person) -> None:
    first, second = person.cases()
    assert (first.stage, second.stage) == ("withdrawn", "accepted")
    assert (first.type, first.order_no) == (second.type, second.order_no)
    assert second.flagged is None


def _two_cases_in_process(person: Person) -> None:
    assert [case.stage for case in person.cases()] == ["accepted", "accepted"]


CANCELLATIONS = (
    Dialogue(
        KIND,
        "a nurse is called away and goes on after her shift",
        [
            ("网购的护士鞋穿了三天鞋底就开胶，客服让我自己粘", f"登记.*({ASKS_ORDER})"),
            ("取消", ASKS_LEAVING),
            (Tap("先不填了"), KEPT),
            ("继续", f"接着.*({ASKS_ORDER})"),
            ("202511100076543", ASKS_EVIDENCE),
            (Tap("没有"), f"{READ_BACK}.*护士鞋.*③ 订单号：202511100076543"),
            (Tap("确认提交"), NUMBER),
        ],
        one_case("product_quality after_sales", told=("护士鞋",), order_no="202511100076543"),
    ),
    Dialogue(
        KIND,
        "fed up, and then not after all",
        [
            ("搬家公司把我电视屏幕磕裂了，说不赔，单号BJ2025111502", ASKS_EVIDENCE),
            ("算了算了 不投诉了", ASKS_LEAVING),
            ("不 还是接着填吧", ASKS_EVIDENCE),
            ("没有", f"{READ_BACK}.*电视屏幕.*③ 订单号：BJ2025111502"),
        ],
        one_draft(told=("电视屏幕",), order_no="BJ2025111502"),
    ),
    Dialogue(
        KIND,
        "who stops before telling anything is not asked",
        [
            ("我要投诉", ASKS_TYPE),
            ("算了", "^(?!.*72 小时).*先不登记了"),
            ("你好", "^(?!.*接着填).*投诉助手诉达"),
        ],
        nothing_kept,
    ),
    Dialogue(
        KIND,
        "a goodbye in the middle keeps what was told",
        [
            ("酒店房间里有蟑螂，换房还要加钱，前台态度也差", f"登记.*({ASKS_ORDER})"),
            ("先不说了 拜拜", KEPT),
            ("HT20251119007", ASKS_EVIDENCE),
        ],
        one_draft(told=("蟑螂",), order_no="HT20251119007"),
    ),
    Dialogue(
        KIND,
        "back again, he would rather begin anew",
        [
            ("买的台灯亮一下灭一下，晃得眼睛疼", f"登记.*({ASKS_ORDER})"),
            ("不想填了", ASKS_LEAVING),
            ("嗯", KEPT),
            ("你好", "又见面了.*台灯.*接着填吗"),
            (Tap("重新开始"), f"({ASKS_TYPE})"),
            ("菜鸟驿站把我的包裹弄丢了，问就说在找，五天了", f"({ASKS_ORDER})"),
            ("YT7788001122334", ASKS_EVIDENCE),
            ("没有", f"^(?!.*台灯).*{READ_BACK}.*包裹弄丢了.*③ 订单号：YT7788001122334"),
            (Tap("确认提交"), NUMBER),
        ],
        one_case("delivery", told=("包裹弄丢了",), order_no="YT7788001122334"),
    ),
    Dialogue(
        KIND,
        "back with another matter, he takes up the old one",
        [
            ("装修公司贴的瓷砖空鼓掉下来好几块，打电话不接", f"登记.*({ASKS_ORDER})"),
            ("先停一下，取消吧", ASKS_LEAVING),
            ("是的", KEPT),
            ("对了外卖少送了一份米饭还不给补", "说到一半的投诉.*瓷砖.*接着填.*重新开始"),
            (Tap("继续"), f"接着.*({ASKS_ORDER})"),
            ("合同号 ZX2025080066", ASKS_EVIDENCE),
        ],
        one_draft(told=("瓷砖",), order_no="ZX2025080066"),
    ),
    Dialogue(
        KIND,
        "back with another matter, he lets the old one go",
        [
            ("买的枕头一股霉味，晒了三天还有", f"登记.*({ASKS_ORDER})"),
            ("取消", ASKS_LEAVING),
            (Tap("先不填了"), KEPT),
            ("昨天理发店办卡，剪坏了还不退我充的500块", "说到一半的投诉.*枕头.*重新开始"),
            (Tap("重新开始"), f"登记.*({ASKS_ORDER})"),
            ("没有", ASKS_PROOF),
            ("昨天在店里刷卡充的", ASKS_EVIDENCE),
            ("没有", f"^(?!.*枕头).*{READ_BACK}.*理发店.*⑥ 涉及金额：500 元"),
            ("确认", NUMBER),
        ],
        one_case(
            "service_shortfall billing_refund after_sales", told=("理发店",), amount="500", flagged=None
        ),
    ),
    Dialogue(
        KIND,
        "starting over is thought better of, then done, and leads to another complaint",
        [
            ("景区门票写着含缆车，到了又让另外买票，坑人", f"登记.*({ASKS_ORDER})"),
            ("重新开始", ASKS_CLEARING),
            ("不要", ASKS_ORDER),
            ("还是重来吧 重新开始", ASKS_CLEARING),
            (Tap("清空重来"), ASKS_TYPE),
            (
                "导游半路把我们丢在购物店两个小时，不买东西不让走",
                f"({ASKS_ORDER})",
            ),
            ("LY20251112099", ASKS_EVIDENCE),
            (Tap("没有"), f"^(?!.*缆车).*{READ_BACK}.*导游"),
            (Tap("确认提交"), NUMBER),
        ],
        one_case("service_shortfall service_attitude other", told=("导游",), order_no="LY20251112099"),
    ),
    Dialogue(
        KIND,
        "the notice is refused and everything is erased",
        [
            (photo("leaking air conditioner"), "收到 1 个文件"),
            ("空调装完就漏水，把我家地板泡了，订单号KT2025111004", f"登记.*{READ_BACK}.*④ 证据：1 个文件"),
            ("我不同意你们用我的信息", ASKS_REFUSAL),
            (Tap("不同意，删掉"), "没有立案.*已经删掉.*转人工"),
            ("你好", "^(?!.*接着填).*投诉助手诉达"),
            ("继续", "^(?!.*空调)."),
        ],
        nothing_kept,
    ),
    Dialogue(
        KIND,
        "the notice is read, refused, and then accepted",
        [
            ("老年手机充不进电，店员说是我妈不会用，订单号LN2025111801", ASKS_EVIDENCE),
            (Tap("没有"), f"{READ_BACK}.*说「隐私」看全文"),
            ("隐私", f"只有经办人员能看.*不同意就不立案.*({READ_BACK_SHORT})"),
            ("不同意", ASKS_REFUSAL),
            (Tap("回到核对"), f"({READ_BACK_SHORT})|{READ_BACK}"),
            ("那好吧 同意", NUMBER),
        ],
        one_case("product_quality service_attitude after_sales", order_no="LN2025111801"),
    ),
    Dialogue(
        KIND,
        "a filed complaint is withdrawn after one question",
        [
            ("买的羽绒服钻毛钻得一身都是，订单号202511130055667", ASKS_EVIDENCE),
            (Tap("没有"), READ_BACK),
            (Tap("确认提交"), NUMBER),
            ("商家给我退了，我要撤诉", r"确定撤回投诉 TS\d{13} 吗.*不再处理"),
            (Tap("确定撤诉"), r"TS\d{13}.*撤诉.*以后还有问题"),
            ("我的投诉进度", r"TS\d{13}.*已撤诉"),
        ],
        _one_case_withdrawn,
    ),
    Dialogue(
        KIND,
        "a filed complaint is not withdrawn after all",
        [
            ("快递员把我的鸡蛋全摔了还让我签收，单号SF1390099887766", ASKS_EVIDENCE),
            ("没有", READ_BACK),
            ("确认", NUMBER),
            ("撤销投诉", r"确定撤回投诉 TS\d{13} 吗"),
            ("不撤了", r"TS\d{13} 不撤，照常处理"),
            ("查进度", r"TS\d{13}.*诉求受理.*下一步"),
        ],
        one_case("delivery service_attitude", stage="accepted", order_no="SF1390099887766"),
    ),
    Dialogue(
        KIND,
        "a withdrawn complaint may be filed again",
        [
            ("卖家发来的奶粉只剩两个月到期，订单号202511150011223", ASKS_EVIDENCE),
            (Tap("没有"), READ_BACK),
            (Tap("确认提交"), NUMBER),
            ("我不投诉了，帮我撤了吧", "确定撤回"),
            ("确定", "撤诉"),
            (
                "卖家发来的奶粉只剩两个月到期，订单号202511150011223",
                f"^(?!.*已经提过).*({ASKS_EVIDENCE})",
            ),
            ("没有", READ_BACK),
            ("确认提交", NUMBER),
        ],
        _withdrawn_and_filed_again,
    ),
    Dialogue(
        KIND,
        "taking back what is not filed yet is stopping, with its photo kept",
        [
            ("送來的櫃子門關不上，師傅說要加錢才修", "登記.*(訂單號是多少|發一下訂單號)"),
            (photo("door of the cupboard"), "收到 1 個文件.*(訂單號是多少|發一下訂單號)"),
            ("我想撤訴", "先不填了嗎.*72 小時"),
            (Tap("先不填了"), "72 小時.*「繼續」"),
            ("我的投訴進度", "說到一半，還沒提交"),
            (Tap("繼續"), "接著.*(訂單號是多少|發一下訂單號)"),
            ("GZ20251103018", "請您核對.*④ 證據：1 個文件"),
            (Tap("確認提交"), r"編號 TS\d{13}"),
        ],
        one_case(
            "after_sales product_quality service_attitude", told=("櫃子",), files=1, order_no="GZ20251103018"
        ),
    ),
    Dialogue(
        KIND,
        "the cancel button of the read-back, and which of two to withdraw is left open",
        [
            ("榨汁机转两下就冒糊味", ASKS_ORDER),
            ("202511170022334", ASKS_EVIDENCE),
            (photo("juicer"), f"收到 1 个文件.*({ASKS_MORE})"),
            ("发完了", f"{READ_BACK}.*④ 证据：1 个文件"),
            (Tap("取消"), ASKS_LEAVING),
            (Tap("接着填"), f"({READ_BACK_SHORT})|{READ_BACK}"),
            (Tap("确认提交"), NUMBER),
            ("还要投诉你们送货的，迟到三个小时还骂人，订单号202511170022399", ASKS_EVIDENCE),
            (Tap("没有"), READ_BACK),
            (Tap("确认提交"), NUMBER),
            ("我要撤诉", "2 件投诉.*要撤哪一件"),
            ("算了", "先不弄了"),
        ],
        _two_cases_in_process,
    ),
)
