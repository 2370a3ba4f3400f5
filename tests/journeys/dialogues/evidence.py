"""Files of every kind, before, during and after: kept once, refused with a reason, and put where they belong."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timezone

from cases import service
from cases.types import Stage
from tests.cases import files
from tests.journeys.complaints import ASKS_EVIDENCE, ASKS_ORDER, READ_BACK
from tests.journeys.person import Person, verify_dialog
from tests.journeys.played import Dialogue
from tests.journeys.said import File, Said, Send, Tap, photo, picture

KIND = "evidence"

ASKS_MORE = "还有吗|接着发"
ASKS_TYPE = "哪一类"

LATHE = "刚买的小车床主轴晃得厉害，车出来的件全是锥的，订单号202509188800417"
SOFA = "沙发送来少了两个靠枕，物流说不关他们事，订单号MZ55120098733"


def _album(seed: str, count: int, caption: str = "") -> Send:
    return Send("photo", tuple(picture(f"{seed} {number}") for number in range(count)), caption)


def _voice(seed: int, recognition: str = "") -> Send:
    """An AMR voice message of four frames (3GPP TS 26.101: mode 7 has 32 bytes a frame)."""
    body = b"#!AMR\n" + (b"\x3c" + bytes([seed]) * 31) * 4
    return Send("voice", (File("voice.amr", "audio/amr", body),), recognition=recognition)


def _film(name: str, body: bytes) -> Send:
    return Send("video", (File(name, "video/mp4", body),))


def _filed(story: str) -> list[tuple[Said, str]]:
    return [(story, ASKS_EVIDENCE), (Tap("没有"), READ_BACK), (Tap("确认提交"), r"TS\d{13}")]


def _one_case(count: int, **facts: object) -> Callable[[Person], None]:
    """One case with so many files, each another one, and these facts; no draft is left."""

    def look(person: Person) -> None:
        (case,) = person.cases()
        assert len({one.sha256 for one in case.evidence}) == len(case.evidence) == count
        assert {one.side for one in case.evidence} <= {"user"}
        for name, value in facts.items():
            assert getattr(case, name) == value, name
        assert person.drafts() == []

    return look


def _a_draft(count: int, words: str, **facts: object) -> Callable[[Person], None]:
    """No case yet; a draft with so many files, an account that holds these words, and these facts."""

    def look(person: Person) -> None:
        assert person.cases() == []
        (draft,) = person.drafts()
        assert words in draft.facts["description"]
        for name, value in facts.items():
            assert draft.facts.get(name) == value, name
        assert len(person.evidence()) == count

    return look


def _refused(reason: str, kept: int) -> Callable[[Person], None]:
    """The first file was refused for this reason; so many others were kept."""

    def look(person: Person) -> None:
        first, *others = person.media()
        assert (first.state, first.reason) == ("refused", reason)
        assert [media.state for media in others] == ["stored"] * kept
        assert len(person.evidence()) == kept

    return look


def _words_of_a_voice(person: Person) -> None:
    """WeChat hears the words itself; on Telegram he is asked to write them, and does."""
    if person.channel == "telegram":
        verify_dialog(person, [("师傅约的上午九点，拖到晚上七点才来，干了半小时就走", ASKS_ORDER)])
    (draft,) = person.drafts()
    assert "拖到晚上七点" in draft.facts["description"]
    (kept,) = person.evidence()
    assert kept.kind == "audio"


def _paper(person: Person) -> None:
    """WeChat hands out no documents; Telegram's is kept."""
    (case,) = person.cases()
    (media,) = person.media()
    if person.channel == "telegram":
        (kept,) = case.evidence
        assert (kept.kind, kept.content_type, kept.file_name) == ("document", "application/pdf", "合同.pdf")
    else:
        assert (media.state, media.reason, case.evidence) == ("refused", "not_allowed", [])


def _spoken(person: Person) -> None:
    _one_case(2, flagged="voice", phone="13907551234")(person)
    (case,) = person.cases()
    assert case.consent_version
    assert [one.kind for one in case.evidence] == ["audio", "audio"]


def _late_pictures_go_where_he_says(person: Person) -> None:
    first, second = person.cases()
    verify_dialog(person, [(_album("late", 2), "收到.*2 件投诉.*放到哪一件")])
    (label,) = (label for label in person.buttons if first.number in label)
    verify_dialog(person, [(Tap(label), f"收到 2 个文件，已经加进投诉 {first.number}")])
    verify_dialog(person, [(photo("late again"), "2 件投诉.*放到哪一件")])
    verify_dialog(person, [(second.number, f"收到 1 个文件，已经加进投诉 {second.number}")])
    assert [len(case.evidence) for case in person.cases()] == [2, 1]


def _the_plate_that_was_asked_for(person: Person) -> None:
    number = person.number()
    with person.database.write() as session:
        for stage, note in ((Stage.VERIFYING, "已联系"), (Stage.WAITING_USER, "请发一张铭牌的照片")):
            now = datetime.now(timezone.utc)
            service.move_case(session, number, stage, actor=service.Actor.SUPERVISOR, now=now, note=note)
    assert "请发一张铭牌的照片" in person.read()
    verify_dialog(person, [(photo("plate"), f"谢谢.*收到.*接着核实.*{number}")])
    _one_case(1, stage="verifying")(person)


def _told_once(person: Person) -> None:
    """A caption under a late picture is no new complaint; it is kept with the case."""
    _one_case(1, order_no="202509188800417")(person)
    (case,) = person.cases()
    told = [str(entry.note) for entry in case.timeline if entry.what == "words"]
    assert any("声音更大了" in words for words in (*told, *(str(one.caption) for one in case.evidence)))


EVIDENCE = (
    Dialogue(
        KIND,
        "a picture before the first word, one in the middle and one after the number",
        [
            (photo("spoiled meat"), "收到 1 个文件.*存好.*发生了什么"),
            ("给店里买的冰柜才半个月就不制冷了，一柜子肉全坏了，厂家说要等配件", f"登记.*({ASKS_ORDER})"),
            (photo("thermometer"), f"收到 1 个文件.*现在共 2 个.*({ASKS_ORDER})"),
            ("JD7720331185902", f"{READ_BACK}.*③ 订单号：JD7720331185902.*④ 证据：2 个文件"),
            (Tap("确认提交"), r"TS\d{13}.*2 份凭证"),
            (photo("bill of the meat"), r"收到 1 个文件，已经加进投诉 TS\d{13}"),
        ],
        _one_case(3, order_no="JD7720331185902"),
    ),
    Dialogue(
        KIND,
        "two pictures, one after the other, before a word was said",
        [
            (photo("broken guitar"), "收到 1 个文件.*发生了什么"),
            (photo("split neck"), "收到 1 个文件.*共 2 个.*(发生了什么|怎么发生)"),
            ("快递把我的吉他压断了 琴颈直接裂开", f"登记.*物流配送.*({ASKS_ORDER})"),
            ("sf1390088120001", f"{READ_BACK}.*③ 订单号：SF1390088120001.*④ 证据：2 个文件"),
        ],
        _a_draft(2, "吉他", complaint_type="delivery"),
    ),
    Dialogue(
        KIND,
        "an album of four in answer to the question, and a typed end",
        [
            (
                "婚纱照说好精修80张 只给了30张 加片还要再收钱 合同号没有 订单号202508120033417",
                f"登记.*({ASKS_EVIDENCE})",
            ),
            (_album("wedding", 4), f"收到 4 个文件.*共 4 个.*({ASKS_MORE})"),
            ("没有了 就这些", f"{READ_BACK}.*④ 证据：4 个文件"),
            ("没问题 提交吧", r"TS\d{13}.*4 份凭证"),
        ],
        _one_case(4, order_no="202508120033417"),
    ),
    Dialogue(
        KIND,
        "an album whose caption is the story",
        [
            (
                _album(
                    "mouldy flour", 2, "网上买的面粉 打开全是绿毛 生产日期还是上个月的 店家说我自己放坏的"
                ),
                f"收到 2 个文件.*登记.*({ASKS_ORDER})",
            ),
            ("没有单号了 我闺女买的", f"{READ_BACK}.*③ 订单号：没有.*④ 证据：2 个文件"),
        ],
        _a_draft(2, "全是绿毛"),
    ),
    Dialogue(
        KIND,
        "a caption that gives the number that was asked for",
        [
            ("蓝牙耳机左边没声音了 才买五天 客服叫我自己寄去深圳修", ASKS_ORDER),
            (
                photo("earphone", "单号 202511126600318"),
                "收到 1 个文件.*③ 订单号：202511126600318.*④ 证据：1 个文件",
            ),
            (Tap("确认提交"), r"TS\d{13}.*1 份凭证"),
        ],
        _one_case(1, order_no="202511126600318"),
    ),
    Dialogue(
        KIND,
        "the same picture three times is one",
        [
            (LATHE, ASKS_EVIDENCE),
            (photo("chuck"), f"收到 1 个文件.*({ASKS_MORE})"),
            (photo("chuck"), f"已经收到过.*({ASKS_MORE})"),
            (Tap("发完了"), f"{READ_BACK}.*④ 证据：1 个文件"),
            (Tap("确认提交"), r"TS\d{13}.*1 份凭证"),
            (photo("chuck"), "已经收到过"),
        ],
        _one_case(1),
    ),
    Dialogue(
        KIND,
        "an archive under a film's name is refused and the question stands",
        [
            ("家政阿姨把我大理石台面划花了还不承认 订单号202510300077164", ASKS_EVIDENCE),
            (
                _film("监控.mp4", files.archive({"监控.txt": b"x" * 4_000})),
                f"没收下.*压缩包收不了.*解压.*({ASKS_EVIDENCE})",
            ),
            (photo("scratched marble"), f"收到 1 个文件.*共 1 个.*({ASKS_MORE})"),
            (Tap("发完了"), f"{READ_BACK}.*④ 证据：1 个文件"),
        ],
        _refused("archive", 1),
    ),
    Dialogue(
        KIND,
        "a program is refused before a word was said, and the chat goes on",
        [
            (_film("聊天记录.mp4", files.PROGRAM), "没收下.*程序和脚本收不了.*截图"),
            ("那算了 我直接说吧 美容院办卡的时候说能退，现在要扣我三成手续费", f"登记.*({ASKS_ORDER})"),
        ],
        _refused("program", 0),
    ),
    Dialogue(
        KIND,
        "half a picture is refused at the order number and sent again whole",
        [
            ("童车轮子滑着滑着掉了，差点把娃甩出去，店家叫我自己拧紧", f"登记.*({ASKS_ORDER})"),
            (
                _film("轮子.mp4", picture("wheel", "jpg").body[:900]),
                f"没收下.*不完整或已损坏.*重新发.*({ASKS_ORDER})",
            ),
            (photo("wheel"), f"收到 1 个文件.*({ASKS_ORDER})"),
            ("202511050046120", f"{READ_BACK}.*③ 订单号：202511050046120.*④ 证据：1 个文件"),
        ],
        _refused("damaged", 1),
    ),
    Dialogue(
        KIND,
        "a voice with words tells the story",
        [
            ("你好 我要投诉", ASKS_TYPE),
            (
                _voice(11, recognition="师傅约的上午九点，拖到晚上七点才来，干了半小时就走"),
                f"收到 1 个文件.*({ASKS_ORDER}|听不了语音.*用文字说)",
            ),
        ],
        _words_of_a_voice,
    ),
    Dialogue(
        KIND,
        "who can only speak files a voice complaint and is called back",
        [
            (_voice(21), "收到 1 个文件.*听不了语音.*接着发语音"),
            (_voice(22), "收到 1 个文件.*用语音投诉.*打电话跟您核对.*隐私"),
            (Tap("提交语音投诉"), "打哪个电话"),
            ("13907551234", r"语音投诉提交好了.*打电话.*TS\d{13}"),
        ],
        _spoken,
    ),
    Dialogue(
        KIND,
        "who is offered the voice complaint and rather types goes on typing",
        [
            (_voice(31), "听不了语音"),
            (_voice(32), "用语音投诉"),
            (Tap("我来打字"), f"用文字来.*({ASKS_TYPE})"),
            ("理发店给我染的头发一洗就掉色 头皮还发痒 要求退钱", ASKS_ORDER),
            ("线下的没有单号", f"哪天买的|{READ_BACK}"),
        ],
        _a_draft(2, "一洗就掉色", remedy="refund"),
    ),
    Dialogue(
        KIND,
        "a contract as a document",
        [
            ("租的车位物业又租给别人了，我的车没地方停，合同编号202507010022", ASKS_EVIDENCE),
            (
                Send("file", (File("合同.pdf", "application/pdf", files.pdf()),)),
                f"收到 1 个文件.*({ASKS_MORE})|收不了.*照片或截图.*({ASKS_EVIDENCE})",
            ),
            ("没有了", READ_BACK),
            (Tap("确认提交"), r"TS\d{13}"),
        ],
        _paper,
    ),
    Dialogue(
        KIND,
        "a receipt stands in for the order number",
        [
            ("超市称的排骨回来一称少了半斤多，老板还不认账", ASKS_ORDER),
            (Tap("没有订单号"), "没有订单号也能办|哪天买的"),
            (photo("till receipt"), f"收到 1 个文件.*{READ_BACK}.*③ 订单号：没有.*见证据.*④ 证据：1 个文件"),
            (Tap("确认提交"), r"TS\d{13}.*1 份凭证"),
        ],
        _one_case(1, order_no=None, flagged=None),
    ),
    Dialogue(
        KIND,
        "late pictures go to the one of two cases that he names",
        [*_filed(LATHE), *_filed(SOFA)],
        _late_pictures_go_where_he_says,
    ),
    Dialogue(
        KIND,
        "a picture goes to the case that waits for it",
        _filed("烤箱定时器坏了，时间到了不停，蛋糕全糊了，订单号202510110045511"),
        _the_plate_that_was_asked_for,
    ),
    Dialogue(
        KIND,
        "words under a late picture belong to the case",
        [
            *_filed(LATHE),
            (photo("spindle", "这是今天新拍的，声音更大了"), r"收到 1 个文件，已经加进投诉 TS\d{13}"),
        ],
        _told_once,
    ),
)
