"""Merchants that are named by the pattern of the sentence: 店名是X, 在X买的, X旗舰店. Works on normalised
text.

What no pattern shows is left to the model that learns from annotated texts; these are the cases that need no
learning.
"""

from __future__ import annotations

import re

from bot.nlu.spans import Found, without_overlaps

_NAME = r"[\w·&'\-\u3400-\u9fff]"
_SAID = re.compile(
    rf"(?:店名|店铺名称?|商家名称?|商户名称?|公司名称?|店铺|商家|商户|卖家|门店|那家店|"
    rf"这家店)(?:名字)?(?:就?是|就?叫做?|为|:)\s*(?:一家)?(?:叫)?(?P<name>{_NAME}{{2,15}})"
    rf"|一家(?:店)?叫做?(?P<called>{_NAME}{{2,10}})的"
)
_BOUGHT_AT = re.compile(
    rf"(?:在|从|去(?!年)|到)(?P<name>{_NAME}{{2,10}}?)(?:上面|里面|那里|那边|上|里|这边|这里)?"
    r"(?:网购|购买|购入|采购|下单|下的单|预订|预定|预约|订购|订的|订了|买的|买了|买过|点的|点了|办的|办了|"
    r"充的|充了|报的|报了|消费的|消费了|租的|租了|做的|做了|修的|入手)"
)
_SHOP = re.compile(
    rf"(?:^|(?<=[在诉的是从去和跟把找,。;\s]))(?:(?:我要|我想|想)?(?:投诉|举报|"
    rf"曝光))?(?P<name>{_NAME}{{1,10}}?(?:官方旗舰店|旗舰店|专卖店|专营店|官方店|自营店|直营店|折扣店))"
)
_NO_NAME = re.compile(
    r"^(?:你们?|我们?|他们?|她|它|这|那|哪|某|一家|一个|两|网上|线上|线下|国外|外地|店里|店|群里|路上|"
    r"单位|公司|平台|家|外面|直播|手机|电脑|官网|楼下|小区|"
    r"自己|朋友|昨|今|前天|上周|去年|不同|同一|其他|别的|里|上|下|旁边|附近|门口|医院|学校|超市|商场|"
    r"淘宝店$|网店|门店|客服|什么|哪里|当地|老家|北京$|上海$|广州$|深圳$)"
)
_CONTAINS_CLAUSE = re.compile(r"[我你他她在]|没有|不|了|的时候|因为|如果|已经|然后|之前|之后|时间|花了")
_TAIL = re.compile(r"(?:吧|啊|呢|哦|呀|的|了)$")


def find_merchants(text: str) -> list[Found]:
    """Names said by such a pattern; the value is the name as normalised."""
    found: list[Found] = []
    for pattern in (_SAID, _BOUGHT_AT, _SHOP):
        for match in pattern.finditer(text):
            group = "called" if match.groupdict().get("called") else "name"
            start, end = match.span(group)
            if tail := _TAIL.search(match[group]):
                end -= len(tail.group())
            name = text[start:end]
            if len(name) < 2 or name.isdigit() or _NO_NAME.match(name) or _CONTAINS_CLAUSE.search(name):
                continue
            found.append(Found(start, end, name))
    return without_overlaps(found)
