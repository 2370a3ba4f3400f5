"""Live updates: what the hub tells, once each; who counts as present; streams that end when they should."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from console import accounts, presence, sessions
from console.access import Viewer
from console.live import Event
from console.pages import events as events_page
from conversations import handover
from conversations.tables import Agent, Conversation, OutboundMessage
from conversations.wakeups import WEB
from tests.console.conftest import House
from tests.console.parts import MORNING, Console, SetClock, answered, person, said

WITHIN = 8.0


@pytest.fixture
def talking(console: Console, house: House) -> int:
    """A conversation of long ago, with a message on its way."""
    with console.database.write() as session:
        row = person(session, now=MORNING - timedelta(days=1))
        said(session, row, "你好", MORNING - timedelta(days=1))
        return row.id


def listening(
    console: Console, act: Callable[[], Awaitable[None]], until: Callable[[list[Event]], bool]
) -> list[Event]:
    """The events that a page hears from the moment at which the hub has looked once, while `act` goes on."""
    heard: list[Event] = []

    async def listen() -> None:
        await console.hub.start()
        stream = console.hub.stream()

        async def read() -> None:
            async for text in stream:
                lines = dict(line.split(": ", 1) for line in text.strip().splitlines() if ": " in line)
                if "event" in lines:
                    heard.append(Event(lines["event"], json.loads(lines["data"])))

        reader = asyncio.create_task(read())
        await _until(lambda: any(one.name == "queue" for one in heard))  # the first look is over
        heard.clear()
        await act()
        console.wakeups.notify(WEB)
        await _until(lambda: until(heard))
        await console.hub.stop()
        await asyncio.wait_for(reader, WITHIN)

    asyncio.run(listen())
    return heard


async def _until(true: Callable[[], bool]) -> None:
    async def wait() -> None:
        while not true():
            await asyncio.sleep(0.01)

    await asyncio.wait_for(wait(), WITHIN)


def of(conversation_id: int) -> Callable[[list[Event]], bool]:
    return lambda heard: any(one.data.get("id") == conversation_id for one in heard)


def test_an_agents_act_is_told_with_the_length_of_the_queue(
    console: Console, house: House, talking: int, clock: SetClock
) -> None:
    async def act() -> None:
        with console.database.write() as session:
            handover.request_person(session, talking, "asked", clock())

    heard = listening(
        console, act, lambda all_: of(talking)(all_) and any(one.name == "queue" for one in all_)
    )
    assert [one.data for one in heard if one.name == "queue"] == [{"count": 1}]
    assert len([one for one in heard if one.name == "conversation"]) == 1


def test_a_message_that_no_turn_handled_yet_is_told(console: Console, talking: int) -> None:
    async def act() -> None:
        with console.database.write() as session:
            row = session.get(Conversation, talking)
            assert row is not None
            before = row.changed_at
            said(session, row, "在吗", MORNING - timedelta(hours=2), state="pending")
            row.changed_at = before

    assert of(talking)(listening(console, act, of(talking)))


def test_a_message_that_failed_to_go_out_is_told_though_nothing_else_changed(
    console: Console, talking: int
) -> None:
    with console.database.write() as session:
        row = session.get(Conversation, talking)
        assert row is not None
        on_its_way = answered(session, row, "您好", MORNING - timedelta(days=1), state="sending").id

    async def act() -> None:
        with console.database.write() as session:
            message = session.get(OutboundMessage, on_its_way)
            assert message is not None
            message.state, message.error_code = "failed", "403"

    assert of(talking)(listening(console, act, of(talking)))


def test_a_commit_that_comes_late_with_an_early_time_is_told_all_the_same(
    console: Console, talking: int, clock: SetClock
) -> None:
    async def act() -> None:
        clock.forward(seconds=4)
        with console.database.write() as session:
            row = session.get(Conversation, talking)
            assert row is not None
            row.changed_at = clock() - timedelta(seconds=3)

    assert of(talking)(listening(console, act, of(talking)))


def test_a_change_is_told_once_however_often_the_hub_looks(
    console: Console, house: House, talking: int, clock: SetClock
) -> None:
    with console.database.write() as session:
        other = person(session, now=MORNING - timedelta(days=1)).id

    async def act() -> None:
        with console.database.write() as session:
            handover.request_person(session, talking, "asked", clock())
        for _ in range(3):
            console.wakeups.notify(WEB)
            await asyncio.sleep(0.1)
        with console.database.write() as session:
            handover.request_person(session, other, "asked", clock())

    heard = listening(console, act, of(other))
    assert [one.data["id"] for one in heard if one.name == "conversation"] == [talking, other]


def test_a_page_that_does_not_read_is_cut_off_and_the_others_go_on(console: Console) -> None:
    async def play() -> None:
        lazy, eager = console.hub.stream(), console.hub.stream()
        assert "retry" in await lazy.__anext__()
        assert "retry" in await eager.__anext__()
        for number in range(501):
            console.hub._tell(Event("conversation", {"id": number}))
            assert f'"id": {number}' in await asyncio.wait_for(eager.__anext__(), WITHIN)
        with pytest.raises(StopAsyncIteration):
            await asyncio.wait_for(lazy.__anext__(), WITHIN)
        await eager.aclose()

    asyncio.run(play())


def viewer_of(console: Console, agent_id: int) -> Viewer:
    with console.database.write() as session:
        agent = session.get(Agent, agent_id)
        assert agent is not None
        token = sessions.begin(session, agent, console.clock())
        session.flush()
        found = sessions.find(session, token, console.clock())
        assert found is not None
        return Viewer(found.id, agent, "")


def test_an_open_stream_keeps_its_agent_present(console: Console, house: House, clock: SetClock) -> None:
    viewer = viewer_of(console, house.lin)
    clock.forward(minutes=1)

    async def play() -> None:
        stream = events_page._stream(console.context, viewer)
        assert "retry" in await asyncio.wait_for(stream.__anext__(), WITHIN)
        await stream.aclose()

    asyncio.run(play())
    with console.database.read() as session:
        assert session.get(Agent, house.lin).last_seen_at == MORNING + timedelta(minutes=1)  # type: ignore[union-attr]


def test_a_stream_ends_when_its_person_is_disabled(console: Console, house: House, clock: SetClock) -> None:
    viewer = viewer_of(console, house.lin)

    async def play() -> list[str]:
        stream = events_page._stream(console.context, viewer)
        heard = [await asyncio.wait_for(stream.__anext__(), WITHIN)]
        with console.database.write() as session:
            accounts.disable(session, "lin", now=clock())
        clock.forward(seconds=21)
        console.hub._tell(Event("queue", {"count": 3}))
        heard += [text async for text in stream]
        return heard

    assert [text.splitlines()[0] for text in asyncio.run(play())] == ["retry: 1000", "event: signed_out"]


def test_conversations_of_agents_who_are_gone_go_back_to_the_queue(
    console: Console, house: House, talking: int, clock: SetClock
) -> None:
    with console.database.write() as session:
        lin, chen = session.get(Agent, house.lin), session.get(Agent, house.chen)
        assert lin is not None
        assert chen is not None
        stays = person(session).id
        handover.take_floor(session, talking, lin, clock())
        handover.take_floor(session, stays, chen, clock())
        lin.last_seen_at = clock()
    clock.forward(minutes=5, seconds=1)
    with console.database.write() as session:
        session.get(Agent, house.chen).last_seen_at = clock()  # type: ignore[union-attr]
    assert presence.return_absent(console.database, clock(), 5) == 1
    assert presence.return_absent(console.database, clock(), 5) == 0
    with console.database.read() as session:
        gone, there = session.get(Conversation, talking), session.get(Conversation, stays)
        last = session.scalars(
            select(OutboundMessage.text)
            .where(OutboundMessage.conversation_id == talking)
            .order_by(OutboundMessage.id.desc())
        ).first()
    assert gone is not None
    assert there is not None
    assert (gone.floor, gone.floor_reason, there.floor) == ("queue", "agent_away", "agent")
    assert last is not None
    assert "不用重复说" in last


def test_whoever_has_just_taken_is_not_gone_even_if_no_stream_is_open_yet(
    console: Console, house: House, talking: int, clock: SetClock
) -> None:
    with console.database.write() as session:
        lin = session.get(Agent, house.lin)
        assert lin is not None
        lin.last_seen_at = clock() - timedelta(days=1)
        handover.take_floor(session, talking, lin, clock())
    assert presence.return_absent(console.database, clock(), 5) == 0
