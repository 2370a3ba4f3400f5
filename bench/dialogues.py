"""What the simulated people write, to both sides alike.

Texts only: what is answered, and how it is measured, is not known here.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count, cycle, islice

CONFIRMATION = "确认"
"""The message that turns a read-back intake into a case."""

COMPLAINTS = (
    ("物流配送", "五月十八号下的单，快递一直停在中转站，问了三次都说在路上，到现在也没有送到"),
    ("商品质量", "上周五买的电饭煲，通电以后屏幕闪三次就自动关机，换了插座也是一样"),
    ("费用退款", "六月二号申请的退款，页面显示退款成功，但是钱一直没有回到我的账户"),
    ("售后服务", "三月份买的冰箱第二天就不制冷，报修以后一直没有人上门维修"),
    ("虚假宣传", "商品页面写的是纯棉，收到的衣服吊牌上写的是化纤，颜色也和图片不一样"),
)

GREETING = "你好"
STATUS_QUESTION = "我的投诉进度"
TIME_QUESTION = "要多久能处理好"
THANKS = "谢谢"
INTERRUPTIONS = (GREETING, TIME_QUESTION, "你能做什么", STATUS_QUESTION, THANKS)

_serials = count(1)


def order_number(serial: int) -> str:
    """A well-formed order number of twelve digits; each serial has its own: no complaint repeats another."""
    return f"28{serial:010d}"


def intake(serial: int) -> list[str]:
    """From the first word to a case, in six messages."""
    kind, description = COMPLAINTS[serial % len(COMPLAINTS)]
    return ["我要投诉", kind, description, order_number(serial), "没有", CONFIRMATION]


def small_talk() -> list[str]:
    """Questions that need no case."""
    return [GREETING, TIME_QUESTION, THANKS]


def visit() -> list[str]:
    """One person's whole visit, ten messages: a greeting, an intake, its status, a question, thanks."""
    hello, *rest = small_talk()
    return [hello, *intake(next(_serials)), STATUS_QUESTION, *rest]


def visits() -> Iterator[str]:
    """A chat that finishes its tasks, visit after visit, without end. It repeats every ten messages."""
    while True:
        yield from visit()


def open_form_forever() -> Iterator[str]:
    """A chat that never finishes: three answers into an intake, then interruptions without end."""
    yield from intake(next(_serials))[:3]
    yield from cycle(INTERRUPTIONS)


def first(messages: Iterator[str], number: int) -> list[str]:
    """The first messages of an endless chat."""
    return list(islice(messages, number))
