"""Amounts of money in sentences, and the numbers that are none."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.amounts import find_amounts
from bot.nlu.text import normalise

DEV = Path(__file__).resolve().parents[1] / "rasa/data/dev_amounts.tsv"


def _values(sentence: str) -> list[str]:
    return [found.value for found in find_amounts(normalise(sentence).text)]


@pytest.mark.parametrize(
    ("sentence", "value"),
    [
        ("三百二", "320"), ("两千八", "2800"), ("一万二", "12000"), ("1.5万", "15000"), ("300块5毛", "300.5"),
        ("¥1,299.00", "1299"), ("80来块", "80"), ("花了3块5", "3.5"), ("两块半", "2.5"),
        ("12块8毛5", "12.85"),
        ("一共付了三千五百元", "3500"), ("退我399", "399"), ("扣了我58块钱", "58"),
        ("一千五百多块钱", "1500"),
        ("5毛钱", "0.5"), ("金额是 399", "399"), ("金額是１２９９元", "1299"), ("1299的手机", "1299"),
        ("花了2w多报的班", "20000"), ("三千多的冰箱", "3000"), ("多扣了12.5元", "12.5"),
        ("押金500不退", "500"),
        ("买了2件衣服花了200多", "200"), ("会员费298一年", "298"), ("人民币三万二千元整", "32000"),
        ("每月扣19块9", "19.9"), ("8块8包邮", "8.8"), ("房租3200/月", "3200"),
        ("买的电视 3999 昨天坏了", "3999"),
        ("骗了我三千", "3000"), ("壹佰元", "100"), ("才花了一块", "1"), ("花了1299，昨天坏了", "1299"),
        ("花了两千八。", "2800"),
        ("网上交咗280蚊洗空调", "280"), ("要加高空費收咗我$1,180", "1180"), ("四百三十块零五毛", "430.5"),
        ("打开一看全是泥,三万六千八买件水货", "36800"), ("说交六千八包上首页", "6800"), ("给我五百就想了了", "500"),
        ("一个月98那个", "98"), ("一次二十，什么操作", "20"), ("statement上charge了1,800.00", "1800"),
        ("账单427.63，差额没有明细", "427.63"), ("应为12,990", "12990"), ("理赔款486.5早审核通过了", "486.5"),
        ("钱啊 1.2万首付", "12000"), ("課程不然收兩千八 根本騙人", "2800"),
        ("刷卡付的,2350", "2350"), ("零花钱128", "128"), ("充值5000，11.17当天", "5000"), ("扣着五千押金", "5000"),
        ("六百九十八俺嘞娘", "698"), ("一万五千八一担", "15800"), ("要七百八十八洋钿", "788"), ("一桶五十五", "55"),
        ("38r一个", "38"),
        ("说好六百，搬到一半", "600"), ("十八块八一斤", "18.8"), ("188一节，买了40节", "188"), ("百来块的东西", "100"),
        ("充了卡剩1040", "1040"), ("买的蛋糕写错名字。368。", "368"), ("买的猫粮9.9 客服不理", "9.9"), ("租金一天60", "60"),
        ("扣的金额是399", "399"), ("顺丰 手办断了胳膊 640 快递压的 赔", "640"), ("420的粉底变黑妹", "420"),
        ("89.9", "89.9"),
        ("86!!!", "86"), ("一百六十文", "160"), ("1980快", "1980"), ("千二蚊左右", "1200"), ("是779 手滑", "779"),
        ("電梯廣告一年挣十来万得有了", "100000"), ("七十六块三一直不退", "76.3"), ("19蚊9嘅纸巾", "19.9"),
        ("8280一分没退", "8280"),
        ("車厘子89.9两斤", "89.9"), ("八十五一台", "85"), ("HK$300唔肯退", "300"), ("NT$1,980不是錢喔", "1980"),
        ("你们这破手机用三天就黑屏 客服还不理我 1299呢", "1299"),
        ("在加油站加了三百的油", "300"), ("拿回那一千二，别的不争", "1200"), ("喊9块9两箱方便面", "9.9"),
        ("两千九百八三盒", "2980"), ("扣300手续费", "300"), ("充了648七次", "648"), ("打包袋268一罐呢", "268"),
        ("这个三百多哦小妹", "300"), ("电费收我一块五一度", "1.5"), ("面粉一袋九十八", "98"), ("又掏六百叫两辆车", "600"),
        ("轮胎买了6条，一条一千三百五，鼓包了", "1350"), ("agency收了我两千八百八service fee", "2880"),
        ("里面有工资4300", "4300"),
        ("買了RTX 4070，18,990元", "18990"), ("超时赔的卷要满40", "40"), ("新闻说赔了一百多万", "1000000"),
        ("绕路收了九十二平台说合理", "92"), ("一个人二十硬的很", "20"), ("648x2，装备就来了一份", "648"),
    ],
)  # fmt: skip
def test_an_amount_is_read_as_people_write_it(sentence: str, value: str) -> None:
    assert _values(sentence) == [value]


@pytest.mark.parametrize(
    "sentence",
    [
        "3天没人理", "打了3次电话", "扣我两次钱", "赔我十倍", "退一赔三", "等了40分钟", "送了50积分",
        "我10月3号买的", "2024的新款",
        "买了三块电池", "一块去吃饭", "一毛钱都不退", "一分钱没退", "几百块的东西", "三四百块",
        "iPhone 15 用了两周", "第三百二",
        "订单号12345678", "iOS 17.12 更新", "一天打来十一个电话，退了吧", "店铺评分掉到4.6，钱", "粉丝1.2万",
        "我有1,200个粉丝", "一次十个人", "给我三十分钟", "房间 302 太脏 退钱",
        "一点都不满意", "尾号1299", "酒店306房间空调坏的", "标称65W充电头实测27W", "四级考了425",
        "续航掉到310", "打10086没人接", "没了 就这些 886",
        "3号楼2单元1402,姓佟", "度数左眼350右眼400", "昨天那单 80026617 4420 3391", "手工银 标的925",
        "百分之三十", "被扣了港币450",
    ],
)  # fmt: skip
def test_what_is_counted_timed_or_foreign_is_no_amount(sentence: str) -> None:
    assert _values(sentence) == []


@pytest.mark.parametrize(
    ("sentence", "values"),
    [
        ("扣的金额是399不是299", ["399", "299"]), ("打错 是1850 不是1580", ["1850", "1580"]),
        ("不是88 是68", ["88", "68"]), ("是16.8万不是1.68万", ["168000", "16800"]),
        ("课时费偷偷从150涨到180", ["150", "180"]),
        ("月費由三百九十八加到四百五十八", ["398", "458"]), ("充了两笔，一笔648一笔328", ["648", "328"]),
        ("本金十万亏损六千二", ["100000", "6200"]),
    ],
)  # fmt: skip
def test_both_sums_of_a_correction_and_of_a_change_are_amounts(sentence: str, values: list[str]) -> None:
    """Which of them is meant is the dialogue's to decide."""
    assert _values(sentence) == values


@pytest.mark.parametrize(
    "sentence",
    [
        "iphone说95新 到手一块黄斑", "订单尾号不是5527，是5572", "血压计左手118，右手165", "高压能差三十多，血压不准",
        "站里两百多票快件关不了门", "赔我五百钻石", "我刷了十九笔", "订了二十一间双标", "退款等了七天我数到四十了",
        "充电宝标称20000毫安，实际只有10000", "1500字的论文给我写了800，钱不退", "信用分680的卖家不退钱", "小法庭投了17票",
        "房号倒是挺吉利，8208，就是没热水", "粉丝刚到1万2 封了我的号", "几十块钱的东西", "37码 寄来39 退吧",
        "27吋屏幕有亮点", "求助平台 我才16", "你们都受理十天了55555",
    ],
)  # fmt: skip
def test_what_is_counted_measured_or_called_by_a_number_is_no_amount(sentence: str) -> None:
    assert _values(sentence) == []


def test_several_amounts_come_in_the_order_of_the_text() -> None:
    assert _values("标价99元 收了我168,多收69块") == ["99", "168", "69"]


@given(st.decimals(min_value="0.01", max_value="99999.99", places=2))
def test_an_amount_with_a_unit_keeps_its_value(amount: object) -> None:
    values = _values(f"收了我{amount}元")
    assert len(values) == 1
    assert float(values[0]) == float(str(amount))


def test_amounts_are_found_as_people_write_them() -> None:
    """350 messages written for this (text, tab, amounts joined by |); some stay out of reach, few are invented."""
    right = found = wanted = 0
    for line in DEV.read_text(encoding="utf-8").splitlines():
        text, _, values = line.partition("\t")
        told = Counter(Decimal(value) for value in values.split("|") if value)
        got = Counter(Decimal(one.value) for one in find_amounts(normalise(text).text))
        right, found, wanted = (
            right + sum((told & got).values()),
            found + sum(got.values()),
            wanted + sum(told.values()),
        )
    assert right / found >= 0.98
    assert right / wanted >= 0.95
