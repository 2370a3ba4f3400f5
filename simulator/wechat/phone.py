"""The user's hand on the WeChat phone: what WeChat lets people do, turned into bubbles and pushes.

Payloads: developers.weixin.qq.com/doc/offiaccount/Message_Management/Receiving_standard_messages.html and
…/Receiving_event_pushes.html.
"""

from __future__ import annotations

import hashlib
import secrets
from typing import Any

from simulator.messages import Kind, ShownMessage
from simulator.phone import Refused, Upload
from simulator.simulation import Simulation
from simulator.wechat.menus import find_button
from simulator.wechat.server import MENU, WechatServer
from simulator.wechat.xml import push_xml

_TEXT_LIMIT = 16_384
_PICTURES_AT_ONCE = 9
UNSUPPORTED = "【收到不支持的消息类型，暂无法显示】"
_VOICE_FORMATS = {"audio/amr": "amr", "audio/speex": "speex", "audio/mpeg": "mp3"}


class WechatPhone:
    def __init__(self, simulation: Simulation, server: WechatServer) -> None:
        self._simulation = simulation
        self._server = server

    def _open_chat(self, contact: str) -> None:
        """Whoever writes first follows the account: the playground's phone comes as a follower."""
        if self._simulation.contacts.meet("wechat", contact).blocked:
            raise Refused("你已取消关注该公众号，请先关注。")

    def _say(
        self, contact: str, kind: Kind, msg_type: str, content: dict[str, Any], text: str = "", **shown: Any
    ) -> ShownMessage:
        """One bubble and its push."""
        message = self._simulation.messages.add(
            "wechat", contact, "user", kind, text, state="sending", **shown
        )
        # A 64-bit number that grows, as MsgId is documented.
        number = self._simulation.store.next_clock_number("wechat_msgid", 1_000_000)
        self._server.sending.open_window(contact, "message")
        xml = push_xml(
            self._simulation.config.wechat_original_id, contact, int(message.at), msg_type,
            {**content, "MsgId": number},
        )  # fmt: skip
        self._server.push.announce(str(number), contact, msg_type, xml, text=text, message=message)
        return message

    def text(self, contact: str, text: str) -> list[ShownMessage]:
        self._open_chat(contact)
        if not text.strip():
            raise Refused("不能发送空白消息")
        if len(text) > _TEXT_LIMIT:
            raise Refused("消息过长，请分开发送")
        return [self._say(contact, "text", "text", {"Content": text}, text)]

    def press(self, contact: str, message_id: int, button_id: str) -> list[ShownMessage]:
        raise Refused("微信消息没有按钮，请回复文字。")

    async def upload(
        self, contact: str, kind: str, files: list[Upload], caption: str, recognition: str
    ) -> list[ShownMessage]:
        """WeChat knows no albums and no captions: every picture, then the words, is a message of its own."""
        self._open_chat(contact)
        if not files or len(files) > _PICTURES_AT_ONCE:
            raise Refused(f"一次可以发送 1 到 {_PICTURES_AT_ONCE} 个文件")
        messages = [self._send_file(contact, kind, upload, recognition) for upload in files]
        return messages + (self.text(contact, caption) if caption.strip() else [])

    def _send_file(self, contact: str, kind: str, upload: Upload, recognition: str) -> ShownMessage:
        shelf = self._simulation.media
        stored = kind if kind in ("photo", "voice", "video", "short_video") else "file"
        medium = shelf.put("wechat", stored, upload.name, upload.mime, upload.body)
        shown: dict[str, Any] = {"file": medium.shown()}
        if stored == "photo":
            link = f"{self._simulation.config.public_url.rstrip('/')}/wechat/pic/{medium.id}/0"
            return self._say(contact, "photo", "image", {"PicUrl": link, "MediaId": medium.id}, **shown)
        if stored == "voice":
            form = _VOICE_FORMATS.get(upload.mime.partition(";")[0], "amr")
            content = {"MediaId": medium.id, "Format": form}
            if recognition:
                content["Recognition"] = recognition
            return self._say(contact, "voice", "voice", content, recognition, **shown)
        if stored in ("video", "short_video"):
            msg_type = "video" if stored == "video" else "shortvideo"
            content = {"MediaId": medium.id, "ThumbMediaId": secrets.token_urlsafe(32)}
            return self._say(contact, "video", msg_type, content, **shown)
        about: dict[str, Any] = {
            "Title": upload.name,
            "Description": "",
            "FileKey": secrets.token_hex(32),
            "FileMd5": hashlib.md5(upload.body, usedforsecurity=False).hexdigest(),
            "FileTotalLen": medium.size,
        }
        return self._say(contact, "file", "file", about, upload.name, **shown)

    def location(self, contact: str, latitude: float, longitude: float, label: str) -> list[ShownMessage]:
        self._open_chat(contact)
        content = {"Location_X": latitude, "Location_Y": longitude, "Scale": 16, "Label": label}
        place = {"latitude": latitude, "longitude": longitude, "label": label}
        return [self._say(contact, "location", "location", content, label, location=place)]

    def sticker(self, contact: str, emoji: str) -> list[ShownMessage]:
        """Stickers reach no account: the push is a text that says so."""
        self._open_chat(contact)
        return [self._say(contact, "sticker", "text", {"Content": UNSUPPORTED}, emoji)]

    def share_phone(self, contact: str, phone: str) -> list[ShownMessage]:
        raise Refused("微信不能一键发送手机号，请直接输入。")

    def link(self, contact: str, title: str, description: str, url: str) -> list[ShownMessage]:
        self._open_chat(contact)
        content = {"Title": title, "Description": description, "Url": url}
        return [self._say(contact, "text", "link", content, f"{title}\n{url}")]

    def edit(self, contact: str, message_id: int, text: str) -> list[ShownMessage]:
        raise Refused("微信消息发出后不能修改。")

    def block(self, contact: str) -> list[ShownMessage]:
        """Unfollow."""
        if self._simulation.contacts.meet("wechat", contact).blocked:
            return []
        self._simulation.contacts.set_blocked("wechat", contact, True)
        self._simulation.contacts.keep_facts("wechat", contact, {})
        self._server.announce_event(contact, "unsubscribe", {"EventKey": ""}, "unsubscribe")
        return [self._note(contact, f"你已取消关注“{self._simulation.config.wechat_name}”")]

    def unblock(self, contact: str) -> list[ShownMessage]:
        """Follow, for the first time or again."""
        self._simulation.contacts.set_blocked("wechat", contact, False)
        note = self._note(contact, f"你已关注“{self._simulation.config.wechat_name}”")
        self._server.sending.open_window(contact, "event")
        self._server.announce_event(contact, "subscribe", {"EventKey": ""}, "subscribe")
        return [note]

    def menu(self, contact: str, key: str) -> list[ShownMessage]:
        self._open_chat(contact)
        button = find_button(self._simulation.store.setting(MENU, []), key) or {"type": "click", "key": key}
        if button.get("type") == "view":
            # Opening a page is announced but opens no window for messages.
            self._server.announce_event(contact, "VIEW", {"EventKey": button["url"]}, button["url"])
        else:
            self._server.sending.open_window(contact, "event")
            self._server.announce_event(contact, "CLICK", {"EventKey": key}, key)
        return []

    def scan(self, contact: str, scene: str) -> list[ShownMessage]:
        """A QR code with a scene: SCAN for followers, subscribe with ``qrscene_`` for others."""
        found = self._simulation.contacts.find("wechat", contact)
        ticket = secrets.token_urlsafe(60)
        follows = found is not None and not found.blocked
        self._simulation.contacts.set_blocked("wechat", contact, False)
        self._server.sending.open_window(contact, "event")
        if follows:
            self._server.announce_event(contact, "SCAN", {"EventKey": scene, "Ticket": ticket}, scene)
            return []
        note = self._note(contact, f"你已关注“{self._simulation.config.wechat_name}”")
        self._server.announce_event(
            contact, "subscribe", {"EventKey": f"qrscene_{scene}", "Ticket": ticket}, scene
        )
        return [note]

    def agree(self, contact: str, template_id: str) -> list[ShownMessage]:
        """The user allows one message of a subscription template."""
        self._open_chat(contact)
        self._server.sending.consent(contact, template_id)
        answer = {"TemplateId": template_id, "SubscribeStatusString": "accept", "PopupScene": 1}
        content = {"SubscribeMsgPopupEvent": {"List": answer}}
        self._server.announce_event(contact, "subscribe_msg_popup_event", content, template_id)
        return [self._note(contact, "你已允许接收一次服务通知")]

    def _note(self, contact: str, text: str) -> ShownMessage:
        return self._simulation.messages.add("wechat", contact, "system", "text", text)

    def profile(self, contact: str) -> dict[str, Any]:
        found = self._simulation.contacts.find("wechat", contact)
        return {
            "contact": contact,
            "name": self._simulation.config.wechat_name,
            "username": self._simulation.config.wechat_original_id,
            "account": self._simulation.config.wechat_account,
            "blocked": found.blocked if found else False,
            "commands": [],
            "menu": [_menu_entry(button) for button in self._simulation.store.setting(MENU, [])],
        }


def _menu_entry(button: dict[str, Any]) -> dict[str, Any]:
    """A button as the page draws it: ``key`` is what ``/menu`` takes."""
    return {
        "name": button.get("name", ""),
        "key": button.get("key") or button.get("url") or "",
        "url": button.get("url", ""),
        "sub": [_menu_entry(child) for child in button.get("sub_button") or []],
    }
