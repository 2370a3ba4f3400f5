"""What people in these dialogues complain about."""

from __future__ import annotations

from tests.journeys.person import Person, verify_dialog
from tests.journeys.said import Tap

TOLD_ALL = (
    "我5月3日在华星数码旗舰店买的手机，订单号202505038823456，花了1299元，"
    "用三天就黑屏，客服一直推脱，我要退款"
)
LEAK = "买的洗衣机用两次就漏水，客厅地板全泡了，售后电话打了五次没人来"
LEAK_WITH_ORDER = f"{LEAK}，订单号202505178823456，电话13800138000"

ASKS_ORDER = "订单号是多少|发一下订单号"
ASKS_EVIDENCE = "照片、视频|照片、截图"
READ_BACK = "请您核对"


def file_case(person: Person) -> str:
    """Complain about the leak without evidence; returns the case's number."""
    verify_dialog(
        person,
        [(LEAK_WITH_ORDER, ASKS_EVIDENCE), (Tap("没有"), READ_BACK), (Tap("确认提交"), r"TS\d{13}")],
    )
    return person.number()
