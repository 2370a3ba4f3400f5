"""Looking at cases: one's own, the status, the console's list."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from cases import notices, queries, service
from cases.queries import CaseFilter
from cases.types import ComplaintType, Stage
from tests.cases.world import NOON, World


def test_only_the_owner_finds_a_case_by_its_number(session: Session, world: World) -> None:
    owner, stranger = world.person(session), world.person(session)
    case = world.case(session, owner)
    typed = f" ts-{case.number[2:8]} {case.number[8:]}"
    assert queries.find_own(session, owner.contact_id, typed) is case
    assert queries.find_own(session, stranger.contact_id, case.number) is None
    assert queries.find_own(session, owner.contact_id, "TS2611230000000") is None


def test_one_s_open_cases_come_newest_first_without_the_decided(session: Session, world: World) -> None:
    person = world.person(session)
    first, second, third = (world.case(session, person) for _ in range(3))
    world.case(session)
    service.withdraw(session, second.number, NOON)
    assert queries.open_cases_of(session, person.contact_id, newest=2) == queries.Own(2, [third, first])
    assert queries.open_cases_of(session, person.contact_id) == queries.Own(2, [third])
    assert queries.latest_case_of(session, person.contact_id) is third


def test_the_same_order_and_type_of_the_same_person_is_found_again(session: Session, world: World) -> None:
    person = world.person(session)
    case = world.case(session, person)
    quality = ComplaintType.PRODUCT_QUALITY
    assert queries.find_same(session, person.contact_id, case.order_no, quality) is case
    assert queries.find_same(session, person.contact_id, case.order_no, ComplaintType.DELIVERY) is None
    assert queries.find_same(session, person.contact_id, None, quality) is None
    assert queries.find_same(session, world.person(session).contact_id, case.order_no, quality) is None


def test_the_status_of_a_fresh_case(session: Session, world: World) -> None:
    world.agent(session, "李敏", world.team(session, "商品质量"))
    case = world.case(session)
    text = notices.status_text(queries.status_of(case, NOON + timedelta(minutes=5)))
    assert text == (
        f"投诉 {case.number}（商品质量）\n"
        "现在：诉求受理（11月23日 12:00起）\n"
        "负责：商品质量组的李敏，有事回复「人工」\n"
        "最近：11月23日 12:00，由李敏负责\n"
        "下一步：11月24日 12:00前专员会联系您\n"
        "\n"
        "● 诉求受理 11月23日 12:00\n"
        "○ 专员核实\n"
        "○ 方案制定\n"
        "○ 问题解决\n"
        "○ 用户确认\n"
        "○ 已结案"
    )


def test_the_status_walks_along_with_the_case(session: Session, world: World) -> None:
    agent = world.agent(session, "李敏", world.team(session, "商品质量"))
    case = world.case(session)
    later = NOON + timedelta(hours=2)
    service.move_case(session, case.number, "verifying", actor="agent", agent=agent, note="在看", now=later)
    status = queries.status_of(case, later)
    assert [step.state for step in status.path] == ["done", "current", "ahead", "ahead", "ahead", "ahead"]
    assert [step.at for step in status.path[:2]] == [NOON, later]
    assert notices.next_step(status) == "11月26日 12:00前给您处理方案"
    assert status.last_act is not None
    assert notices.act_in_words(status.last_act) == "专员在核实"


def test_a_reopened_case_has_its_later_steps_ahead_again(session: Session, world: World) -> None:
    agent = world.agent(session, "李敏", world.team(session, "商品质量"))
    case = world.case(session)
    world.solve(session, case, agent, NOON)
    again = NOON + timedelta(days=1)
    service.move_case(session, case.number, "verifying", actor="user", note="没好", now=again)
    path = {step.stage: step for step in queries.status_of(case, again).path}
    assert (path[Stage.VERIFYING].state, path[Stage.VERIFYING].at) == ("current", again)
    assert (path[Stage.CONFIRMING].state, path[Stage.CONFIRMING].at) == ("ahead", None)


def test_a_closed_case_has_all_steps_done(session: Session, world: World) -> None:
    agent = world.agent(session, "李敏", world.team(session, "商品质量"))
    case = world.case(session)
    world.solve(session, case, agent, NOON)
    service.move_case(session, case.number, "closed", actor="user", now=NOON)
    states = {step.stage: step.state for step in queries.status_of(case, NOON).path}
    assert states[Stage.CLOSED] == states[Stage.CONFIRMING] == states[Stage.ACCEPTED] == "done"


def test_a_missed_promise_is_owned_up_to(session: Session, world: World) -> None:
    case = world.case(session)
    text = notices.next_step(queries.status_of(case, NOON + timedelta(hours=25)))
    assert text == "原定11月24日 12:00前专员会联系您，已经超时，很抱歉。回复「催办」，负责人会马上看到"


def test_waiting_for_the_user_says_until_when(session: Session, world: World) -> None:
    agent = world.agent(session, "李敏", world.team(session, "商品质量"))
    case = world.case(session)
    service.move_case(session, case.number, "verifying", actor="agent", agent=agent, note="在看", now=NOON)
    by = NOON + timedelta(days=2)
    service.move_case(
        session,
        case.number,
        "waiting_user",
        actor="agent",
        agent=agent,
        note="请发发票",
        answer_by=by,
        now=NOON,
    )
    assert notices.next_step(queries.status_of(case, NOON)) == "11月25日 12:00前请把要补充的材料发到这里"


def test_the_list_is_filtered_counted_and_paged_newest_first(session: Session, world: World) -> None:
    cases = [
        world.case(session, complaint_type="delivery" if n % 2 else "privacy", now=NOON + timedelta(days=n))
        for n in range(5)
    ]
    service.withdraw(session, cases[0].number, NOON)
    first = queries.list_cases(session, CaseFilter(), limit=2)
    assert (first.cases, first.total) == ([cases[4], cases[3]], 5)
    second = queries.list_cases(session, CaseFilter(), before=first.next, limit=2)
    third = queries.list_cases(session, CaseFilter(), before=second.next, limit=2)
    assert second.cases == [cases[2], cases[1]]
    assert (third.cases, third.next) == ([cases[0]], None)

    def found(**wanted: object) -> list[int]:
        return [cases.index(case) for case in queries.list_cases(session, CaseFilter(**wanted)).cases]  # type: ignore[arg-type]

    assert found(types=("delivery",)) == [3, 1]
    assert found(priorities=("high",)) == [4, 2, 0]
    assert found(stages=("withdrawn",)) == [0]
    assert found(open_only=True) == [4, 3, 2, 1]
    assert found(contact_id=cases[2].contact_id) == [2]
    assert found(created_from=NOON + timedelta(days=3)) == [4, 3]
    assert found(created_before=NOON + timedelta(days=1)) == [0]
    assert found(team_id=cases[1].team_id, types=("delivery",)) == [3, 1]


def test_the_list_is_searched_by_what_agents_have_at_hand(session: Session, world: World) -> None:
    one = world.case(session, order_no="JD778899", merchant="云上小店", phone="13911112222")
    world.case(session, description="100%掉漆")
    for text in (one.number.lower(), "JD778899", "13911112222", "云上"):
        assert [case.id for case in queries.list_cases(session, CaseFilter(text=text)).cases] == [one.id]
    assert len(queries.list_cases(session, CaseFilter(text="100%")).cases) == 1
    assert queries.list_cases(session, CaseFilter(text="%")).total == 1
    assert queries.list_cases(session, CaseFilter(text="\x00 ")).total == 2
