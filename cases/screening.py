"""Grounds on which a complaint is usually not taken, as far as the bot can see them. It only proposes: the person can
overrule it, and the case is then flagged with the ground for somebody of the house to look at.

Pure. Whether a complaint is false or misleading is for a person to find, and so is never proposed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

TOO_LATE_AFTER = timedelta(days=365)
"""After so long, receipts and records can usually not be found any more."""


class Ground(str, Enum):
    """Why a complaint may not be taken; the codes are what a case's `flagged` holds."""

    SAME_CASE = "same_case"
    TOO_LATE = "too_late"
    OUTSIDE_REMIT = "outside_remit"
    NO_PROOF = "no_proof"
    MISLEADING = "misleading"


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A matter that others decide: how it is recognised (any of these words), what it is called, who deals with it."""

    words: tuple[str, ...]
    topic: str
    where: str

    def is_meant(self, account: str) -> bool:
        """Does the account speak of it? The words are regular expressions over simplified characters."""
        return any(re.search(word, account) for word in self.words)


ELSEWHERE: tuple[Elsewhere, ...] = (
    Elsewhere(
        (
            r"(?:拖欠|不发|克扣|欠(?:了|着)?我?(?:[一二三四五六七八九十\d]+个?月)?的?)(?:工资|薪水|工钱|提成)",
            r"(?:没|不)(?:给|帮)?(?:我)?(?:交|缴)社保",
            r"(?:辞退|开除|裁)了?我.{0,12}(?:赔偿|补偿|工资|违法)",
            r"劳动(?:合同|仲裁)",
        ),
        "工资、社保和辞退的事",
        "劳动保障热线 12333，或当地劳动监察大队、劳动仲裁委员会",
    ),
    Elsewhere(
        (
            r"电信诈骗|杀猪盘|刷单.{0,8}被骗|网恋.{0,8}(?:被骗|骗了?我)",
            r"冒充.{0,10}(?:公安|警察|公检法|领导|熟人).{0,20}(?:转账|汇款|打钱|骗)",
        ),
        "诈骗的事",
        "110 报警，或反诈专线 96110，越快越可能把钱止住",
    ),
    Elsewhere(
        (r"派出所|城管|居委会|村委会|街道办|社保局|税务局|公积金中心|政务(?:大厅|服务中心)|办事大厅|民政局",),
        "政府部门办事的事",
        "政务服务便民热线 12345",
    ),
    Elsewhere(
        (r"(?:朋友|亲戚|同事|同学|前男友|前女友|前夫|前妻|邻居)(?:借|欠|骗)(?:了|着)?我",),
        "个人之间的借款和纠纷",
        "当地的人民调解委员会，或去法院；涉嫌犯罪的打 110",
    ),
    Elsewhere(
        (
            r"(?:交通事故|追尾|肇事).{0,30}(?:责任认定|认定书|定责)",
            r"交警.{0,12}(?:定责|认定|开(?:的)?罚单|罚款)",
        ),
        "交通事故和罚单的事",
        "交警 122；对认定不服的，可以向上一级申请复核",
    ),
    Elsewhere(
        (r"医疗事故|误诊|(?:手术|治疗)失误",),
        "看病治疗上的纠纷",
        "医院的投诉办公室、当地卫生健康委员会（12345 转），或医疗纠纷调解委员会",
    ),
)
"""What no company's complaint desk decides. A company's policy may name more."""


def is_too_late(purchased: date | None, happened: date | None, today: date) -> bool:
    """Has it been over a year since it happened, or, where that is not known, since the purchase?"""
    counted = happened or purchased
    return counted is not None and today - counted > TOO_LATE_AFTER


def decided_elsewhere(account: str, more: Sequence[Elsewhere] = ()) -> Elsewhere | None:
    """The matter of the account that others decide; None where it is one for us. `more`: the company's own."""
    return next((matter for matter in (*more, *ELSEWHERE) if matter.is_meant(account)), None)
