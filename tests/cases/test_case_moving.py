"""Moving cases: the rule, the row, the timeline, the clocks and the notice, in one transaction."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from cases import moving, service
from cases.lifecycle import IllegalMove, Need, NeedMissing
from cases.tables import Case
from cases.types import Stage
from conversations import turn
from conversations.database import Database
from conversations.outbox import enqueue
from conversations.tables import Agent, Conversation, InboundMessage, OutboundMessage
from conversations.turn import Turn
from tests.cases.world import NOON, World


def said(session: Session) -> list[OutboundMessage]:
    """What was queued to people, in order."""
    session.flush()
    return list(session.scalars(select(OutboundMessage).order_by(OutboundMessage.id)))


def move(session: Session, case: Case, agent: Agent, to: str, note: str | None, now: datetime = NOON) -> Case:
    """A move by an agent."""
    return service.move_case(session, case.number, to, actor="agent", agent=agent, note=note, now=now)


def unmet(case: Case) -> dict[str, timedelta]:
    """The clocks that run, with the time that they have from noon on."""
    return {clock.name: clock.due_at - NOON for clock in case.clocks if clock.met_at is None}


@pytest.fixture
def agent(session: Session, world: World) -> Agent:
    """A member of the team that gets the test's cases."""
    return world.agent(session, "李敏", world.team(session, "商品质量"))


@pytest.fixture
def case(session: Session, world: World, agent: Agent) -> Case:
    """A case that was filed at noon."""
    return world.case(session)


def test_the_whole_road_is_told_step_by_step(session: Session, case: Case, agent: Agent) -> None:
    move(session, case, agent, "verifying", "您好，我在看您的视频")
    move(session, case, agent, "proposing", "确认是主板故障")
    move(session, case, agent, "awaiting_consent", "全额退款399.50元")
    service.move_case(session, case.number, "resolving", actor="user", now=NOON)
    move(session, case, agent, "confirming", "399.50元已退回您的微信")
    service.move_case(session, case.number, "closed", actor="user", now=NOON)
    assert case.stage == "closed"
    assert case.closed_at == NOON
    assert case.proposal is not None
    assert case.proposal["measure"] == "全额退款399.50元"
    assert case.result is not None
    assert case.result["done"] == "399.50元已退回您的微信"
    messages = said(session)
    assert len(messages) == 6
    assert {message.author for message in messages} == {"notice"}
    assert {message.case_number for message in messages} == {case.number}
    assert [message.agent_id for message in messages] == [agent.id] * 3 + [None, agent.id, None]
    for message, note in zip(
        messages, ("视频", "主板", "全额退款", "开始按方案", "已退回", "已结案"), strict=True
    ):
        assert note in message.text
        assert case.number in message.text


def test_every_move_is_in_the_timeline_with_who_and_from_where(
    session: Session, case: Case, agent: Agent
) -> None:
    move(session, case, agent, "verifying", "在看", NOON + timedelta(hours=1))
    entry = case.timeline[-1]
    assert (entry.what, entry.actor, entry.agent_id) == ("stage", "agent", agent.id)
    assert (entry.old, entry.new, entry.note) == ("accepted", "verifying", "在看")
    assert entry.at == NOON + timedelta(hours=1)
    assert entry.visible


def test_an_illegal_move_changes_nothing_and_names_the_legal_ones(
    session: Session, case: Case, agent: Agent
) -> None:
    entries = len(case.timeline)
    with pytest.raises(IllegalMove) as refused:
        move(session, case, agent, "closed", "完了")
    assert refused.value.legal == (Stage.REJECTED, Stage.VERIFYING, Stage.CONFIRMING)
    assert "「不予受理」、「专员核实」、「用户确认」" in str(refused.value)
    assert (case.stage, len(case.timeline)) == ("accepted", entries)
    assert said(session) == []


def test_a_move_without_its_words_is_refused_and_says_what_is_missing(
    session: Session, case: Case, agent: Agent
) -> None:
    with pytest.raises(NeedMissing) as refused:
        move(session, case, agent, "confirming", "   ")
    assert refused.value.need is Need.RESULT
    assert case.stage == "accepted"


def test_verifying_needs_a_contact_first(session: Session, case: Case, agent: Agent) -> None:
    with pytest.raises(NeedMissing) as refused:
        move(session, case, agent, "verifying", None)
    assert refused.value.need is Need.FIRST_CONTACT
    service.note_contact(session, case.number, agent, NOON)
    assert move(session, case, agent, "verifying", None).stage == "verifying"


def test_an_agent_s_words_in_the_chat_are_the_first_contact(
    session: Session, case: Case, agent: Agent
) -> None:
    spoke = NOON + timedelta(minutes=30)
    enqueue(session, case.conversation_id, "您好", author="agent", now=spoke, agent_id=agent.id)
    session.flush()
    move(session, case, agent, "verifying", None, NOON + timedelta(hours=2))
    met = next(clock.met_at for clock in case.clocks if clock.name == "first_contact")
    assert met == spoke


def test_words_from_before_the_case_are_no_first_contact(session: Session, case: Case, agent: Agent) -> None:
    before = NOON - timedelta(minutes=1)
    enqueue(session, case.conversation_id, "您好", author="agent", now=before, agent_id=agent.id)
    session.flush()
    with pytest.raises(NeedMissing):
        move(session, case, agent, "verifying", None)


def test_clocks_stand_still_while_the_case_waits_for_the_user(
    session: Session, case: Case, agent: Agent
) -> None:
    move(session, case, agent, "verifying", "在看")
    assert unmet(case)["plan"] == timedelta(hours=72)
    asked, answered = NOON + timedelta(hours=10), NOON + timedelta(hours=30)
    move(session, case, agent, "waiting_user", "请发发票", asked)
    assert case.answer_by == asked + timedelta(hours=72)
    assert [clock.stopped_at for clock in case.clocks if clock.name == "plan"] == [asked]
    assert "progress" not in unmet(case)
    assert service.add_words(session, case.number, "发票在这", answered)
    assert unmet(case)["plan"] == timedelta(hours=92)
    assert unmet(case)["progress"] == timedelta(hours=54)
    assert case.answer_by is None
    # Monday 22:00 to Tuesday 18:00 is one working day: seven of them end a day later.
    assert unmet(case)["resolution"] == timedelta(days=10)


def test_a_plan_in_time_meets_its_clock_and_a_late_one_is_a_miss_once(
    session: Session, case: Case, agent: Agent, world: World
) -> None:
    move(session, case, agent, "verifying", "在看")
    move(session, case, agent, "proposing", "查清了", NOON + timedelta(hours=73))
    move(session, case, agent, "awaiting_consent", "退款", NOON + timedelta(hours=74))
    plan = next(clock for clock in case.clocks if clock.name == "plan")
    assert plan.missed_at == plan.met_at == NOON + timedelta(hours=74)
    missed = [entry for entry in case.timeline if entry.what == "missed"]
    assert [entry.new for entry in missed] == ["progress", "plan"]
    assert not any(entry.visible for entry in missed)


def test_a_second_objection_escalates_and_shows_the_way_outside(
    session: Session, case: Case, agent: Agent
) -> None:
    move(session, case, agent, "verifying", "在看")
    move(session, case, agent, "proposing", "查清了")
    for level, outside in ((0, False), (1, True)):
        move(session, case, agent, "awaiting_consent", "补偿20元")
        service.move_case(session, case.number, "proposing", actor="user", note="太少了", now=NOON)
        assert case.escalation == level
        assert ("12315" in said(session)[-1].text) is outside


def test_the_plan_is_sent_with_its_two_choices(session: Session, case: Case, agent: Agent) -> None:
    move(session, case, agent, "verifying", "在看")
    move(session, case, agent, "proposing", "查清了")
    move(session, case, agent, "awaiting_consent", "退款")
    choices = said(session)[-1].choices
    assert [choice.label for choice in choices] == ["同意", "有异议"]
    assert choices[0].payload == f'/accept_resolution{{"case_no":"{case.number}"}}'


def test_not_solved_reopens_the_case(session: Session, case: Case, agent: Agent, world: World) -> None:
    world.solve(session, case, agent, NOON)
    again = NOON + timedelta(days=1)
    service.move_case(session, case.number, "verifying", actor="user", note="钱没到", now=again)
    assert (case.stage, case.reopen_count) == ("verifying", 1)
    assert unmet(case)["contact_again"] == timedelta(hours=72)
    assert "confirm" not in unmet(case)
    assert "11月26日 12:00前专员会再次联系您" in said(session)[-1].text


def test_a_closed_case_is_the_user_s_to_reopen_for_fifteen_days(
    session: Session, case: Case, agent: Agent, world: World
) -> None:
    world.solve(session, case, agent, NOON)
    service.move_case(session, case.number, "closed", actor="system", now=NOON)
    assert "7天没有收到您的回复" in said(session)[-1].text
    with pytest.raises(IllegalMove):
        service.move_case(
            session, case.number, "verifying", actor="user", note="又坏了", now=NOON + timedelta(days=16)
        )
    service.move_case(
        session, case.number, "verifying", actor="user", note="又坏了", now=NOON + timedelta(days=14)
    )
    assert case.closed_at is None


def test_only_a_supervisor_takes_a_rejected_case_up_again(
    session: Session, case: Case, agent: Agent, world: World
) -> None:
    move(session, case, agent, "rejected", "不是我们平台的订单，请联系原平台或12315")
    with pytest.raises(IllegalMove):
        move(session, case, agent, "accepted", "再看看")
    assert service.moves_for(case, agent, NOON) == ()
    chief = world.agent(session, "王主管", role="supervisor")
    later = NOON + timedelta(hours=5)
    move(session, case, chief, "accepted", "再看看", later)
    assert "重新受理了" in said(session)[-1].text
    assert unmet(case)["first_contact"] == timedelta(hours=29)


def test_withdrawing_ends_the_case_from_any_open_stage(session: Session, case: Case, agent: Agent) -> None:
    move(session, case, agent, "verifying", "在看")
    service.withdraw(session, case.number, NOON)
    assert case.stage == "withdrawn"
    assert all(clock.met_at or clock.stopped_at for clock in case.clocks)
    with pytest.raises(IllegalMove) as refused:
        service.withdraw(session, case.number, NOON)
    assert refused.value.legal == ()


def test_a_case_that_does_not_exist_is_named_as_such(session: Session) -> None:
    with pytest.raises(service.CaseNotFound):
        service.withdraw(session, "TS2611230000000", NOON)


def test_a_notice_that_the_person_s_own_message_caused_is_part_of_its_answer(
    session: Session, case: Case
) -> None:
    message = InboundMessage(
        conversation_id=case.conversation_id,
        channel="wechat",
        external_id="w1",
        kind="text",
        order=1,
        details={},
        sent_at=NOON,
        received_at=NOON,
        reply_by=NOON + timedelta(seconds=4),
        due_at=NOON,
    )
    session.add(message)
    session.flush()
    conversation = session.get_one(Conversation, case.conversation_id)
    with turn.entered(Turn(session, conversation, [message], NOON)) as running:
        service.withdraw(session, case.number, NOON)
        assert [reply.author for reply in running.replies] == ["notice"]
    assert said(session)[-1].inbound_id == message.id


def test_a_notice_about_somebody_else_s_case_is_no_answer_to_the_running_turn(
    session: Session, case: Case, world: World
) -> None:
    with turn.entered(Turn(session, world.person(session), [], NOON)) as running:
        service.withdraw(session, case.number, NOON)
        assert running.replies == []
    assert said(session)[-1].conversation_id == case.conversation_id


def test_two_that_move_one_case_at_once_have_one_winner(database: Database, world: World) -> None:
    with database.write() as session:
        team = world.team(session, "商品质量")
        agents = [world.agent(session, name, team).id for name in ("一", "二")]
        number = world.case(session).number
    barrier, outcomes = threading.Barrier(2), []

    def reject(agent_id: int) -> None:
        try:
            with database.turn() as session:
                by = session.get_one(Agent, agent_id)
                session.scalars(select(Case).where(Case.number == number)).one()
                barrier.wait(10)
                move(session, session.scalars(select(Case)).one(), by, "rejected", "重复投诉")
            outcomes.append("moved")
        except IllegalMove:
            outcomes.append("refused")

    threads = [threading.Thread(target=reject, args=(agent_id,)) for agent_id in agents]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(outcomes) == ["moved", "refused"]
    with database.read() as session:
        assert len(said(session)) == 1


def test_a_turn_and_an_agent_on_one_case_do_not_wait_for_each_other_for_ever(
    database: Database, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The turn holds its conversation and then wants the case; the agent must not hold the case meanwhile."""
    with database.write() as session:
        agent_id = world.agent(session, "李敏", world.team(session, "商品质量")).id
        case = world.case(session)
        number, conversation_id = case.number, case.conversation_id
    turn_began, agent_is_telling = threading.Event(), threading.Event()
    done: list[str] = []
    real_tell = moving.tell

    def tell(*args: Any, **kwargs: Any) -> OutboundMessage:
        agent_is_telling.set()
        return real_tell(*args, **kwargs)

    monkeypatch.setattr(moving, "tell", tell)

    def person() -> None:
        with database.turn() as session:
            session.scalars(
                select(Conversation)
                .where(Conversation.id == conversation_id)
                .with_for_update(of=Conversation)
            ).one()
            turn_began.set()
            # The agent gets as far as he can; in the right order of locks that is not as far as this.
            agent_is_telling.wait(1)
            service.urge(session, number, NOON)
        done.append("turn")

    def agent() -> None:
        turn_began.wait(10)
        with database.turn() as session:
            by = session.get_one(Agent, agent_id)
            service.move_case(session, number, "verifying", actor="agent", agent=by, note="在看", now=NOON)
        done.append("agent")

    threads = [threading.Thread(target=person), threading.Thread(target=agent)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(done) == ["agent", "turn"]
