"""What a phone shows: the messages of one chat, as the page receives them.

The store of truth for "what did the user see". It knows no platform; platform objects travel in ``wire``
unread.
"""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from typing import Any, Literal

from simulator.clock import Clock, iso
from simulator.config import Channel
from simulator.feed import Feed
from simulator.state import Store

Sender = Literal["user", "bot", "system"]
State = Literal["sending", "delivered", "failed"]
Kind = Literal["text", "photo", "voice", "video", "file", "location", "sticker", "contact"]


@dataclass(frozen=True)
class Button:
    """An inline button. ``data`` is the bot's secret and never leaves for the page."""

    label: str
    id: str
    data: str = ""
    url: str = ""

    def public(self) -> dict[str, str]:
        shown = {"label": self.label, "id": self.id}
        return {**shown, "url": self.url} if self.url else shown


ButtonRows = list[list[Button]]


@dataclass(frozen=True)
class ShownMessage:
    """One bubble. ``id`` also serves as Telegram's ``message_id``; ``at`` is seconds since 1970."""

    id: int
    revision: int
    channel: Channel
    contact: str
    sender: Sender
    kind: Kind
    text: str
    buttons: ButtonRows
    keyboard: list[list[str]]
    request_phone: bool
    file: dict[str, Any] | None
    location: dict[str, Any] | None
    album: str
    at: float
    state: State
    edited: bool
    wire: dict[str, Any]

    def public(self, root: str = "") -> dict[str, Any]:
        """The JSON the page gets; ``root`` is the path under which the app is mounted."""
        file = None
        if self.file is not None:
            file = {key: self.file[key] for key in ("name", "mime", "size")}
            file["url"] = f"{root}/playground/api/files/{self.file['id']}"
        return {
            "id": self.id,
            "from": self.sender,
            "kind": self.kind,
            "text": self.text,
            "buttons": [[button.public() for button in row] for row in self.buttons],
            "keyboard": self.keyboard,
            "request_phone": self.request_phone,
            "file": file,
            "location": self.location,
            "album": self.album,
            "at": iso(self.at),
            "state": self.state,
            "edited": self.edited,
        }


def _from_row(row: sqlite3.Row) -> ShownMessage:
    return ShownMessage(
        id=row["id"],
        revision=row["revision"],
        channel=row["channel"],
        contact=row["contact"],
        sender=row["sender"],
        kind=row["kind"],
        text=row["text"],
        buttons=[[Button(**button) for button in line] for line in json.loads(row["buttons"])],
        keyboard=json.loads(row["keyboard"]),
        request_phone=bool(row["request_phone"]),
        file=json.loads(row["file"]) if row["file"] else None,
        location=json.loads(row["location"]) if row["location"] else None,
        album=row["album"],
        at=row["at"],
        state=row["state"],
        edited=bool(row["edited"]),
        wire=json.loads(row["wire"]),
    )


def _json(value: Any) -> str | None:
    return None if value is None else json.dumps(value, ensure_ascii=False)


def _button_json(rows: ButtonRows) -> str:
    return (
        json.dumps([[vars(button) for button in row] for row in rows], ensure_ascii=False) if rows else "[]"
    )


class Messages:
    """Adds and changes messages, and tells whoever is watching the phone."""

    def __init__(self, store: Store, feed: Feed, clock: Clock) -> None:
        self._store = store
        self._feed = feed
        self._clock = clock

    def _next_revision(self) -> int:
        return self._store.next_clock_number("revision", 1000)

    def add(
        self,
        channel: Channel,
        contact: str,
        sender: Sender,
        kind: Kind,
        text: str = "",
        *,
        buttons: ButtonRows | None = None,
        keyboard: list[list[str]] | None = None,
        request_phone: bool = False,
        file: dict[str, Any] | None = None,
        location: dict[str, Any] | None = None,
        album: str = "",
        state: State = "delivered",
    ) -> ShownMessage:
        """Show a new message; ``file`` is ``{id, name, mime, size}`` of a stored medium."""
        revision = self._next_revision()
        at = self._clock.wall()
        number = self._store.run(
            "INSERT INTO message (revision, channel, contact, sender, kind, text, buttons, keyboard,"
            " request_phone, file, location, album, at, state)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            revision, channel, contact, sender, kind, text, _button_json(buttons or []),
            json.dumps(keyboard or [], ensure_ascii=False), int(request_phone), _json(file), _json(location),
            album, at, state,
        )  # fmt: skip
        message = ShownMessage(
            number, revision, channel, contact, sender, kind, text, buttons or [], keyboard or [],
            request_phone, file, location, album, at, state, False, {},
        )  # fmt: skip
        if sender != "user":
            self._feed.typing(channel, contact, 0)
        self._feed.publish(channel, contact, "message", message)
        return message

    def get(self, number: int) -> ShownMessage | None:
        row = self._store.one("SELECT * FROM message WHERE id = ?", number)
        return None if row is None else _from_row(row)

    def keep_wire(self, number: int, wire: dict[str, Any]) -> None:
        """Remember the platform's own object for this message; the phone does not show it."""
        self._store.run("UPDATE message SET wire = ? WHERE id = ?", _json(wire), number)

    def set_state(self, number: int, state: State) -> None:
        """Nothing happens where the message is gone (a reset) or already in that state."""
        self._change(number, "UPDATE message SET state = ?1 WHERE id = ?2 AND state <> ?1", state, number)

    def set_text(self, number: int, text: str) -> None:
        self._change(number, "UPDATE message SET text = ?, edited = 1 WHERE id = ?", text, number)

    def set_buttons(self, number: int, buttons: ButtonRows) -> None:
        self._change(number, "UPDATE message SET buttons = ? WHERE id = ?", _button_json(buttons), number)

    def clear_keyboards(self, channel: Channel, contact: str) -> None:
        """Take away the reply keyboard, and with it a request for the phone number, wherever it stands."""
        rows = self._store.all(
            "SELECT id FROM message WHERE channel = ? AND contact = ?"
            " AND (request_phone = 1 OR keyboard <> '[]')",
            channel,
            contact,
        )
        for row in rows:
            self._change(
                row["id"], "UPDATE message SET request_phone = 0, keyboard = '[]' WHERE id = ?", row["id"]
            )

    def _change(self, number: int, sql: str, *values: Any) -> None:
        if not self._store.change(sql, *values):
            return
        self._store.run("UPDATE message SET revision = ? WHERE id = ?", self._next_revision(), number)
        message = self.get(number)
        if message is not None:
            self._feed.publish(message.channel, message.contact, "update", message)

    def after(self, channel: Channel, contact: str, number: int, limit: int = 500) -> list[ShownMessage]:
        """The newest ``limit`` messages with an id above ``number``, oldest first."""
        rows = self._store.all(
            "SELECT * FROM message WHERE channel = ? AND contact = ? AND id > ? ORDER BY id DESC LIMIT ?",
            channel, contact, number, limit,
        )  # fmt: skip
        return [_from_row(row) for row in reversed(rows)]

    def changed_since(self, channel: Channel, contact: str, revision: int) -> list[ShownMessage]:
        """Messages added or changed after ``revision``, in that order: what a reconnecting page missed."""
        rows = self._store.all(
            "SELECT * FROM message WHERE channel = ? AND contact = ? AND revision > ?"
            " ORDER BY revision LIMIT 500",
            channel, contact, revision,
        )  # fmt: skip
        return [_from_row(row) for row in rows]

    def of_channel(self, channel: Channel, contact: str | None) -> list[ShownMessage]:
        """Every message ever shown, for the ledger."""
        rows = self._store.all(
            "SELECT * FROM message WHERE channel = ?1 AND (?2 IS NULL OR contact = ?2) ORDER BY id",
            channel,
            contact,
        )
        return [_from_row(row) for row in rows]
