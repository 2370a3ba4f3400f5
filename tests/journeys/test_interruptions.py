"""Every question of the intake meets everything that may come instead of an answer: it is served, and the question stands.

One table. A row is a question and how one gets to it, a column is an interruption with what it is answered; a person a
row and platform goes through all columns one after the other, and each cell is a test. A cell asserts the answer's
content, the question put again, that the draft holds what it held (but for what the column names), that no case was
opened, and that every message was stored, handled and answered once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from tests.journeys.complaints import ASKS_ORDER, LEAK, LEAK_WITH_ORDER, READ_BACK
from tests.journeys.conftest import House
from tests.journeys.person import Person, verify_dialog
from tests.journeys.played import with_own_client
from tests.journeys.said import Do, File, Said, Send, Tap, photo

pytestmark = [pytest.mark.alone, pytest.mark.trained]

AT_ONCE = 6
CHANNELS = ("telegram", "wechat")

ASKS_TYPE = "哪一类"
ASKS_STORY = "发生了什么|怎么发生"
ASKS_FILES = "照片、视频|照片、截图|还有吗|接着发"
ASKS_YES = f"{READ_BACK}|刚才核对|可以提交"


@dataclass(frozen=True)
class Question:
    """A row: how one gets there, how the question sounds, and where its cells differ from the column.

    `differs`: interruption → what the last answer holds instead of the question, where it answers it; `changes`:
    interruption → facts that it changes here; `last`: the columns that leave the question, played at the end.
    """

    name: str
    way: Sequence[tuple[Said, str]]
    asks: str
    differs: Mapping[str, str] = field(default_factory=dict)
    changes: Mapping[str, frozenset[str]] = field(default_factory=dict)
    last: Sequence[str] = ("emergency",)


@dataclass(frozen=True)
class Interruption:
    """A column: what is done, what the answer holds, what leads back, and which facts it may change."""

    name: str
    said: Said | Callable[[Person], Said]
    answer: str
    back: Sequence[tuple[Said, str]] = ()
    changes: frozenset[str] = frozenset()
    before: Callable[[Person], None] | None = None


def _voice(seed: int) -> Send:
    """An AMR voice message of four frames (3GPP TS 26.101: mode 7 has 32 bytes a frame)."""
    return Send("voice", (File("voice.amr", "audio/amr", b"#!AMR\n" + (b"\x3c" + bytes([seed]) * 31) * 4),))


def _an_hour_passes(person: Person) -> None:
    """All that was said so far was said an hour earlier."""
    hour = timedelta(hours=1)
    with person.database.write() as session:
        for row in (*person.inbound(), *person.outbound(), *person.drafts()):
            merged = session.merge(row)
            for column in ("sent_at", "received_at", "handled_at", "created_at", "changed_at", "expires_at"):
                if getattr(merged, column, None) is not None:
                    setattr(merged, column, getattr(merged, column) - hour)


TO_READ_BACK = ((LEAK_WITH_ORDER, ASKS_FILES), (Tap("没有"), READ_BACK))
TO_CHANGE = (*TO_READ_BACK, (Tap("修改"), "要改哪一项"))

QUESTIONS = (
    Question(
        "type",
        [("我要投诉", ASKS_TYPE), ("我电话13800138000", ASKS_TYPE)],
        ASKS_TYPE,
        {"emergency": ASKS_ORDER},
    ),
    Question(
        "description",
        [("我要投诉", ASKS_TYPE), (Tap("物流配送"), ASKS_STORY)],
        ASKS_STORY,
        {"emergency": ASKS_ORDER},
    ),
    Question(
        "detail",
        [("我要投诉", ASKS_TYPE), (Tap("商品质量"), ASKS_STORY), ("手机坏了", "具体是什么毛病")],
        "具体是什么毛病",
        {"emergency": ASKS_ORDER},
    ),
    Question("order number", [(LEAK, ASKS_ORDER)], ASKS_ORDER),
    Question(
        "proof",
        [(LEAK, ASKS_ORDER), ("没有", "哪天买的")],
        "哪天买的",
        {"photo": READ_BACK},  # a photo is a proof
        {"photo": frozenset({"proof"})},
        last=("emergency", "photo"),
    ),
    Question("evidence", [(LEAK_WITH_ORDER, ASKS_FILES)], ASKS_FILES),
    Question("read-back", TO_READ_BACK, ASKS_YES),
    Question(
        "change",
        TO_CHANGE,
        "要改哪一项",
        {"correction": ASKS_YES, "emergency": ASKS_YES},  # a correction is its answer
        last=("correction", "emergency"),
    ),
    Question("merchant", [*TO_CHANGE, (Tap("商家"), "哪个商家")], "哪个商家"),
    Question("amount", [*TO_CHANGE, (Tap("金额"), "涉及多少钱")], "涉及多少钱"),
    Question("remedy", [*TO_CHANGE, (Tap("希望怎么处理"), "希望怎么处理")], "希望怎么处理"),
    Question("incident time", [*TO_CHANGE, (Tap("发生时间"), "什么时候")], "什么时候"),
    Question(
        "phone",
        [*TO_CHANGE, (Tap("联系电话"), "手机号")],
        "手机号",
        {"correction": ASKS_YES, "emergency": ASKS_YES},  # a correction of the phone is its answer
        last=("correction", "emergency"),
    ),
    Question("too late", [(f"前年5月3号{LEAK_WITH_ORDER}", "超过一年")], "超过一年", {"emergency": ASKS_YES}),
    Question(
        "voice complaint",
        [(_voice(1), "听不了语音"), (_voice(2), "用语音投诉")],
        "用语音投诉",
        {"emergency": ASKS_ORDER},  # he wrote what happened
    ),
)

INTERRUPTIONS = (
    Interruption("question", "你们会不会把我的个人信息泄露出去", "只有经办人员能看"),
    Interruption("handling time", "多久能处理完", "办结"),
    Interruption("what to send", "投诉需要准备什么证据", "能证明事情经过"),
    Interruption("compensation", "这种情况一般能赔多少", "核实的结果"),
    Interruption("authorities", "除了你们我还能找哪里投诉", "12315"),
    Interruption("status", "我的投诉进度", "没有正在处理的投诉|还没提交"),
    Interruption("sticker", Do("sticker", {"emoji": "😭"}), "表情"),
    Interruption("small talk", "今天天气怎么样", "帮不上|不懂"),
    Interruption("thanks", "谢谢你啊", "不客气|应该的"),
    Interruption("abuse", "你们就是一群王八蛋", "很生气|我在听"),
    Interruption("repeat", "再说一遍", ""),
    Interruption("person", "转人工", "排在第", [(Tap("继续自助"), "取消排队")]),
    Interruption("cancel", "取消", "先不填了吗", [(Tap("接着填"), "")]),
    Interruption("restart", "重新开始", "都会清掉", [(Tap("接着填"), "")]),
    Interruption(
        "correction",
        "电话不对，是13900001111",
        "改好了：电话 13900001111|手机号",
        changes=frozenset({"phone"}),
    ),
    Interruption("another complaint", "我还要投诉另一家店", "一件一件来"),
    Interruption("an hour of silence", "你好", "我在", before=_an_hour_passes),
    Interruption("photo", lambda person: photo(f"interruption {person.contact}"), "收到 1 个文件"),
    Interruption(
        "emergency",
        "着火了！插座冒烟，救命",
        "先顾安全.*119",
        [(Tap("继续自助"), "取消排队")],
        changes=frozenset({"danger", "complaint_type", "description"}),
    ),
)
CELLS = [(row.name, column.name) for row in QUESTIONS for column in INTERRUPTIONS]


class Table:
    """The rows, being played on both platforms."""

    def __init__(self, house: House) -> None:
        self._pool = ThreadPoolExecutor(AT_ONCE)
        self._rows: dict[tuple[str, str], Future[dict[str, str | None]]] = {
            (row.name, channel): self._pool.submit(_play, row, house.person(channel))
            for row in QUESTIONS
            for channel in CHANNELS
        }

    def check(self, row: str, column: str, channel: str) -> None:
        """Fail with what was wrong in this cell."""
        wrong = self._rows[row, channel].result()[column]
        assert wrong is None, wrong

    def close(self) -> None:
        self._pool.shutdown(cancel_futures=True)


def _play(row: Question, person: Person) -> dict[str, str | None]:
    """Cell → what was wrong there."""
    person = with_own_client(person)
    verify_dialog(person, row.way)
    columns = {column.name: column for column in INTERRUPTIONS}
    order = [name for name in columns if name not in row.last] + list(row.last)
    wrong: dict[str, str | None] = {}
    for name in order:
        try:
            _play_cell(row, columns[name], person)
            wrong[name] = None
        except AssertionError as failure:
            wrong[name] = str(failure)
    person.platforms.http.close()
    return wrong


def _play_cell(row: Question, column: Interruption, person: Person) -> None:
    held = _facts(person)
    if column.before is not None:
        column.before(person)
    said = column.said(person) if callable(column.said) else column.said
    told = f"at: {row.name}\nsaid: {said}\n"
    answers = [person.say(said)]
    assert re.search(column.answer, answers[0], re.DOTALL), (
        f"{told}expected: {column.answer}\nanswered: {answers[0]}"
    )
    for step, expected in column.back:
        answers.append(person.say(step))
        assert re.search(expected, answers[-1], re.DOTALL), f"{told}then: {step}\nanswered: {answers[-1]}"
    asks = row.differs.get(column.name, row.asks)
    assert re.search(asks, answers[-1]), f"{told}the question is gone: {answers[-1]}"
    now = _facts(person)
    kept = {name for name in {*held, *now} if held.get(name) == now.get(name)}
    changed = {*held, *now} - kept - column.changes - row.changes.get(column.name, frozenset())
    assert not changed, f"{told}changed: {changed}"
    assert person.cases() == [], told
    person.check_rows()


def _facts(person: Person) -> dict[str, Any]:
    (draft,) = person.drafts()
    return dict(draft.facts)


@pytest.fixture(scope="module")
def table(house: House) -> Iterator[Table]:
    playing = Table(house)
    yield playing
    playing.close()


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize(("row", "column"), CELLS, ids=[" × ".join(cell) for cell in CELLS])
def test_interruption(table: Table, row: str, column: str, channel: str) -> None:
    table.check(row, column, channel)
