"""The user's hand on the Telegram phone: what the app lets people do, as bubbles and updates."""

from __future__ import annotations

import secrets
from typing import Any

from simulator.messages import Kind, ShownMessage
from simulator.phone import Refused, Upload
from simulator.simulation import Simulation
from simulator.telegram.files import keep_upload
from simulator.telegram.formatting import TEXT_LIMIT
from simulator.telegram.objects import chat_member_change, file_part, from_user, person, text_content
from simulator.telegram.pictures import photo_sizes
from simulator.telegram.updates import Updates

_ALBUM_LIMIT = 10  # core.telegram.org/bots/api#sendmediagroup
_KINDS: dict[str, Kind] = {
    "photo": "photo", "voice": "voice", "audio": "file", "video": "video", "video_note": "video",
    "file": "file", "short_video": "video",
}  # fmt: skip


class TelegramPhone:
    def __init__(self, simulation: Simulation, updates: Updates) -> None:
        self._simulation = simulation
        self._updates = updates

    def _open_chat(self, contact: str) -> None:
        if self._simulation.contacts.meet("telegram", contact).blocked:
            raise Refused("你已停用这个机器人，请先重新启用。")

    def _say(
        self, contact: str, kind: Kind, content: dict[str, Any], text: str = "", **shown: Any
    ) -> ShownMessage:
        """One bubble and its ``message`` update."""
        message = self._simulation.messages.add(
            "telegram", contact, "user", kind, text, state="sending", **shown
        )  # fmt: skip
        wire = from_user(message, content)
        self._simulation.messages.keep_wire(message.id, wire)
        self._updates.announce("message", contact, wire, text=text, message=message)
        return message

    def text(self, contact: str, text: str) -> list[ShownMessage]:
        """The app cuts what is longer than one message, and trims what surrounds it."""
        self._open_chat(contact)
        trimmed = text.strip()
        if not trimmed:
            raise Refused("不能发送空白消息。")
        parts = [trimmed[start : start + TEXT_LIMIT] for start in range(0, len(trimmed), TEXT_LIMIT)]
        return [self._say(contact, "text", text_content(part), part) for part in parts]

    def press(self, contact: str, message_id: int, button_id: str) -> list[ShownMessage]:
        self._open_chat(contact)
        message = self._simulation.messages.get(message_id)
        if message is None or message.contact != contact:
            raise Refused("这条消息已不存在。")
        button = next((one for row in message.buttons for one in row if one.id == button_id), None)
        if button is None:
            raise Refused("这个按钮已失效。")
        if not button.data:
            raise Refused("这是一个链接，请在浏览器中打开。")
        query = str(secrets.randbits(62) + 2**62)
        self._simulation.store.run(
            "INSERT INTO press (id, contact, message, at) VALUES (?, ?, ?, ?)",
            query, contact, message.id, self._simulation.clock.wall(),
        )  # fmt: skip
        content = {
            "id": query,
            "from": person(contact),
            "message": message.wire,
            "chat_instance": str(int(contact) * 7919),
            "data": button.data,
        }
        self._updates.announce("callback_query", contact, content, text=button.label)
        return []

    async def upload(
        self, contact: str, kind: str, files: list[Upload], caption: str, recognition: str
    ) -> list[ShownMessage]:
        """Several photos, or several files, are one album: messages that share ``media_group_id``."""
        self._open_chat(contact)
        if not files or len(files) > _ALBUM_LIMIT:
            raise Refused(f"一次可以发送 1 到 {_ALBUM_LIMIT} 个文件。")
        grouped = len(files) > 1 and kind in ("photo", "video", "file", "audio")
        album = str(secrets.randbits(53) + 10**16) if grouped else ""
        messages = []
        for index, upload in enumerate(files):
            medium, content = await self._file_content(kind, upload)
            words = caption if index == 0 else ""
            if album:
                content["media_group_id"] = album
            if words:
                content["caption"] = words
            messages.append(self._say(contact, _KINDS[kind], content, words, file=medium, album=album))
        return messages

    async def _file_content(self, kind: str, upload: Upload) -> tuple[dict[str, Any], dict[str, Any]]:
        """The stored file as the bubble shows it, and as the Message carries it (bots/api#message)."""
        shelf = self._simulation.media
        medium = keep_upload(shelf, kind, upload)
        part = file_part(medium)
        named = {"file_name": medium.name, "mime_type": medium.mime}
        content: dict[str, Any]
        if kind == "photo":
            content = {"photo": await photo_sizes(shelf, medium, upload.body)}
        elif kind == "voice":
            content = {"voice": {**part, "duration": 3, "mime_type": medium.mime}}
        elif kind == "audio":
            content = {"audio": {**part, "duration": 30, **named}}
        elif kind in ("video", "short_video"):
            content = {"video": {**part, "width": 1280, "height": 720, "duration": 5, **named}}
        elif kind == "video_note":
            content = {"video_note": {**part, "length": 360, "duration": 5}}
        else:
            content = {"document": {**part, **named}}
        return medium.shown(), content

    def location(self, contact: str, latitude: float, longitude: float, label: str) -> list[ShownMessage]:
        self._open_chat(contact)
        place = {"latitude": latitude, "longitude": longitude}
        return [
            self._say(contact, "location", {"location": place}, label, location={**place, "label": label})
        ]

    def sticker(self, contact: str, emoji: str) -> list[ShownMessage]:
        self._open_chat(contact)
        upload = Upload(
            "sticker.webp", "image/webp", b"RIFF\x1a\x00\x00\x00WEBPVP8L\x0d\x00\x00\x00\x2f" + bytes(12)
        )
        medium = keep_upload(self._simulation.media, "sticker", upload)
        sticker = {
            **file_part(medium), "type": "regular", "width": 512, "height": 512, "is_animated": False,
            "is_video": False, "emoji": emoji, "set_name": "SudaPlayground",
        }  # fmt: skip
        return [self._say(contact, "sticker", {"sticker": sticker}, emoji)]

    def share_phone(self, contact: str, phone: str) -> list[ShownMessage]:
        """The user's own number: ``user_id`` is the sender's, which tells it from a forwarded card."""
        self._open_chat(contact)
        card = {"phone_number": phone, "first_name": person(contact)["first_name"], "user_id": int(contact)}
        message = self._say(contact, "contact", {"contact": card}, phone)
        self._simulation.messages.clear_keyboards("telegram", contact)
        return [message]

    def edit(self, contact: str, message_id: int, text: str) -> list[ShownMessage]:
        self._open_chat(contact)
        message = self._simulation.messages.get(message_id)
        if (
            message is None
            or message.contact != contact
            or message.sender != "user"
            or "text" not in message.wire
        ):
            raise Refused("只能修改自己发出的文字消息。")
        self._simulation.messages.set_text(message_id, text)
        dated = {**text_content(text), "edit_date": int(self._simulation.clock.wall())}
        wire = from_user(message, dated)
        self._simulation.messages.keep_wire(message_id, wire)
        self._updates.announce("edited_message", contact, wire, text=text)
        changed = self._simulation.messages.get(message_id)
        return [changed] if changed else []

    def block(self, contact: str) -> list[ShownMessage]:
        return self._turn(contact, blocked=True, note="你已停用机器人")

    def unblock(self, contact: str) -> list[ShownMessage]:
        return self._turn(contact, blocked=False, note="你已重新启用机器人")

    def _turn(self, contact: str, *, blocked: bool, note: str) -> list[ShownMessage]:
        if self._simulation.contacts.meet("telegram", contact).blocked == blocked:
            return []
        self._simulation.contacts.set_blocked("telegram", contact, blocked)
        old, new = ("member", "kicked") if blocked else ("kicked", "member")
        change = chat_member_change(
            self._simulation.config, contact, int(self._simulation.clock.wall()), old, new
        )
        self._updates.announce("my_chat_member", contact, change, text=new)
        return [self._simulation.messages.add("telegram", contact, "system", "text", note)]

    def menu(self, contact: str, key: str) -> list[ShownMessage]:
        """The menu button lists the bot's commands; choosing one sends it."""
        return self.text(contact, key if key.startswith("/") else f"/{key}")

    def link(self, contact: str, title: str, description: str, url: str) -> list[ShownMessage]:
        return self.text(contact, f"{title}\n{url}" if title else url)

    def scan(self, contact: str, scene: str) -> list[ShownMessage]:
        """A deep link (core.telegram.org/bots/features#deep-linking) starts the bot with a parameter."""
        return self.text(contact, f"/start {scene}")

    def agree(self, contact: str, template_id: str) -> list[ShownMessage]:
        raise Refused("Telegram 没有订阅消息。")

    def profile(self, contact: str) -> dict[str, Any]:
        found = self._simulation.contacts.find("telegram", contact)
        return {
            "contact": contact,
            "name": self._simulation.config.telegram_name,
            "username": self._simulation.config.telegram_username,
            "blocked": found.blocked if found else False,
            "commands": self._simulation.store.setting("telegram.commands", []),
            "menu": [],
        }
