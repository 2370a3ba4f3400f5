"""How is my complaint? Of none, one, several; by number, rightly, wrongly and somebody else's; and what is done with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from cases.numbers import new_number
from tests.journeys.complaints import ASKS_EVIDENCE, ASKS_ORDER, READ_BACK
from tests.journeys.person import Person, verify_dialog
from tests.journeys.played import Dialogue
from tests.journeys.said import Said, Tap

KIND = "status"

SHOWN = r"投诉 TS\d{13}.*现在：诉求受理.*负责：.*下一步：.*专员核实"
TYRES = "新换的轮胎跑了两百公里就鼓包，修理厂说是我压马路牙子，订单号202510220019834，电话13611118000"
CLEANER = "约了四小时保洁，阿姨两小时就走了，玻璃一块没擦，订单号BJ66210047785"


def _nobodys(random: int) -> str:
    """A well-formed number that no case has."""
    return new_number(date(2026, 2, 3), lambda _: random)


NOBODYS = tuple(_nobodys(610_000 + n) for n in range(6))
MISTYPED = NOBODYS[0][:-1] + str((int(NOBODYS[0][-1]) + 3) % 10)


def _filed(story: str) -> list[tuple[Said, str]]:
    return [(story, ASKS_EVIDENCE), (Tap("没有"), READ_BACK), (Tap("确认提交"), r"TS\d{13}")]


def _somebody_else(person: Person) -> Person:
    """Another contact of the same platform, who never wrote before."""
    telegram = person.channel == "telegram"
    contact = str(int(person.contact) + 50_000_000) if telegram else f"oOther_{person.contact[-20:]}"
    return replace(person, contact=contact, messages=0, answer="", buttons=[], _read_up_to=0)


def _no_case(person: Person) -> None:
    assert person.cases() == []


def _stages(*stages: str) -> Callable[[Person], None]:
    def look(person: Person) -> None:
        assert [case.stage for case in person.cases()] == list(stages)

    return look


def _chooses_of_two(person: Person) -> None:
    first, second = (case.number for case in person.cases())
    (label,) = (label for label in person.buttons if first in label)
    verify_dialog(person, [(Tap(label), f"投诉 {first}.*诉求受理.*下一步")])
    assert second not in person.answer
    verify_dialog(person, [("另外那件呢 到哪步了", "2 件投诉.*哪一件")])
    verify_dialog(person, [(second[2:], f"投诉 {second}.*诉求受理")])


def _asks_by_number(person: Person) -> None:
    first, second = (case.number for case in person.cases())
    wide = "".join(chr(ord(c) + 0xFEE0) for c in second)
    verify_dialog(
        person,
        [
            (
                f"帮忙看下ts{first[2:8]}-{first[8:14]} {first[14:]}这单到哪了",
                f"投诉 {first}.*诉求受理.*下一步",
            ),
            (f"{wide}呢", f"投诉 {second}.*诉求受理"),
            (second, f"投诉 {second}.*诉求受理"),
        ],
    )


def _mixes_two_digits_up(person: Person) -> None:
    number = person.number()
    place = next(n for n in range(9, 14) if number[n] != number[n + 1])
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    verify_dialog(
        person,
        [(f"查{swapped}", "输错了.*TS 开头"), (f"哦哦 是{number}", f"投诉 {number}.*诉求受理.*下一步")],
    )


def _his_wife_asks_with_his_digits(person: Person) -> None:
    number = person.number()
    wife = _somebody_else(person)
    verify_dialog(
        wife,
        [
            (f"我老公报的{number}有进展没", "保护隐私.*后四位|留的手机号.*后四位"),
            ("8000", f"投诉 {number}.*诉求受理.*下一步"),
        ],
    )
    assert wife.cases() == []


def _a_stranger_learns_nothing(person: Person) -> None:
    stranger = _somebody_else(person)
    answers = []
    for number in (person.number(), NOBODYS[1]):
        verify_dialog(stranger, [(f"查一下{number}", "后四位"), ("1111", "没有对上.*转人工")])
        answers.append(stranger.answer)
    assert answers[0] == answers[1]
    assert "轮胎" not in "".join(message["text"] for message in stranger.shown())


def _urged(person: Person) -> None:
    (case,) = person.cases()
    assert case.priority == "high"
    assert [entry.what for entry in case.timeline].count("urge") == 1


def _urges_the_second(person: Person) -> None:
    second = person.cases()[1].number
    (label,) = (label for label in person.buttons if second in label)
    verify_dialog(person, [(Tap(label), f"已经替您催办 {second}.*下一步")])
    counts = [[entry.what for entry in case.timeline].count("urge") for case in person.cases()]
    assert counts == [0, 1]


def _words(*words: str) -> Callable[[Person], None]:
    def look(person: Person) -> None:
        (case,) = person.cases()
        assert [entry.note for entry in case.timeline if entry.what == "words"] == list(words)
        assert person.drafts() == []

    return look


def _a_draft(words: str, cases: int) -> Callable[[Person], None]:
    def look(person: Person) -> None:
        (draft,) = person.drafts()
        assert words in draft.facts["description"]
        assert len(person.cases()) == cases

    return look


STATUS = (
    Dialogue(
        KIND,
        "who has none is told so and files one",
        [
            ("我的投诉进度", "没有正在处理的投诉.*登记一件"),
            (Tap("我要投诉"), "哪一类"),
            ("相机店把我镜头修坏了 现在对不上焦 还不肯赔", ASKS_ORDER),
        ],
        _no_case,
    ),
    Dialogue(
        KIND,
        "a grandmother whose grandson filed it elsewhere is told how it is found",
        [
            ("前几天我孙子帮我报的那个投诉 有消息没得", "没有正在处理的投诉.*编号发给我"),
            ("编号我不晓得在哪里 你给我转个人工嘛", "转人工.*排在第"),
            (Tap("继续自助"), "取消排队"),
        ],
        _no_case,
    ),
    Dialogue(
        KIND,
        "the only one is shown at once",
        [*_filed(TYRES), ("我那个轮胎的投诉到哪一步了", SHOWN)],
        _stages("accepted"),
    ),
    Dialogue(
        KIND,
        "two are a choice, by label and by bare number",
        [*_filed(TYRES), *_filed(CLEANER), ("查一下进度", "2 件投诉.*看哪一件")],
        _chooses_of_two,
    ),
    Dialogue(
        KIND,
        "a number in the text goes straight to its case, however it is typed",
        [*_filed(TYRES), *_filed(CLEANER)],
        _asks_by_number,
    ),
    Dialogue(
        KIND, "two digits swapped are caught, then the right number", _filed(TYRES), _mixes_two_digits_up
    ),
    Dialogue(
        KIND,
        "a mistyped number of one who has no case",
        [
            (f"查投诉 {MISTYPED}", "输错了.*TS 开头.*13 位"),
            (f"那是{NOBODYS[2]}", "后四位"),
            ("就是8000那个号", "没有对上.*转人工"),
        ],
        _no_case,
    ),
    Dialogue(
        KIND,
        "somebody else's case opens to the last digits of its phone",
        _filed(TYRES),
        _his_wife_asks_with_his_digits,
    ),
    Dialogue(
        KIND,
        "somebody else's number and nobody's are refused alike",
        _filed(TYRES),
        _a_stranger_learns_nothing,
    ),
    Dialogue(
        KIND,
        "three wrong guesses and no fourth within the hour",
        [
            (f"查下{NOBODYS[5]}", "后四位"),
            ("我忘了是哪个号", "四位数字|后四位"),
            ("0001", "没有对上"),
            (f"{NOBODYS[3]}", "后四位"),
            ("0002", "没有对上"),
            (f"{NOBODYS[4]}", "后四位"),
            ("0003", "没有对上"),
            (f"再查一下{NOBODYS[0]}", "后四位"),
            ("0004", "一小时之后.*转人工"),
        ],
        _no_case,
    ),
    Dialogue(
        KIND,
        "pressing for it counts once in a day",
        [
            *_filed(CLEANER),
            ("能不能快点啊 催一下", r"已经替您催办 TS\d{13}.*下一步"),
            ("怎么还没人理我 赶紧处理", r"TS\d{13}.*24 小时内已经催过.*下一步"),
        ],
        _urged,
    ),
    Dialogue(
        KIND,
        "pressing for one of two asks which",
        [*_filed(TYRES), *_filed(CLEANER), ("催办", "2 件投诉.*要催哪一件")],
        _urges_the_second,
    ),
    Dialogue(
        KIND,
        "who does not take it back is told that it goes on",
        [
            *_filed(CLEANER),
            ("我不投诉了 撤了吧", r"确定撤回投诉 TS\d{13}.*不再处理"),
            ("还是先不撤", r"TS\d{13} 不撤，照常处理"),
            ("到哪步了", SHOWN),
        ],
        _stages("accepted"),
    ),
    Dialogue(
        KIND,
        "taken back at the second thought, and then there is none",
        [
            *_filed(CLEANER),
            ("帮我把那个投诉取消掉", r"确定撤回投诉 TS\d{13}.*不再处理"),
            (Tap("不撤了"), r"TS\d{13} 不撤，照常处理"),
            ("撤诉 家政公司已经重新派人了", r"确定撤回投诉 TS\d{13}"),
            ("嗯", r"投诉 TS\d{13}.*已按您的意思撤诉"),
            ("查进度", "没有正在处理的投诉|已撤诉.*已经结束"),
        ],
        _stages("withdrawn"),
    ),
    Dialogue(
        KIND,
        "words are added after filing",
        [
            *_filed(TYRES),
            ("我还要补充点情况", r"要补充什么.*TS\d{13}"),
            ("今天右后那条也鼓了 师傅说同一批的都这样", r"已经加进投诉 TS\d{13}.*处理人能看到"),
            ("现在怎么样了", SHOWN),
        ],
        _words("今天右后那条也鼓了 师傅说同一批的都这样"),
    ),
    Dialogue(
        KIND,
        "in the middle of another complaint the status is told and the question stands",
        [
            *_filed(TYRES),
            ("另外个事 快递把我一箱橙子摔烂了 快递员还说不关他事", ASKS_ORDER),
            ("哎先问下 我前面那个投诉到哪步了", f"{SHOWN}.*({ASKS_ORDER})"),
            ("SF1390088123467", ASKS_EVIDENCE),
        ],
        _a_draft("橙子", 1),
    ),
    Dialogue(
        KIND,
        "in Traditional, before and after filing",
        [
            ("請問我的投訴處理得怎麼樣了", "沒有正在.理的投訴"),
            (
                "在你們商城訂的床墊躺三天就塌了一個洞，客服叫我等兩個月，訂單編號202509090071230",
                "照片、影片|照片、視頻|照片、截圖",
            ),
            (Tap("沒有"), "請您核對.*(商品|售後).*③ 訂單號：202509090071230"),
            (Tap("確認提交"), r"TS\d{13}.*下一步"),
            ("我的投訴進度", r"TS\d{13}.*訴求受理.*負責.*下一步.*專員核實"),
        ],
        _stages("accepted"),
    ),
)
