"""What a user can do on a phone, whichever platform it runs; ``telegram/phone.py`` and ``wechat/phone.py``
do it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from simulator.messages import ShownMessage


class Refused(Exception):
    """The phone's own app would not let the user do this. ``str()`` is a sentence for the user."""


@dataclass(frozen=True)
class Upload:
    """One file as the user picked it; ``mime`` as the browser declared it."""

    name: str
    mime: str
    body: bytes


class Phone(Protocol):
    """Each action returns the bubbles that appear on the user's side at once.

    Raises ``Refused`` where the platform's app offers no such thing. ``block`` is Telegram's blocking and
    WeChat's unfollowing, ``unblock`` the return.
    """

    def text(self, contact: str, text: str) -> list[ShownMessage]: ...
    def press(self, contact: str, message_id: int, button_id: str) -> list[ShownMessage]: ...
    async def upload(
        self, contact: str, kind: str, files: list[Upload], caption: str, recognition: str
    ) -> list[ShownMessage]: ...
    def location(self, contact: str, latitude: float, longitude: float, label: str) -> list[ShownMessage]: ...
    def sticker(self, contact: str, emoji: str) -> list[ShownMessage]: ...
    def share_phone(self, contact: str, phone: str) -> list[ShownMessage]: ...
    def link(self, contact: str, title: str, description: str, url: str) -> list[ShownMessage]: ...
    def edit(self, contact: str, message_id: int, text: str) -> list[ShownMessage]: ...
    def block(self, contact: str) -> list[ShownMessage]: ...
    def unblock(self, contact: str) -> list[ShownMessage]: ...
    def menu(self, contact: str, key: str) -> list[ShownMessage]: ...
    def scan(self, contact: str, scene: str) -> list[ShownMessage]: ...
    def agree(self, contact: str, template_id: str) -> list[ShownMessage]: ...
    def profile(self, contact: str) -> dict[str, Any]: ...
