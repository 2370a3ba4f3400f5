"""Putting values into words for the responses of domain.yml: the lines of the read-back, times, money.

Whole sentences are in domain.yml; what a case's status, receipt and notices say is in cases.notices.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from rasa_sdk.executor import CollectingDispatcher

from actions import intake, items
from actions.found_facts import SCREENSHOT, unconfirmed
from cases.types import ComplaintType, Remedy

PLACES = "①②③④⑤⑥⑦⑧⑨"
# Other signs than the digits of a numbered list of choices: "3" there is a choice, 第三项 here an item.

ITEM_LABELS: Mapping[str, str] = {
    "complaint_type": "投诉类型",
    "description": "发生了什么",
    "order_no": "订单号",
    "evidence": "证据",
    "merchant": "商家",
    "amount": "涉及金额",
    "remedy": "希望怎么处理",
    "incident_time": "发生时间",
    "phone": "联系电话",
}
_NOTED: Mapping[str, str] = {
    "complaint_type": "",
    "order_no": "订单号 ",
    "goods": "商品 ",
    "purchase_date": "下单时间 ",
    "merchant": "商家 ",
    "amount": "金额 ",
    "remedy": "要求",
    "incident_time": "时间 ",
    "phone": "电话 ",
}
MAY_BE_ADDED = "可补充"
LONGEST_SHOWN = 160


def say(dispatcher: CollectingDispatcher, response: str, **values: object) -> None:
    """Say a response of domain.yml with these values.

    Rasa's interpolator gives a text up when a value holds "0[" (core/nlg/interpolator.py): such a bracket
    is widened.
    """
    safe = {name: str(value).replace("0[", "0［") for name, value in values.items()}
    dispatcher.utter_message(response=response, **safe)


def say_about(dispatcher: CollectingDispatcher, case_number: str, text: str, *, notice: bool = False) -> None:
    """Say a ready text about a case; as a notice it is sent even when an agent takes over meanwhile."""
    dispatcher.utter_message(text=text, json_message={"notice": notice, "case_number": case_number})


def read_back(facts: intake.Facts, evidence: int) -> str:
    """All items, numbered, the empty ones as 可补充."""
    shown = {item: in_words(item, facts.get(item)) for item in items.ITEMS}
    shown["order_no"] = _order(facts)
    unsure = unconfirmed(facts)
    for item in items.ITEMS:
        names = ("order_no", "goods", "purchase_date") if item == "order_no" else (item,)
        shown[item] += _mark(names, unsure) if shown[item] else ""
    shown["evidence"] = f"{evidence} 个文件" if evidence else f"暂无，{MAY_BE_ADDED}"
    return "\n".join(
        f"{place} {ITEM_LABELS[item]}：{shown[item] or MAY_BE_ADDED}"
        for place, item in zip(PLACES, items.ITEMS, strict=True)
    )


def digest_of(read_back: str) -> str:
    """What tells one read-back from another, without a second copy of what was told."""
    return hashlib.sha256(read_back.encode()).hexdigest()[:12]


def _mark(names: Sequence[str], unsure: Mapping[str, str]) -> str:
    """What stands behind a line whose value nobody told."""
    sources = {unsure[name] for name in names if name in unsure}
    if not sources:
        return ""
    return "（截图上认出来的，请核对）" if SCREENSHOT in sources else "（按订单号查到的，请核对）"


def _order(facts: intake.Facts) -> str:
    """The order in words: number, what was bought, when."""
    number = in_words("order_no", facts.get("order_no"))
    if not number:
        return _without_order(facts)
    bought = in_words("incident_time", facts.get("purchase_date"))
    parts = [number, shortened(str(facts.get("goods") or ""), 40), f"{bought}下单" if bought else ""]
    return "，".join(part for part in parts if part)


def in_words(item: str, value: Any) -> str:
    """A fact as it is shown; empty where there is none."""
    if value is None or value == "":
        return ""
    text = str(value)
    if item == "complaint_type":
        return ComplaintType(text).shown
    if item == "remedy":
        return Remedy(text).shown
    if item == "amount":
        return f"{money(text)} 元"
    if item in ("incident_time", "purchase_date"):
        return time_in_words(text)
    return shortened(text)


def summary(facts: intake.Facts) -> str:
    """A draft in one line: its type and the beginning of its account, else whatever is there."""
    parts = [
        in_words("complaint_type", facts.get("complaint_type")),
        shortened(str(facts.get("description") or ""), 40),
    ]
    if not any(parts):
        parts = [noted(facts)]
    return " · ".join(part for part in parts if part)


def noted(facts: intake.Facts, names: Sequence[str] = items.ITEMS) -> str:
    """The short facts in one line, for "已经记下"; the account itself is left out."""
    words = []
    for item in names:
        text = in_words(item, facts.get(item)) if item in _NOTED else ""
        if text:
            words.append(f"{_NOTED[item]}{text}")
    return "，".join(words)


def money(yuan: str) -> str:
    """Decimal yuan without idle zeros: 1299, 0.5, 300.50."""
    amount = Decimal(yuan)
    return str(amount.quantize(Decimal(1))) if amount == amount.to_integral_value() else f"{amount:.2f}"


def time_in_words(iso: str) -> str:
    """An ISO date or date-time as it is said: 2025年5月3日 20:00."""
    match = re.match(r"(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2}))?", iso)
    if match is None:
        return iso
    year, month, day, hour, minute = match.groups()
    date = f"{year}年{int(month)}月{int(day)}日"
    return date if hour is None else f"{date} {hour}:{minute}"


def shortened(text: str, longest: int = LONGEST_SHOWN) -> str:
    """A text on one line, cut with an ellipsis."""
    line = " ".join(text.split())
    return line if len(line) <= longest else line[: longest - 1] + "…"


def _without_order(facts: intake.Facts) -> str:
    proof = shortened(str(facts.get(intake.PROOF) or ""), 60)
    return f"没有（{proof}）" if proof else "没有" if facts.get(intake.NO_ORDER) else ""
