"""What a shop's order page says, read from the lines of text that were recognised on a picture of it.

Pure. Lines come in reading order with how surely each was read. A value stands after its label on the same line or on
the next one. What is found is a proposal: the person confirms it before anything is filed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

LEAST_SURE = 0.6
"""Lines read less surely than this are as good as not read: a wrong digit is worse than none."""

_ORDER_LABEL = re.compile(r"(?:订单|訂單)(?:编号|編號|号码|號碼|号|號|ID)[:：]?")
_ORDER_VALUE = re.compile(r"[A-Z0-9](?:[A-Z0-9-]{4,30})[A-Z0-9]")
_AMOUNT_LABEL = re.compile(
    r"实付款?|實付款?|实际支付|实付金额|合计|合計|总计|总价|订单金额|訂單金額|支付金额|付款金额|应付款?|应付金额|总金额"
)
_MONEY = re.compile(r"[¥￥Y]?\s*(\d{1,3}(?:,\d{3})+|\d+)(\.\d{1,2})?(?!\d)")
_TIME_LABEL = re.compile(r"(?:下单|下單|创建|付款|支付|成交|购买|交易)(?:时间|時間|日期)[:：]?")
_DATE = re.compile(r"(20\d\d)[-/.年](\d{1,2})[-/.月](\d{1,2})")
_SHOP = re.compile(
    r"[\w·&\-]{2,30}?(?:旗舰店|旗艦店|专营店|专卖店|專賣店|自营店|企业店|官方店|直营店|超市|生活馆)"
)
_SHOP_LABEL = re.compile(r"^(?:商家|店铺|店鋪|卖家|商户|商户名称|商家名称|店铺名称)[:：]\s*(.{2,30})$")
_ARROW = re.compile(r"[\s>›》〉]+$")


@dataclass(frozen=True, slots=True)
class Line:
    """A recognised line; `sure` from 0 to 1."""

    text: str
    sure: float


def read_order(lines: Sequence[Line]) -> dict[str, str]:
    """Fact → value of what the page names: order_no, merchant, amount (yuan), purchase_date (ISO); others are left out.

    A picture without an order number is taken for no order page, and gives nothing.
    """
    texts = [unicodedata.normalize("NFKC", line.text).strip() for line in lines if line.sure >= LEAST_SURE]
    number = _order_no(texts)
    if number is None:
        return {}
    found = {
        "order_no": number,
        "merchant": _merchant(texts),
        "amount": _amount(texts),
        "purchase_date": _day(texts),
    }
    return {name: value for name, value in found.items() if value}


def _order_no(texts: Sequence[str]) -> str | None:
    for label, value in _after(_ORDER_LABEL, texts):
        match = _ORDER_VALUE.search(value.upper().replace(" ", ""))
        if match and sum(c.isdigit() for c in match.group()) >= 6:
            return match.group().replace("-", "")
        if label:  # the label alone on its line and no number after it: another label may follow
            continue
    return None


def _amount(texts: Sequence[str]) -> str | None:
    for _, value in _after(_AMOUNT_LABEL, texts):
        match = _MONEY.search(value)
        if match:
            return str(Decimal(match.group(1).replace(",", "") + (match.group(2) or "")))
    return None


def _day(texts: Sequence[str]) -> str | None:
    for _, value in _after(_TIME_LABEL, texts):
        match = _DATE.search(value)
        if match:
            try:
                return date(*(int(part) for part in match.groups())).isoformat()
            except ValueError:
                continue
    return None


def _merchant(texts: Sequence[str]) -> str | None:
    for text in texts:
        line = _ARROW.sub("", text)
        named = _SHOP_LABEL.match(line)
        if named:
            return named.group(1).strip()
        shop = _SHOP.match(line)
        if shop and len(line) - shop.end() <= 2:
            return shop.group()
    return None


def _after(label: re.Pattern[str], texts: Sequence[str]) -> list[tuple[bool, str]]:
    """What stands after each such label: the rest of its line, else the next line (then the first value is True)."""
    found = []
    for place, text in enumerate(texts):
        match = label.search(text)
        if match is None:
            continue
        rest = text[match.end() :].strip(" :：")
        if rest and rest != "复制":
            found.append((False, rest))
        elif place + 1 < len(texts):
            found.append((True, texts[place + 1]))
    return found
