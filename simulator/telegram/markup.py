"""``reply_markup``: inline buttons, reply keyboards and their removal, checked as the Bot API checks them.

Source: core.telegram.org/bots/api#inlinekeyboardmarkup and #replykeyboardmarkup.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from simulator.messages import Button, ButtonRows
from simulator.telegram.errors import bad_request
from simulator.telegram.params import Params

CALLBACK_DATA_LIMIT = 64  # bytes
_BUTTON_LIMIT = 100


@dataclass(frozen=True)
class Markup:
    """``inline``: as the result echoes it. ``removes``: the reply keyboard goes."""

    buttons: ButtonRows = field(default_factory=list)
    keyboard: list[list[str]] = field(default_factory=list)
    request_phone: bool = False
    removes: bool = False
    inline: dict[str, Any] | None = None

    @property
    def replaces_keyboard(self) -> bool:
        return self.removes or self.request_phone or bool(self.keyboard)


def read_markup(params: Params) -> Markup:
    """Raises 400 with the platform's words for anything malformed."""
    given = params.structure("reply_markup", "can't parse reply keyboard markup JSON object")
    if given is None:
        return Markup()
    if not isinstance(given, dict):
        raise bad_request("object expected as reply markup")
    if "inline_keyboard" in given:
        return _inline(given["inline_keyboard"])
    if "keyboard" in given:
        return _keyboard(given["keyboard"])
    return Markup(removes=bool(given.get("remove_keyboard")))


def _rows(value: Any, name: str) -> list[list[Any]]:
    if not isinstance(value, list) or not all(isinstance(row, list) for row in value):
        raise bad_request(f'field "{name}" must be of type Array of Arrays')
    rows = [row for row in value if row]
    if sum(len(row) for row in rows) > _BUTTON_LIMIT:
        raise bad_request("reply markup is too long")
    return rows


def _inline(value: Any) -> Markup:
    rows = _rows(value, "inline_keyboard")
    buttons = [
        [_inline_button(given, f"{line}.{column}") for column, given in enumerate(row)]
        for line, row in enumerate(rows)
    ]
    return Markup(buttons=buttons, inline={"inline_keyboard": rows} if rows else None)


def _inline_button(given: Any, identifier: str) -> Button:
    complaint = "can't parse inline keyboard button: "
    if not isinstance(given, dict):
        raise bad_request(complaint + "InlineKeyboardButton must be an Object")
    label = given.get("text")
    if not isinstance(label, str) or not label.strip():
        raise bad_request(complaint + 'Field "text" must be of type String')
    if "url" in given:
        url = str(given["url"])
        if urlsplit(url).scheme not in ("http", "https", "tg"):
            raise bad_request(f"inline keyboard button URL '{url}' is invalid: Unsupported URL protocol")
        return Button(label, identifier, url=url)
    if "callback_data" not in given:
        raise bad_request(complaint + "Text buttons are unallowed in the inline keyboard")
    data = given["callback_data"]
    if not isinstance(data, str) or not 1 <= len(data.encode()) <= CALLBACK_DATA_LIMIT:
        raise bad_request("BUTTON_DATA_INVALID")
    return Button(label, identifier, data=data)


def _keyboard(value: Any) -> Markup:
    labels: list[list[str]] = []
    request_phone = False
    for row in _rows(value, "keyboard"):
        line: list[str] = []
        for given in row:
            label = given.get("text") if isinstance(given, dict) else given
            if not isinstance(label, str) or not label.strip():
                raise bad_request('can\'t parse keyboard button: Field "text" must be of type String')
            if isinstance(given, dict) and given.get("request_contact"):
                request_phone = True
            else:
                line.append(label)
        if line:
            labels.append(line)
    return Markup(keyboard=labels, request_phone=request_phone)
