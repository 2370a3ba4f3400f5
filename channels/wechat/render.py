"""An outbound message as WeChat's text: numbered choices, several messages as one reply, XML that holds.

Sources: developers.weixin.qq.com, "被动回复用户消息"; the limit of 2,048 bytes is measured (errcode 45002
beyond).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from wechatpy.replies import TextReply

from channels.characters import clean_text, is_traditional
from channels.message import Outbound
from channels.splitting import size, split_text, utf8_bytes

TEXT_LIMIT = 2048
"""Bytes of UTF-8 in one text message."""

_BETWEEN = "\n\n"
_HINT = "（回复数字选择）"
_HINT_TRADITIONAL = "（回覆數字選擇）"
_ANSWERS = {"点「": "回复「", "點「": "回覆「"}
_TAPS = re.compile("|".join(_ANSWERS))
_CUT_SHORT = "\n……（内容较长，未能全部显示）"


def render_text(message: Outbound) -> str | None:
    """The message as one text of any length; None where nothing visible is left of it.

    Choices become a list, numbered from 1 in their order, that the person answers by typing; where a typed
    number would be the answer to the question itself, they are named instead.
    """
    return _with_choices(message, numbered=True)


def render_parts(message: Outbound) -> list[str]:
    """The message as texts that WeChat takes, in order."""
    text = render_text(message)
    return [] if text is None else split_text(text, TEXT_LIMIT, utf8_bytes)


def render_merged(messages: Sequence[Outbound]) -> str | None:
    """Several messages as one text; only the last list is numbered: a typed number means the latest list."""
    last_list = max((i for i, message in enumerate(messages) if message.buttons), default=-1)
    texts = [_with_choices(message, numbered=i == last_list) for i, message in enumerate(messages)]
    return _BETWEEN.join(text for text in texts if text) or None


def fitting(messages: tuple[Outbound, ...]) -> int:
    """How many of the messages, from the first, go into one passive reply."""
    for count in range(len(messages), 0, -1):
        merged = render_merged(messages[:count])
        if merged is None or size(merged, utf8_bytes) <= TEXT_LIMIT:
            return count
    return 0


def cut_to_fit(text: str) -> str:
    """A text that must go into one message: as it is, or its beginning with a word that it was cut."""
    if size(text, utf8_bytes) <= TEXT_LIMIT:
        return text
    room = TEXT_LIMIT - size(_CUT_SHORT, utf8_bytes)
    return split_text(text, room, utf8_bytes)[0] + _CUT_SHORT


def passive_reply(text: str, *, to: str, sender: str) -> str:
    """The XML of a text reply. wechatpy puts the text into CDATA as it is: `]]>` must not occur in it."""
    safe = text.replace("]]>", "]]]]><![CDATA[>")
    rendered: str = TextReply(source=sender, target=to, content=safe).render()
    return rendered


def typed(text: str) -> str:
    """The text with its choices to be typed: 点「没有」 says 回复「没有」 where there is nothing to tap on."""
    return _TAPS.sub(lambda tap: _ANSWERS[tap.group()], text)


def _with_choices(message: Outbound, *, numbered: bool) -> str | None:
    text = clean_text(message.text)
    if not message.buttons:
        return text if text is None else text.strip()
    text = text and typed(text)
    labels = [button.label for button in message.buttons]
    traditional = is_traditional((text or "") + "".join(labels))
    if (message.free_input or not numbered) and text and all(f"「{label}」" in text for label in labels):
        return text.strip()
    if message.free_input:
        listed = _named(labels, traditional=traditional)
    else:
        listed = _listed(labels, numbered=numbered, traditional=traditional)
    return listed if text is None else f"{text.strip()}{_BETWEEN}{listed}"


def _listed(labels: Sequence[str], *, numbered: bool, traditional: bool) -> str:
    if not numbered:
        return "\n".join(f"· {label}" for label in labels)
    lines = "\n".join(f"{number}. {label}" for number, label in enumerate(labels, start=1))
    return f"{lines}\n{_HINT_TRADITIONAL if traditional else _HINT}"


def _named(labels: Sequence[str], *, traditional: bool) -> str:
    words = "或".join(f"「{label}」" for label in labels)
    return f"（也可以回覆{words}）" if traditional else f"（也可以回复{words}）"
