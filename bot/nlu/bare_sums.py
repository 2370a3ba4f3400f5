"""Sums without a unit, a sign or a word that leads to them: "640 快递压的", "420的粉底", "89.9", "满1000折100".

In a complaint a number that counts, dates and names nothing is money. Works on normalised text.
"""

from __future__ import annotations

import re
from decimal import Decimal

from bot.nlu.counted import COUNTED, DATED, GOES_ON, NO_PRICE_BEFORE, NOT_INSIDE
from bot.nlu.numerals import HAN_DIGIT, HAN_UNIT, NUMBER, read_number

# A number that counts, dates and names nothing is money: "顺丰 手办断了胳膊 640 快递压的", "420的粉底变黑妹".
_NAMES_SOMETHING = (
    r"(?:房|那屋|国道|省道|高速|延迟|[μΩ÷+=]|胶|分贝|cc|毫|瓦|伏|安(?!装)|丝|米|像素|以上|开头|尾数|站|那?位|不锈钢|测试|人|码|计划|整机|借条|当天|热线|电话|客服|那个号|那间|"
    r"到\d|号|页|的(?:那位|先生|小姐|陈|王|李)|合约|座|线|次|钻石|金币|点券|新[\s,。你的]|的[发变换]|毫)"
)
_STANDS_ALONE = rf"{NOT_INSIDE}(?<![A-Za-z\-+/#_第:~@*×])(?<![A-Za-z]\s)(?<!\d\s)"
BARE = re.compile(
    rf"{_STANDS_ALONE}"
    rf"(?P<number>[1-9]\d{{2,4}}(?:\.\d{{1,2}})?|[1-9](?:\.\d)?[kK]|[1-9]\d{{0,4}}\.\d{{1,2}})"
    rf"(?:(?=[两三四五][袋盒瓶包件斤次])|(?=一[笔份单对副])|(?=[xX×*]\d(?!\d{{2}}))|(?=充了)|(?=[一两二三四五六七八九十]次)|(?=一分钱?[没不])|(?!{GOES_ON}|\s?{COUNTED}|[元块毛角圆蚊%％—~*×]|\s?[A-Za-z]|\s\d|\s?{_NAMES_SOMETHING}|多少钱))"
)
BARE_SMALL = re.compile(
    rf"{_STANDS_ALONE}(?P<number>[1-9]\d)"
    rf"(?=\s*[,。!?;]|\s*$|\s+[\u3400-\u9fff]|退|补|赔|到账|划算|一份)(?!{GOES_ON}|\s?{COUNTED}|\s?{_NAMES_SOMETHING})"
)
BARE_SPOKEN = re.compile(
    rf"{NOT_INSIDE}(?<![第年月初廿之])(?P<number>[{HAN_DIGIT}]?[十百千万][{HAN_DIGIT}{HAN_UNIT}]*|[{HAN_DIGIT}]+[十百千万][{HAN_DIGIT}{HAN_UNIT}]*)"
    rf"(?=\s*[,。!?;]|\s*$|\s+[\u3400-\u9fff]|多?(?:是|系)|咧|买|的(?!时|人|日|话)|退|存|刷了?|谁[出赔]|一分[钱都]|[也都]?(?:不是|是)钱|押金|订金|定金|手续费|水电|"
    rf"只剩|不(?:$|[^\w])|返|帮|抢|亏|一[笔份单])"
)
_TELLS_A_NUMBER = re.compile(
    r"尾|电话|手机|单号|订单|号码|日期|时间|几号|房|楼|桌|门牌|尺码|民国|公斤|千克|厘米|尺寸|数量|年龄|座位"
)
# Numbers that everybody knows for something else: hotlines, years, goodbyes, kinds of silver and gold.
_WELL_KNOWN = re.compile(
    r"1[02]\d{3}|9[56]\d{3}|20[12]\d|110|119|120|122|114|886|666|233|996|007|925|990|999|404|502|1688|985|211|520|(\d)\1{3,}|23{2,}|321|1950|[248][kK]"
)
NO_PRICE_AT_ALL = re.compile(
    r"(?:我才|(?<![给退赔还欠找扣收])我|才满|今年|年过|年近|分|退一赔|最高只有|[叫排轮开]到|[时车]速|楼[上下]|对门|净值|LPR|lpr|甲醛|考了?|考到|跑了?|掉到|标[的称]?|银|左眼|右眼|年化|利率|利息|百分之|满分|假一赔|装个|评分|年龄.{0,4}|含量.?|数出来|[头脚]|[比=穿]|变|低到|飙到|显卡|腈纶|签收率|[男女]的|隔壁|国家|打了?.{0,2}|拨打?|前|那间|"
    r"测(?:了|出来?)?|数到|左手|右手|高压|低压|能?差|量(?:才|只有|是|了|我|出来)?|室温还?是?|单元|没过|续航|保证|高了将近|秤.{0,4}说?|\d到|从)\s*$"
    r"|(?:尾[号数巴嗰]|[末后尾].?[两三四五六\d]个?[位字]|工号|车牌|密码|编号|病历|房号|统编|学号|座位|桌号|卡号|IMEI|号码|电话|手机|房间|门牌|血压|血糖|心率|体温|尺码|第.{0,2}页)"
    r"[^,。!?;\s]{0,6}\s*$"
)
_WHOLE = re.compile(
    rf"\s*(?:是|大概|大约|约|就|才|一共|总共|共)?\s*(?P<number>{NUMBER})\s*(?:多|左右|吧|啊|呢|的)*\s*[。.!,~…]*\s*"
)
# "是66不是56", "不是两万八,是两万六", "1889→1899": one sum put right by another.
PUT_RIGHT = re.compile(
    rf"(?:(?:(?<!不)是|系|改成|改为|→)\s*|(?:不是|唔系)\s*(?:{NUMBER})[,\s]*(?:而?是|系)\s*)(?P<number>{NUMBER})"
    rf"(?=[块元]?\s*[,。!]?\s*(?:而?不是|唔系|手滑|打错|才对|$)|\s)"
)
# "是一万二不是一千二": what another sum was put in the place of; a sum too, and for the dialogue to leave alone.
PUT_WRONG = re.compile(rf"(?:不是|唔系|唔是)\s*(?P<number>{NUMBER})(?=\s*[,。!?;]|\s*$|\s|[元块是呀啊吧])")
# "满1000折100的券", "满99包邮": a threshold of money, and what is taken off.
THRESHOLD = re.compile(
    rf"满(?P<number>\d{{2,5}}(?!\d)|[{HAN_DIGIT}]?[十百千万][{HAN_DIGIT}]?)(?=减|折|返|送|包邮|才|可|,|。|的券|\d|\s*$)"
)
TAKEN_OFF = re.compile(
    rf"满(?:\d{{2,5}}|[{HAN_DIGIT}]?[十百千万][{HAN_DIGIT}]?)(?:减|折|返|送)"
    rf"(?P<number>\d{{1,4}}|[{HAN_DIGIT}]?[十百][{HAN_DIGIT}]?|[{HAN_DIGIT}](?![个份件盒瓶张袋]))"
)


OF_A_COUPON = (THRESHOLD, TAKEN_OFF)


def alone(text: str) -> re.Match[str] | None:
    """The sum (group `number`) that the whole text is: an answer to "how much?"."""
    match = _WHOLE.fullmatch(text)
    if match is None or match["number"].startswith("0") or _WELL_KNOWN.fullmatch(match["number"]):
        return None
    return match if 10 <= (read_number(match["number"]) or 0) < 100_000 else None


_OTHER_NUMBER = re.compile(
    r"(?:尾号|单号|房号|房间号?|编号|车牌|工号|卡号|座位)(?:写错|打错|不是|错|应该|应|是|了|,|\s|[\dA-Za-z]){0,14}$"
    r"|(?:房号|门牌|车牌)[^。!?\d]{0,12}$"
)
_BODY = re.compile(r"血压|血糖|心率|体温|高压|低压|水银")
_INN = re.compile(r"房间里|酒店|宾馆|民宿|旅馆|入住|退房|客栈")
_PAID = re.compile(r"授权|损失|机票|扣|元|块|¥|钱|价|付|费|退款|押金")


def tells_another_number(before: str) -> bool:
    """Whether what stands before leads to a number of another kind: 尾号不是5527，是…"""
    return _OTHER_NUMBER.search(before) is not None


_LESS_THAN_SAID = re.compile(
    rf"{NUMBER}(?:毫安|公里|字|[GMT]B?|米|斤|公斤|平|码|寸|克|毫升|瓦|片|瓶|袋|件|盒|只|Hz|[XSML]+(?!店)|年货|送\d).{{0,14}}"
    r"(?:变成?|发成|成了?|实际上?(?:只有|才|是|就)?|(?:最高|最多)?只有|才有|只发了?|发来?了?|寄来|写了|量了|只给)[XSML]*\s*$"
)


def counts_as_before(before: str) -> bool:
    """Whether a bare number counts what another was said to: 20000毫安，实际只有…, 1500字给我写了…"""
    return _LESS_THAN_SAID.search(before) is not None


_SHOES, _CLOTHES = re.compile(r"鞋|靴"), re.compile(r"衣|裤|服|裙|衫|羽绒")
_TOO_SMALL = re.compile(r"[小大](?:了|嘞|老|咗)|码|尺寸|换.{0,3}[大小]")
_RATES = re.compile(r"LPR|lpr|利率|净值|甲醛|年化")
_SILVER = re.compile(r"银|金店|首饰|纪念币|镯")
_FINENESS = (Decimal("92.5"), 925, 990, 999)
_STEELS = (201, 202, 304, 316)
_STEEL = re.compile(r"不锈钢|不鏽鋼|磁铁")


def is_a_measure(number: str, text: str) -> bool:
    """Whether a bare number is more likely one of the body, a size, a kind of steel, a count or a room's, by what the text
    is about."""
    value = read_number(number) or 0
    if (34 <= value <= 47 and _SHOES.search(text)) or (value in _STEELS and _STEEL.search(text)):
        return True
    if 150 <= value <= 190 and value % 5 == 0 and _CLOTHES.search(text) and _TOO_SMALL.search(text):
        return True
    if ("." in number and value < 20 and _RATES.search(text)) or (
        value in _FINENESS and _SILVER.search(text)
    ):
        return True
    if number.isdigit() and re.search(rf"(?<!\d){number}{COUNTED}", text):
        return True  # 43件少了2件, 签收单上写的43
    if value < 250 and _BODY.search(text):
        return True
    return number.isdigit() and 100 <= value < 4000 and bool(_INN.search(text)) and not _PAID.search(text)


def speaks_against(pattern: re.Pattern[str], number: str, before: str, text: str) -> bool:
    """Is a number that one of these patterns found something else than money, by itself or by what stands before it?"""
    if pattern in (*OF_A_COUPON, CHANGED):
        return False
    if pattern in (PUT_RIGHT, PUT_WRONG):
        if number.startswith("0") or NO_PRICE_AT_ALL.search(before) or _TELLS_A_NUMBER.search(text):
            return True
        return not 10 <= (read_number(number) or 0) < 1_000_000
    return bool(
        _WELL_KNOWN.fullmatch(number)
        or DATED.fullmatch(number)
        or NO_PRICE_BEFORE.search(before)
        or NO_PRICE_AT_ALL.search(before)
    )


# "从150涨到180": what something cost before.
CHANGED = re.compile(
    rf"[从由](?P<number>[1-9]\d{{1,4}}|[{HAN_DIGIT}]?[十百千万][{HAN_DIGIT}{HAN_UNIT}]*)(?=[元块蚊]?(?:直接|一下子?|又|突然|偷偷|悄悄|给我)?(?:涨|降|调|提|加)到?)"
)

PATTERNS = (BARE, BARE_SMALL, BARE_SPOKEN, PUT_RIGHT, PUT_WRONG, THRESHOLD, TAKEN_OFF, CHANGED)
