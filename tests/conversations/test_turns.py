"""A message becomes a turn: stored once, handled once, in order, in one transaction."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from channels.message import Attachment, Inbound, Kind, MediaKind
from conversations import flood, handover
from conversations.database import Database
from conversations.flood import RateLimit
from conversations.inbox import InboxWriter
from conversations.outbox import Option, enqueue
from conversations.tables import Agent, Conversation, InboundMessage, Media, OutboundMessage
from conversations.turn import LONGEST_TOGETHER, Turn, Utterance
from conversations.turn_runner import EDIT_SAID, FAILED_SAID, MAX_ATTEMPTS, TurnRunner
from tests.conversations.parts import CountedWakeups, Echo, SetClock, run, said
from tests.delivery import deliver

LIMIT = RateLimit(5, timedelta(seconds=10))


class House:
    """A database with an inbox in front and a turn runner behind."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.clock = SetClock()
        self.wakeups = CountedWakeups()
        self.inbox = InboxWriter(database, self.wakeups, clock=self.clock)

    def receive(self, *messages: Inbound) -> None:
        async def store_all() -> None:
            for message in messages:
                await deliver(self.inbox, message)

        run(store_all())

    def turns(self, dialogue: Echo, limit: RateLimit = LIMIT) -> int:
        runner = TurnRunner(self.database, dialogue, self.wakeups, clock=self.clock, rate_limit=limit)

        async def all_due() -> int:
            count = 0
            while done := await runner.run_due():
                count += done
            return count

        try:
            return run(all_due())
        finally:
            runner.close()

    def inbound(self) -> list[InboundMessage]:
        with self.database.read() as session:
            return list(session.scalars(select(InboundMessage).order_by(InboundMessage.id)))

    def outbound(self) -> list[OutboundMessage]:
        with self.database.read() as session:
            return list(session.scalars(select(OutboundMessage).order_by(OutboundMessage.id)))

    def agent(self, name: str = "小林") -> Agent:
        with self.database.write() as session:
            row = Agent(login=name, display_name=name, password_hash="-", created_at=self.clock())
            session.add(row)
        return row

    def take(self, agent: Agent) -> None:
        with self.database.write() as session:
            conversation = session.scalars(select(Conversation)).one()
            handover.take_floor(session, conversation.id, agent, self.clock())


@pytest.fixture
def house(database: Database) -> Iterator[House]:
    built = House(database)
    yield built
    built.inbox.close()


def test_a_message_is_stored_handled_and_answered(house: House) -> None:
    house.receive(said("手机坏了"))
    assert house.turns(Echo()) == 1
    (message,) = house.inbound()
    assert (message.state, message.handled_by, message.handled_seq) == ("handled", "bot", 1)
    assert [(row.text, row.state) for row in house.outbound()] == [("听到：手机坏了", "queued")]


def test_the_same_update_delivered_twice_is_stored_and_handled_once(house: House) -> None:
    message = said("手机坏了")

    async def twice() -> list[bool]:
        return [(await house.inbox.store(message)).new for _ in range(2)]

    assert run(twice()) == [True, False]
    house.turns(Echo())
    house.receive(message)
    assert house.turns(Echo()) == 0
    assert len(house.outbound()) == 1


def test_pending_messages_are_handled_in_the_platforms_order(house: House) -> None:
    house.receive(said("三", order=30), said("一", order=10), said("二", order=20))
    dialogue = Echo()
    house.turns(dialogue)
    assert [utterance.text for utterance in dialogue.heard] == ["一", "二", "三"]
    assert sorted((m.order, m.handled_seq) for m in house.inbound()) == [(10, 1), (20, 2), (30, 3)]


def test_what_one_turn_says_is_one_message_up_to_a_choice_or_a_notice(house: House) -> None:
    def say_more(turn: Turn, utterance: Utterance) -> None:
        turn.reply("订单号是多少？", options=(Option("没有订单号", "/deny"),), free_input=True)
        turn.reply("选一个也行")
        turn.reply("您的投诉已受理", author="notice", case_number="TS2611231234562")
        turn.reply("长" * LONGEST_TOGETHER)
        turn.reply("还有")

    house.receive(said("手机坏了"))
    house.turns(Echo(say_more))
    rows = house.outbound()
    assert [row.text for row in rows] == [
        "听到：手机坏了\n\n订单号是多少？",
        "选一个也行",
        "您的投诉已受理",
        "长" * LONGEST_TOGETHER,
        "还有",
    ]
    with house.database.read() as session:
        first = session.get_one(OutboundMessage, rows[0].id)
        assert ([choice.label for choice in first.choices], first.free_input) == (["没有订单号"], True)


def test_what_is_said_after_a_notice_of_a_case_stays_after_it(house: House) -> None:
    def tell_and_go_on(turn: Turn, utterance: Utterance) -> None:
        enqueue(turn.session, turn.conversation.id, "您的投诉有进展", author="notice", now=turn.now)
        turn.reply("还有什么要补充的？")

    house.receive(said("手机坏了"))
    house.turns(Echo(tell_and_go_on))
    assert [row.text for row in house.outbound()] == [
        "听到：手机坏了",
        "您的投诉有进展",
        "还有什么要补充的？",
    ]


def test_a_turn_that_fails_keeps_nothing_and_is_tried_again(house: House) -> None:
    def break_down(turn: Turn, utterance: Utterance) -> None:
        raise RuntimeError("broken")

    house.receive(said("手机坏了"))
    assert house.turns(Echo(break_down)) == 0
    assert house.outbound() == []
    assert [(m.state, m.attempts) for m in house.inbound()] == [("pending", 1)]
    house.clock.forward(60)
    assert house.turns(Echo()) == 1
    assert len(house.outbound()) == 1


def test_a_failure_that_rasa_swallowed_rolls_the_turn_back(house: House) -> None:
    def note_failure(turn: Turn, utterance: Utterance) -> None:
        turn.failure = RuntimeError("an action failed")

    house.receive(said("手机坏了"))
    assert house.turns(Echo(note_failure)) == 0
    assert house.outbound() == []


def test_after_the_last_try_a_person_is_called_and_the_user_is_told(house: House) -> None:
    def break_down(turn: Turn, utterance: Utterance) -> None:
        raise RuntimeError("broken")

    house.receive(said("手机坏了"))
    for _ in range(MAX_ATTEMPTS):
        house.turns(Echo(break_down))
        house.clock.forward(60)
    assert [m.state for m in house.inbound()] == ["failed"]
    assert [row.text for row in house.outbound()] == [FAILED_SAID]
    with house.database.read() as session:
        assert session.scalars(select(Conversation)).one().floor == "queue"


def test_the_bot_is_silent_while_an_agent_has_the_floor(house: House) -> None:
    house.receive(said("手机坏了"))
    house.turns(Echo())
    house.take(house.agent())
    house.receive(said("在吗"))
    dialogue = Echo()
    house.turns(dialogue)
    assert dialogue.heard == []
    assert [m.handled_by for m in house.inbound()] == ["bot", "floor"]


def test_a_prompt_not_sent_yet_is_superseded_when_an_agent_takes_the_floor(house: House) -> None:
    house.receive(said("手机坏了"))
    house.turns(Echo())
    house.take(house.agent())
    assert [(row.author, row.state) for row in house.outbound()] == [
        ("bot", "superseded"),
        ("notice", "queued"),
    ]


def test_only_one_agent_wins_the_floor(house: House) -> None:
    house.receive(said("找人工"))
    house.take(house.agent("小林"))
    with pytest.raises(handover.rules.FloorRefused, match="taken"):
        house.take(house.agent("小陈"))


def test_the_bot_greets_after_an_agent_hands_back(house: House) -> None:
    agent = house.agent()
    house.receive(said("找人工"))
    house.turns(Echo())
    house.take(agent)
    with house.database.write() as session:
        conversation = session.scalars(select(Conversation)).one()
        handover.release_floor(session, conversation.id, agent, house.clock())
    dialogue = Echo()
    house.turns(dialogue)
    assert [(u.intent, u.event) for u in dialogue.heard] == [("greet", "handed_back")]


def test_a_floor_taken_while_the_turn_thinks_stops_the_turn(house: House) -> None:
    if not house.database.is_sqlite:
        pytest.skip("PostgreSQL's row lock makes the agent wait for the turn instead")
    agent = house.agent()

    def agent_comes(turn: Turn, utterance: Utterance) -> None:
        turn.session.expunge(turn.replies[0])  # nothing is written yet: the turn is still thinking
        house.take(agent)
        turn.reply("太晚了")

    house.receive(said("手机坏了"))
    house.turns(Echo(agent_comes))
    assert "太晚了" not in [row.text for row in house.outbound()]
    dialogue = Echo()
    house.turns(dialogue)
    assert dialogue.heard == []


def test_an_album_is_one_turn_once_it_has_settled(house: House) -> None:
    def photo(number: int) -> Inbound:
        file = Attachment(MediaKind.IMAGE, reference=f"f{number}")
        return said("发票" if number == 1 else None, kind=Kind.PHOTO, attachments=(file,), album_id="a")

    house.receive(photo(1), photo(2), photo(3))
    assert house.turns(Echo()) == 0
    house.clock.forward(5)
    assert house.turns(Echo()) == 0  # the files are not here yet
    with house.database.write() as session:
        for row in session.scalars(select(Media)):
            row.state, row.sha256 = "stored", "0" * 64
        for message in session.scalars(select(InboundMessage)):
            message.state = "pending"
    dialogue = Echo()
    assert house.turns(dialogue) == 1
    assert [(u.intent, len(u.media_ids), u.text) for u in dialogue.heard] == [
        ("add_evidence", 3, None),
        (None, 0, "发票"),
    ]


def test_a_flood_gets_one_answer_and_is_handled_together_when_it_calms(house: House) -> None:
    house.receive(*(said(f"第{n}句") for n in range(8)))
    dialogue = Echo()
    house.turns(dialogue)
    assert dialogue.heard == []
    assert [row.text for row in house.outbound()] == [flood.SAID]
    house.clock.forward(20)
    house.turns(dialogue)
    assert [u.text for u in dialogue.heard] == ["\n".join(f"第{n}句" for n in range(8))]
    assert {m.state for m in house.inbound()} == {"handled"}


def _offer(turn: Turn, utterance: Utterance) -> None:
    if utterance.text == "投诉":
        turn.reply(
            "哪一类？",
            options=[Option("物流配送", '/inform{"complaint_type": "delivery"}'), Option("其他", "/deny")],
        )


def _deliver(house: House) -> None:
    with house.database.write() as session:
        for row in session.scalars(select(OutboundMessage)):
            row.state = "sent"


@pytest.mark.parametrize("typed", ["1", "１", "一", "第一个", "1.", "物流配送", "选1"])
def test_a_typed_number_or_label_takes_the_choice(house: House, typed: str) -> None:
    house.receive(said("投诉"))
    house.turns(Echo(_offer))
    _deliver(house)
    house.receive(said(typed))
    dialogue = Echo()
    house.turns(dialogue)
    (taken,) = dialogue.heard
    assert (taken.intent, taken.entities[0]["value"]) == ("inform", "delivery")


def test_a_number_means_nothing_once_the_list_is_answered(house: House) -> None:
    house.receive(said("投诉"))
    house.turns(Echo(_offer))
    _deliver(house)
    house.receive(said("1"), said("2"))
    dialogue = Echo()
    house.turns(dialogue)
    assert [u.text for u in dialogue.heard] == ["物流配送", "2"]
    assert [u.intent for u in dialogue.heard] == ["inform", None]


def test_a_pressed_button_works_once(house: House) -> None:
    house.receive(said("投诉"))
    house.turns(Echo(_offer))
    _deliver(house)
    with house.database.read() as session:
        token = (
            session.scalars(select(OutboundMessage).order_by(OutboundMessage.id.desc()))
            .first()
            .choices[0]
            .token
        )
    house.receive(said(None, kind=Kind.CHOICE, choice=token), said(None, kind=Kind.CHOICE, choice=token))
    dialogue = Echo()
    house.turns(dialogue)
    assert [u.intent for u in dialogue.heard] == ["inform", "repeat"]


def test_somebody_elses_button_is_dead(house: House) -> None:
    house.receive(said("投诉"))
    house.turns(Echo(_offer))
    _deliver(house)
    with house.database.read() as session:
        token = (
            session.scalars(select(OutboundMessage).order_by(OutboundMessage.id.desc()))
            .first()
            .choices[0]
            .token
        )
    house.receive(said(None, "c2", kind=Kind.CHOICE, choice=token))
    dialogue = Echo()
    house.turns(dialogue)
    assert [u.intent for u in dialogue.heard] == ["repeat"]


def test_an_edit_is_kept_beside_the_old_text(house: House) -> None:
    house.receive(said("订单 123", message_id="77"))
    house.turns(Echo())
    house.receive(said("订单 456", kind=Kind.EDIT, edits="77"))
    dialogue = Echo()
    house.turns(dialogue)
    original = house.inbound()[0]
    assert (original.text, original.edited_text) == ("订单 123", "订单 456")
    assert dialogue.heard == []
    assert house.outbound()[-1].text == EDIT_SAID


def test_an_edit_of_a_message_still_open_is_what_is_understood(house: House) -> None:
    house.receive(
        said("订单 456", kind=Kind.EDIT, edits="77", order=1), said("订单 123", message_id="77", order=2)
    )
    dialogue = Echo()
    house.turns(dialogue)
    assert [u.text for u in dialogue.heard] == ["订单 456"]


@pytest.mark.parametrize("text", ["\x00坏\x00", "\ud83d坏", "坏" * 4000, "🙂", "/restart"])
def test_text_that_a_database_could_choke_on_is_stored_and_answered(house: House, text: str) -> None:
    house.receive(said(text))
    assert house.turns(Echo()) == 1
    assert [m.state for m in house.inbound()] == ["handled"]
