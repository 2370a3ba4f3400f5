"""Amounts of money in yuan, as people write them in a complaint: ¥1,299.00, 三百二, 300块5毛, 80来块,
"…1299呢".

Works on normalised text. Finds what a number is money by its unit, its sign, or the words around it, and
leaves counts, dates, durations and numbers of orders alone. Foreign currencies are not amounts in yuan and
are not reported; HK$ and NT$ are the person's own money and reported as the number they name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from bot.nlu import bare_sums
from bot.nlu.counted import COUNTED, DATED, DIGIT, GOES_ON, NO_PRICE_BEFORE, NOT_INSIDE
from bot.nlu.numerals import HAN_DIGIT, HAN_UNIT, NUMBER, is_elided, read_number
from bot.nlu.spans import Found, without_overlaps

# What a number without its last unit may count; of other words after it the number is a price: 六千八包上首页.
_MEASURED = (
    r"(?:多|来|几|余|个多)?"
    r"(?:人|名|位|公里|里|斤|米|平|个|分|步|字|张|本|家|户|亩|年|天|克|毫|度|辆|套|件|毫安|粉|-|~|:)"
)
# A noun after 块: pieces of it, not yuan.
_PIECE = (
    r"(?:屏|电|表|手表|蛋糕|肉|布|玻璃|板|砖|地|区|硬盘|主板|显|瓷|巧克力|面包|豆腐|饼|石|骨|皮|漆|牌|"
    r"肥皂|香皂|毛巾|"
    r"木|铁|糖|膏|饭|鸡|牛|披萨|疤|伤|拼|儿|去|走|玩|吃|住|用|买|上|给|退|处理|解决|过)"
)
_FOREIGN_BEFORE = (
    r"(?:US\$?|USD|HKD|TWD|港币|港元|台币|新台币|美元|美金|欧元|日元|€|£|(?<!HK)(?<!NT)[A-Za-z]\$)\s*$"
)
_FOREIGN_AFTER = (
    r"\s*(?:多|来|几)?\s*(?:€|£|欧(?!派|诗)|美元|美金|欧元|日元|英镑|韩元|澳元|港币|港元|新?台币|"
    r"USD|HKD|TWD|usd|hkd|刀|美刀)"
)

_SIGN = r"(?:¥|(?:HK|NT)\$|(?<![A-Za-z])\$|RMB|rmb|CNY|cny|人民币)\s*"
_APPROXIMATE = r"(?:来|多|几|余|好几|左右)?"
_CENTS = (
    rf"零?(?P<jiao>{DIGIT})[毛角](?:钱|(?P<fen>{DIGIT})分?(?:钱)?)?"
    rf"|(?P<tail>{DIGIT})(?:(?=一[斤个碗份只件台盒袋瓶张度支直共起点])|(?=[一二两三四五六七八九十][箱袋盒瓶包件斤罐])|(?!{GOES_ON}|%|{COUNTED}))"
    r"|(?P<half>半)"
)
_WITH_UNIT = re.compile(
    rf"(?:{_SIGN})?{NOT_INSIDE}(?P<number>{NUMBER})\s?{_APPROXIMATE}\s?"
    rf"(?:(?P<yuan>元|圆|蚊|块大洋|大洋|人民币|RMB|rmb|CNY|"
    rf"yuan(?![a-z])|文(?=$|[^\w]|左右)|快(?=$|[^\w]|钱))(?P<yuan_tail>{DIGIT}[角毛](?:{DIGIT}分?)?|(?<=蚊){DIGIT}(?=嘅|$|[^\w]))?"
    rf"|(?P<kuai>块)(?:(?P<money>钱)|{_CENTS})?"
    rf"|(?P<mao>[毛角])(?=钱|多|吗|吧|[^\w]|$|{DIGIT}分|一[度斤个张页分单份次条袋件]"
    rf"|\d(?![\d.个只斤张条份次])|[二三四五六七八九](?=$|[^\w]|的|不|是))"
    rf"(?:钱|(?P<mao_fen>{DIGIT}(?=分)|\d(?![\d.个只斤张条份次])|[二三四五六七八九](?=$|[^\w]|的|不|是))(?:分(?:钱)?)?)?)"
)
_SOME = re.compile(r"(?<![\d一二两三四五六七八九几十百千])(?P<unit>[百千万])(?:来|把|八十)块钱?")  # 百来块
_SOME_TENS = re.compile(
    r"(?<![\d一二两三四五六七八九几十百千])十来(?P<unit>万)(?!人|次|粉|公里|字|条|个)"
)  # 十来万
_SOME_MYRIADS = re.compile(
    rf"{NOT_INSIDE}(?P<number>[{HAN_DIGIT}]?[十百千]|[1-9]\d{{1,3}})[多来]万(?!人|次|粉|公里|字|条|个|里)"
)  # 一百多万
# 千二蚊, 万五块: the one before the unit is left out, as in Cantonese.
_ONE_LEFT_OUT = re.compile(
    rf"(?<![\d{HAN_DIGIT}{HAN_UNIT}几])(?P<number>[百千万][一二三四五六七八九])(?:蚊|块|元|文)(?:钱)?"
)
_WITH_SIGN = re.compile(rf"{_SIGN}(?P<number>{NUMBER})(?![\d])")

_CUE = (
    r"(?:本金|工资|掏|花|付款|付|支付|交|缴|扣款|扣|收费|收|多收|充值|充|退款|退还|退|返还|返|赔偿|赔付|赔|补偿|补|"
    r"价格|价钱|价值|价|款|charged?|pay|paid|fee|refund|"
    r"钱|卖|埋单|要价|报价|金额|总额|总价|一共|总共|共|合计|差价|差额|差|转账|转|打款|"
    r"押金|定金|订金|尾款|运费|邮费|"
    r"会费|年费|月费|费用|学费|房租|租金|话费|车费|餐费|手续费|费|违约金|保费|保证金|利息|欠|借|贷|吞|骗|坑|损失|"
    r"亏|涨到|涨|降到|月租|租|加起来|合起来|"
    r"便宜|贵|买|值|实付|应付|消费|刷|划|充|存|投|捐|罚)"
)
_FILLER = (
    r"(?:了|过|着|我|我们|您|你|你们|他|走|掉|去|是|为|:|=|\s|才|也|要|就|近|快|将近|大概|大约|差不多|约|有|"
    r"到|个|好|整整|足足|给|的|"
    r"够|不到|不足|超过|至少|起码|只|仅|仅仅|得|成|回|还)"
)
_AFTER_CUE = re.compile(
    rf"{_CUE}{_FILLER}{{0,4}}(?P<number>(?:{_SIGN})?{NUMBER})"
    rf"(?:(?=一[年个月天次张件台位人晚间])|(?!{GOES_ON}|\s?{COUNTED}|[元块毛角圆]))"
)
# "…破手机用三天就黑屏 1299呢": a price thrown in at the end of a clause.
_THROWN_IN = re.compile(
    rf"{NOT_INSIDE}(?<![A-Za-z\-+/])(?P<number>\d{{2,6}}(?:\.\d{{1,2}})?|[1-9]\d?[wWkK]|\d[百千]|"
    rf"[{HAN_DIGIT}]?[百千万][{HAN_DIGIT}{HAN_UNIT}]*|"
    rf"[{HAN_DIGIT}]+[百千万][{HAN_DIGIT}{HAN_UNIT}]*)多?"
    r"(?P<after>呢|送(?!达|到|货)|啊(?!啊)|哎|诶|大几|多呢|多啊|的(?:东西|手机|电脑|衣服|鞋|包|课|套餐|票|货|价|产品|"
    r"商品|机器|会员|菜|饭|外卖)|买的|入手|拿下|包邮)"
)
# "给我五百就想了了", "一个月98那个", "一次二十": who is given it, or how often it is paid, says that it is money.
_GIVEN = re.compile(
    rf"(?:(?:给|赔|补|退|返|欠|坑|扣|收|骗|讹|吞)(?:了|过)?(?:我|俺|咱|你|您|他|她|佢|人家|我们|俺们|我妈|我爸)(?:了|过)?|[喊要让叫]我给"
    rf"|(?:一个?|每个?|按)(?:月|人|年|季度|学期|次|节|晚|小时|位|套|斤|趟|桶|台|樽|张|份|盒|箱|瓶)(?:要|收|才|只要|是|就|得|交|扣|费)?)\s?"
    rf"(?P<number>\d{{2,5}}(?:\.\d{{1,2}})?|[{HAN_DIGIT}]{{0,2}}[十百千万][{HAN_DIGIT}{HAN_UNIT}]*)"
    rf"(?!{GOES_ON}|{COUNTED}|[元块毛角圆蚊])"
)
# "六百九十八俺嘞娘", "一万五千八一担", "说好六百,": a number of hundreds and more that counts nothing.
_UNIT_OF_PRICE = (
    r"(?:斤|担|台|桶|樽|件|双|套|盒|箱|瓶|节|碗|颗|袋|个|小时|次|人|位|晚|天|月|年|张|杯|份|只|条|包|口|里|公里|平|期|场|"
    r"课|趟|克|度|片|支|罐|打|捆|卷|棵|株|副|幅|根|枚|粒|宿|夜|单|针|颗牙)"
)
_HUNDREDS = re.compile(
    rf"{NOT_INSIDE}(?<!第)(?P<number>[{HAN_DIGIT}十]+[百千万佰仟][{HAN_DIGIT}{HAN_UNIT}]*)"
    rf"(?=一{_UNIT_OF_PRICE}|[二两三四五六七八九][盒箱瓶罐套台斤]|(?:多|几|出头)?(?:$|[^\w\s]|\s)|[就没了全都对俺我吧R]|结果|洋钿|到(?!处)|出头|开外|多?[哦喔啦咧嘛])"
)
# "三百五四个小时", "八千八三十节": a sum without its last unit, and what it pays for.
_PAYS_FOR = re.compile(
    rf"{NOT_INSIDE}(?<!第)(?P<number>[{HAN_DIGIT}][百千万][一二三四五六七八九]|[{HAN_DIGIT}]百[{HAN_DIGIT}]十[一二三四五六七八九](?=两))"
    rf"(?=[两二三四五六七八九半十]{{1,3}}(?:个?(?:小时|钟头|半天|月|季度|疗程)|节|天|宿|晚|夜|次|课|年|趟|盒|瓶|张|套|只|斤|回|遍)|分\d{{1,2}}期)"
)
# "再补八百场地费": what is paid for by it.
_FEE = re.compile(
    rf"{NOT_INSIDE}(?<!第)(?P<number>\d{{1,3}},\d{{3}}|[1-9]\d{{1,4}}|[{HAN_DIGIT}]*[十百千万][{HAN_DIGIT}{HAN_UNIT}]*)(?:多|来)?"
    r"(?=(?:的)?(?:场地|楼层|搬楼|服务|安装|上门|停车|物业|材料|人工|拆旧|搬运|检测|手续|管理|加急|改签|清洁|保洁|取暖|维修|快递|包装|配送|打包|水电|"
    r"教材|报名|考试|会员|中介|介绍|劳务|挂号|治疗|检查|诊疗|医药|床位|陪护|护理|误工|交通|住宿|开瓶|茶位|餐位|空驶|等候|高速|入会)费|的?拆工|的?工钱|定期|存款|本金|贷款|理财|装修款|工程款|月租|年租|(?:拖车|转卡|转让|过户|开户|鉴定|寄存|清理)费)"
)
# "五十的专家号", "九十九的套餐".
_TICKET = re.compile(
    rf"(?:{NOT_INSIDE}(?<!第)|(?<=套餐)|(?<=月租))(?P<number>[1-9]\d{{1,3}}|[{HAN_DIGIT}]*[十百千][{HAN_DIGIT}{HAN_UNIT}]*)(?:多|来)?的(?=(?<=套餐\d\d的)\s|(?<=套餐\d{{3}}的)\s|专家号|普通号|门票|套餐|自助|团购|年卡|月卡|会员|盒饭|外卖)"
)
# "188一节", "38r一个", "8.8一碗".
_PER_PIECE = re.compile(
    rf"{NOT_INSIDE}(?<!第)(?P<number>{NUMBER})(?:块|元|[rR])?(?=(?<!十)一{_UNIT_OF_PRICE}|/[月年天日次人位斤件节晚]|[rR](?![A-Za-z0-9]))"
)
# "就要380", "剩1040", "封顶三十", "原价写999": in a text about money, what such a word leads to.
_LEADING = re.compile(
    rf"(?:要|才|只|还|再|补|加|返|送|抵|写着?|说好?|变成?|改成|结了|剩下?|用了|倒贴|认|开了|标的?|喊的?|最低|最多|降到?|升到?|是|"
    rf"罚|低消|人均|封顶|每[人位天]|一[桌期遍颗斤天晚]|上个?月|扣了|那|里|说|到|看|各|乘以|出|减|加满|拢共|统共)(?:要|是|就|了|才|再|又|我|佢|您|你)?\s?"
    rf"(?P<number>\d{{2,6}}(?:\.\d{{1,2}})?|[{HAN_DIGIT}十]*[百千万][{HAN_DIGIT}{HAN_UNIT}]*|[二三四五六七八九]?十[一二三四五六七八九]?)"
    rf"(?!{GOES_ON}|\s?{COUNTED}|[元块毛角圆蚊%％新]|[—\-~至到]\d)"
)
# "猫粮69.9两袋", "9.9 9.9 19.9": decimals that measure nothing, in a text about money.
_DECIMALS = re.compile(
    rf"{NOT_INSIDE}(?<![A-Za-z#/\-])(?<!\d:)(?P<number>\d{{1,5}}\.\d{{1,2}})"
    rf"(?!{GOES_ON}|\s?(?!两袋|两盒|两瓶|两包|两件){COUNTED}|[元块毛角圆蚊%％折分倍])"
)
# "蛋糕写错名字。368。", "绘点 1299 才俩星期": a number alone in its clause, in a text about money.
_ALONE_IN_CLAUSE = re.compile(
    r"(?:^|(?<![A-Za-z])[\s,。!?;:])(?P<number>[1-9]\d{2,5})(?=\s*[。!?;]|\s*$|\s+(?:才|就|结果|还|说))"
)
# "一碗面38,", "瓷砖一片78": what one of it costs.
_PIECE_PRICED = re.compile(
    r"[一每][碗杯份盘件条双台张片瓶盒斤桶套袋箱罐]"
    rf"(?:(?![{HAN_DIGIT}{HAN_UNIT}])[\u3400-\u9fff]){{0,2}}?"
    rf"(?P<number>[1-9]\d{{1,4}}(?:\.\d{{1,2}})?|[{HAN_DIGIT}]?[十百千万][{HAN_DIGIT}{HAN_UNIT}]*)"
    r"(?=\s*[,。!?;]|\s*$)"
)
# "买的猫2600,", "算下来应该147,": a number that ends its clause; "1688的床垫", "3百多的键盘": one that a thing is called by.
_ENDS_CLAUSE = re.compile(r"(?<=[\u3400-\u9fff])(?P<number>[1-9]\d{2,4})(?=\s*[,。!?;]|\s*$)")
_CALLED_BY = re.compile(
    rf"{NOT_INSIDE}(?<![A-Za-z\-+/第])(?P<number>[1-9]\d{{2,4}}(?:\.\d{{1,2}})?|\d[百千]|[{HAN_DIGIT}]+[百千万])"
    rf"(?:多|来)?的(?=[\u3400-\u9fff]{{2}})(?!发|变|换|人|时|路|班|号|楼|房|分辨|像素|内存|空间)"
)
_AFTER_LONG_NUMBER = re.compile(r"(?<=\d{4}),(?=\d)")  # "订单号202505038823456,299元": no thousands
_SAYINGS = re.compile(r"说一千道一万|千千万万|成千上万|一五一十|百分之百|一万个(?:不|心|为)|千儿八百")
_ELECTRIC = re.compile(r"充电|快充|功率|标称|瓦|灯|电机|音箱|显卡|电源")
_OF_THE_BODY = re.compile(r"(?:身高|体重|血压|体温|温度|心率|血糖)\s*(?:是|到|才)?\s*$")
_MONTH = re.compile(r"(?:\d|[一二三四五六七八九十])月\s*$")  # 10月28一天
_ABOUT_MONEY = re.compile(
    r"元|块|钱|费|价|退|扣|付|买|充|款|赔|收|押金|套餐|报价|券|刷|门票|工资|首付|租|贷|补|便宜|贵|划算|订|办卡|优惠|余额|话费|人均|氪|起送|低消|卖|罚|账|加油|油枪|¥"
)
# 2,450 and 427.63: written as only money is, when nothing is counted by it.
_ACCOUNTED = re.compile(
    rf"{NOT_INSIDE}(?<![A-Za-z#/\-])(?<!\d:)(?P<number>\d{{1,3}}(?:,\d{{3}})+(?:\.\d{{1,2}})?|\d{{2,6}}\.\d{{2}}|\d+\.\d+万)"
    rf"(?!{GOES_ON}|\s?{COUNTED}|[元块毛角圆蚊])"
)
_ELIDED_ALONE = re.compile(
    rf"{NOT_INSIDE}(?<!第)(?P<number>{NUMBER})(?:(?<=[{HAN_DIGIT}])(?=[A-Za-z]{{3}})|(?!{GOES_ON}|{_MEASURED}|[元块毛角圆]))"
)
# "…买的电视 3999 昨天就坏了": a number on its own between spaces, in a text that speaks of buying.
_ON_ITS_OWN = re.compile(
    r"(?<=[\u3400-\u9fff][\s,])(?P<number>[1-9]\d{1,4})(?=\s+[\u3400-\u9fff]|\s*[,。!?;]|\s*$)"
)
_PLACE_OR_VERSION = re.compile(r"(?:版本?|[vV]|号|IP|ip|坐标|系统|iOS|ios|安卓|鸿蒙)\s*$")
_BUYING = re.compile(r"买|花|价|付|钱|充|报[了的]|购|下单|消费|订|转[的了给]|氪|押")
# A round number that ends a clause: "报班1.5万", "2w没了".
_ROUND = re.compile(r"[万wW千]$")
_CLAUSE_END = re.compile(
    r"多?\s*(?:$|[^\w\s]|\s|就|的(?!人|粉丝|播放|阅读)|修|买|换|充|氪|存|贷|抹|入手|到手|被|没了|打水漂|全|都)"
)
_NOT_PAID = re.compile(
    r"(?:第|尾号|编号|号码|密码|验证码|型号|房间|工号|满|年|版本|iPhone|小米|华为|荣耀|粉丝(?:刚到|有|到|才)?|播放量?|阅读量?|浏览量?|"
    r"销量|点赞|公里数|里程|净值|[时车]速)\s*$"
)
_IDIOM = re.compile(r"\s*(?:都|也|没|不)")
_ABOUT_MONEY_ONLY = (_LEADING, _DECIMALS, _ALONE_IN_CLAUSE, _ENDS_CLAUSE, _CALLED_BY)


def find_amounts(text: str) -> list[Found]:
    """Every amount of the normalised `text`, its value in yuan as the shortest decimal: 300块5毛 → 300.5.

    An approximate amount (80来块) is given as the number that it names. Ranges and 几百块 have no value and
    are left out.
    """
    text = _SAYINGS.sub(lambda saying: " " * len(saying.group()), text)
    text = _AFTER_LONG_NUMBER.sub(";", text)
    found: list[Found] = []
    found.extend(_by_unit(text))
    for match in _SOME.finditer(text):
        found.append(_found(match.start(), match.end(), read_number("一" + match["unit"])))
    for match in _SOME_TENS.finditer(text):
        found.append(_found(match.start(), match.end(), read_number("十" + match["unit"])))
    for match in _SOME_MYRIADS.finditer(text):
        found.append(
            _found(match.start(), match.end(), (read_number(match["number"]) or Decimal(0)) * 10_000)
        )
    for match in _ONE_LEFT_OUT.finditer(text):
        found.append(_found(match.start(), match.end(), read_number("一" + match["number"])))
    for match in _WITH_SIGN.finditer(text):
        found.append(_found(match.start(), match.end(), read_number(match["number"])))
    found = without_overlaps(one for one in found if one.value)
    patterns = [
        _PAYS_FOR,
        _AFTER_CUE,
        _GIVEN,
        _ACCOUNTED,
        _PER_PIECE,
        _PIECE_PRICED,
        _FEE,
        _TICKET,
        _HUNDREDS,
        _THROWN_IN,
        _ELIDED_ALONE,
    ]
    if _BUYING.search(text):
        patterns.append(_ON_ITS_OWN)
    found = _with_patterns(text, patterns, found)
    found = _with_patterns(text, (bare_sums.THRESHOLD, bare_sums.TAKEN_OFF, bare_sums.PUT_RIGHT), found)
    if found or _ABOUT_MONEY.search(text):
        found = _with_patterns(
            text, (*_ABOUT_MONEY_ONLY, bare_sums.CHANGED, bare_sums.BARE_SMALL, bare_sums.BARE_SPOKEN), found
        )
    found = _with_patterns(text, (bare_sums.BARE,), found)
    if found:
        found = _with_patterns(text, (bare_sums.PUT_WRONG,), found)
    answer = bare_sums.alone(text) if not found else None
    if answer is not None:
        found = [_found(*answer.span("number"), read_number(answer["number"]))]
    return sorted(
        (one for one in found if one.value and not _is_foreign(text, one)), key=lambda one: one.start
    )


def _with_patterns(text: str, patterns: Sequence[re.Pattern[str]], found: list[Found]) -> list[Found]:
    """What is found already, and what the patterns find beside it."""
    for pattern in patterns:
        for match in pattern.finditer(text):
            start, end = match.span("number")
            number = text[start:end]
            if _is_no_price(pattern, match, text):
                continue
            sign = re.match(_SIGN, number)
            value = read_number(number[sign.end() :] if sign else number)
            found = without_overlaps([_found(start, end, value)], found) + found if value else found
    return found


def _is_no_price(pattern: re.Pattern[str], match: re.Match[str], text: str) -> bool:
    """Whether what stands around a number that `pattern` found, or how it is written, speaks against money."""
    start, end = match.span("number")
    number, before = text[start:end], text[:start]
    if (pattern not in (_GIVEN, bare_sums.THRESHOLD) and _NOT_PAID.search(before)) or re.match(
        _FOREIGN_AFTER, text[end:]
    ):
        return True
    if (
        _OF_THE_BODY.search(before)
        or (_MONTH.search(before) and (read_number(number) or 0) <= 31)
        or (pattern is not _GIVEN and bare_sums.tells_another_number(before))
        or bare_sums.counts_as_before(before)
    ):
        return True
    sure = pattern is _AFTER_CUE and not match.group().startswith("差")
    if not sure and pattern not in bare_sums.OF_A_COUPON and bare_sums.is_a_measure(number, text):
        return True
    if number.endswith("W") and _ELECTRIC.search(text):
        return True  # 65W: watts
    if pattern in bare_sums.PATTERNS:
        return bare_sums.speaks_against(pattern, number, before, text)
    if pattern is _ELIDED_ALONE:
        return not (is_elided(number) or _ends_clause(text, number, end))
    if pattern is _ACCOUNTED:
        return bool(DATED.fullmatch(number) or _PLACE_OR_VERSION.search(before))
    if pattern is _THROWN_IN:
        return _looks_like_year(number, match["after"])
    if pattern is _AFTER_CUE:
        return len(number) == 1  # 退一赔三, 买一送一
    if pattern in _ABOUT_MONEY_ONLY:
        is_date = pattern is _DECIMALS and DATED.fullmatch(number)
        if bare_sums.NO_PRICE_AT_ALL.search(before) or (
            pattern is _LEADING and re.search(r"\d$", text[: match.start()])
        ):
            return True
        return bool(is_date or NO_PRICE_BEFORE.search(before) or re.fullmatch(r"20[12]\d", number))
    return False


def canonical(value: Decimal) -> str:
    """The shortest plain decimal of an amount: 1299.00 → "1299", 3E+2 → "300"."""
    plain = format(value, "f")
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def _by_unit(text: str) -> list[Found]:
    found = []
    for match in _WITH_UNIT.finditer(text):
        value = read_number(match["number"])
        end = match.end()
        if value is None or (
            _NOT_PAID.search(text[: match.start()]) and not (match["yuan"] or match["kuai"])
        ):
            continue
        if match["mao"]:
            if value == 1 and _IDIOM.match(text, end):
                continue  # 一毛钱都不退
            value = value / 10 + _digit(match["mao_fen"]) / 100
        elif match["kuai"]:
            has_cents = match["jiao"] or match["tail"] or match["half"]
            bare = not (match["money"] or has_cents)
            if (
                bare
                and re.match(_PIECE, text[end:])
                and (value < 20 or match["number"][-1] in "一两二三四五")
            ):
                continue
            if (
                bare
                and match["number"] == "一"
                and not re.search(
                    r"(?:才|花了?|只要?|差|多收|首月|首年|首单|每月|首次)$", text[: match.start()]
                )
            ):
                continue  # 一块: together, a piece
            value += _digit(match["jiao"] or match["tail"]) / 10 + _digit(match["fen"]) / 100
            value += Decimal("0.5") if match["half"] else 0
        elif match["yuan_tail"]:
            tail = match["yuan_tail"]
            value += _digit(tail[0]) / 10 + (_digit(tail[2]) / 100 if len(tail) > 2 else 0)
        if match["number"] in ("一", "1") and match["money"] and _IDIOM.match(text, end):
            continue  # 一块钱都不肯退
        found.append(_found(match.start(), end, value))
    return found


def _found(start: int, end: int, value: Decimal | None) -> Found:
    return Found(start, end, canonical(value) if value else "")


def _digit(text: str | None) -> Decimal:
    return (read_number(text) or Decimal(0)) if text else Decimal(0)


def _looks_like_year(number: str, after: str) -> bool:
    return after.startswith("的") and len(number) == 4 and number[:2] in ("19", "20")


def _ends_clause(text: str, number: str, end: int) -> bool:
    return _ROUND.search(number) is not None and _CLAUSE_END.match(text, end) is not None


def _is_foreign(text: str, found: Found) -> bool:
    return bool(
        re.search(_FOREIGN_BEFORE, text[: found.start]) or re.match(_FOREIGN_AFTER, text[found.end :])
    )
