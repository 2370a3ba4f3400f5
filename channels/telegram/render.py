"""An outbound message as Telegram's messages: text in parts, buttons in rows, the share-my-number keyboard.

Values only; sending is the client's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)
from telegram.constants import MessageLimit

from channels.characters import clean_text, display_columns, is_traditional
from channels.message import Button, Outbound
from channels.splitting import split_text, utf16_units

TEXT_LIMIT = int(MessageLimit.MAX_TEXT_LENGTH)

SHARE_PHONE = "📱 分享我的手机号"
SHARE_PHONE_TRADITIONAL = "📱 分享我的手機號"
HINT = "也可以点下方按钮，直接分享您的手机号。"
HINT_TRADITIONAL = "也可以點下方按鈕，直接分享您的手機號。"

_ROW_LABELS = ((3, 8), (2, 16))
"""So many buttons share a row if none is wider than so many columns. All buttons of a row get the same width,
and a row on a small phone shows about 32 columns before Telegram cuts labels short."""

Markup = InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove


@dataclass(frozen=True, slots=True)
class Part:
    """One message of Telegram's."""

    text: str
    markup: Markup


def render(message: Outbound) -> list[Part]:
    """The messages that say it, in order; empty where nothing visible is left of the text.

    Buttons go with the last part. A message has one keyboard only: where both buttons and a phone number are
    wanted, the phone's keyboard comes with a short message of its own. Every part without a keyboard takes an
    earlier phone keyboard away, whoever sent it and however long ago; Telegram ignores the request where none
    is shown.
    """
    text = clean_text(message.text)
    if text is None:
        return []
    parts = [Part(part, ReplyKeyboardRemove()) for part in split_text(text, TEXT_LIMIT, utf16_units)]
    if message.buttons:
        parts[-1] = Part(parts[-1].text, InlineKeyboardMarkup(button_rows(message.buttons)))
    if message.request_phone:
        traditional = is_traditional(text)
        keyboard = _phone_keyboard(SHARE_PHONE_TRADITIONAL if traditional else SHARE_PHONE)
        if message.buttons:
            parts.append(Part(HINT_TRADITIONAL if traditional else HINT, keyboard))
        else:
            parts[-1] = Part(parts[-1].text, keyboard)
    return parts


def button_rows(buttons: Sequence[Button]) -> list[list[InlineKeyboardButton]]:
    """Buttons in their order, short ones side by side."""
    rows: list[list[Button]] = []
    for button in buttons:
        if rows and _fits([*rows[-1], button]):
            rows[-1].append(button)
        else:
            rows.append([button])
    return [[InlineKeyboardButton(b.label, callback_data=b.token) for b in row] for row in rows]


def _fits(row: Sequence[Button]) -> bool:
    widest = max(display_columns(button.label) for button in row)
    return any(len(row) <= count and widest <= columns for count, columns in _ROW_LABELS)


def _phone_keyboard(label: str) -> ReplyKeyboardMarkup:
    button = KeyboardButton(label, request_contact=True)
    return ReplyKeyboardMarkup([[button]], resize_keyboard=True, one_time_keyboard=True)
