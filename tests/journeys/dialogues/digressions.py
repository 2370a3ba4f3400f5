"""Something else in the middle of a question: it is served, and the question is asked again with nothing lost."""

from __future__ import annotations

from tests.journeys.complaints import ASKS_EVIDENCE, ASKS_ORDER, READ_BACK
from tests.journeys.dialogues.happy import (
    ASKS_ACCOUNT,
    ASKS_MORE,
    ASKS_PROOF,
    ASKS_TYPE,
    NUMBER,
    READ_BACK_SHORT,
    check_case,
    one_case,
    one_draft,
)
from tests.journeys.person import Person
from tests.journeys.played import Dialogue
from tests.journeys.said import Do, Tap, photo

KIND = "digressions"


def _bread_and_then_parking(person: Person) -> None:
    first, second = person.cases()
    check_case(first, "product_quality safety", told=("面包",), order_no="MB20251121007")
    check_case(second, "billing_refund", told=("停车场",))
    assert "停车场" not in first.description
    assert "面包" not in second.description
    assert person.drafts() == []


def _first_urged_second_in_hand(person: Person) -> None:
    (case,) = person.cases()
    assert [entry.what for entry in case.timeline].count("urge") == 1
    assert case.order_no == "202511190044556"
    (draft,) = person.drafts()
    assert "榴莲" in draft.facts["description"]


def _waits_for_nobody(person: Person) -> None:
    assert person.conversation().floor == "bot"
    one_draft(told=("月嫂",), order_no=None)(person)


DIGRESSIONS = (
    Dialogue(
        KIND,
        "how long will it take, asked where the order number is wanted",
        [
            ("儿子的学习机开机就死机，寄修两次都没修好", f"登记.*({ASKS_ORDER})"),
            (
                "你们多久能给处理好啊",
                f"24小时内有专人联系.*给出处理方案.*办结.*({ASKS_ORDER})",
            ),
            ("XX202510300088", ASKS_EVIDENCE),
            (Tap("没有"), f"{READ_BACK}.*学习机.*③ 订单号：XX202510300088"),
            (Tap("确认提交"), NUMBER),
        ],
        one_case("product_quality after_sales", told=("学习机",), order_no="XX202510300088"),
    ),
    Dialogue(
        KIND,
        "what counts as evidence, asked where it is asked for",
        [
            ("牙科说好种植牙全包价，做完又要我补两千，订单YK20251111003", ASKS_EVIDENCE),
            ("需要什么样的证据？", f"付款记录、发票.*没有也能投诉.*({ASKS_EVIDENCE})"),
            (photo("bill of the dentist"), f"收到 1 个文件.*({ASKS_MORE})"),
            ("还有别的，聊天记录可以吗", f"(聊天记录|直接发).*({ASKS_MORE})"),
            ("就这些", f"{READ_BACK}.*④ 证据：1 个文件"),
            ("确认", NUMBER),
        ],
        one_case("billing_refund false_advertising", files=1, order_no="YK20251111003"),
    ),
    Dialogue(
        KIND,
        "who may read this, asked before confirming",
        [
            (
                "孕婴店把我家宝宝信息卖了，天天有早教打电话，会员单号YY20251101",
                f"登记.*({ASKS_EVIDENCE})",
            ),
            ("没有", READ_BACK),
            ("我的资料会不会又被泄露出去", f"只有经办人员能看.*每次查看都有记录.*({READ_BACK_SHORT})"),
        ],
        one_draft(told=("早教打电话",), complaint_type="privacy"),
    ),
    Dialogue(
        KIND,
        "how much may he get, asked in the middle of the account",
        [
            ("我要投诉", ASKS_TYPE),
            (Tap("虚假宣传"), f"({ASKS_ACCOUNT})"),
            ("能赔我多少钱", f"退一赔三.*({ASKS_ACCOUNT})"),
            (
                "写的野生海参泡开全是糖干的，标的一斤泡完只剩二两",
                ASKS_ORDER,
            ),
        ],
        one_draft(told=("海参",), complaint_type="false_advertising"),
    ),
    Dialogue(
        KIND,
        "may he ring 12315 instead, asked where proof is wanted",
        [
            ("菜市场买的排骨注了水，一炖一锅水，摊主不认", f"登记.*({ASKS_ORDER})"),
            ("没有订单号", ASKS_PROOF),
            ("我能不能直接打12315", f"不影响在这里的投诉.*12315.*({ASKS_PROOF})"),
            ("今天早上现金买的，就剩个塑料袋", ASKS_EVIDENCE),
        ],
        one_draft(told=("排骨",), order_no=None),
    ),
    Dialogue(
        KIND,
        "the status of what is not filed yet",
        [
            ("婚纱照拖了四个月还不给底片，一直说在修", f"登记.*({ASKS_ORDER})"),
            ("我的投诉进度", f"还没提交.*({ASKS_ORDER})"),
            ("HS2025070022", ASKS_EVIDENCE),
        ],
        one_draft(told=("婚纱照",), order_no="HS2025070022"),
    ),
    Dialogue(
        KIND,
        "the first complaint is urged while the second is told",
        [
            ("买的洗碗机装好就漏，说来人一直没来，订单号202511190044556", ASKS_EVIDENCE),
            (Tap("没有"), READ_BACK),
            (Tap("确认提交"), NUMBER),
            ("水果店卖的榴莲打开全是生的，不给退", f"登记.*({ASKS_ORDER})"),
            ("我前面那个投诉催一下", rf"已经替您催办 TS\d{{13}}.*下一步.*({ASKS_ORDER})"),
            ("我的投诉进度", rf"TS\d{{13}}.*诉求受理.*催办.*({ASKS_ORDER})"),
        ],
        _first_urged_second_in_hand,
    ),
    Dialogue(
        KIND,
        "a lonely old man talks about the weather and says thank you",
        [
            ("按摩椅买来腰那一块就不动，打厂家电话是空号", f"登记.*({ASKS_ORDER})"),
            ("今天上海下雨没有啊", f"(帮不上|不懂).*({ASKS_ORDER})"),
            ("谢谢你啊小姑娘", f"(不客气|应该的).*({ASKS_ORDER})"),
            ("AM20251008012", ASKS_EVIDENCE),
            ("你能帮我做什么", f"登记投诉.*查进度.*({ASKS_EVIDENCE})"),
            ("没有照片", f"{READ_BACK}.*按摩椅"),
            ("对", NUMBER),
        ],
        one_case("product_quality after_sales", told=("按摩椅",), order_no="AM20251008012"),
    ),
    Dialogue(
        KIND,
        "he swears, twice, and is met calmly",
        [
            ("充了话费两天没到账，客服说系统延迟", f"登记.*({ASKS_ORDER})"),
            ("你他妈的废物", f"听得出来您很生气.*转人工.*({ASKS_ORDER})"),
            ("傻逼机器人", f"^(?!.*听得出来您很生气).*转人工.*({ASKS_ORDER})"),
            ("CZ202511230067", ASKS_EVIDENCE),
            ("没有", f"^(?!.*(废物|傻逼)).*{READ_BACK}.*③ 订单号：CZ202511230067"),
        ],
        one_draft(told=("话费",), order_no="CZ202511230067"),
    ),
    Dialogue(
        KIND,
        "stickers and signs are answered kindly and are no evidence",
        [
            ("网红餐厅排队两小时，上来的菜是凉的", f"登记.*({ASKS_ORDER})"),
            (Do("sticker"), f"表情.*({ASKS_ORDER})"),
            ("😡😡😡", f"表情.*({ASKS_ORDER})"),
            ("没有", ASKS_PROOF),
            (Do("sticker"), f"表情.*({ASKS_PROOF})"),
            ("前天晚上美团付的", ASKS_EVIDENCE),
        ],
        one_draft(told=("凉的",), order_no=None),
    ),
    Dialogue(
        KIND,
        "an old lady asks to hear it again",
        [
            ("老花镜戴着头晕，验光的瞎配", f"登记.*({ASKS_ORDER})"),
            ("你说啥？再说一遍", f"({ASKS_ORDER})"),
            ("没有 谢谢啊", ASKS_PROOF),
            ("上周三 付的现钱", ASKS_EVIDENCE),
            ("没有", f"{READ_BACK}.*老花镜"),
            ("没看清，再发一遍", f"{READ_BACK}.*② 发生了什么：老花镜.*④ 证据：暂无"),
            ("对，就这样", NUMBER),
        ],
        one_case("product_quality service_shortfall", told=("老花镜",), order_no=None, flagged=None),
    ),
    Dialogue(
        KIND,
        "a person is asked for, and the waiting one goes on by himself",
        [
            ("月嫂干了三天就走人，定金不退", f"登记.*({ASKS_ORDER})"),
            ("别跟我扯了 给我转人工", r"已经为您转人工.*第 \d+ 位.*继续自助"),
            ("她还把我家奶瓶摔了", ""),
            ("继续自助", f"已经取消排队.*({ASKS_ORDER})"),
        ],
        _waits_for_nobody,
    ),
    Dialogue(
        KIND,
        "another complaint in the middle waits its turn and is then told",
        [
            ("面包吃到一半发现一根头发", ASKS_ORDER),
            ("MB20251121007", ASKS_EVIDENCE),
            (
                "我还要投诉另一家停车场，昨天停了一小时收我80块",
                f"另一件也记下了.*({ASKS_EVIDENCE})",
            ),
            (Tap("没有"), f"^(?!.*停车场).*{READ_BACK}.*面包"),
            (Tap("确认提交"), f"{NUMBER}.*还提到另一件.*停车场.*接着登记"),
            (Tap("继续"), f"({ASKS_ORDER})"),
            ("没有", ASKS_PROOF),
            ("昨天微信扫码付的", ASKS_EVIDENCE),
            ("没有", f"^(?!.*面包).*{READ_BACK}.*停车场.*⑥ 涉及金额：80 元"),
            ("确认", NUMBER),
        ],
        _bread_and_then_parking,
    ),
    Dialogue(
        KIND,
        "a photo and a place come where the order number is asked for",
        [
            ("小区快递柜超时乱收费，不交钱不给开门", f"登记.*({ASKS_ORDER})"),
            (photo("parcel locker"), f"收到 1 个文件.*({ASKS_ORDER})"),
            (
                Do("location", {"latitude": 30.2741, "longitude": 120.1551, "label": "杭州市西湖区文三路"}),
                f"位置.*记下.*({ASKS_ORDER})",
            ),
            ("KD99001122334", f"{READ_BACK}.*快递柜.*地点：.*④ 证据：1 个文件"),
        ],
        one_draft(told=("快递柜", "地点："), files=1, order_no="KD99001122334"),
    ),
    Dialogue(
        KIND,
        "two answers that nobody can read bring a person, and the question stands",
        [
            ("宠物店买的小猫三天就得猫瘟死了，店主拉黑我", f"登记.*({ASKS_ORDER})"),
            ("就那个呗", f"(没对上|没看懂).*({ASKS_ORDER})"),
            ("绿色那个", f"请同事直接跟您聊.*({ASKS_ORDER})"),
            ("等我翻翻手机", "不急"),
            ("找到了 MM20251116003", ASKS_EVIDENCE),
        ],
        one_draft(told=("猫瘟",), order_no="MM20251116003"),
    ),
    Dialogue(
        KIND,
        "what may be complained about, asked in Traditional characters before and while complaining",
        [
            ("請問什麼事情可以投訴", "商品質量、虛假宣傳.*12315"),
            ("旅行社臨時改行程，原定的酒店換成了郊區的", "登記.*(訂單號是多少|發一下訂單號)"),
            ("服務差也歸你們管嗎", "服務態度.*(訂單號是多少|發一下訂單號)"),
            ("LX2025112233", "照片、視頻|照片、截圖"),
        ],
        one_draft(told=("旅行社",), order_no="LX2025112233"),
    ),
)
