"""Somebody is hurt, burning or threatened: advice and a person at once; what was told waits, and the case is urgent."""

from __future__ import annotations

from collections.abc import Callable

from tests.journeys.complaints import ASKS_EVIDENCE, ASKS_ORDER, READ_BACK
from tests.journeys.person import Person, verify_dialog
from tests.journeys.played import Dialogue
from tests.journeys.said import Said, Tap, photo

KIND = "emergency"

ADVICE = "先顾安全.*120.*119.*110.*请同事.*继续自助"
NO_ALARM = "^(?!.*先顾安全)"
GOES_ON = "取消排队"
FILED = r"TS\d{13}"


def _waits(words: str) -> Callable[[Person], None]:
    """A person is called, and what was said is kept as an urgent draft."""

    def look(person: Person) -> None:
        conversation = person.conversation()
        assert (conversation.floor, conversation.floor_reason) == ("queue", "emergency")
        (draft,) = person.drafts()
        assert draft.facts["danger"] is True
        assert words in draft.facts["description"]
        assert person.cases() == []

    return look


def _on_the_way(words: str) -> Callable[[Person], None]:
    """He is with the bot again, and what he cried is the draft that goes on, urgent."""

    def look(person: Person) -> None:
        assert person.conversation().floor == "bot"
        (draft,) = person.drafts()
        assert draft.facts["danger"] is True
        assert words in draft.facts["description"]

    return look


def _urgent(words: str, *kinds: str, count: int = 0) -> Callable[[Person], None]:
    """An urgent case that holds these words, and somebody is notified."""

    def look(person: Person) -> None:
        (case,) = person.cases()
        assert case.priority == "urgent"
        assert case.type in kinds
        assert words in case.description
        assert case.flagged is None
        assert len(case.evidence) == count
        assert person.conversation().floor == "queue"
        assert person.drafts() == []

    return look


def _no_alarm(*kinds: str, priority: str) -> Callable[[Person], None]:
    """A case like any other: nobody was called."""

    def look(person: Person) -> None:
        (case,) = person.cases()
        assert case.type in kinds
        assert case.priority == priority
        assert person.conversation().floor == "bot"

    return look


def _goes_on_without_alarm(person: Person) -> None:
    assert person.conversation().floor == "bot"
    (draft,) = person.drafts()
    assert not draft.facts.get("danger")


def _two_messages_wait_for_the_agent(person: Person) -> None:
    _waits("砸我家门")(person)
    kept = person.inbound()[1:]
    assert [message.handled_by for message in kept] == ["floor", "floor"]
    leave: Said = (
        Tap("继续自助") if person.channel == "telegram" else "继续自助"
    )  # the list stands further up
    verify_dialog(person, [(leave, GOES_ON)])
    assert person.conversation().floor == "bot"


EMERGENCY = (
    Dialogue(
        KIND,
        "a burnt hand before a word of complaint, and the urgent case afterwards",
        [
            ("充电宝在我兜里爆了 大腿烧伤了 疼死我了", ADVICE),
            (Tap("继续自助"), f"{GOES_ON}.*({ASKS_ORDER}|接着填|发生了什么)"),
            ("202510190028844", f"({ASKS_EVIDENCE}|{READ_BACK})"),
            (photo("burnt trousers"), "收到 1 个文件"),
            (Tap("发完了"), f"{READ_BACK}.*安全健康.*③ 订单号：202510190028844.*④ 证据：1 个文件"),
            (Tap("确认提交"), f"{FILED}.*排在第"),
        ],
        _urgent("大腿烧伤", "safety", count=1),
    ),
    Dialogue(
        KIND,
        "a fire, in three shouts",
        [("着火了！！！", ADVICE), ("插座烧起来了 窗帘也着了", ""), ("119打了", "")],
        _waits("着火了"),
    ),
    Dialogue(
        KIND,
        "a fitter at the door who threatens",
        [
            ("装宽带的师傅堵我门口不走 说我不给钱就打我 我一个女的在家", ADVICE),
            (Tap("继续自助"), GOES_ON),
            ("他走了 帮我投诉他", f"{ASKS_ORDER}|接着填"),
        ],
        _on_the_way("堵我门口"),
    ),
    Dialogue(
        KIND,
        "a child that swallowed a battery, with a slip of the keys",
        [
            ("孩子把玩具里的钮扣电池吞下去了 怎么般 急死了", ADVICE),
            (Tap("继续自助"), GOES_ON),
            ("取出来了 现在没事了 帮我登记吧", f"{NO_ALARM}.*({ASKS_ORDER}|接着填)"),
        ],
        _on_the_way("电池吞下去"),
    ),
    Dialogue(
        KIND,
        "shut in a lift, in Traditional",
        [
            ("電梯壞了，我跟我媽被困在裡面，她喘不過氣", "先[顧顾]安全.*120"),
            (Tap("繼續自助"), "取消排隊"),
        ],
        _on_the_way("被困"),
    ),
    Dialogue(
        KIND,
        "a shock at the question for the order number, which is asked again",
        [
            ("新买的洗衣机老是漏水 脱水的时候满地跑", ASKS_ORDER),
            ("啊 漏电了 我老婆被电到了 手都麻了", ADVICE),
            (Tap("继续自助"), f"{GOES_ON}.*({ASKS_ORDER})"),
            ("202511080031777", ASKS_EVIDENCE),
            ("没有拍", READ_BACK),
            (Tap("确认提交"), f"{FILED}.*排在第"),
        ],
        _urgent("我老婆被电到了", "safety", "product_quality"),
    ),
    Dialogue(
        KIND,
        "a threat at the question for evidence, which is asked again",
        [
            ("外卖送错了还骂我，骑手态度极其恶劣，订单号3301102233445", ASKS_EVIDENCE),
            ("他现在拿着刀在楼下等我 我不敢出门", ADVICE),
            (Tap("继续自助"), f"{GOES_ON}.*({ASKS_EVIDENCE})"),
            (photo("the man downstairs"), "收到 1 个文件"),
            ("就这一张", f"{READ_BACK}.*④ 证据：1 个文件"),
            ("确认", f"{FILED}.*排在第"),
        ],
        _urgent("拿着刀", "safety", "service_attitude", "delivery", count=1),
    ),
    Dialogue(
        KIND,
        "smoke at the read-back, which comes again",
        [
            ("电动车刚换的电池充不进电，店家不给换，订单号202511150087001", ASKS_EVIDENCE),
            (Tap("没有"), READ_BACK),
            ("不好了 电池冒烟了 在烧", ADVICE),
            (Tap("继续自助"), f"{GOES_ON}.*(请您核对|可以提交|确认提交)"),
            ("确认提交", f"{FILED}.*排在第"),
        ],
        _urgent("电池冒烟", "safety", "product_quality", "after_sales"),
    ),
    Dialogue(
        KIND,
        "what is said while he waits is kept for the agent",
        [
            ("催收的人现在在砸我家门 快救救我", ADVICE),
            ("三个人 还带着棍子", ""),
            (photo("men at the door"), ""),
        ],
        _two_messages_wait_for_the_agent,
    ),
    Dialogue(
        KIND,
        "a cockroach in the soup is a safety complaint without an alarm",
        [
            (
                "昨天点的酸菜鱼里面吃出一只蟑螂，恶心死了，商家就说给我退两块钱",
                f"{NO_ALARM}.*登记.*({ASKS_ORDER})",
            ),
            ("3301998877665", ASKS_EVIDENCE),
            (Tap("没有"), f"{READ_BACK}.*安全健康"),
            (Tap("确认提交"), f"^(?!.*排在第).*{FILED}"),
        ],
        _no_alarm("safety", priority="high"),
    ),
    Dialogue(
        KIND,
        "a fryer that lost its coating long ago is no alarm",
        [
            (
                "前年5月在你们这买的空气炸锅涂层全掉了，订单号202405060033210",
                f"{NO_ALARM}.*登记.*(超过一年|{ASKS_EVIDENCE})",
            ),
        ],
        _goes_on_without_alarm,
    ),
    Dialogue(
        KIND,
        "a playground that only looks dangerous",
        [
            (
                "小区门口那个蹦床乐园，边上的护网都开线了，螺丝露在外面，老板说没事",
                f"{NO_ALARM}.*登记.*({ASKS_ORDER})",
            ),
            ("没有订单号 现场买的票", f"哪天买的|{ASKS_EVIDENCE}"),
        ],
        _goes_on_without_alarm,
    ),
    Dialogue(
        KIND,
        "who only bursts with anger is not in danger",
        [
            ("气得我肺都要炸了 空调修了三回还不制冷 每次都收上门费", f"{NO_ALARM}.*登记.*({ASKS_ORDER})"),
            ("没有单号 电话约的", f"{NO_ALARM}.*(哪天买的|{ASKS_EVIDENCE})"),
        ],
        _goes_on_without_alarm,
    ),
)
