"""Grounds on which a complaint is usually not taken: said once, with the way on; the person has the last word."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timezone

from cases import service
from cases.types import Stage
from tests.journeys.complaints import ASKS_EVIDENCE, ASKS_ORDER, READ_BACK
from tests.journeys.person import Person, verify_dialog
from tests.journeys.played import Dialogue
from tests.journeys.said import Said, Tap, photo

KIND = "screening"

ASKS_PROOF = "哪天买的"
SAME = r"已经提过：TS\d{13}.*诉求受理.*补充到那一件里吗"
MOWER = "割草机买回来打不着火，化油器是裂的，订单号202510080066123"
SCALES = "鱼摊那台电子秤用一礼拜就不准了，少称二两，订单号202511020054321"


def _filed(story: str) -> list[tuple[Said, str]]:
    return [(story, ASKS_EVIDENCE), (Tap("没有"), READ_BACK), (Tap("确认提交"), r"TS\d{13}")]


def _flags(*flags: str | None) -> Callable[[Person], None]:
    """So many cases, flagged like this; no draft is left."""

    def look(person: Person) -> None:
        assert [case.flagged for case in person.cases()] == list(flags)
        assert person.drafts() == []

    return look


def _joined(words: str, count: int = 0) -> Callable[[Person], None]:
    """The one case there is has these words and so many files more; no draft is left."""

    def look(person: Person) -> None:
        (case,) = person.cases()
        told = [str(entry.note) for entry in case.timeline if entry.what == "words"]
        assert any(words in note for note in told), told
        assert len(case.evidence) == count
        assert (case.flagged, case.reopen_count) == (None, 0)
        assert person.drafts() == []

    return look


def _left(words: str, cases: int = 0) -> Callable[[Person], None]:
    """Nothing more was filed; what was told waits."""

    def look(person: Person) -> None:
        assert len(person.cases()) == cases
        (draft,) = person.drafts()
        assert words in draft.facts["description"]

    return look


def _nothing_filed(person: Person) -> None:
    assert (list(person.cases()), list(person.drafts())) == ([], [])


def _simple_with_its_reason(person: Person) -> None:
    (case,) = person.cases()
    assert (case.complexity, case.priority) == ("simple", "normal")
    (graded,) = [entry for entry in case.timeline if entry.what == "graded"]
    assert "不超过 200 元" in (graded.note or "")
    assert not graded.visible


def _overruled(ground: str) -> Callable[[Person], None]:
    """Not filed yet; the draft knows the ground that he overruled."""

    def look(person: Person) -> None:
        assert person.cases() == []
        (draft,) = person.drafts()
        assert draft.facts["overruled"] == [ground]

    return look


def _closed_and_out_of_order_again(person: Person) -> None:
    number = person.number()
    with person.database.write() as session:
        for stage, actor in (
            (Stage.VERIFYING, service.Actor.SUPERVISOR),
            (Stage.CONFIRMING, service.Actor.SUPERVISOR),
            (Stage.CLOSED, service.Actor.USER),
        ):
            now = datetime.now(timezone.utc)
            service.move_case(session, number, stage, actor=actor, now=now, note="已换化油器")
    person.read()
    verify_dialog(
        person,
        [
            (f"{MOWER}，换过化油器了还是打不着", f"已经提过：{number}.*已结案.*重新打开"),
            (Tap("重新处理那一件"), f"{number}.*重新处理.*下一步"),
        ],
    )
    (case,) = person.cases()
    assert (case.stage, case.reopen_count) == ("verifying", 1)
    assert person.drafts() == []


def _urgent_and_not_flagged(person: Person) -> None:
    (case,) = person.cases()
    assert (case.priority, case.flagged) == ("urgent", None)


def _waits_for_a_person(person: Person) -> None:
    assert person.conversation().floor == "queue"
    assert person.cases() == []


def _of_last_month(person: Person) -> None:
    (case,) = person.cases()
    today = datetime.now(timezone.utc).date()
    happened = datetime.fromisoformat(str(case.incident_time)).date()
    assert 0 <= (today - happened).days <= 62
    assert case.flagged is None


SCREENING = (
    Dialogue(
        KIND,
        "the same matter joins the open case, with its picture",
        [
            *_filed(MOWER),
            (f"{MOWER}，今天连拉绳都断了", SAME),
            (photo("torn rope"), "收到 1 个文件.*补充到那一件里吗"),
            (Tap("补充到那一件"), r"补充到 TS\d{13} 了.*经办的同事会看到"),
            ("我的投诉进度", r"投诉 TS\d{13}.*诉求受理"),
        ],
        _joined("拉绳都断了", 1),
    ),
    Dialogue(
        KIND,
        "the same matter is joined in one's own words",
        [
            *_filed(SCALES),
            ("那个秤 订单号202511020054321 现在开机都开不了了 质量也太差了", SAME),
            ("那就加到原来那件里吧", r"补充到 TS\d{13} 了"),
        ],
        _joined("开机都开不了"),
    ),
    Dialogue(
        KIND,
        "the same matter is filed again all the same",
        [
            *_filed(MOWER),
            (MOWER, SAME),
            (Tap("仍要提交"), f"照样给您登记.*({ASKS_EVIDENCE})"),
            ("没有", READ_BACK),
            (Tap("确认提交"), r"TS\d{13}"),
        ],
        _flags(None, "same_case"),
    ),
    Dialogue(
        KIND,
        "who says that it is another matter is filed",
        [
            *_filed(SCALES),
            ("我又买了一台秤也是坏的，屏幕不亮，单号202511020054321", SAME),
            ("不是一回事 这是第二台", f"照样给您登记.*({ASKS_EVIDENCE})"),
            (photo("second scales"), "收到 1 个文件"),
            (Tap("发完了"), f"{READ_BACK}.*④ 证据：1 个文件"),
            ("对的", r"TS\d{13}"),
        ],
        _flags(None, "same_case"),
    ),
    Dialogue(
        KIND,
        "who thinks better of filing it again keeps his words",
        [
            *_filed(MOWER),
            (f"{MOWER}，草都长到膝盖了", SAME),
            (Tap("先不提交"), "给您留 72 小时.*继续"),
        ],
        _left("长到膝盖", cases=1),
    ),
    Dialogue(
        KIND,
        "over a year ago, a question in between, and filed all the same",
        [
            (
                "2023年6月装的断桥铝窗，现在下雨就往屋里灌水，安装公司不认，订单号202306110044789",
                "2023年6月.*超过一年.*仍要提交",
            ),
            ("那你们一般要处理多久啊", "办结.*超过一年.*仍要提交"),
            (Tap("仍要提交"), f"照样给您登记.*({ASKS_EVIDENCE})"),
            (Tap("没有"), READ_BACK),
            (Tap("确认提交"), r"TS\d{13}"),
        ],
        _flags("too_late"),
    ),
    Dialogue(
        KIND,
        "bought over a year ago, as it turns out at the question for a proof",
        [
            ("按摩椅的遥控器失灵了，腿部那块也不动了，店里不给修", ASKS_ORDER),
            ("没单号", ASKS_PROOF),
            ("前年8月在商场刷卡买的", "8月.*超过一年.*仍要提交"),
            ("我还是要投诉", f"照样给您登记.*({ASKS_EVIDENCE})"),
            ("冇", READ_BACK),
            (Tap("确认提交"), r"TS\d{13}"),
        ],
        _flags("too_late"),
    ),
    Dialogue(
        KIND,
        "a slip in the year is put right",
        [
            (
                "2021年10月8号买的榴莲切开全是生的，店主不给退，订单号202510080012345",
                "2021年10月8日.*超过一年.*日期不对",
            ),
            ("打错了 是上个月8号", f"(改好了|记下).*({ASKS_EVIDENCE})"),
            (Tap("没有"), READ_BACK),
            (Tap("确认提交"), r"TS\d{13}"),
        ],
        _of_last_month,
    ),
    Dialogue(
        KIND,
        "over a year ago and left in one's own words",
        [
            ("前年5月在你们这买的烤箱门把手断了，订单号202405060033210", "超过一年.*仍要提交"),
            ("哦那算了 不投诉了", "给您留 72 小时|先不填了吗"),
        ],
        _left("门把手断了"),
    ),
    Dialogue(
        KIND,
        "wages are for the labour authorities",
        [
            ("老板拖欠我三个月工资，四个人一共两万八，电话也不接，我要投诉", "工资.*12333.*仍要提交"),
            (Tap("先不提交"), "给您留 72 小时"),
        ],
        _left("三个月工资"),
    ),
    Dialogue(
        KIND,
        "a dismissal is for the labour authorities",
        [("公司辞退我不给补偿", "辞退.*12333.*仍要提交"), (Tap("先不提交"), "给您留 72 小时")],
        _left("公司辞退我"),
    ),
    Dialogue(
        KIND,
        "a traffic matter is filed all the same",
        [
            (
                "我送外卖被追尾，交警的责任认定书写我全责，我不服，要投诉",
                "交通事故.*122.*仍要提交",
            ),
            ("不行 我就要投诉", f"照样给您登记.*({ASKS_ORDER})"),
            ("没有订单号", f"{ASKS_PROOF}|{ASKS_EVIDENCE}"),
            ("没有", f"{ASKS_EVIDENCE}|{READ_BACK}"),
        ],
        _overruled("outside_remit"),
    ),
    Dialogue(
        KIND,
        "who was cheated in Traditional is sent to the police and takes a person",
        [
            (
                "我在網路上刷單被騙了三萬塊，對方把我刪了，我要投訴",
                "[诈詐][骗騙].*110.*96110.*仍要提交",
            ),
            (Tap("轉人工"), "[为為]您[转轉]人工.*排在第"),
        ],
        _waits_for_a_person,
    ),
    Dialogue(
        KIND,
        "no proof at all: what would do is said, and the case is marked",
        [
            ("地摊上买的充电线插上就发烫，把手机背壳都烤黄了", ASKS_ORDER),
            ("没有", ASKS_PROOF),
            (Tap("都没有"), f"先这样登记.*付款记录、小票.*随时发我.*({ASKS_EVIDENCE})"),
            ("也没有", f"{READ_BACK}.*③ 订单号：没有"),
            (Tap("确认提交"), r"TS\d{13}"),
        ],
        _flags("no_proof"),
    ),
    Dialogue(
        KIND,
        "danger is not screened",
        [
            ("前年买的热水器刚才漏电，把我老公电倒了，人还没醒", "^(?!.*超过一年).*先顾安全.*120"),
            (Tap("继续自助"), "取消排队"),
            ("继续", f"^(?!.*超过一年).*({ASKS_ORDER})"),
            ("202404150099876", ASKS_EVIDENCE),
            (Tap("没有"), READ_BACK),
            (Tap("确认提交"), r"TS\d{13}"),
        ],
        _urgent_and_not_flagged,
    ),
    Dialogue(
        KIND,
        "a closed case is opened again instead of a second one",
        _filed(MOWER),
        _closed_and_out_of_order_again,
    ),
    Dialogue(
        KIND,
        "what can be helped at once is: who is helped files nothing",
        [
            ("音乐会员连续包月扣了我三个月，我早就不用了", "马上能做的.*支付设置.*订单号"),
            ("关掉了，解决了，谢谢", "(不立案|没有立案)"),
        ],
        _nothing_filed,
    ),
    Dialogue(
        KIND,
        "who is not helped by the ready answer goes on, and hears it once",
        [
            (
                "商家说退款成功，可是钱一直没到账，订单号202511110098765",
                f"马上能做的.*工作日.*({ASKS_EVIDENCE})",
            ),
            ("没解决", f"^(?!.*马上能做的).*({ASKS_EVIDENCE})"),
            (Tap("没有"), READ_BACK),
            (Tap("确认提交"), r"TS\d{13}"),
        ],
        _flags(None),
    ),
    Dialogue(
        KIND,
        "a small order and a plain wish are a simple case, and the record says why",
        [
            ("外卖少送了一份鸡翅，订单号202511200076543，26块，我要退款", ASKS_EVIDENCE),
            (Tap("没有"), READ_BACK),
            (Tap("确认提交"), r"TS\d{13}"),
        ],
        _simple_with_its_reason,
    ),
)
