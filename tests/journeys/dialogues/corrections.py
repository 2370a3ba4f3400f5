"""Something was told wrong: one item changes, nothing else does, and the dialogue goes on where it was."""

from __future__ import annotations

from tests.journeys.complaints import ASKS_EVIDENCE, ASKS_ORDER, READ_BACK
from tests.journeys.dialogues.happy import (
    ASKS_ACCOUNT,
    ASKS_MORE,
    ASKS_TYPE,
    NUMBER,
    READ_BACK_SHORT,
    one_case,
    one_draft,
    shown_day,
)
from tests.journeys.played import Dialogue
from tests.journeys.said import Tap, photo

KIND = "corrections"

ASKS_PHONE = "手机号是多少"
ASKS_WHICH = "要改哪一项"

CORRECTIONS = (
    Dialogue(
        KIND,
        "the order number was mistyped and is put right while evidence is asked for",
        [
            (
                "上周买的电饭煲第一次用就跳闸，再也煮不了饭，订单号202511118800123",
                f"登记.*订单号 202511118800123.*({ASKS_EVIDENCE})",
            ),
            ("订单号打错了，是202511118800132", f"改好了.*202511118800132.*({ASKS_EVIDENCE})"),
            (Tap("没有"), f"{READ_BACK}.*③ 订单号：202511118800132"),
            (Tap("确认提交"), NUMBER),
        ],
        one_case("product_quality safety", told=("电饭煲",), order_no="202511118800132"),
    ),
    Dialogue(
        KIND,
        "the amount is this and not that",
        [
            ("美容院说好体验价，结账硬收了我299元，订单号MR2025110766", f"金额 299 元.*({ASKS_EVIDENCE})"),
            (Tap("没有"), f"{READ_BACK}.*⑥ 涉及金额：299 元"),
            ("金额是399不是299", "改好了：金额 399 元.*③ 订单号：MR2025110766.*⑥ 涉及金额：399 元"),
            (Tap("确认提交"), NUMBER),
        ],
        one_case("billing_refund false_advertising", amount="399", order_no="MR2025110766"),
    ),
    Dialogue(
        KIND,
        "an item is named by its place in the list",
        [
            (
                "师傅约的早上九点上门通下水道，下午三点才来，害我请了一天假，订单JZ20251109001",
                ASKS_EVIDENCE,
            ),
            ("没有", f"{READ_BACK}.*③ 订单号：JZ20251109001"),
            ("第三项不对", f"({ASKS_ORDER})"),
            ("JZ20251109007", f"{READ_BACK}.*③ 订单号：JZ20251109007"),
            ("确认", NUMBER),
        ],
        one_case("service_shortfall", told=("下午三点才来",), order_no="JZ20251109007"),
    ),
    Dialogue(
        KIND,
        "an amount in Chinese figures after tapping through the menu of items",
        [
            ("健身房关门跑路了，我年卡还剩大半年，卡号订单FIT20250301", ASKS_EVIDENCE),
            (Tap("没有"), f"{READ_BACK}.*⑥ 涉及金额：可补充"),
            (Tap("修改"), ASKS_WHICH),
            (Tap("金额"), "涉及多少钱"),
            ("一千六百五十块", f"{READ_BACK}.*⑥ 涉及金额：1650 元"),
            (Tap("确认提交"), NUMBER),
        ],
        one_case("billing_refund service_shortfall other", amount="1650", order_no="FIT20250301"),
    ),
    Dialogue(
        KIND,
        "another remedy after all",
        [
            ("儿童自行车骑了一天链条就断了，我要退款，订单号202511070045678", f"要求退款.*({ASKS_EVIDENCE})"),
            (Tap("没有"), f"{READ_BACK}.*⑦ 希望怎么处理：退款"),
            ("不要退款了，给我换一辆新的就行", "改好了.*⑦ 希望怎么处理：换货"),
            ("可以了", NUMBER),
        ],
        one_case("product_quality", remedy="exchange", order_no="202511070045678"),
    ),
    Dialogue(
        KIND,
        "another type, chosen from the menu",
        [
            (
                "空调修了两回还是不制冷，让他们再派人来就一直推，订单号KT2025080912",
                ASKS_EVIDENCE,
            ),
            ("没有", READ_BACK),
            ("类型不对", ASKS_TYPE),
            (Tap("服务态度"), f"{READ_BACK}.*① 投诉类型：服务态度.*③ 订单号：KT2025080912"),
            (Tap("确认提交"), NUMBER),
        ],
        one_case("service_attitude", told=("还是不制冷",), order_no="KT2025080912"),
    ),
    Dialogue(
        KIND,
        "the account is told anew and takes the place of the first",
        [
            ("买的扫地机器人老是乱撞，墙角都磕坏了，订单号202511058812399", ASKS_EVIDENCE),
            ("没有", f"{READ_BACK}.*② 发生了什么：买的扫地机器人老是乱撞"),
            ("改一下经过", f"({ASKS_ACCOUNT})"),
            (
                "不是乱撞，是充电座通不上电，机器充不进去",
                f"{READ_BACK}.*② 发生了什么：不是乱撞，是充电座通不上电",
            ),
            (Tap("确认提交"), NUMBER),
        ],
        one_case("product_quality", told=("充电座通不上电",), order_no="202511058812399"),
    ),
    Dialogue(
        KIND,
        "a telephone number is changed in Traditional characters",
        [
            (
                "訂的蛋糕送來全部壓扁了，客服說不賠，訂單號CK2025111503，電話13511112222",
                "電話 13511112222.*照片、(視頻|截圖)",
            ),
            (Tap("沒有"), "請您核對.*聯[係繫]電話：13511112222"),
            ("電話打錯了", "手機號是多少"),
            ("135 3333 4444", "請您核對.*聯[係繫]電話：13533334444"),
            (Tap("確認提交"), r"編號 TS\d{13}"),
        ],
        one_case(
            "delivery product_quality after_sales",
            told=("壓扁",),
            phone="13533334444",
            order_no="CK2025111503",
        ),
    ),
    Dialogue(
        KIND,
        "a shop's name is added from the read-back",
        [
            ("买的虾全是臭的，打开一股氨水味，订单号SX20251112045", ASKS_EVIDENCE),
            (Tap("没有"), f"{READ_BACK}.*⑤ 商家：可补充"),
            ("补充商家", "是哪个商家或店铺"),
            ("永鲜水产建设路店", f"{READ_BACK}.*⑤ 商家：永鲜水产建设路店"),
            ("确认提交", NUMBER),
        ],
        one_case("product_quality safety", merchant="永鲜水产建设路店", order_no="SX20251112045"),
    ),
    Dialogue(
        KIND,
        "it was the day before",
        [
            (
                "昨天坐你们的专车，司机一路骂骂咧咧还绕路，订单号ZC20251120088",
                ASKS_EVIDENCE,
            ),
            ("没有", f"{READ_BACK}.*⑧ 发生时间：{shown_day(1)}"),
            ("时间不对，是前天", f"改好了.*⑧ 发生时间：{shown_day(2)}"),
            ("没问题", NUMBER),
        ],
        one_case(
            "service_attitude service_shortfall billing_refund", told=("绕路",), order_no="ZC20251120088"
        ),
    ),
    Dialogue(
        KIND,
        "a photo is added at the read-back",
        [
            ("新买的行李箱托运一次轮子就掉了，订单号202511140033221", ASKS_EVIDENCE),
            (Tap("没有"), f"{READ_BACK}.*④ 证据：暂无"),
            ("我想补充证据", ASKS_EVIDENCE),
            (photo("wheel of the suitcase"), f"收到 1 个文件.*({ASKS_MORE})"),
            (Tap("发完了"), f"{READ_BACK}.*④ 证据：1 个文件"),
            (Tap("确认提交"), rf"{NUMBER}.*1 份凭证"),
        ],
        one_case("product_quality", files=1, order_no="202511140033221"),
    ),
    Dialogue(
        KIND,
        "who wanted to change something and does not is asked to confirm again",
        [
            ("网上买的字典缺了三十多页，店家说拆封不退，订单号202511160098765", ASKS_EVIDENCE),
            (Tap("没有"), READ_BACK),
            (Tap("修改"), ASKS_WHICH),
            (Tap("不改了"), READ_BACK_SHORT),
            (Tap("确认提交"), NUMBER),
        ],
        one_case("product_quality after_sales", told=("缺了三十多页",), order_no="202511160098765"),
    ),
    Dialogue(
        KIND,
        "a telephone number with a digit too few is asked for again",
        [
            ("外卖员把汤全洒了还说是我没接电话，订单号WM330198765432", ASKS_EVIDENCE),
            ("没有", f"{READ_BACK}.*⑨ 联系电话：可补充"),
            ("9", "没对上|没看懂|手机号"),
            ("改电话", ASKS_PHONE),
            ("1380013800", f"号码好像不完整.*11 位.*({ASKS_PHONE})"),
            ("哦 13800138000", f"{READ_BACK}.*⑨ 联系电话：13800138000"),
            ("确认", NUMBER),
        ],
        one_case("delivery service_attitude", phone="13800138000", order_no="WM330198765432"),
    ),
    Dialogue(
        KIND,
        "an amount that is no figure is asked for again, and then not given",
        [
            ("停车场乱收费，停了十分钟按一天收", f"登记.*({ASKS_ORDER})"),
            ("PK2025111899", ASKS_EVIDENCE),
            ("没有", READ_BACK),
            ("改金额", "涉及多少钱"),
            ("好几百吧", "没看出金额.*写数字.*涉及多少钱"),
            ("算了这个不填了", f"(这项不改.*)?({READ_BACK_SHORT}|{READ_BACK})"),
            ("提交", NUMBER),
        ],
        one_case("billing_refund", amount=None, order_no="PK2025111899"),
    ),
    Dialogue(
        KIND,
        "the bot's guess of the type is put right with the item's place and its value",
        [
            (
                "买的面霜用了两天脸上就起皮，写的还是纯天然，订单号MM20251117001",
                ASKS_EVIDENCE,
            ),
            (Tap("没有"), READ_BACK),
            ("第一项改成虚假宣传", f"改好了.*{READ_BACK}.*① 投诉类型：虚假宣传.*③ 订单号：MM20251117001"),
            (Tap("确认提交"), NUMBER),
        ],
        one_case("false_advertising", told=("起皮",), order_no="MM20251117001"),
    ),
    Dialogue(
        KIND,
        "an order number in full-width letters replaces the first one, and he thinks on",
        [
            ("租的车后备箱全是垃圾，打电话说让我自己扫，订单号RC2025112001", ASKS_EVIDENCE),
            ("没有", READ_BACK),
            ("单号应改为ＲＣ２０２５１１２００８", "改好了.*③ 订单号：RC2025112008"),
            ("等一下我再看看", f"{READ_BACK}.*③ 订单号：RC2025112008"),
        ],
        one_draft(told=("后备箱",), order_no="RC2025112008"),
    ),
)
