"""The user's actions by name: what each one's request holds, and what it does on the phone.

``POST /playground/api/{channel}/{name}`` with the fields as JSON. Uploading is apart, since it carries files.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, Field

from simulator.messages import ShownMessage
from simulator.phone import Phone


class Nothing(BaseModel):
    pass


class Text(BaseModel):
    text: str = Field(min_length=1, max_length=100_000)


class Press(BaseModel):
    message_id: int
    button_id: str


class Location(BaseModel):
    latitude: float = Field(default=31.2304, ge=-90, le=90)
    longitude: float = Field(default=121.4737, ge=-180, le=180)
    label: str = "上海市黄浦区人民大道"


class Sticker(BaseModel):
    emoji: str = "👍"


class PhoneNumber(BaseModel):
    phone: str = Field(default="+8613800138000", pattern=r"^\+?\d{5,15}$")


class Link(BaseModel):
    title: str
    description: str = ""
    url: str


class Edit(BaseModel):
    message_id: int
    text: str = Field(min_length=1, max_length=4096)


class Menu(BaseModel):
    key: str = Field(min_length=1)


class Scan(BaseModel):
    scene: str = Field(default="playground", min_length=1)


class Agree(BaseModel):
    template_id: str = Field(min_length=1)


@dataclass(frozen=True)
class Action:
    """``act(phone, contact, given)``, where ``given`` is a ``fields``."""

    fields: type[BaseModel]
    act: Callable[[Phone, str, Any], list[ShownMessage]]


ACTIONS: dict[str, Action] = {
    "text": Action(Text, lambda phone, who, given: phone.text(who, given.text)),
    "press": Action(Press, lambda phone, who, given: phone.press(who, given.message_id, given.button_id)),
    "location": Action(
        Location, lambda phone, who, given: phone.location(who, given.latitude, given.longitude, given.label)
    ),
    "sticker": Action(Sticker, lambda phone, who, given: phone.sticker(who, given.emoji)),
    "share-phone": Action(PhoneNumber, lambda phone, who, given: phone.share_phone(who, given.phone)),
    "link": Action(
        Link, lambda phone, who, given: phone.link(who, given.title, given.description, given.url)
    ),
    "edit": Action(Edit, lambda phone, who, given: phone.edit(who, given.message_id, given.text)),
    "block": Action(Nothing, lambda phone, who, given: phone.block(who)),
    "unblock": Action(Nothing, lambda phone, who, given: phone.unblock(who)),
    "unsubscribe": Action(Nothing, lambda phone, who, given: phone.block(who)),
    "subscribe": Action(Nothing, lambda phone, who, given: phone.unblock(who)),
    "menu": Action(Menu, lambda phone, who, given: phone.menu(who, given.key)),
    "scan": Action(Scan, lambda phone, who, given: phone.scan(who, given.scene)),
    "agree": Action(Agree, lambda phone, who, given: phone.agree(who, given.template_id)),
}
