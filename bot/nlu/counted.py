"""What numbers count, date and measure, so that they are no sums of money; pieces of the expressions for amounts.

Pure: on normalised text.
"""

from __future__ import annotations

import re

from bot.nlu.numerals import HAN_DIGIT, HAN_UNIT

DIGIT = rf"[\d{HAN_DIGIT}]"
NOT_INSIDE = rf"(?<![\d{HAN_DIGIT}{HAN_UNIT}点几])(?<!\d[.,])"  # a number's beginning, also after a comma
GOES_ON = rf"(?:\.?\d|,\d{{3}}(?!\d)|[{HAN_DIGIT}{HAN_UNIT}点A-Za-z])"  # what would follow half a number

# What is counted, weighed or dated, so not paid. 分 is a mark, a minute or a part unless 角 or 毛 stand
# before it.
COUNTED = (
    r"(?:多|来|几|余|个多)?(?:个|天|日|号|次|遍|回|趟|条|件|台|部|双|包(?!邮)|盒|箱|瓶|袋|斤|公斤|千克|克|"
    r"吨|两(?!千|百|万)|"
    r"[kKmM]?[gG](?![A-Za-z])|ml|ML|mL|升|毫|厘米|平(?!台|时|均|安|常)|米|cm|mm|km|公里|里|人|位|名|家|单|份|张|页|本|只(?!到账?|退|报|给|是|要|收|能|剩|够|赔|补|返|肯|说)|支|键|转(?!账|给|到|了|卡|让|户|出|走|来|入|运|款|手|换)|"
    r"根|片|粒|"
    r"颗|套|年|月|周|星期|礼拜|小时|钟头|分|秒|点|时|刻|楼|层|室|栋|幢|座|弄|路|门|号|线|度|%|‰|折|倍|成|"
    r"期|岁|级|寸|方(?!便|面)|笔(?!钱|款|费)|(?:多|来|几)万|"
    r"英寸|吋|兆|[TMG]B?(?![a-z])|款|集|节|堂|课(?!费)|辆|班|晚|夜|场|排|届|字|句|声|通|封|桶|杯|碗|串|把|"
    r"把手|道|间|户|群|伙|辈|"
    r"种|样|项|处|步|口|下|番|顿|餐|世|代|股|亩|胎|匹|头|条街|名额|积分|豆|币|星|轮|审|手(?!续|机|表|办|工)|点钟|大|环|折扣|"
    r"代|码(?!头)|字|钻石|金币|点券|元宝|票(?!价|钱|款|面)|-|:|/\d|~)"
)
NO_PRICE_BEFORE = re.compile(
    r"(?:克重|重量|平均|读数|[上本]期|一回|流量|内存|年龄|评分|分数|得分|星级?|身高|体重|血压|体温|温度|年|号|第|楼|室|房|线|路|班|区|栋|幢|型|版|码|度|频|频率)\s*(?:是|到|掉到|降到)?\s*$"
)
DATED = re.compile(r"(?:0?[1-9]|1[0-2])\.(?:0[1-9]|[12]\d|3[01])")
