"""Order pages as OCR gives them: labels and values on one line or on two, in either script, with noise around."""

from __future__ import annotations

import pytest

from cases.evidence.order_screenshots import Line, read_order


def page(*texts: str, sure: float = 0.95) -> list[Line]:
    return [Line(text, sure) for text in texts]


@pytest.mark.parametrize(
    ("texts", "found"),
    [
        (
            (
                "待收货",
                "华星数码旗舰店 >",
                "星河X5 128G",
                "实付款 ￥1,299.00",
                "订单编号 202505038823456 复制",
                "下单时间 2026-11-20 12:30:11",
            ),
            {
                "order_no": "202505038823456",
                "merchant": "华星数码旗舰店",
                "amount": "1299.00",
                "purchase_date": "2026-11-20",
            },
        ),
        (
            (
                "订单信息",
                "订单号：",
                "E2026-1101-008",
                "合计",
                "¥38.5",
                "店铺：老马家面馆",
                "付款时间：",
                "2026/11/02 09:10",
            ),
            {
                "order_no": "E20261101008",
                "merchant": "老马家面馆",
                "amount": "38.5",
                "purchase_date": "2026-11-02",
            },
        ),
        (("訂單編號:88230045121", "實付款 299"), {"order_no": "88230045121", "amount": "299"}),
        (("订单编号", "复制", "订单号码:660012345678"), {"order_no": "660012345678"}),
    ],
)
def test_what_a_page_names_is_found(texts: tuple[str, ...], found: dict[str, str]) -> None:
    assert read_order(page(*texts)) == found


def test_a_picture_without_an_order_number_gives_nothing() -> None:
    assert read_order(page("华星数码旗舰店", "实付款 ¥1299.00", "付款时间 2026-11-20")) == {}


def test_what_was_read_unsurely_is_not_read() -> None:
    assert read_order(page("订单编号 202505038823456", sure=0.4)) == {}


def test_a_date_that_does_not_exist_is_left_out() -> None:
    assert read_order(page("订单号 202505038823456", "下单时间 2026-13-45")) == {
        "order_no": "202505038823456"
    }
