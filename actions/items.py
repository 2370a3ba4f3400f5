"""The items of a complaint as people name them, and the values that they give for them: "第三项不对", "改订单号", "换货".

Pure: text in, names and values out. Which of them is meant is decided by whoever asked. No reply is worded here.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal, InvalidOperation

from actions.phrases import plain, simplified, weight
from cases.types import ComplaintType, Remedy

ITEMS = (
    "complaint_type",
    "description",
    "order_no",
    "evidence",
    "merchant",
    "amount",
    "remedy",
    "incident_time",
    "phone",
)
"""What the read-back lists, in its order: 第一项 is the type."""
_ITEM_WORDS: tuple[tuple[str, str], ...] = (
    ("complaint_type", r"(?:投诉)?(?:类型|类别|分类|种类)"),
    ("order_no", r"订单(?:编号|号码|号)?|单号"),
    ("evidence", r"证据|照片|图片|截图|材料|凭证"),
    ("merchant", r"商家|商户|店铺|店名|门店|卖家|公司名"),
    ("amount", r"金额|价格|价钱|钱数|款额"),
    ("remedy", r"诉求|处理方式|处理要求|要求|怎么处理"),
    ("incident_time", r"(?:发生)?(?:时间|日期)|日子"),
    ("phone", r"(?:联系)?电话(?:号码)?|手机号码?|联系方式"),
    ("description", r"描述|经过|情况|内容|事情|说明"),
)
_WRONG = r"不对|不正确|错|有误|改|换|更正|修正|重填|重写|补充|补"
_ORDINAL = re.compile(r"第\s*([一二三四五六七八九]|\d{1,2})\s*(?:项|个|条|点|行)?")
_BARE_ORDINAL = re.compile(r"(?:第)?\s*([一二三四五六七八九]|\d)\s*(?:项|个|条|点|行|号)?")
_HAN_ORDINALS = "一二三四五六七八九"
_NEGATED = re.compile(r"(?:不是|并非|而非|非|不要|别写)\s*[¥￥]?\s*$")
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d{1,2})?")
_ORDER_LIKE = re.compile(r"[A-Z0-9](?:[A-Z0-9]|[ \-_](?=[A-Z0-9])){4,48}[A-Z0-9]")
_FOUR_DIGITS = re.compile(r"(?<!\d)\d{4}(?!\d)")
_DENIES = re.compile(r"(?:不是|并非|不算|不属于|不叫)(?:什么|说)?$")
_TYPE_WORDS = {
    ComplaintType.PRODUCT_QUALITY: r"(?:商品|产品|货品)?质量(?=问题|$)|(?:商品|产品|货品)质量",
    ComplaintType.FALSE_ADVERTISING: r"虚假(?:宣传|广告)|夸大宣传|货不对板",
    ComplaintType.DELIVERY: r"物流(?:配送|问题)?|(?:快递|配送|送货)问题",
    ComplaintType.SERVICE_ATTITUDE: r"(?:服务|客服)?态度(?:问题)?",
    ComplaintType.AFTER_SALES: r"售后(?:服务|问题)?",
    ComplaintType.BILLING_REFUND: r"费用退款|(?:退款|收费|扣费|费用)问题|乱(?:收|扣)费",
    ComplaintType.SERVICE_SHORTFALL: r"服务(?:违规|缩水)",
    ComplaintType.PRIVACY: r"隐私(?:骚扰|泄露|问题)?|信息泄露",
    ComplaintType.SAFETY: r"(?:食品)?安全(?:健康|问题|隐患)",
}
_REMEDY_WORDS = {
    Remedy.REFUND: r"退款|退钱|退费|返还|还钱|退一赔",
    Remedy.EXCHANGE: r"换货|换新|换一[个台件]|更换",
    Remedy.REPAIR: r"维修|修好|修理|保修",
    Remedy.REDO_SERVICE: r"重新服务|重做|返工|重新(?:来|上门|安排|派)",
    Remedy.COMPENSATION: r"补偿|赔偿|赔钱|赔付|赔",
    Remedy.APOLOGY: r"道歉|认错|说法",
    Remedy.OTHER: r"其他|别的",
}


def item_by_name(text: str) -> str | None:
    """The item of the read-back that a text names: "改订单号", "电话"."""
    said = plain(text)
    for item, words in _ITEM_WORDS:
        if re.search(words, said):
            return item
    return None


def names_item(text: str, item: str) -> bool:
    """Does a text name this item?"""
    return any(name == item and re.search(words, plain(text)) for name, words in _ITEM_WORDS)


def item_to_correct(text: str) -> str | None:
    """The item that a text wants changed ("第三项不对", "订单号填错了"); None where it names none."""
    said = plain(text)
    ordinal = _ORDINAL.search(said)
    if ordinal and (re.search(_WRONG, said) or ordinal.end() - ordinal.start() == len(said)):
        return _item_at(ordinal.group(1))
    for item, words in _ITEM_WORDS:
        if re.search(rf"(?:{_WRONG}).{{0,4}}?(?:{words})|(?:{words}).{{0,6}}?(?:{_WRONG})", said):
            return item
    return None


def item_stated(text: str) -> str | None:
    """The item that a text begins with naming and then gives a value for: "订单号是…", "电话：…"."""
    for item, words in _ITEM_WORDS:
        if re.match(
            rf"(?:我的|那个|这个)?(?:{words})\s*(?:是|为|应该是|其实是|[:：])", simplified(text).strip()
        ):
            return item
    return None


def item_by_number(text: str) -> str | None:
    """The item that the answer to "which one?" names by its place: "3", "第三项", "三"."""
    match = _BARE_ORDINAL.fullmatch(plain(text))
    return _item_at(match.group(1)) if match else None


def _item_at(ordinal: str) -> str | None:
    place = _HAN_ORDINALS.index(ordinal) + 1 if ordinal in _HAN_ORDINALS else int(ordinal)
    return ITEMS[place - 1] if 1 <= place <= len(ITEMS) else None


def is_negated(text: str, start: int) -> bool:
    """Is what starts there the wrong value of "是399不是299"?"""
    return bool(_NEGATED.search(text[:start]))


def an_amount(text: str) -> str | None:
    """The number in the answer to "how much?", in yuan; the last one that is not denied."""
    folded = unicodedata.normalize("NFKC", text)
    found = [m for m in _NUMBER.finditer(folded) if not is_negated(folded, m.start())]
    if not found:
        return None
    try:
        return str(Decimal(found[-1].group().replace(",", "")))
    except InvalidOperation:
        return None


def an_order_number(text: str) -> str | None:
    """The order number in the answer to "which order?": at least six letters and digits, four of them
    digits.
    """
    folded = unicodedata.normalize("NFKC", text).upper()
    found = [re.sub(r"[ \-_]", "", m.group()) for m in _ORDER_LIKE.finditer(folded)]
    likely = [number for number in found if len(number) >= 6 and sum(c.isdigit() for c in number) >= 4]
    return max(likely, key=len) if likely else None


def four_digits(text: str) -> str | None:
    """The four digits that stand alone in a text: the end of a phone number."""
    match = _FOUR_DIGITS.search(unicodedata.normalize("NFKC", text))
    return match.group() if match else None


def a_type(text: str) -> str | None:
    """The complaint type whose shown name is said."""
    said = plain(text)
    for kind in ComplaintType:
        if said and (kind.shown in said or (len(said) >= 2 and said in kind.shown)):
            return kind.value
    return None


def type_named(text: str) -> str | None:
    """The complaint type that a short text names and does not deny: "不是质量问题，是虚假宣传"; the last of several."""
    if weight(text) >= 14:
        return None
    said = simplified(text)
    found = [
        (match.start(), kind.value)
        for kind, words in _TYPE_WORDS.items()
        for match in re.finditer(words, said)
        if not _DENIES.search(said[: match.start()])
    ]
    return max(found)[1] if found else None


def a_remedy(text: str) -> str | None:
    """The remedy whose shown name, or a common word for it, is said."""
    said = plain(text)
    for remedy, words in _REMEDY_WORDS.items():
        if re.search(words, said):
            return remedy.value
    return None
