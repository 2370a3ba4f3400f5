"""Bot API methods that put something before the user or change it: sendMessage, sendPhoto, sendDocument,
edits.

Checks come in the platform's order: chat, block, text, markup, pace. Descriptions are the platform's own.
"""

from __future__ import annotations

from typing import Any

from simulator.messages import ShownMessage
from simulator.phone import Upload
from simulator.simulation import Simulation
from simulator.telegram.errors import BotApiError, bad_request, too_many_requests
from simulator.telegram.files import keep_upload
from simulator.telegram.formatting import CAPTION_LIMIT, TEXT_LIMIT, formatted
from simulator.telegram.limits import Pace
from simulator.telegram.markup import Markup, read_markup
from simulator.telegram.objects import file_part, from_bot
from simulator.telegram.params import Params

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a "
    "current content and reply markup of the message"
)


class Sending:
    """Each method returns the Message it showed or changed. Raises ``BotApiError``."""

    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation
        self._pace = Pace()

    def reachable_chat(self, params: Params) -> str:
        """The chat's id as text, if the bot may write there."""
        if not params.has("chat_id"):
            raise bad_request("chat_id is empty")
        contact = params.text("chat_id")
        found = self._simulation.contacts.find("telegram", contact)
        if found is None:
            raise bad_request("chat not found")
        if found.blocked:
            raise BotApiError(403, "Forbidden: bot was blocked by the user")
        return contact

    def _claim_pace(self, contact: str) -> None:
        if self._simulation.config.telegram_limits:
            wait = self._pace.claim(contact, self._simulation.clock.wall())
            if wait:
                raise too_many_requests(wait)

    def send_message(self, params: Params) -> ShownMessage:
        contact = self.reachable_chat(params)
        text, entities = _text(params)
        markup = read_markup(params)
        self._claim_pace(contact)
        message = self._show(contact, "text", text, markup)
        content: dict[str, Any] = {"text": text}
        if entities:
            content["entities"] = entities
        return self._finish(message, content, markup)

    def send_photo(self, params: Params) -> ShownMessage:
        return self._send_file(params, "photo")

    def send_document(self, params: Params) -> ShownMessage:
        return self._send_file(params, "document")

    def _send_file(self, params: Params, field: str) -> ShownMessage:
        contact = self.reachable_chat(params)
        caption, entities = formatted(params.text("caption"), params.text("parse_mode"))
        if len(caption) > CAPTION_LIMIT:
            raise bad_request("message caption is too long")
        markup = read_markup(params)
        shelf = self._simulation.media
        upload = _upload(params, field)
        kind = "photo" if field == "photo" else "file"
        if upload is not None:
            medium = keep_upload(shelf, kind, upload)
        else:
            found = shelf.find(params.text(field))
            if found is None:
                raise bad_request("wrong file identifier/HTTP URL specified")
            medium = found
        self._claim_pace(contact)
        message = self._simulation.messages.add(
            "telegram", contact, "bot", "photo" if field == "photo" else "file", caption,
            buttons=markup.buttons, file=medium.shown(),
        )  # fmt: skip
        part = {**file_part(medium), "file_name": medium.name, "mime_type": medium.mime}
        content: dict[str, Any] = {"document": part}
        if field == "photo":
            content = {"photo": [{**file_part(medium), "width": 1280, "height": 960}]}
        if caption:
            content["caption"] = caption
        if entities:
            content["caption_entities"] = entities
        return self._finish(message, content, markup)

    def edit_text(self, params: Params) -> ShownMessage:
        message = self._own_message(params)
        text, entities = _text(params)
        markup = read_markup(params)
        if text == message.text and markup.inline == message.wire.get("reply_markup"):
            raise bad_request(NOT_MODIFIED)
        if text != message.text:
            self._simulation.messages.set_text(message.id, text)
        content: dict[str, Any] = {"text": text, **({"entities": entities} if entities else {})}
        return self._finish_edit(message, content, markup)

    def edit_markup(self, params: Params) -> ShownMessage:
        message = self._own_message(params)
        markup = read_markup(params)
        if markup.inline == message.wire.get("reply_markup"):
            raise bad_request(NOT_MODIFIED)
        kept = {key: value for key, value in message.wire.items() if key in _CONTENT_FIELDS}
        return self._finish_edit(message, kept, markup)

    def _own_message(self, params: Params) -> ShownMessage:
        contact = self.reachable_chat(params)
        message = self._simulation.messages.get(params.integer("message_id"))
        if message is None or message.contact != contact or message.sender == "system":
            raise bad_request("message to edit not found")
        if message.sender != "bot":
            raise bad_request("message can't be edited")
        return message

    def _show(self, contact: str, kind: Any, text: str, markup: Markup) -> ShownMessage:
        if markup.replaces_keyboard:
            self._simulation.messages.clear_keyboards("telegram", contact)
        return self._simulation.messages.add(
            "telegram", contact, "bot", kind, text,
            buttons=markup.buttons, keyboard=markup.keyboard, request_phone=markup.request_phone,
        )  # fmt: skip

    def _finish(self, message: ShownMessage, content: dict[str, Any], markup: Markup) -> ShownMessage:
        wire = from_bot(self._simulation.config, message, content)
        if markup.inline is not None:
            wire["reply_markup"] = markup.inline
        self._simulation.messages.keep_wire(message.id, wire)
        message.wire.update(wire)
        return message

    def _finish_edit(self, message: ShownMessage, content: dict[str, Any], markup: Markup) -> ShownMessage:
        self._simulation.messages.set_buttons(message.id, markup.buttons)
        message.wire.clear()
        content = {"edit_date": int(self._simulation.clock.wall()), **content}
        return self._finish(message, content, markup)


_CONTENT_FIELDS = ("text", "entities", "photo", "document", "caption", "caption_entities")


def _text(params: Params) -> tuple[str, list[dict[str, Any]]]:
    text, entities = formatted(params.text("text"), params.text("parse_mode"))
    if not text:
        raise bad_request("message text is empty")
    if len(text) > TEXT_LIMIT:
        raise bad_request("message is too long")
    return text, entities


def _upload(params: Params, field: str) -> Upload | None:
    """The file in this field, sent directly or as ``attach://<another field>``."""
    named = params.text(field)
    if named.startswith("attach://"):
        return params.files.get(named.removeprefix("attach://"))
    return params.files.get(field)
