"""What the person wants done: refund, exchange, repair, compensation, apology, redo_service, other.

Works on normalised text. A remedy that is merely spoken of (退款还没到账, 拒绝换货, 售后说可以维修) is no
wish and is left out: a wish needs a word of wanting in its clause, or stands nearly alone as the answer to a
question.
"""

from __future__ import annotations

import re

from bot.nlu.spans import Found, without_overlaps

_OBJECT = r"(?:我|我们|给我|给我们)?(?:的)?"
_MONEY = (
    r"(?:钱|款|费|全款|全额|押金|定金|订金|尾款|差价|运费|邮费|会费|年费|学费|课时费|余款|余额|餐费|房费|票款|"
    r"保费|话费|手续费|保证金|差额|一半|一?部分|团费|\w{1,4}(?:费|钱|金)(?!用)|剩余\w{0,5}|多收\w{0,4}|扣的\w{0,3})"
)
_ONE = r"(?:一)?(?:个|台|件|双|部|份|条|张|只|套|批|款|瓶|盒|箱|块|把|辆)"

_WHAT: tuple[tuple[str, str], ...] = (
    (
        "refund",
        rf"退一(?=赔)|(?:全额|全部|马上|立即|原路)?退货?退?(?:还|回)?{_OBJECT}{_MONEY}|全退|全额退|"
        rf"退货退款|退货|退单|退款|退钱|退费|退票|退订|退房|"
        rf"退课|退保|退卡|退押金|退款退货|把{_MONEY}(?:都|全|全部)?(?:退|还|返)(?:还|回)?(?:给)?(?:我|"
        rf"来)?|{_MONEY}(?:退|还)(?:给)?我|"
        rf"(?:退还|返还|退|还)(?:给)?我(?:的)?(?:{_MONEY}|(?=\d|[一二三四五六七八九两]?[十百千万]|$|"
        rf"[^\w]))|返还|退还|还钱|原路退回|退回来|退掉|"
        rf"(?:退还|返还|退回)(?:给)?(?:我)?(?:的)?{_MONEY}",
    ),
    (
        "exchange",
        rf"(?:退)?换货|换新的?|换{_ONE}(?:新的|好的|新)?\w{{0,2}}(?=$|\W|吧|给我)|换个(?:新|好)的?|"
        rf"换(?:一下|掉)|更换|调换|调货|"
        r"以旧换新|换成\w{1,6}|给我换",
    ),
    (
        "repair",
        r"(?:免费|上门|重新)?(?:维修|修理|检修|修复|返修|修缮)|(?:给我|帮我|免费)?修好|(?:免费|上门|给我|"
        r"帮我|派人来?)修(?:一下)?|保修|修一下|修修",
    ),
    (
        "compensation",
        rf"退一赔[一二三十]|假一赔[一二三十]|赔(?:偿|付|款|钱|我)?(?:三|十|双|两|[0-9]+)倍|"
        rf"[三十双两]倍(?:赔偿|返还|赔付)|赔[三十](?!天|分)|赔偿?(?:我|我们)?(?:的)?\w{{0,4}}(?:损失|费|手机|机器|衣服|电视|车)|赔偿{_OBJECT}|"
        rf"赔付|赔钱|赔款|赔我(?:\w{{0,3}}损失)?|补偿{_OBJECT}(?:\w{{0,4}}损失)?|补(?:给)?我?差价|误工费|"
        rf"精神损失费|补(?:我)?(?:一)?张?(?:券|优惠券|代金券)|赔一?(?:个|部|台|件)\w{{0,3}}|"
        r"赔(?=\d|[一二三四五六七八九两十百千]|$|\W|吧)",
    ),
    (
        "apology",
        r"(?:公开|书面|当面|正式|诚恳|登门)?(?:赔礼道歉|道歉|致歉)|道个歉|赔(?:个)?(?:不是|礼)|"
        r"认(?:个)?错|说(?:一)?[声句]对不起|给我说对不起",
    ),
    (
        "redo_service",
        r"重新发(?:货|一\w)?|补发|重发|补寄|补送|"
        r"重新(?:做|服务|安装|清洁|清洗|打扫|保洁|上门|洗|装|派|安排|配送|送|施工|检测|办理|开|上课|预约|"
        r"来|搞|弄|打扫)(?:\w{0,2}(?:一次|一遍|一下|人))?|重做|返工|重装|重洗|"
        r"再(?:来|做|派|上门|洗|装|打扫|服务|送)\w{0,3}(?:一次|一遍|一趟|人)|派人(?:再|重新)来?\w{0,2}|"
        r"补做|补课|补上(?:课|服务)|"
        r"换(?:个|一个)?(?:师傅|技师|阿姨|人|老师)(?:来|再)\w{0,3}|再派(?:个)?\w{0,2}人",
    ),
    (
        "other",
        r"(?:严肃|严厉|依法)?(?:处罚|惩罚|严惩|处分|开除|辞退|下架|整改|查处|曝光)\w{0,4}|"
        r"删除?(?:掉)?\w{0,5}(?:信息|数据|资料|号码|照片|记录)|注销\w{0,4}|"
        r"(?:停止|别再|不要再)(?:给我)?(?:打|发|骚扰)\w{0,4}|(?:停止|终止)骚扰|(?:给我?|"
        r"要)?一?个(?:合理的?)?(?:说法|解释|交代|答复|道理|公道)|补?开\w{0,3}发票|"
        r"恢复\w{0,5}|解封\w{0,2}|解除(?:合同|绑定|限制)|(?:取消|撤销)(?:订单|合同|自动续费|续费|扣费|"
        r"套餐|业务|会员|预约)|"
        r"(?:尽快|赶紧|马上|立即)?(?:发货|派送|送货|配送|送达)(?=$|\W|吧|啊)",
    ),
)
_PATTERNS = tuple((value, re.compile(pattern)) for value, pattern in _WHAT)

_WANT = re.compile(
    r"要求|请求|希望|想要|我想|想|请你?们?|麻烦|给我|帮我|我要|要么|就要|得要|要|必须|应该|应当|得(?=给|"
    r"把|赔|退|重|道)|能不能|能否|可不可以|可以(?:直接)?|能(?=退|换|给|赔)|申请|需要|"
    r"强烈|至少|起码|赶紧|赶快|马上|立即|立刻|尽快|快点?|速|诉求|或者?|还是|并且?|而且|同时|和|以及|加上?|"
    r"外加|另外|再|直接|全额|同意|接受|选择?|只求|就行|坚持|支持|让(?:他|她|你|商家|你们|他们|客服|店家)|"
    r"把|我的(?:要求|诉求)是"
)
_NOT_WANTED_BEFORE = re.compile(
    r"(?:(?<![能可要])不|没|没有|别|拒绝|不肯|不愿意?|不同意|不给|不让|(?<!能)不能|无法|不想要?|不要|不用|"
    r"不需要|不接受|无需|懒得|未|从未|从来没|迟迟|说好的?|说|答应|承诺|声称|号称|之前|已经|以前|上次|当时|"
    r"等|等着|超过|过了|自动|申请了|提交了|同意了|只肯|只愿意?|只能|只给|仅|显示|通知|流程|让我|叫我|要我|"
    r"他们?要|她要|骗我|为了|因为|拖着|办|办理|去)\w{0,3}$"
)
_NOT_WISH_AFTER = re.compile(
    r"(?:了|没|只|到账|还没|没到|没有|未|失败|被拒|的时候|时|过程|申请|流程|政策|链接|进度|要多久|多久|"
    r"什么时候|一直|按钮|通道|不了|难|慢|之后|以后|后|期|不到|不成|也不|都不|又|店|师傅|人员|部|站|点|"
    r"中心|"
    r"电话|金额|原因|单|记录|规则|被|却|已|险|卡|承诺|运费|过|条件|须知|时间|费用|价格|地址|都|方案|周期|"
    r"问题|成功|次数)"
)
_CLAUSE = re.compile(r"[^,。;!?、\n]*$")
_CLAUSE_REST = re.compile(r"(?!的)\w{0,3}\W*$")
_ASKED_ABOUT_BEFORE = re.compile(r"(?:怎么|怎样|如何|点样?|几时|什么时候|哪里|有没有|有)\w{0,2}$")
_ASKED_ABOUT_AFTER = re.compile(r"(?:怎么|怎样|如何|多少|是真的|标准|需要|要什么|去哪)")
_NEARLY_ALONE = 4
_REACH = 12


def remedies_spoken_of(text: str) -> list[Found]:
    """Every word for a remedy, wished for or not."""
    return without_overlaps(
        Found(match.start(), match.end(), value)
        for value, pattern in _PATTERNS
        for match in pattern.finditer(text)
        if match.end() > match.start()
    )


def find_remedies(text: str) -> list[Found]:
    """The remedies that the person asks for, in the order of the text; one span each."""
    candidates = remedies_spoken_of(text)
    wanted: list[Found] = []
    rest = len(re.sub(r"[\W_]", "", text))
    alone = rest - sum(one.end - one.start for one in candidates) <= _NEARLY_ALONE
    for one in candidates:
        clause = _CLAUSE.search(text[: one.start])
        before = (clause.group() if clause else "")[-_REACH:]
        if _NOT_WANTED_BEFORE.search(before) or _NOT_WISH_AFTER.match(text, one.end):
            continue
        if _ASKED_ABOUT_BEFORE.search(before) or _ASKED_ABOUT_AFTER.match(text, one.end):
            continue
        asked = _WANT.search(before) is not None
        follows = any(0 <= one.start - other.end <= 3 for other in wanted)
        embedded = (
            re.search(r"[给还退赔]我|^把|^给|^要|马上|立即|全额|吧$", text[one.start : one.end + 1])
            is not None
        )
        # "…屏幕又坏了，退货": the last clause opens with it.
        last_word = clause is not None and len(before) <= 1 and _CLAUSE_REST.match(text, one.end) is not None
        if asked or follows or alone or embedded or last_word:
            if wanted and wanted[-1].value == one.value and one.start - wanted[-1].end <= 1:
                continue  # 赔偿我|误工费: one wish in two words
            wanted.append(one)
    return wanted
