"""Judges a run from what the platforms saw and what the database holds, and from nothing else."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from cases.tables import Case, Evidence
from channels.wechat.render import typed
from conversations.database import Database
from conversations.tables import Contact, Conversation, InboundMessage, OutboundMessage, TrackerEvent
from tests.product import StandIns

CHANNELS = ("telegram", "wechat")


@dataclass
class Verdict:
    """What was found. `faults` must be empty."""

    faults: list[str] = field(default_factory=list)
    messages: int = 0
    cases: int = 0
    replies: int = 0
    repeats_shown: int = 0
    repeats_counted: int = 0
    deliveries: int = 0

    def __str__(self) -> str:
        return (
            f"{self.messages} messages in {self.deliveries} deliveries, {self.cases} cases, {self.replies} replies, "
            f"{self.repeats_shown} replies seen twice ({self.repeats_counted} sends repeated)"
        )


def judge(database: Database, stand_ins: StandIns, finished: set[tuple[str, str]]) -> Verdict:
    """Check the promise. `finished`: (channel, contact) of the dialogues that came to their end."""
    ledger = stand_ins.get("ledger")
    verdict = Verdict()
    with database.read() as session:
        who = {
            conversation_id: (channel, contact)
            for conversation_id, channel, contact in session.execute(
                select(Conversation.id, Contact.channel, Contact.external_id).join(Contact)
            )
        }
        inbound = session.scalars(select(InboundMessage).order_by(InboundMessage.id)).all()
        outbound = session.scalars(select(OutboundMessage).order_by(OutboundMessage.id)).all()
        cases = session.scalars(select(Case)).all()
        events = session.execute(
            select(TrackerEvent.conversation_id, TrackerEvent.data).where(TrackerEvent.type == "user")
        ).all()
        evidence = Counter(session.scalars(select(Evidence.case_id).where(Evidence.case_id.is_not(None))))
    _each_update_once(verdict, ledger, inbound)
    _in_order(verdict, inbound)
    _each_turn_once(verdict, inbound, events)
    _one_case_a_dialogue(verdict, cases, who, finished)
    _every_reply_sent(verdict, ledger, outbound, who)
    verdict.cases = len(cases)
    verdict.repeats_counted = sum(row.repeats for row in outbound)
    if any(count > 1 for count in evidence.values()):
        verdict.faults.append("a case has a photo twice")
    return verdict


def _each_update_once(verdict: Verdict, ledger: dict[str, Any], inbound: list[InboundMessage]) -> None:
    stored = Counter((row.channel, row.external_id) for row in inbound)
    for channel in CHANNELS:
        verdict.deliveries += len(ledger[channel]["deliveries"])
        for update in ledger[channel]["updates"]:
            verdict.messages += 1
            count = stored[channel, str(update["external_id"])]
            if count != 1:
                verdict.faults.append(f"{channel} update {update['external_id']} is stored {count} times")
    for row in inbound:
        if row.state != "handled":
            verdict.faults.append(f"message {row.id} ({row.kind}) is {row.state}: {row.error}")


def _in_order(verdict: Verdict, inbound: list[InboundMessage]) -> None:
    """Platform order among what was there; a message that arrived after its successors were handled comes after."""
    by_conversation: dict[int, list[InboundMessage]] = defaultdict(list)
    for row in inbound:
        by_conversation[row.conversation_id].append(row)
    for rows in by_conversation.values():
        places = sorted(row.handled_seq or 0 for row in rows)
        if places != list(range(1, len(rows) + 1)):
            verdict.faults.append(f"places of handling are {places}")
        for first in rows:
            for second in rows:
                overtaken = first.order < second.order and (first.handled_seq or 0) > (
                    second.handled_seq or 0
                )
                was_there = second.handled_at is not None and first.received_at < second.handled_at
                if overtaken and was_there:
                    verdict.faults.append(f"message {second.id} overtook {first.id}")


def _each_turn_once(verdict: Verdict, inbound: list[InboundMessage], events: Any) -> None:
    """The tracker heard each message once (a photo with words twice: the file, then the words)."""
    heard: Counter[tuple[int, str]] = Counter()
    for _, data in events:
        metadata = json.loads(data).get("metadata") or {}
        if "inbound_id" in metadata:
            heard[metadata["inbound_id"], metadata.get("kind", "")] += 1
    for (inbound_id, kind), count in heard.items():
        if count != 1:
            verdict.faults.append(f"message {inbound_id} ({kind}) was heard {count} times")
    known = {inbound_id for inbound_id, _ in heard}
    texts = [row for row in inbound if row.kind == "text" and row.handled_by == "bot"]
    missing = [row.id for row in texts if row.id not in known]
    if missing:
        verdict.faults.append(f"never heard: {missing}")


def _one_case_a_dialogue(
    verdict: Verdict, cases: list[Case], who: dict[int, tuple[str, str]], finished: set[tuple[str, str]]
) -> None:
    opened = Counter(who[case.conversation_id] for case in cases)
    for person in finished | set(opened):
        expected = 1 if person in finished else 0
        if opened[person] != expected:
            verdict.faults.append(f"{person} has {opened[person]} cases, not {expected}")


def _every_reply_sent(
    verdict: Verdict, ledger: dict[str, Any], outbound: list[OutboundMessage], who: dict[int, tuple[str, str]]
) -> None:
    shown: dict[tuple[str, str], list[str]] = defaultdict(list)
    for channel in CHANNELS:
        for message in ledger[channel]["messages"]:
            if message["from"] == "bot":
                shown[channel, message["contact"]].append(message["text"])
    wanted: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for row in outbound:
        verdict.replies += 1
        if row.state != "sent":
            verdict.faults.append(f"reply {row.id} is {row.state}: {row.error_code} {row.error}")
        wanted[who[row.conversation_id]][row.text] += 1
    for person, texts in wanted.items():
        # The longest first, each taken away where it stands: a short reply may be a part of a longer one.
        left = shown[person]
        for text, count in sorted(texts.items(), key=lambda one: -len(one[0])):
            seen = 0
            for way in {text, typed(text)}:
                seen += sum(one.count(way) for one in left)
                left = [one.replace(way, "\0") for one in left]
            if seen < count:
                verdict.faults.append(f"{person} saw {seen} of {count} replies {text[:20]!r}")
            verdict.repeats_shown += max(0, seen - count)
