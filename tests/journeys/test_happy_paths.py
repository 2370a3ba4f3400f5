"""From the first word to the number, through the real webhooks, and what is in the database afterwards."""

from __future__ import annotations

import hashlib
import re

import pytest

from tests.journeys.complaints import ASKS_EVIDENCE, ASKS_ORDER, READ_BACK, TOLD_ALL, file_case
from tests.journeys.person import Person, verify_dialog
from tests.journeys.said import Said, Tap, photo

pytestmark = [pytest.mark.alone, pytest.mark.trained]


def test_one_who_tells_it_all_has_his_number_after_five_messages_with_a_photo(person: Person) -> None:
    crack = photo("crack")
    verify_dialog(
        person,
        [
            (TOLD_ALL, f"登记.*订单号 202505038823456.*({ASKS_EVIDENCE})"),
            (crack, "收到 1 个文件"),
            (Tap("发完了"), f"{READ_BACK}.*③ 订单号：202505038823456.*④ 证据：1 个文件.*⑥ 涉及金额：1299 元"),
            (Tap("确认提交"), r"TS\d{13}.*负责.*下一步"),
        ],
    )
    assert person.messages <= 5
    (case,) = person.cases()
    assert case.number == person.number()
    assert case.channel == person.channel
    assert case.type in ("product_quality", "after_sales")
    assert case.order_no == "202505038823456"
    assert case.amount_fen == 129_900
    assert case.remedy == "refund"
    assert case.stage == "accepted"
    assert case.team_id is not None
    assert "黑屏" in case.description
    assert case.consent_version
    assert case.consent_at is not None
    (evidence,) = case.evidence
    assert evidence.side == "user"
    assert evidence.content_type == "image/png"
    if person.channel == "wechat":  # WeChat gives pictures as they were sent; Telegram gives its own sizes
        assert evidence.sha256 == hashlib.sha256(crack.files[0].body).hexdigest()
    assert [draft.id for draft in person.drafts("filed")] == [case.draft_id]
    assert case.timeline[0].what == "filed"
    receipt = [row for row in person.outbound() if row.case_number == case.number]
    assert [row.author for row in receipt] == ["notice"]


@pytest.mark.parametrize(
    "dialogue",
    [
        ["投诉", "手机坏了", "开机闪三下就黑", "没有", "不记得", "没有", "确认"],
        ["投诉", Tap("商品质量"), "坏了", "不知道", "没有", "没有", "没有", "对"],
        ["快递丢了", "上周就该到", "sf1390022814567", "没", "ok"],
    ],
    ids=["phone", "type by menu", "parcel"],
)
def test_the_tersest_have_their_number_after_nine_messages(anyone: Person, dialogue: list[Said]) -> None:
    for said in dialogue:
        anyone.say(said)
    anyone.check_rows()
    assert anyone.messages <= 9
    assert len(anyone.cases()) == 1, anyone.answer
    assert re.search(r"TS\d{13}", anyone.answer)


def test_who_is_greeted_and_only_wishes_to_complain_is_led_through(person: Person) -> None:
    verify_dialog(
        person,
        [
            ("你好", "投诉助手诉达"),
            (Tap("我要投诉"), "哪一类|下面哪一类"),
            (Tap("物流配送"), "发生了什么|怎么发生"),
            ("3号下的单，说5号送到，到现在物流还停在南京中转站一动不动", ASKS_ORDER),
            ("订单号是 YT8812340099123", ASKS_EVIDENCE),
            (Tap("没有"), "① 投诉类型：物流配送.*③ 订单号：YT8812340099123.*④ 证据：暂无"),
            (Tap("确认提交"), r"TS\d{13}"),
        ],
    )
    (case,) = person.cases()
    assert (case.type, case.order_no) == ("delivery", "YT8812340099123")


def test_confirming_twice_files_once(person: Person) -> None:
    file_case(person)
    verify_dialog(person, [("确认", "."), ("确认提交", ".")])
    assert len(person.cases()) == 1


def test_two_complaints_of_one_person_are_two_cases(anyone: Person) -> None:
    first = file_case(anyone)
    verify_dialog(
        anyone,
        [
            ("昨天点的外卖里吃出一只蟑螂，商家说给我退两块钱，订单号3301234567890", ASKS_EVIDENCE),
            (Tap("没有"), READ_BACK),
            (Tap("确认提交"), r"TS\d{13}"),
        ],
    )
    assert anyone.number() != first
    assert len({case.number for case in anyone.cases()}) == 2
