"""Reading the requests of pages and tests: from which site, for which phone, with which fields.

Refusals are ``HTTPException`` with a Chinese sentence, since people read them on the phones.
"""

from __future__ import annotations

import re
from typing import TypeVar

from fastapi import HTTPException, Request
from pydantic import BaseModel, ValidationError

from simulator.config import CHANNELS, Channel, SimulatorConfig

_CONTACT = re.compile(r"[\w-]{1,64}", re.ASCII)

Fields = TypeVar("Fields", bound=BaseModel)


def check_site(request: Request) -> None:
    """Refuses what a browser says comes from another site's page, since the phones have no sign-in."""
    if request.headers.get("sec-fetch-site") == "cross-site":
        raise HTTPException(403, "不接受来自其他网站的请求")


def read_channel(request: Request) -> Channel:
    given = request.path_params["channel"]
    for channel in CHANNELS:
        if channel == given:
            return channel
    raise HTTPException(404, "没有这台手机")


def read_contact(request: Request, channel: Channel, config: SimulatorConfig) -> str:
    """The ``contact`` of the query; without one, the holder of the playground's phone."""
    contact = request.query_params.get("contact") or config.default_contact(channel)
    if not _CONTACT.fullmatch(contact) or (channel == "telegram" and not contact.isdigit()):
        raise HTTPException(422, "用户编号不对：Telegram 只能是数字，微信是字母、数字、横线和下划线")
    return contact


async def read_fields(request: Request, fields: type[Fields]) -> Fields:
    """The JSON body; an empty one stands for no fields."""
    body = await request.body()
    kind = request.headers.get("content-type", "application/json").partition(";")[0].strip().lower()
    if body and kind != "application/json":
        raise HTTPException(415, "请求应为 JSON")
    try:
        return fields.model_validate_json(body or b"{}")
    except ValidationError as error:
        wrong = "、".join(".".join(map(str, problem["loc"])) or "JSON" for problem in error.errors())
        raise HTTPException(422, f"请求内容不对：{wrong}") from error


def read_number(request: Request, name: str, default: int) -> int:
    text = request.query_params.get(name, "")
    if not text:
        return default
    if not text.isascii() or not text.isdigit():
        raise HTTPException(422, f"{name} 应为数字")
    return int(text)
