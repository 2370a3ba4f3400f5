"""The account's menu: limits of ``menu/create``, and the shape in which the phone gets it.

Source: developers.weixin.qq.com/doc/offiaccount/Custom_Menus/Creating_Custom-Defined_Menu.html: up to 3
buttons with up to 5 sub-buttons; names up to 16 bytes (60 below a button), keys up to 128 bytes, links up
to 1024.
"""

from __future__ import annotations

from typing import Any

from simulator.wechat.errors import WechatError

_WITH_KEY = frozenset(
    {
        "click",
        "scancode_push",
        "scancode_waitmsg",
        "pic_sysphoto",
        "pic_photo_or_album",
        "pic_weixin",
        "location_select",
    }
)


def check_menu(given: dict[str, Any]) -> list[dict[str, Any]]:
    """The buttons, or the platform's refusal."""
    buttons = given.get("button")
    if not isinstance(buttons, list) or not 1 <= len(buttons) <= 3:
        raise WechatError(40016)
    for button in buttons:
        if not isinstance(button, dict):
            raise WechatError(47001)
        _check_name(button, 16, 40018)
        below = button.get("sub_button") or []
        if not isinstance(below, list) or len(below) > 5:
            raise WechatError(40023)
        for child in below:
            if not isinstance(child, dict):
                raise WechatError(47001)
            _check_name(child, 60, 40025)
            _check_action(child)
        if not below:
            _check_action(button)
    return buttons


def _check_name(button: dict[str, Any], limit: int, code: int) -> None:
    if not 1 <= len(str(button.get("name", "")).encode()) <= limit:
        raise WechatError(code)


def _check_action(button: dict[str, Any]) -> None:
    kind = button.get("type")
    if kind in _WITH_KEY:
        if not 1 <= len(str(button.get("key", "")).encode()) <= 128:
            raise WechatError(40019)
    elif kind == "view":
        if not 1 <= len(str(button.get("url", "")).encode()) <= 1024:
            raise WechatError(40020)
    else:
        raise WechatError(40017)


def find_button(buttons: list[dict[str, Any]], key: str) -> dict[str, Any] | None:
    """The button with this key or link, at either level."""
    for button in buttons:
        below: list[dict[str, Any]] = button.get("sub_button") or []
        for one in [button, *below]:
            if key in (one.get("key"), one.get("url")):
                return one
    return None
