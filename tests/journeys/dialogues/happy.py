"""Somebody complains, and has a number.

What the other tables of dialogues look at afterwards (his one case, his draft, the day that "昨天" was) is here too.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from cases.tables import Case
from tests.journeys.complaints import ASKS_EVIDENCE, ASKS_ORDER, READ_BACK
from tests.journeys.person import Person
from tests.journeys.played import Dialogue
from tests.journeys.said import Send, Tap, photo, picture

KIND = "happy"

ASKS_TYPE = "哪一类"
ASKS_ACCOUNT = "请说说发生了什么|事情是怎么发生的"
ASKS_PROOF = "大概哪天买的"
ASKS_MORE = "还有吗|可以接着发"
READ_BACK_SHORT = "刚才核对的内容没变|内容还是上面那些"
NUMBER = r"编号 TS\d{13}"
RECEIPT = rf"{NUMBER}.*负责.*下一步：.*我的投诉进度"


def day(days_ago: int) -> date:
    """The day that was so many days ago where the product is."""
    return datetime.now(ZoneInfo("Asia/Shanghai")).date() - timedelta(days=days_ago)


def shown_day(days_ago: int) -> str:
    """That day as the bot writes it, as an expression; the next one too where midnight may pass before it is said."""
    that = day(days_ago)
    late = datetime.now(ZoneInfo("Asia/Shanghai")).hour == 23
    days = [that, that + timedelta(days=1)] if late else [that]
    return f"(?:{'|'.join(f'{one.year}年{one.month}月{one.day}日' for one in days)})"


def check_case(case: Case, types: str, told: tuple[str, ...] = (), files: int = 0, **facts: object) -> None:
    """A case's type (one of those named, by spaces), its account's words, its files, its other columns."""
    assert case.type in types.split()
    for words in told:
        assert words in case.description
    assert len(case.evidence) == files
    assert {one.side for one in case.evidence} <= {"user"}
    for name, value in facts.items():
        assert str(getattr(case, name)).removeprefix("+86") == str(value), name
    assert case.consent_version
    assert case.timeline[0].what == "filed"


def one_case(
    types: str, told: tuple[str, ...] = (), files: int = 0, **facts: object
) -> Callable[[Person], None]:
    """He has this one case (see `check_case`) and no draft."""

    def look(person: Person) -> None:
        (case,) = person.cases()
        check_case(case, types, told, files, **facts)
        assert person.drafts() == []

    return look


def one_draft(told: tuple[str, ...] = (), files: int = 0, **facts: object) -> Callable[[Person], None]:
    """He has no case, and one draft with these words in its account, so many files, and these facts."""

    def look(person: Person) -> None:
        assert person.cases() == []
        (draft,) = person.drafts()
        for words in told:
            assert words in draft.facts["description"]
        for name, value in facts.items():
            assert draft.facts.get(name) == value, name
        assert len([one for one in person.evidence() if one.draft_id == draft.id]) == files

    return look


def nothing_kept(person: Person) -> None:
    """Neither a case nor a draft; what was dropped holds no words and no files."""
    assert person.cases() == []
    assert [draft for draft in person.drafts() if draft.facts.get("description")] == []
    assert [draft for draft in person.drafts("dropped") if draft.facts.get("description")] == []
    assert list(person.evidence()) == []


HAPPY = (
    Dialogue(
        KIND,
        "a broken phone, told in one breath",
        [
            ("你们这破手机用三天就黑屏 客服还不理我 1299呢", ASKS_ORDER),
            ("202505038823456", ASKS_EVIDENCE),
            (Tap("没有"), READ_BACK),
            (Tap("确认提交"), r"TS\d{13}"),
        ],
        one_case("product_quality", amount="1299", order_no="202505038823456"),
    ),
    Dialogue(
        KIND,
        "a retired teacher taps her way through a cleaner who left early",
        [
            ("您好", "投诉助手诉达.*直接说"),
            (Tap("我要投诉"), ASKS_TYPE),
            (Tap("服务违规"), ASKS_ACCOUNT),
            (
                "上个礼拜六约的钟点工打扫卫生，说好做四个小时，阿姨干了两小时就走了，钱一分没少收",
                f"({ASKS_ORDER})",
            ),
            (Tap("没有订单号"), ASKS_PROOF),
            ("物业介绍的家政公司，微信转了160块给她", ASKS_EVIDENCE),
            (
                Tap("没有"),
                f"{READ_BACK}.*① 投诉类型：服务违规.*③ 订单号：没有（物业介绍.*④ 证据：暂无.*⑥ 涉及金额：160 元",
            ),
            (Tap("确认提交"), RECEIPT),
        ],
        one_case(
            "service_shortfall",
            told=("干了两小时就走了", "购买凭证：物业介绍的家政公司"),
            order_no=None,
            flagged=None,
            amount="160",
        ),
    ),
    Dialogue(
        KIND,
        "a parcel that stands still, dictated without a comma",
        [
            (
                "我那个快递都一个礼拜了还没到物流一直显示在杭州转运中心打电话也没人接",
                f"我来帮您登记.*({ASKS_ORDER})",
            ),
            ("单号是SF1390022814567", ASKS_EVIDENCE),
            ("没有", f"{READ_BACK}.*① 投诉类型：物流配送.*③ 订单号：SF1390022814567.*⑤ 商家：可补充"),
            ("确认", RECEIPT),
        ],
        one_case("delivery", told=("杭州转运中心",), order_no="SF1390022814567", priority="normal"),
    ),
    Dialogue(
        KIND,
        "a vacuum cleaner, in Cantonese and Traditional characters",
        [
            ("我喺網店買咗部吸塵機，用咗兩次就開唔到，客服話唔關佢哋事", "登記.*(訂單號是多少|發一下訂單號)"),
            ("訂單號 JD20251103778899", "照片、視頻|照片、截圖"),
            (Tap("沒有"), "請您核對.*① 投訴類型：(商品質量|售後服務).*③ 訂單號：JD20251103778899"),
            (Tap("確認提交"), r"編號 TS\d{13}.*負責.*下一步"),
        ],
        one_case("product_quality after_sales", told=("吸塵機",), order_no="JD20251103778899"),
    ),
    Dialogue(
        KIND,
        "a dentist's video membership renewed itself",
        [
            (
                "今早一看，视频会员自动续费扣了我198元，我根本没开过自动续费，要求退款",
                f"已经记下：.*金额 198 元.*要求退款.*({ASKS_ORDER})",
            ),
            ("没有订单号 支付宝扣的", ASKS_EVIDENCE),
            (
                Tap("没有"),
                f"① 投诉类型：费用退款.*③ 订单号：没有（支付宝扣的）.*⑥ 涉及金额：198 元.*⑦ 希望怎么处理：退款"
                f".*⑧ 发生时间：{shown_day(0)}",
            ),
            ("确认提交", RECEIPT),
        ],
        one_case("billing_refund", amount="198", remedy="refund", order_no=None, flagged=None),
    ),
    Dialogue(
        KIND,
        "a fly in the noodles, first the photo and then the words",
        [
            (photo("fly in the noodles"), "收到 1 个文件.*直接说发生了什么"),
            (
                "昨天中午在老王面馆吃面，吃到一半发现一只死苍蝇，老板就说给换一碗",
                f"登记.*({ASKS_ORDER})",
            ),
            ("没有，现金付的", f"{READ_BACK}.*③ 订单号：没有（现金付的）.*④ 证据：1 个文件"),
            ("提交吧", rf"{NUMBER}.*1 份凭证"),
        ],
        one_case("safety product_quality", told=("死苍蝇", "现金付的"), files=1, flagged=None),
    ),
    Dialogue(
        KIND,
        "an expectant mother is called by sellers who know her name",
        [
            (
                "我刚在你们医院建完档，第二天就有月嫂公司打电话来，连我名字和预产期都知道",
                f"登记.*({ASKS_ORDER})",
            ),
            ("这跟订单没关系的", ASKS_EVIDENCE),
            ("有通话记录的截图", "直接发过来"),
            (photo("calls of the nannies"), f"收到 1 个文件.*({ASKS_MORE})"),
            (Tap("发完了"), f"{READ_BACK}.*① 投诉类型：隐私骚扰.*④ 证据：1 个文件"),
            ("嗯 提交吧谢谢", RECEIPT),
        ],
        one_case("privacy", told=("预产期",), files=1, flagged=None),
    ),
    Dialogue(
        KIND,
        "a sofa with a torn armrest, with everything in the first message",
        [
            (
                "10天前在宜家家居城订的沙发，订单号YJ20251100317，2680元，送来一看扶手是破的，要求换货，"
                "电话13622223333",
                f"订单号 YJ20251100317.*金额 2680 元.*要求换货.*电话 13622223333.*({ASKS_EVIDENCE})",
            ),
            (
                "没有照片",
                f"{READ_BACK}.*③ 订单号：YJ20251100317.*⑥ 涉及金额：2680 元.*⑦ 希望怎么处理：换货"
                f".*⑧ 发生时间：{shown_day(10)}.*⑨ 联系电话：13622223333",
            ),
            (Tap("确认提交"), RECEIPT),
        ],
        one_case(
            "product_quality delivery",
            order_no="YJ20251100317",
            amount="2680",
            remedy="exchange",
            phone="13622223333",
        ),
    ),
    Dialogue(
        KIND,
        "a student is talked down to, in the words of the net",
        [
            ("你们家客服真的绝了 问个退货运费怼我说爱退不退 然后直接把会话关了", f"登记.*({ASKS_ORDER})"),
            ("喏 3309876543210", ASKS_EVIDENCE),
            ("木有", f"{READ_BACK}.*① 投诉类型：服务态度.*③ 订单号：3309876543210"),
            ("ok", RECEIPT),
        ],
        one_case("service_attitude", told=("爱退不退",), order_no="3309876543210"),
    ),
    Dialogue(
        KIND,
        "a cashmere coat of polyester, with slips of the pen",
        [
            (
                "宣船页写的100%羊绒 收到一看洗标写着聚脂纤维 这不是骗人嘛 实付860块",
                f"登记.*金额 860 元.*({ASKS_ORDER})",
            ),
            ("TB2025110400981", ASKS_EVIDENCE),
            (
                Send("photo", (picture("label of the coat"), picture("page of the shop"))),
                f"收到 2 个文件.*({ASKS_MORE})",
            ),
            (
                "发完了",
                "① 投诉类型：虚假宣传.*③ 订单号：TB2025110400981.*④ 证据：2 个文件.*⑥ 涉及金额：860 元",
            ),
            ("对的", RECEIPT),
        ],
        one_case("false_advertising", told=("聚脂纤维",), files=2, amount="860"),
    ),
    Dialogue(
        KIND,
        "a worker of few words who has no proof at all",
        [
            ("客服骂人", "对方当时说了什么.*大概什么时候"),
            ("问他要发票 他让我滚", ASKS_ORDER),
            ("没有", ASKS_PROOF),
            (Tap("都没有"), f"先这样登记.*找到任何一样随时发我.*({ASKS_EVIDENCE})"),
            ("没有", f"{READ_BACK}.*① 投诉类型：服务态度.*③ 订单号：没有"),
            ("对", RECEIPT),
        ],
        one_case("service_attitude", told=("客服骂人", "他让我滚"), flagged="no_proof"),
    ),
    Dialogue(
        KIND,
        "an old man speaks for his wife's silent hearing aid",
        [
            (
                "你好同志，我老伴的助听器才戴了半个月就没声了，店里说过了七天就不管，你们给评评理",
                f"登记.*({ASKS_ORDER})",
            ),
            ("单子找不着了", ASKS_PROOF),
            ("月初在人民路门店买的，交的现金，有收据", ASKS_EVIDENCE),
            (photo("receipt of the hearing aid"), f"收到 1 个文件.*({ASKS_MORE})"),
            ("就这一张", f"{READ_BACK}.*③ 订单号：没有（月初在人民路门店.*④ 证据：1 个文件"),
            ("没错，提交", RECEIPT),
        ],
        one_case("after_sales product_quality", told=("助听器",), files=1, order_no=None, flagged=None),
    ),
    Dialogue(
        KIND,
        "a rider's battery, with an order number in pieces",
        [
            (
                "我买的电动车电池虚标 说能跑80公里 实际30公里就没电了",
                f"登记.*({ASKS_ORDER})",
            ),
            ("dd 2025-1102-5566", ASKS_EVIDENCE),
            (Tap("没有"), f"{READ_BACK}.*③ 订单号：DD202511025566"),
            (Tap("确认提交"), RECEIPT),
        ],
        one_case("false_advertising product_quality", told=("30公里",), order_no="DD202511025566"),
    ),
    Dialogue(
        KIND,
        "a course that was promised live and is not paid back",
        [
            ("投诉", ASKS_TYPE),
            (
                "给孩子报了个考研冲刺班8800，说好名师直播结果全是录播，申请退费拖了俩月",
                ASKS_ORDER,
            ),
            (photo("contract of the course"), f"收到 1 个文件.*({ASKS_ORDER})"),
            ("合同上写的是 KY2025090017", f"{READ_BACK}.*③ 订单号：KY2025090017.*④ 证据：1 个文件"),
            ("确认无误", RECEIPT),
            ("谢谢啊", "不客气|应该的"),
            ("我的投诉进度", r"TS\d{13}.*诉求受理.*负责.*下一步"),
        ],
        one_case(
            "false_advertising service_shortfall billing_refund after_sales",
            told=("全是录播",),
            files=1,
            order_no="KY2025090017",
        ),
    ),
    Dialogue(
        KIND,
        "a traveller whose booked room was given away, half in English",
        [
            (
                "我在你们app上book的room，昨晚check in的时候前台说没房了，只能自己另外找酒店住",
                f"登记.*({ASKS_ORDER})",
            ),
            ("HT88120039411", ASKS_EVIDENCE),
            ("no", f"{READ_BACK}.*③ 订单号：HT88120039411.*⑧ 发生时间：{shown_day(1)}"),
            ("yes", RECEIPT),
        ],
        one_case("service_shortfall", told=("没房",), order_no="HT88120039411"),
    ),
)
