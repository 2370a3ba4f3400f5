"""Sending: in order, once, with every outcome visible; what cannot go now waits for the person's return."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError

from channels.base import (
    BlockedByUser,
    ChannelError,
    Misconfigured,
    OutcomeUnknown,
    QuotaSpent,
    Rejected,
    RetryLater,
    SendWindow,
    WindowClosed,
)
from channels.message import Inbound, Kind, Outbound
from conversations.courier import LEASE, MAX_UNKNOWN, Courier
from conversations.database import Database
from conversations.direct_reply import DirectReplies
from conversations.flood import RateLimit
from conversations.inbox import InboxWriter
from conversations.outbox import enqueue
from conversations.tables import Agent, Contact, Conversation, InboundMessage, OutboundMessage
from conversations.turn_runner import TurnRunner
from tests.conversations.parts import CountedWakeups, Echo, RecordingChannel, SetClock, run, said
from tests.delivery import deliver

FIVE_IN_48_H = SendWindow(timedelta(hours=48), 5)


class Post:
    """A database with one conversation, a courier and a platform."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.clock = SetClock()
        self.wakeups = CountedWakeups()
        self.channel = RecordingChannel()
        self.hear(said("你好"))

    def hear(self, message: Inbound, *, reply_within: float | None = None) -> int:
        writer = InboxWriter(self.database, self.wakeups, clock=self.clock)
        try:
            return run(deliver(writer, message, reply_within=reply_within)).inbound_id
        finally:
            writer.close()

    def turn(self) -> None:
        limit = RateLimit(100, timedelta(seconds=10))
        runner = TurnRunner(self.database, Echo(), self.wakeups, clock=self.clock, rate_limit=limit)
        try:
            run(runner.run_due())
        finally:
            runner.close()

    def say(self, *texts: str, author: str = "notice") -> None:
        with self.database.write() as session:
            conversation = session.scalars(select(Conversation)).one()
            for text in texts:
                enqueue(session, conversation.id, text, author=author, now=self.clock())
                session.flush()

    def send(self, *failures: ChannelError) -> list[str]:
        """Run a fresh courier until nothing is due; returns the texts that the platform took."""
        self.channel.failures = list(failures)
        before = len(self.channel.sent)
        courier = Courier(self.database, {"telegram": self.channel}, self.wakeups, clock=self.clock)

        async def all_due() -> None:
            while await courier.send_due():
                await courier.finish()

        run(all_due())
        return [message.text for message in self.channel.sent[before:]]

    def rows(self) -> list[OutboundMessage]:
        with self.database.read() as session:
            return list(session.scalars(select(OutboundMessage).order_by(OutboundMessage.id)))


@pytest.fixture
def post(database: Database) -> Post:
    return Post(database)


def test_messages_of_a_conversation_go_out_in_order_and_once(post: Post) -> None:
    post.say("一", "二", "三")
    assert post.send() == ["一", "二", "三"]
    assert post.send() == []
    assert [(row.state, row.via, row.repeats) for row in post.rows()] == [("sent", "push", 0)] * 3


@pytest.mark.parametrize(
    ("failure", "state"),
    [
        (RetryLater("429", after=7.0), "queued"),
        (Misconfigured("401"), "queued"),
        (OutcomeUnknown("timed out"), "queued"),
        (Rejected("too long"), "failed"),
        (BlockedByUser("blocked"), "held"),
        (WindowClosed("45015"), "held"),
        (QuotaSpent("45047"), "held"),
    ],
)
def test_each_failure_leaves_a_visible_state_and_nothing_behind_overtakes_it(
    post: Post, failure: ChannelError, state: str
) -> None:
    post.say("一", "二")
    post.send(failure, failure)
    first, second = post.rows()
    assert first.state == state
    assert first.error == failure.reason
    if state == "queued":
        assert second.state == "queued"


def test_a_postponed_message_goes_out_when_the_platform_said_and_before_its_successor(post: Post) -> None:
    post.say("一", "二")
    assert post.send(RetryLater("429", after=7.0)) == []
    post.clock.forward(6)
    assert post.send() == []
    post.clock.forward(2)
    assert post.send() == ["一", "二"]


def test_an_unknown_outcome_is_sent_again_and_counted_but_not_for_ever(post: Post) -> None:
    post.say("一")
    for _ in range(MAX_UNKNOWN + 1):
        post.send(OutcomeUnknown("timed out"))
        post.clock.forward(120)
    (row,) = post.rows()
    assert (row.state, row.repeats) == ("failed", MAX_UNKNOWN + 1)


def test_a_send_cut_off_by_a_kill_is_sent_again_and_counted(post: Post) -> None:
    post.say("一")
    with post.database.write() as session:
        session.execute(update(OutboundMessage).values(state="sending", via="push", claimed_at=post.clock()))
    assert post.send() == []
    post.clock.forward(LEASE.total_seconds() + 1)
    assert post.send() == ["一"]
    assert [row.repeats for row in post.rows()] == [1]


class Refusing:
    """Lets the database refuse some writes of a verb, as a server does that has become read-only."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, owner: type, verb: str, times: int) -> None:
        self.left = times
        write = getattr(owner, verb)

        def refuse(*values: object) -> object:
            if self.left:
                self.left -= 1
                raise OperationalError("UPDATE", None, Exception("read-only"))
            return write(*values)

        monkeypatch.setattr(owner, verb, refuse)


def test_what_a_courier_has_in_flight_is_not_cut_off_however_long_the_database_refuses_its_outcome(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    refusing = Refusing(monkeypatch, Courier, "_write_group", 10**6)
    courier = Courier(post.database, {"telegram": post.channel}, post.wakeups, clock=post.clock)
    post.say("一")

    async def refused_for_longer_than_the_lease() -> None:
        await courier.send_due()
        await asyncio.sleep(0.2)
        post.clock.forward(LEASE.total_seconds() + 1)
        await courier.send_due()
        refusing.left = 0
        await courier.finish()

    run(refused_for_longer_than_the_lease())
    assert [message.text for message in post.channel.sent] == ["一"]
    assert [(row.state, row.repeats) for row in post.rows()] == [("sent", 0)]


def test_the_only_courier_takes_up_what_its_predecessor_left_at_once(post: Post) -> None:
    post.say("一")
    with post.database.write() as session:
        session.execute(update(OutboundMessage).values(state="sending", via="push", claimed_at=post.clock()))
    courier = Courier(post.database, {"telegram": post.channel}, post.wakeups, clock=post.clock)
    assert run(courier.recover(alone=True)) == 1
    assert post.send() == ["一"]


def test_a_prompt_is_not_sent_once_an_agent_has_the_floor_but_a_notice_is(post: Post) -> None:
    post.say("您的订单号是？", author="bot")
    post.say("已受理")
    with post.database.write() as session:
        agent = Agent(login="a", display_name="小林", password_hash="-", created_at=post.clock())
        session.add(agent)
        session.flush()
        session.execute(update(Conversation).values(floor="agent", agent_id=agent.id))
    assert post.send() == ["已受理"]
    assert [row.state for row in post.rows()] == ["superseded", "sent"]


def test_no_more_than_the_quota_is_pushed_and_the_rest_is_held(post: Post) -> None:
    post.channel.window = FIVE_IN_48_H
    post.say(*"一二三四五六七")
    assert post.send() == list("一二三四五")
    assert [(row.state, row.error_code) for row in post.rows()[5:]] == [("held", "quota")] * 2


def test_a_shut_window_holds_the_message(post: Post) -> None:
    post.channel.window = FIVE_IN_48_H
    post.clock.forward(49 * 3600)
    post.say("进展")
    assert post.send() == []
    assert [(row.state, row.error_code) for row in post.rows()] == [("held", "window")]


def test_what_was_held_is_given_first_when_the_person_returns(post: Post) -> None:
    post.channel.window = FIVE_IN_48_H
    post.turn()
    post.send()
    post.clock.forward(49 * 3600)
    post.say("进展")
    post.send()
    post.hear(said("在吗"))
    post.turn()
    assert post.send() == ["进展", "听到：在吗"]


def test_a_blocked_person_gets_what_was_held_when_he_unblocks(post: Post) -> None:
    post.turn()
    post.say("进展")
    post.send(BlockedByUser("blocked"))
    with post.database.read() as session:
        assert session.scalars(select(Contact)).one().blocked_at is not None
    post.say("又一条")
    assert "又一条" not in post.send()
    post.hear(said(None, kind=Kind.EVENT, event="unblocked"))
    post.turn()
    assert post.send()[-2:] == ["进展", "又一条"]
    assert {row.state for row in post.rows()} == {"sent"}


def _direct(post: Post, inbound_id: int, *, fits: int = 99, deliver: bool = True) -> list[str] | None:
    async def ask() -> list[str] | None:
        replies = DirectReplies(post.database, post.wakeups, clock=post.clock)
        watch = asyncio.create_task(replies.watch())

        def limit(messages: tuple[Outbound, ...]) -> int:
            return min(fits, len(messages))

        try:
            found = await replies.direct_reply(inbound_id, within=1.0, fits=limit)
            if found is not None and deliver:
                await found.delivered()
            return None if found is None else [message.text for message in found.messages]
        finally:
            watch.cancel()

    return run(ask())


def test_a_direct_reply_carries_the_turns_answers_and_nobody_pushes_them_too(post: Post) -> None:
    inbound_id = post.hear(said("投诉"), reply_within=4.0)
    post.turn()
    post.turn()
    assert post.send() == ["听到：你好"]  # the first message had no request held open
    assert _direct(post, inbound_id) == ["听到：投诉"]
    post.clock.forward(60)
    assert post.send() == []
    assert [row.via for row in post.rows()] == ["push", "reply"]


def test_a_redelivered_request_gets_the_same_answer_again(post: Post) -> None:
    post.turn()
    post.send()
    inbound_id = post.hear(said("投诉"), reply_within=4.0)
    post.turn()
    assert _direct(post, inbound_id, deliver=False) == ["听到：投诉"]
    assert _direct(post, inbound_id) == ["听到：投诉"]
    assert [row.attempts for row in post.rows()][-1] == 1


def test_an_answer_that_the_platform_asks_for_again_is_not_given_until_it_is_given_again(post: Post) -> None:
    post.turn()
    post.send()
    inbound_id = post.hear(said("投诉"), reply_within=4.0)
    post.turn()
    assert _direct(post, inbound_id) == ["听到：投诉"]
    post.clock.forward(5)
    assert _direct(post, inbound_id, deliver=False) == ["听到：投诉"]  # the redelivery is cut off
    assert post.rows()[-1].state == "sending"
    post.clock.forward(LEASE.total_seconds() + 1)
    assert post.send() == ["听到：投诉"]
    assert (post.rows()[-1].state, post.rows()[-1].repeats) == ("sent", 1)


def test_a_direct_reply_counts_as_given_though_the_database_refuses_at_first(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    post.turn()
    post.send()
    inbound_id = post.hear(said("投诉"), reply_within=4.0)
    post.turn()
    Refusing(monkeypatch, DirectReplies, "_mark_sent", 3)
    assert _direct(post, inbound_id) == ["听到：投诉"]
    post.clock.forward(LEASE.total_seconds() + 1)
    assert post.send() == []
    assert (post.rows()[-1].state, post.rows()[-1].repeats) == ("sent", 0)


def test_an_answer_that_missed_its_request_is_pushed(post: Post) -> None:
    post.turn()
    post.send()
    inbound_id = post.hear(said("投诉"), reply_within=4.0)
    assert _direct(post, inbound_id) is None  # no turn has run
    post.turn()
    assert post.send() == []  # the platform's request may still be open
    post.clock.forward(5)
    assert post.send() == ["听到：投诉"]


def test_what_does_not_fit_into_the_direct_reply_is_pushed_after_it(post: Post) -> None:
    post.turn()
    post.send()
    inbound_id = post.hear(said("投诉"), reply_within=4.0)
    post.turn()
    post.say("第二条")
    assert _direct(post, inbound_id, fits=1) == ["听到：投诉"]
    post.clock.forward(5)
    assert post.send() == ["第二条"]


def test_a_direct_reply_cut_off_by_a_kill_is_pushed_once_its_retries_are_over(post: Post) -> None:
    post.turn()
    post.send()
    inbound_id = post.hear(said("投诉"), reply_within=4.0)
    post.turn()
    _direct(post, inbound_id, deliver=False)
    courier = Courier(post.database, {"telegram": post.channel}, post.wakeups, clock=post.clock)
    assert run(courier.recover(alone=True)) == 0
    post.clock.forward(LEASE.total_seconds() + 1)
    assert post.send() == ["听到：投诉"]
    assert post.rows()[-1].repeats == 1


def test_a_request_of_a_silent_turn_is_answered_with_nothing(post: Post) -> None:
    inbound_id = post.hear(said(None, kind=Kind.EVENT, event="view"), reply_within=4.0)
    post.turn()
    post.turn()
    post.send()
    assert _direct(post, inbound_id) is None
    with post.database.read() as session:
        assert session.get_one(InboundMessage, inbound_id).state == "handled"
