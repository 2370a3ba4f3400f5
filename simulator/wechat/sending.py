"""What the API lets an account send: customer-service, template and subscription messages, and the typing
state.

Each function shows the user something and returns the bubble, or raises ``WechatError``.
"""

from __future__ import annotations

from typing import Any, Protocol

from simulator.contacts import Contact
from simulator.messages import Kind, ShownMessage
from simulator.simulation import Simulation
from simulator.wechat.errors import WechatError
from simulator.wechat.quota import Occasion, from_facts, granted, spent, to_facts

TEXT_LIMIT = 2048  # bytes; not published, measured, error 45002
TYPING_SECONDS = 15.0
_TYPING_AFTER_SECONDS = 30.0

_MEDIA: dict[str, Kind] = {"image": "photo", "voice": "voice", "video": "video"}


class Notify(Protocol):
    """Pushes an event about a sent message back to the account."""

    def __call__(self, openid: str, event: str, content: dict[str, Any], text: str) -> None: ...


class Sending:
    def __init__(self, simulation: Simulation, notify: Notify) -> None:
        self._simulation = simulation
        self._notify = notify

    def follower(self, given: dict[str, Any], unfollowed: int) -> Contact:
        """The addressee; ``unfollowed``: the error code for somebody who does not follow the account."""
        found = self._simulation.contacts.find("wechat", str(given.get("touser", "")))
        if found is None:
            raise WechatError(40003)
        if found.blocked:
            raise WechatError(unfollowed)
        return found

    def open_window(self, openid: str, occasion: Occasion) -> None:
        """The user did something that lets the account write."""
        contact = self._simulation.contacts.meet("wechat", openid)
        now = self._simulation.clock.now()
        grants = granted(from_facts(contact.facts.get("grants", [])), occasion, now)
        facts = {**contact.facts, "grants": to_facts(grants), "seen_at": now}
        self._simulation.contacts.keep_facts("wechat", openid, facts)

    def custom(self, given: dict[str, Any]) -> ShownMessage:
        contact = self.follower(given, 45015)
        kind, text, file = self._custom_content(given)
        grants = spent(from_facts(contact.facts.get("grants", [])), self._simulation.clock.now())
        self._simulation.contacts.keep_facts(
            "wechat", contact.id, {**contact.facts, "grants": to_facts(grants)}
        )
        return self._simulation.messages.add("wechat", contact.id, "bot", kind, text, file=file)

    def _custom_content(self, given: dict[str, Any]) -> tuple[Kind, str, dict[str, Any] | None]:
        kind = given.get("msgtype")
        inner = given.get(kind) if isinstance(kind, str) else None
        if kind == "text":
            text = inner.get("content") if isinstance(inner, dict) else None
            if not isinstance(text, str) or not text:
                raise WechatError(44004)
            if len(text.encode()) > TEXT_LIMIT:
                raise WechatError(45002)
            return "text", text, None
        if kind in _MEDIA:
            medium = (
                self._simulation.media.find(str(inner.get("media_id", "")))
                if isinstance(inner, dict)
                else None
            )
            if medium is None:
                raise WechatError(40007)
            return _MEDIA[kind], "", medium.shown()
        raise WechatError(40008)

    def typing(self, given: dict[str, Any]) -> None:
        contact = self.follower(given, 45015)
        command = given.get("command")
        if command == "CancelTyping":
            self._simulation.feed.typing("wechat", contact.id, 0)
            return
        if command != "Typing":
            raise WechatError(45072)
        if contact.facts.get("seen_at", 0.0) + _TYPING_AFTER_SECONDS < self._simulation.clock.now():
            raise WechatError(45080)
        if self._simulation.feed.is_typing("wechat", contact.id):
            raise WechatError(45081)
        self._simulation.feed.typing("wechat", contact.id, TYPING_SECONDS)

    def template(self, given: dict[str, Any]) -> tuple[ShownMessage, int]:
        """The bubble and the ``msgid``; the account hears by an event that it arrived."""
        contact = self.follower(given, 43004)
        message = self._card(contact.id, given)
        number = self._simulation.store.next_clock_number("wechat_msgid", 1_000_000)
        self._notify(
            contact.id,
            "TEMPLATESENDJOBFINISH",
            {"MsgID": number, "Status": "success"},
            "TEMPLATESENDJOBFINISH",
        )
        return message, number

    def subscribed(self, given: dict[str, Any]) -> ShownMessage:
        """One consent, one message: 43101 where none is left."""
        contact = self.follower(given, 43004)
        template = str(given.get("template_id", ""))
        consents: dict[str, int] = dict(contact.facts.get("consents", {}))
        if consents.get(template, 0) < 1:
            raise WechatError(43101)
        message = self._card(contact.id, given)
        consents[template] -= 1
        self._simulation.contacts.keep_facts("wechat", contact.id, {**contact.facts, "consents": consents})
        number = str(self._simulation.store.next_clock_number("wechat_msgid", 1_000_000))
        sent = {"TemplateId": template, "MsgID": number, "ErrorCode": 0, "ErrorStatus": "success"}
        self._notify(
            contact.id,
            "subscribe_msg_sent_event",
            {"SubscribeMsgSentEvent": {"List": sent}},
            "subscribe_msg_sent_event",
        )
        return message

    def consent(self, openid: str, template: str) -> None:
        """The user agreed to one message of this template."""
        contact = self._simulation.contacts.meet("wechat", openid)
        consents: dict[str, int] = dict(contact.facts.get("consents", {}))
        consents[template] = consents.get(template, 0) + 1
        self._simulation.contacts.keep_facts("wechat", openid, {**contact.facts, "consents": consents})

    def _card(self, openid: str, given: dict[str, Any]) -> ShownMessage:
        template, data = given.get("template_id"), given.get("data")
        if not isinstance(template, str) or not template:
            raise WechatError(40037)
        if not isinstance(data, dict):
            raise WechatError(47001)
        lines = [str(field.get("value", "")) for field in data.values() if isinstance(field, dict)]
        return self._simulation.messages.add(
            "wechat", openid, "bot", "text", "【服务通知】\n" + "\n".join(lines)
        )
