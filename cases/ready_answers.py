"""Matters that have a ready answer: something the person can do on the spot, said as soon as he tells of it. The intake
goes on beside it; whoever is helped by it says so, and nothing is filed.

Pure. A company's policy may name more, about its own shop and its own ways.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReadyAnswer:
    """How a matter is recognised (any of these words), and what to do about it, in one or two sentences."""

    words: tuple[str, ...]
    answer: str

    def is_meant(self, account: str) -> bool:
        """Does the account speak of it? The words are regular expressions over simplified characters."""
        return any(re.search(word, account) for word in self.words)


READY_ANSWERS: tuple[ReadyAnswer, ...] = (
    ReadyAnswer(
        (
            r"自动(?:续费|扣费|扣款|续订|续期)|连续包[月年季]|(?:关|取消)不(?:掉|了).{0,6}(?:会员|续费|订阅)|"
            r"(?:偷偷|莫名|无故).{0,6}续费",
        ),
        "先把后面的扣款停掉：微信在「我 → 服务 → 钱包 → 支付设置 → 自动续费」，支付宝在「我的 → 设置 → 支付设置 → "
        "免密支付/自动扣款」，苹果手机在「设置 → 点自己的名字 → 订阅」里关。已经扣走的钱，接着投诉。",
    ),
    ReadyAnswer(
        (
            r"(?:同意|批准|审核通过|通过|显示|提示|说)(?:了)?(?:已经?)?(?:退款|退钱|退了|退款成功).{0,14}"
            r"(?:没|未|不)(?:有)?(?:收到|到账|见到|看到|见着|到)",
            r"退款(?:成功|完成|已完成|已退).{0,12}(?:没|未|不)(?:有)?(?:收到|到账|见到|看到|见着|到)",
        ),
        "商家退出来以后，退到零钱、余额的当天到，退到银行卡的一般 1～3 个工作日，信用卡最长 7 个工作日；在支付记录里点开这笔"
        "能看到退到了哪里。过了这个时间还没到，就是有问题。",
    ),
    ReadyAnswer(
        (
            r"(?:骚扰|推销|贷款|广告|营销)(?:的)?(?:电话|短信|来电).{0,12}(?:不停|不断|天天|每天|没完|一直|轰炸|[几\d一二三四五六七八九十]+[个遍次条])",
            r"(?:天天|每天|一天|不停|不断|一直).{0,8}(?:骚扰|推销|营销|广告)(?:我|的)?(?:电话|短信)?",
        ),
        "可以同时把来电号码和截图报给 12321（网络不良与垃圾信息举报中心），再在手机的「电话 → 设置」里打开骚扰拦截。",
    ),
    ReadyAnswer(
        (r"(?:不|拒绝|拖着不|不肯|不给)(?:给)?(?:我)?开(?:具)?(?:正规)?(?:的)?(?:发票|票)",),
        "开发票是商家的义务，不能另外收钱；不肯开的，可以向税务热线 12366 举报，留好付款记录就行。",
    ),
)
"""What helps whichever company it is."""


def ready_answer(account: str, more: Sequence[ReadyAnswer] = ()) -> ReadyAnswer | None:
    """The ready answer to the matter of the account; None where there is none. `more`: the company's own, first."""
    return next((ready for ready in (*more, *READY_ANSWERS) if ready.is_meant(account)), None)
