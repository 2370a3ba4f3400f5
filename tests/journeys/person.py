"""A person with a phone before the whole product: says something, waits until all of it is answered, reads.

He knows the platform only through its phone; what became of it inside is read from the database.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from cases.tables import Case, Draft, Evidence
from channels.wechat.render import typed
from conversations.database import Database
from conversations.script import HANT, as_said
from conversations.tables import (
    Contact,
    Conversation,
    InboundMessage,
    Media,
    OutboundMessage,
    TrackerEvent,
)
from tests.journeys.said import Do, Said, Send, Tap
from tests.product import StandIns, wait_for

ANSWER_SECONDS = 60.0


@dataclass
class Person:
    """One contact of one platform."""

    platforms: StandIns
    database: Database
    channel: str
    contact: str
    messages: int = 0
    """How often he did something; a tap counts."""
    answer: str = ""
    """All that was shown to him after his last message, as one text."""
    buttons: list[str] = field(default_factory=list)
    """The choices under the answer: buttons on Telegram, the list on WeChat."""
    _read_up_to: int = 0

    def say(self, what: Said) -> str:
        """Do it, and wait until it is handled and everything to say about it has arrived; returns the answer."""
        self.act(what)
        self.messages += 1
        return self.read()

    def act(self, what: Said) -> None:
        """Do it and wait for nothing."""
        if isinstance(what, str):
            self._post("text", {"text": what})
        elif isinstance(what, Do):
            self._post(what.act, what.fields)
        elif isinstance(what, Send):
            self._upload(what)
        elif self.channel == "telegram":
            self._press(what)
        else:
            assert what.label in self.buttons, f"no choice {what.label!r} in: {self.answer}"
            self._post("text", {"text": what.label})

    def read(self) -> str:
        """Wait until everything that happened so far is handled and answered; returns what is new on the phone."""
        wait_for(f"{self.channel} {self.contact} is answered", self._settled, ANSWER_SECONDS, every=0.05)
        fresh = [m for m in self.shown() if m["id"] > self._read_up_to and m["from"] == "bot"]
        self.answer = "\n".join(m["text"] for m in fresh)
        self.buttons = [button["label"] for m in fresh for row in m["buttons"] for button in row]
        if self.channel == "wechat":
            self.buttons = re.findall(r"(?m)^(?:\d+\.|·) (.+)$", self.answer)
            named = re.findall(r"回[复覆]((?:「[^」]+」或?)+)", self.answer)
            self.buttons += re.findall(r"「([^」]+)」", "".join(named))
        self._read_up_to = max([self._read_up_to, *(m["id"] for m in fresh)])
        return self.answer

    def shown(self) -> list[dict[str, Any]]:
        """Every bubble on the phone."""
        found: list[dict[str, Any]] = self.platforms.get(f"{self.channel}/messages", contact=self.contact)[
            "messages"
        ]
        return found

    def last_own(self) -> dict[str, Any]:
        """His own last bubble."""
        return [m for m in self.shown() if m["from"] == "user"][-1]

    def conversation(self) -> Conversation:
        """His conversation; fails where there is none."""
        with self.database.read() as session:
            return session.scalars(
                select(Conversation)
                .join(Contact)
                .where(Contact.channel == self.channel, Contact.external_id == self.contact)
            ).one()

    def inbound(self) -> Sequence[InboundMessage]:
        """What came in from him, in order of arrival."""
        return self._rows(InboundMessage)

    def outbound(self) -> Sequence[OutboundMessage]:
        """What was to be said to him, in order."""
        return self._rows(OutboundMessage)

    def media(self) -> list[Media]:
        """His files, in order."""
        with self.database.read() as session:
            return list(
                session.scalars(
                    select(Media)
                    .join(InboundMessage)
                    .where(InboundMessage.conversation_id == self._conversation_id())
                    .order_by(Media.id)
                )
            )

    def cases(self) -> list[Case]:
        """The cases that he opened, with evidence and timeline."""
        with self.database.read() as session:
            found = list(
                session.scalars(
                    select(Case).where(Case.conversation_id == self._conversation_id()).order_by(Case.id)
                )
            )
            for case in found:
                _ = case.evidence, case.timeline
            return found

    def drafts(self, state: str = "open") -> list[Draft]:
        """His drafts of this state."""
        return [draft for draft in self._rows(Draft) if draft.state == state]

    def evidence(self) -> Sequence[Evidence]:
        """Every file that was kept for him, in a draft or a case."""
        return self._rows(Evidence)

    def number(self) -> str:
        """The case number in the last answer."""
        match = re.search(r"TS\d{13}", self.answer)
        assert match, self.answer
        return match.group()

    def check_rows(self) -> None:
        """Each of his messages was stored and handled once, in order, heard once, and every reply given once."""
        updates = self.platforms.get("ledger", channel=self.channel, contact=self.contact)[self.channel]
        rows = self.inbound()
        ours = [row for row in rows if not row.external_id.startswith("floor:")]
        assert sorted(_platform_id(row.external_id) for row in ours) == sorted(
            str(update["external_id"]) for update in updates["updates"]
        )
        assert {row.state for row in rows} <= {"handled"}
        assert sorted(row.handled_seq or 0 for row in rows) == list(range(1, len(rows) + 1))
        heard = Counter(self._heard())
        assert [key for key, count in heard.items() if count > 1] == []
        replies = self.outbound()
        assert {row.state for row in replies} <= {"sent", "superseded"}
        assert sum(row.repeats for row in replies) == 0
        shown = [m["text"] for m in self.shown() if m["from"] == "bot"]
        for text, count in Counter(row.text for row in replies if row.state == "sent").items():
            assert _times_shown(text, shown) >= count, f"never shown: {text}"

    def _heard(self) -> list[tuple[int, bool]]:
        """The messages that the dialogue heard; one with a file and words is heard twice, once without words."""
        with self.database.read() as session:
            events = session.scalars(
                select(TrackerEvent.data).where(
                    TrackerEvent.conversation_id == self._conversation_id(), TrackerEvent.type == "user"
                )
            )
            heard = [json.loads(event) for event in events]
        return [
            (event["metadata"]["inbound_id"], bool(event.get("text")))
            for event in heard
            if "inbound_id" in (event.get("metadata") or {})
        ]

    def _conversation_id(self) -> int:
        return self.conversation().id

    def _rows(self, table: Any) -> list[Any]:
        with self.database.read() as session:
            return list(
                session.scalars(
                    select(table).where(table.conversation_id == self._conversation_id()).order_by(table.id)
                )
            )

    def _settled(self) -> bool:
        report = self.platforms.get("ledger", channel=self.channel, contact=self.contact)[self.channel]
        if any(update["state"] in ("pending", "held") for update in report["updates"]):
            return False
        with self.database.read() as session:
            conversation_id = session.scalar(
                select(Conversation.id)
                .join(Contact)
                .where(Contact.channel == self.channel, Contact.external_id == self.contact)
            )
            if conversation_id is None:
                return not report["updates"]
            inbound = session.execute(
                select(InboundMessage.external_id, InboundMessage.state).where(
                    InboundMessage.conversation_id == conversation_id
                )
            ).all()
            outbound = session.execute(
                select(OutboundMessage.text, OutboundMessage.state).where(
                    OutboundMessage.conversation_id == conversation_id
                )
            ).all()
        stored = {_platform_id(row.external_id) for row in inbound}
        if any(str(update["external_id"]) not in stored for update in report["updates"]):
            return False
        if any(row.state in ("fetching", "pending") for row in inbound):
            return False
        if any(row.state in ("queued", "sending") for row in outbound):
            return False
        shown = [m["text"] for m in report["messages"] if m["from"] == "bot"]
        due = Counter(row.text for row in outbound if row.state == "sent")
        return all(_times_shown(text, shown) >= count for text, count in due.items())

    def _post(self, act: str, fields: dict[str, Any]) -> None:
        self.platforms.post(f"{self.channel}/{act}", fields, contact=self.contact)

    def _press(self, tap: Tap) -> None:
        for message in reversed(self.shown()):
            for row in message["buttons"]:
                for button in row:
                    if button["label"] == tap.label:
                        self._post("press", {"message_id": message["id"], "button_id": button["id"]})
                        return
        raise AssertionError(f"no button {tap.label!r}; last answer: {self.answer}")

    def _upload(self, what: Send) -> None:
        answer = self.platforms.http.post(
            f"{self.platforms.url}/playground/api/{self.channel}/upload",
            params={"contact": self.contact},
            data={"kind": what.kind, "caption": what.caption, "recognition": what.recognition},
            files=[("files", (file.name, file.body, file.mime)) for file in what.files],
        )
        answer.raise_for_status()


def _times_shown(text: str, shown: Sequence[str]) -> int:
    """How often words of ours stand on the phone, in the one script or the other, tapped or typed."""
    turned = as_said(text, "bot", HANT)
    return sum(one.count(way) for way in {text, turned, typed(text), typed(turned)} for one in shown)


def _platform_id(external_id: str) -> str:
    """A message's id as the platform's ledger has it: of a WeChat event, FromUserName and CreateTime."""
    contact, colon, rest = external_id.partition(":")
    return contact + rest.partition(":")[0] if colon else external_id


def verify_dialog(person: Person, dialogue: Sequence[tuple[Said, str]]) -> None:
    """Say each line and look for what is expected in its answer (a regular expression; "" expects silence).

    Afterwards every row of the conversation must tell of messages handled once and replies given once.
    """
    for said, expected in dialogue:
        answer = person.say(said)
        told = f"said: {said}\nexpected: {expected}\nanswered: {answer}"
        if expected:
            assert re.search(expected, answer, re.DOTALL), told
        else:
            assert answer == "", told
    person.check_rows()
