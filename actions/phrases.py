"""Reading the fixed phrases that people answer questions with: "没有", "就这些了", "解决了".

Pure: text in, values out. What a whole sentence means is the NLU's business; this is for the short answers
whose meaning hangs on the question that was asked. No reply is worded here.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from opencc import OpenCC

_LEAD = (
    r"(?:我这?|这边|这个|那个|都|也|真的?|实在|现在|暂时|目前|手头|手上|当时|早就?|已经|"
    r"好像|应该|其实|啥|什么|嗯+|呃+|哦+|额+)*"
)
_TAIL = (
    r"(?:任何|其他|别的|了|啊|呀|哦|喔|吧|呢|的|啦|嘛|哈|耶|订单(?:编?号)?|单号|照片|图片?|证据|截图|材料|"
    r"凭证|发票|小票|记录|东西|可以?发)*"
)
_NONE = re.compile(
    rf"{_LEAD}(?:没有?|无|木有|没得|冇|不知道|唔知|不清楚|不晓得|不记得|记不得|记不住|记不清|忘记?|找不到|查不到|搞丢|"
    rf"想不起来?|没留|没存|没保存|没拍|没开|没要|丢|扔|删|不方便说?|不想[说填]|不[说填]|先?跳过|下一[个题项]|略过|过|先不[填发说]|先空着|"
    rf"空着|不用|不需要|不要|不是网购|线下买的?|现金买的?|skip|pass|no|none|n){_TAIL}"
)
_DONE = re.compile(
    rf"{_LEAD}(?:没有?了|没了|没有?其他|没有?别的|就这些|就这么多|就这几[张个]|就这[一]?[张个]|就一[张个]|只有这些|那?就?这样|完成|完了|好|可以|行|发完|传完|"
    rf"说完|结束|够|全了|齐了|ok|okay|done|就系咁多|冇其他){_TAIL}"
)
_NO_ORDER_CONCERNED = re.compile(
    r"(?:跟|和|与|同)(?:这个)?订单(?:号)?(?:没有?|无|沒)(?:什么)?关系?|(?:不涉及|不关|无关|没有下过|没下过?)(?:什么)?(?:订单|单)|"
    r"没(?:有)?买(?:过)?(?:东西|任何)|不是买东西"
)
_LACKING = re.compile(r"没|无|冇|木有|不知|不清楚|不记得|忘|跳过|略过|不想|不用|不要|不需要|不填|不方便|找不")
_ONE_MOMENT = re.compile(
    r"等(?:一?下|等|会)|稍等|稍后|(?:找|看|查|翻|拍)(?:一?下|找|看|查|翻)|马上(?:发|找|来)|待会|一会儿?"
)
_COMPLAIN = re.compile(r"投诉|举报|维权|申诉|讨个?说法")
_NUMBERS_GIVEN = re.compile(
    r"(?:我的?)?(?:订单编?号|订单|单号|运单号?|快递单号|电话|手机号?|联系方式)(?:是|为|[:：])?\s*|"
    r"[A-Za-z]*\d[\dA-Za-z\- ]{4,}"
)
_LEAVES_ITEM = re.compile(
    r"(?:那?算了)?(?:这个?|这一?项|那个?)?(?:就|我)?(?:先|暂时)?(?:不填|不写|不用填|不补|空着|跳过|留空)(?:了|吧|这个|这项)*"
)
_THREAT = re.compile(
    r"(?:要|就|说|敢|扬言|想)打(?:我|死|断)|堵(?:在|着|了)?(?:我|俺|家|门).{0,12}(?:不走|不让|打|砸|骂)|拿刀|持刀|"
    r"(?:要|说)(?:弄死|砍|杀)|威胁(?:我|要)"
)
_THANKS = re.compile(r"(?:谢谢?|多谢|感谢|麻烦|不好意思|抱歉|对不起|辛苦)(?:你们?|您|啊|了|哈|哦|啦)*")
_ASKS_TO_FILE = re.compile(
    r"(?:帮我|给我|替我|请|我要|我还是要)(?:把(?:这|他|它)[^不]{0,4})?(?:投诉|登记|立案|提交|记下)"
)
_STOPS = re.compile(r"不|撤|取消|别|算了|停")
_SOLVED = re.compile(
    r"(?:(?:好了?|好的|嗯+|哦+|行了?|谢谢?你?们?|多谢|感谢|真的|已经|都|刚|现在|这样|这下|问题|事情|可以|就|那|我|照你说的|自动续费|扣费)*"
    r"(?:解决|搞定|弄好|搞好|处理好|关掉|关上|停掉|到账|(?:钱|退款)(?:已经|都|刚)?(?:收到|到账|退))(?:了|啦|咗))+"
    r"(?:谢谢?你?们?|多谢|感谢|(?:那就?)?不用(?:再)?(?:投诉|登记)|不投诉|不用|吧|啊|啦|哈|了)*"
)
_UNSOLVED = re.compile(
    r"(?:没|没有|未|还没|冇|不能|唔)(?:有)?(?:得到)?解决|解决(?:不了|唔到|不到|没有?)|没(?:什么)?用|不管用|冇用|帮不(?:上|到)忙|还是(?:不行|没到|没用)|没到账"
)
_CANNOT_WRITE = re.compile(
    r"(?:不会|不太会|不怎么会|打不了|打不来|不能|没法|不方便|冇法|唔识|不识)(?:用手机)?(?:打|写|输)(?:字|文字|不来)|不识字|不认识字|不认得字|不认字|"
    r"打不(?:了|来|出来?)字|打字(?:太)?(?:慢|费劲|不会|不方便|不来)|(?:看不清|看不见)(?:字|屏幕)|只会说|唔识字"
)
_LEAVES_AS_IT_IS = re.compile(
    r"不(?:用|要|需要)?改(?!就|就不|不行)|(?:没有?|冇)(?:什么|啥|乜)?要改|都对|全对|没错|没问题"
)
_NOTHING_MORE = re.compile(
    r"(?:没有?|没|冇)(?:其他|别的|补充|要补充的|什么)?(?:了|啦|喇|的)?|就(?:这些|这么多|这样)(?:了|吧)?|发完了?|没别的了?"
)
_PUTS_OFF = re.compile(
    r"(?:先|就)?放(?:着|一放|一边)|回头再|晚点再|晚些再|改天|下次再|明天再|以后再|先不(?:弄|搞|填|办)|等有空|有空再"
)
_ASKS_WHO = re.compile(
    r"你(?:们)?(?:是|系)(?:不是)?(?:一?个)?(?:机器人|机器|ai|人工智能|真人|活人|人工|谁|边个|什么人|哪位|客服)|"
    r"(?:是|系)(?:机器人|真人|人工|活人)(?:吗|么|嘛|定)|你叫(?:什么|啥|咩)|(?:对面|那头)(?:是|有)(?:真)?人"
)
_COURTESY = re.compile(r"谢谢?|多谢|感谢|拜拜?|再见|辛苦|麻烦|您|你|了|啊|哈|呀|哦|喔|们|88+|886")
_ADD_ONLY = re.compile(
    r"(?:我|想|要|还|再|有|能|可以|怎么|补充|增加|添加|追加|提交|提供|发|上传|给|加|点|一点|一些|一下|些|新的?|其他|别的|这个|那个|"
    r"材料|证据|凭证|照片|图片?|截图|视频|录音|说明|情况|内容|信息|东西|资料|投诉|案子|案件|到|的|里|吗|呢|吧|了|几|张|个|ts\d+)+"
)
_QUESTION = re.compile(
    r"[?？吗嘛么]\s*$|[?？]|多久|多长|多少|几[天日时个]|怎么|怎样|如何|什么|啥|哪|能不能|可不可以|会不会|是不是|要不要|有没有|还能|能否|是否|咩|乜|幾"
)
_ANOTHER = re.compile(
    r"(?:还有?|另外|顺便|再)(?:要|想|得|帮我)*投诉(?:另外?|别的|第二|一下?别|其他)|投诉(?:另外?|第二)(?:一)?[件个家]|"
    r"(?:还有|另外)(?:另外)?一(?:件|个)(?:事|投诉)?(?:也)?(?:要|想|得)投诉|(?:另外|再)(?:开|提|加|立|登记)一(?:件|个)(?:投诉|新的)"
)
_REFUSES_NOTICE = re.compile(
    r"(?:不同意|拒绝|不接受|不授权|反对)(?:这个|你们|这份|上面)?(?:的)?$|"
    r"(?:不同意|拒绝|不接受|不授权|反对|不想|不愿意?|不让|不许)(?:让)?(?:这个|你们|这份|上面)?(?:的)?(?:收集|使用|用|拿|存|保存|处理)?"
    r"(?:我的?|本人的?)?(?:个人)?(?:隐私|授权|收集|使用|说明|条款|协议|声明|政策|信息|资料)"
)
_NOTICE = re.compile(
    r"(?:我?想?(?:看|查看|了解|说)(?:一?下|看)?)?(?:你们的?|完整的?)?隐私"
    r"(?:全文|说明|条款|声明|政策|协议|保护|内容)*(?:吗|呢)?"
)

_FILE_ONLY = re.compile(
    r"(?:我|你好|您好|在吗|那个|想|要|需要|得|必须|来|给|帮|帮我|麻烦|请|一个|一下|下|个|有|进行|登记|反映|反馈|"
    r"投诉|举报|申诉|維權|维权|问题|事情|事|情况|了|的|啊|呢|吧|呀|一起|新|再|人工|平台|你们|商家|怎么|怎样|如何|办|可以|能|"
    r"吗|么)+"
)
_EMPTY_WORDS = re.compile(
    r"我要|我想|投诉|举报|你们|他们|这个|那个|真的?|太|很|非常|特别|超级?|垃圾|坑人?|骗子|气死我?了?|无语|什么破|"
    r"怎么回事|服了|差劲|差|烂|不好|不行|有问题|出问题|问题|了|的|啊|呢|吧|呀|吗|啦|哦"
)


@lru_cache(maxsize=1)
def _to_simplified() -> OpenCC:
    return OpenCC("t2s")


def simplified(text: str) -> str:
    """The text in simplified characters."""
    converted: str = _to_simplified().convert(text)
    return converted


def plain(text: str) -> str:
    """The text in half-width forms, simplified characters and small letters, without punctuation and
    spaces.
    """
    folded = unicodedata.normalize("NFKC", simplified(text)).lower()
    return "".join(c for c in folded if unicodedata.category(c)[0] in "LN")


def says_none(text: str) -> bool:
    """Does the answer say that there is none, that he does not know, or that the question shall be passed
    over?
    """
    return bool(_NONE.fullmatch(_THANKS.sub("", plain(text))))


def says_no_order_is_concerned(text: str) -> bool:
    """Does the answer say that the matter has nothing to do with an order?"""
    return bool(_NO_ORDER_CONCERNED.search(plain(text)))


def none_and_more(text: str) -> str | None:
    """What follows a "没有" in the same answer: "没单号，线下刷卡买的"; None where nothing does."""
    parts = [part for part in re.split(r"[\s,，.。;；、!！]+", text) if plain(part)]
    if len(parts) >= 2 and says_none(parts[0]) and not is_courtesy(" ".join(parts[1:])):
        return " ".join(parts[1:])
    return None


def sounds_like_none(text: str) -> bool:
    """Is there a word of lacking or not knowing in a short answer?"""
    return weight(text) <= 6 and bool(_LACKING.search(plain(text)))


def asks_for_time(text: str) -> bool:
    """Does he want to look for it first?"""
    return weight(text) <= 8 and bool(_ONE_MOMENT.search(plain(text)))


def wants_to_complain(text: str) -> bool:
    """Is complaining named at all?"""
    return bool(_COMPLAIN.search(plain(text)))


def says_done(text: str) -> bool:
    """Does the answer say that everything was sent?"""
    return bool(_DONE.fullmatch(plain(text)))


def is_question(text: str) -> bool:
    """Has it the form of a question?"""
    return bool(_QUESTION.search(simplified(text)))


def tells_beside_numbers(text: str) -> bool:
    """Is something told beside the numbers that are given: "衣服掉色，订单号…"?"""
    return weight(_NUMBERS_GIVEN.sub("", simplified(text))) >= 4


def leaves_item(text: str) -> bool:
    """Does the answer leave the asked item open: "算了这个不填了"?"""
    return bool(_LEAVES_ITEM.fullmatch(plain(text)))


def is_threatened(text: str) -> bool:
    """Does somebody threaten him, or stand at his door?"""
    return bool(_THREAT.search(plain(text)))


def says_nothing_more(text: str) -> bool:
    """Has he nothing to add: 没有了, 就这些?"""
    return bool(_NOTHING_MORE.fullmatch(plain(text)))


def leaves_as_it_is(text: str) -> bool:
    """Does he want nothing changed after all?"""
    return weight(text) <= 8 and bool(_LEAVES_AS_IT_IS.search(plain(text)))


def puts_off(text: str) -> bool:
    """Does he want to go on another time?"""
    return weight(text) <= 8 and bool(_PUTS_OFF.search(plain(text)))


def asks_who(text: str) -> bool:
    """Does he ask whether he talks to a machine, or with whom?"""
    return weight(text) <= 12 and bool(_ASKS_WHO.search(plain(text)))


def says_solved(text: str) -> bool:
    """Does he say that the matter is settled, so that nothing needs to be filed?"""
    return bool(_SOLVED.fullmatch(plain(text)))


def says_unsolved(text: str) -> bool:
    """Does he say that the ready answer did not help?"""
    return weight(text) <= 10 and bool(_UNSOLVED.search(plain(text)))


def cannot_write(text: str) -> bool:
    """Does he say that he cannot type, or cannot read what is typed?"""
    return weight(text) <= 24 and bool(_CANNOT_WRITE.search(plain(text)))


def asks_to_file(text: str) -> bool:
    """Does he want it taken down, and nothing stopped: "他走了 帮我投诉他"?"""
    said = plain(text)
    return bool(_ASKS_TO_FILE.search(said)) and not _STOPS.search(said)


def is_courtesy(text: str) -> bool:
    """Is it thanks, a goodbye or the like, and nothing else?"""
    return not _COURTESY.sub("", plain(text))


def tells_to_add(text: str) -> bool:
    """Does a text say itself what is to be added to a case, more than "我要补充材料"?"""
    return not _ADD_ONLY.fullmatch(plain(text)) and weight(text) >= 6


def names_another(text: str) -> bool:
    """Is it about another complaint than the one in hand: "我还要投诉另一家店"?"""
    return bool(_ANOTHER.search(plain(text)))


def asks_for_notice(text: str) -> bool:
    """Does he want to read the privacy notice that was named: 隐私, 看一下隐私全文?"""
    return bool(_NOTICE.fullmatch(plain(text)))


def refuses_notice(text: str) -> bool:
    """Does he refuse that his data are used for the complaint?"""
    return bool(_REFUSES_NOTICE.search(plain(text)))


def tells_something(text: str) -> bool:
    """Does a text tell of a grievance at all, more than "我要投诉"?"""
    return not _FILE_ONLY.fullmatch(plain(text)) and weight(text) >= 3


def is_vague(text: str) -> bool:
    """Is an account too bare to act on ("手机坏了")? Then one follow-up question is due."""
    return weight(text) < 8


def weight(text: str) -> int:
    """How much a text says, roughly in Chinese characters, without its empty words."""
    said = _EMPTY_WORDS.sub("", plain(text))
    chinese = sum(1 for c in said if c > "\u2e7f")
    others = re.findall(r"[a-z0-9]+", said)
    return chinese + 2 * len(others)


_YES = re.compile(
    r"(?:嗯+|是|是的|对|对的|对啊|好|好的|好啊|可以|行|没错|没问题|确认|确定|确认无误|提交|确认提交|ok|yes|y|同意|要|继续|接着|接着填|"
    r"继续填|接着来|无误|正确|就这样|提交吧|交上去|交吧|全对|就|填好了?|吧|啊|了|的|呀|呢|哈)+"
)
_POLITE = re.compile(r"谢谢?|多谢|麻烦|辛苦|劳驾|请|帮我|给我|都|那|这样|就这么")
_NO = re.compile(
    r"(?:不|不是|不对|不要|不用|不行|不可以|不确定|不提交|先不|没有|否|no|n|错|错了|等等|等一下|别|算了|的|了|啊|吧|呢)+"
)
_PERSON = re.compile(r"人工|真人|活人|转接|找人|(?:接|转|换|叫|找)(?:个|一个|一下)?(?:客服|经理|领导|主管)")
_DANGER = re.compile(
    r"受伤|流血|出血|骨折|烫伤|烧伤|晕倒|昏迷|休克|中毒|触电|电到|漏电|着火|起火|冒烟|爆炸|煤气|燃气泄漏|呼吸困难|喘不|窒息|"
    r"急诊|抢救|住院|威胁|恐吓|跟踪|堵门|动手|打人|打我|打了我|拿刀|持刀|救命"
)


def says_yes(text: str) -> bool:
    """Is the text a plain yes, polite words beside it or not?"""
    said = plain(text)
    return bool(_YES.fullmatch(said) or _YES.fullmatch(_POLITE.sub("", said)))


def says_no(text: str) -> bool:
    """Is the text a plain no?"""
    return bool(_NO.fullmatch(plain(text)))


def wants_person(text: str) -> bool:
    """Does the text name a person to talk to?"""
    return bool(_PERSON.search(plain(text)))


def tells_of_danger(text: str) -> bool:
    """Does the account speak of somebody's body or safety?"""
    return bool(_DANGER.search(plain(text)))
