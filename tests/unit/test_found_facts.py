"""Facts that nobody told fill what is open, and are the person's own only once he has changed or confirmed them."""

from __future__ import annotations

from typing import Any

from actions import found_facts, wording

SHOWN = {"order_no": "202505038823456", "merchant": "华星数码旗舰店", "amount": "1299.00"}


def test_only_what_is_open_is_filled() -> None:
    facts: dict[str, Any] = {"amount": "399"}
    assert found_facts.fill(facts, SHOWN, found_facts.SCREENSHOT) == ["order_no", "merchant"]
    assert facts["amount"] == "399"
    assert found_facts.unconfirmed(facts) == {"order_no": "screenshot", "merchant": "screenshot"}


def test_a_changed_fact_is_his_own() -> None:
    facts: dict[str, Any] = {}
    found_facts.fill(facts, SHOWN, found_facts.ORDERS)
    facts["merchant"] = "华星数码专营店"
    assert "merchant" not in found_facts.unconfirmed(facts)
    assert found_facts.told_only(facts)["merchant"] == "华星数码专营店"
    assert "order_no" not in found_facts.told_only(facts)


def test_what_no_case_can_hold_is_passed_over() -> None:
    facts: dict[str, Any] = {}
    assert found_facts.fill(facts, {"amount": "1e99"}, found_facts.SCREENSHOT) == []
    assert facts == {}


def test_the_read_back_says_where_a_fact_comes_from() -> None:
    facts: dict[str, Any] = {"complaint_type": "product_quality", "description": "用三天就黑屏"}
    found_facts.fill(facts, {**SHOWN, "purchase_date": "2026-11-20"}, found_facts.SCREENSHOT)
    found_facts.fill(facts, {"goods": "星河X5 手机"}, found_facts.ORDERS)
    lines = wording.read_back(facts, 1).splitlines()
    assert lines[2] == "③ 订单号：202505038823456，星河X5 手机，2026年11月20日下单（截图上认出来的，请核对）"
    assert lines[4] == "⑤ 商家：华星数码旗舰店（截图上认出来的，请核对）"
    assert "核对" not in lines[1]
