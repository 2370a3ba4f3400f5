"""Asking for a person: the queue, an agent who takes over, talks and hands back; the bot is silent meanwhile."""

from __future__ import annotations

import secrets
from datetime import datetime, timezone

import pytest

from console.accounts import add_agent
from conversations import handover
from conversations.floor import FloorRefused
from conversations.tables import Agent
from tests.journeys.complaints import ASKS_EVIDENCE, ASKS_ORDER, LEAK
from tests.journeys.conftest import House
from tests.journeys.person import Person, verify_dialog
from tests.journeys.said import Tap, photo

pytestmark = [pytest.mark.alone, pytest.mark.trained]


def _now() -> datetime:
    return datetime.now(timezone.utc)


class Colleague:
    """Somebody at the console, through the verbs that the console calls."""

    def __init__(self, house: House, name: str) -> None:
        self.database = house.database
        self.name = name
        with self.database.write() as session:
            login = f"agent{secrets.token_hex(4)}"
            row = add_agent(session, login, name, "agent", secrets.token_hex(8), now=_now())
            self.id = row.id

    def take(self, person: Person) -> None:
        with self.database.write() as session:
            handover.take_floor(session, person.conversation().id, session.get_one(Agent, self.id), _now())

    def say(self, person: Person, text: str) -> None:
        with self.database.write() as session:
            agent = session.get_one(Agent, self.id)
            handover.say_as_agent(session, person.conversation().id, agent, text, _now())

    def hand_back(self, person: Person) -> None:
        with self.database.write() as session:
            handover.release_floor(session, person.conversation().id, session.get_one(Agent, self.id), _now())

    def give_up(self, person: Person) -> None:
        with self.database.write() as session:
            agent = session.get_one(Agent, self.id)
            handover.return_to_queue(session, person.conversation().id, agent, "away", _now())

    def pass_on(self, person: Person, to: Colleague) -> None:
        with self.database.write() as session:
            mine, other = session.get_one(Agent, self.id), session.get_one(Agent, to.id)
            handover.transfer_floor(session, person.conversation().id, mine, other, _now())


@pytest.fixture
def colleague(house: House) -> Colleague:
    return Colleague(house, "王小敏")


def _floor(person: Person) -> str:
    return person.conversation().floor


def test_a_person_takes_over_talks_and_hands_back_while_the_bot_is_silent(
    person: Person, colleague: Colleague
) -> None:
    verify_dialog(person, [(LEAK, ASKS_ORDER), ("转人工", "已经为您转人工.*第 1 位|已经为您转人工")])
    assert _floor(person) == "queue"
    colleague.take(person)
    assert "我是王小敏" in person.read()
    verify_dialog(person, [("我的投诉进度", ""), ("确认", ""), (photo("to a person"), "")])
    assert [row.handled_by for row in person.inbound()[-3:]] == ["floor"] * 3
    colleague.say(person, "您好，洗衣机是哪天买的？")
    assert person.read() == "您好，洗衣机是哪天买的？"
    verify_dialog(person, [("上周三", "")])
    colleague.hand_back(person)
    assert "接下来由我陪着您" in person.read()
    assert _floor(person) == "bot"
    verify_dialog(person, [("202505178823456", ASKS_EVIDENCE)])
    assert LEAK in person.drafts()[0].facts["description"]
    authors = [row.author for row in person.outbound() if row.agent_id is not None]
    assert authors == ["notice", "agent"]


def test_one_of_two_agents_wins(person: Person, house: House, colleague: Colleague) -> None:
    verify_dialog(person, [("转人工", "转人工")])
    colleague.take(person)
    with pytest.raises(FloorRefused, match="taken"):
        Colleague(house, "李强").take(person)
    answer = person.read()
    assert "王小敏" in answer
    assert "李强" not in answer


def test_who_waits_may_go_on_with_the_bot(person: Person) -> None:
    verify_dialog(
        person,
        [(LEAK, ASKS_ORDER), ("转人工", "已经为您转人工"), (Tap("继续自助"), f"取消排队.*({ASKS_ORDER})")],
    )
    assert _floor(person) == "bot"


def test_an_agent_who_leaves_puts_the_person_back_into_the_queue(
    person: Person, colleague: Colleague
) -> None:
    verify_dialog(person, [("转人工", "转人工")])
    colleague.take(person)
    person.read()
    colleague.give_up(person)
    assert "请下一位同事" in person.read()
    assert _floor(person) == "queue"


def test_a_chat_that_is_passed_on_names_the_next_colleague(
    person: Person, house: House, colleague: Colleague
) -> None:
    other = Colleague(house, "赵芳")
    verify_dialog(person, [("转人工", "转人工")])
    colleague.take(person)
    colleague.pass_on(person, other)
    assert "由赵芳接着跟进" in person.read()
    with pytest.raises(FloorRefused):
        colleague.say(person, "我还在吗")
    other.say(person, "您好，我是赵芳。")
    assert "我是赵芳" in person.read()


def test_what_was_said_while_waiting_is_kept_for_the_agent(person: Person) -> None:
    verify_dialog(person, [("转人工", "已经为您转人工"), (f"事情是这样的：{LEAK}", "")])
    assert person.inbound()[-1].handled_by == "floor"
    assert LEAK in (person.inbound()[-1].text or "")


def test_an_emergency_calls_a_person_at_once(person: Person) -> None:
    verify_dialog(person, [("充电宝刚才爆炸了，我手被烧伤了，正在流血", "120")])
    assert _floor(person) == "queue"
    assert person.conversation().floor_reason is not None
