"""Corrections, stopping, coming back, refusing: nothing is lost by accident, nothing kept against one's will."""

from __future__ import annotations

import pytest

from tests.journeys.complaints import ASKS_EVIDENCE, ASKS_ORDER, LEAK, LEAK_WITH_ORDER, READ_BACK
from tests.journeys.person import Person, verify_dialog
from tests.journeys.said import Tap

pytestmark = [pytest.mark.alone, pytest.mark.trained]


def test_each_correction_changes_its_item_and_nothing_else(person: Person) -> None:
    verify_dialog(person, [(LEAK_WITH_ORDER, ASKS_EVIDENCE), (Tap("没有"), READ_BACK)])
    kind = person.drafts()[0].facts["complaint_type"]
    verify_dialog(
        person,
        [
            ("金额是 399", "改好了.*⑥ 涉及金额：399 元"),
            ("改订单号", ASKS_ORDER),
            ("202505178899999", "③ 订单号：202505178899999"),
            (Tap("修改"), "要改哪一项"),
            (Tap("希望怎么处理"), "怎么处理"),
            (Tap("换货"), "⑦ 希望怎么处理：换货"),
            ("第九项不对", "手机号"),
            ("13911112222", "⑨ 联系电话：13911112222"),
            (Tap("确认提交"), r"TS\d{13}"),
        ],
    )
    (case,) = person.cases()
    assert case.amount_fen == 39_900
    assert case.order_no == "202505178899999"
    assert case.remedy == "exchange"
    assert case.phone is not None
    assert case.phone.endswith("13911112222")
    assert case.type == kind
    assert LEAK in case.description


def test_who_stops_finds_his_draft_when_he_comes_back(person: Person) -> None:
    verify_dialog(
        person,
        [
            (LEAK, ASKS_ORDER),
            ("取消", "先不填了吗"),
            (Tap("先不填了"), "72 小时"),
            ("你好", "洗衣机.*接着填"),
            (Tap("继续"), ASKS_ORDER),
            ("202505178823456", ASKS_EVIDENCE),
            (Tap("没有"), READ_BACK),
            (Tap("确认提交"), r"TS\d{13}"),
        ],
    )
    (case,) = person.cases()
    assert LEAK in case.description
    assert case.order_no == "202505178823456"
    assert person.drafts() == []


def test_who_thinks_better_of_stopping_is_asked_where_he_was(anyone: Person) -> None:
    verify_dialog(anyone, [(LEAK, ASKS_ORDER), ("算了不弄了", "先不填了吗"), (Tap("接着填"), ASKS_ORDER)])
    assert len(anyone.drafts()) == 1
    assert anyone.cases() == []


def test_starting_over_asks_first_and_then_clears(anyone: Person) -> None:
    verify_dialog(
        anyone,
        [
            (LEAK, ASKS_ORDER),
            ("重新开始", "都会清掉"),
            (Tap("清空重来"), "哪一类"),
            ("我的投诉进度", "没有正在处理"),
        ],
    )
    assert all("洗衣机" not in str(draft.facts) for draft in anyone.drafts())


def test_who_refuses_the_notice_has_no_case_and_no_draft(person: Person) -> None:
    verify_dialog(
        person,
        [
            (LEAK_WITH_ORDER, ASKS_EVIDENCE),
            (Tap("没有"), READ_BACK),
            ("我不同意", "不能立案"),
            (Tap("不同意，删掉"), "已经删掉"),
        ],
    )
    assert person.cases() == []
    assert person.drafts() == []
    assert all("洗衣机" not in str(draft.facts) for draft in person.drafts("dropped"))
