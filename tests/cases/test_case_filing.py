"""From a draft to a case."""

from __future__ import annotations

import threading
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cases import notices, numbers, policy, queries, service
from cases.filing import NumbersExhausted
from cases.routing import Rule
from cases.tables import Case, Draft, Evidence
from conversations.database import Database
from conversations.tables import OutboundMessage, Team
from tests.cases.world import NOON, TOLD, World


def test_filing_keeps_what_was_told(session: Session, world: World) -> None:
    case = world.case(session, merchant="小店", incident_time="2026-11-20", purchase_date="2026-11-01")
    session.expire_all()
    case = session.get_one(Case, case.id)
    assert isinstance(numbers.check(case.number), numbers.Valid)
    assert case.number.startswith("TS261123")
    assert (case.type, case.remedy, case.amount) == ("product_quality", "refund", Decimal("399.50"))
    assert (case.merchant, case.order_no, case.phone) == ("小店", "E20261101008", "13800138000")
    assert case.purchase_date == date(2026, 11, 1)
    assert (case.consent_version, case.consent_at) == ("2026-01", NOON)
    assert case.channel == "telegram"


def test_the_number_bears_the_day_of_the_product_s_time_zone(session: Session, world: World) -> None:
    late = NOON.replace(hour=17)  # 01:00 of the next day in China
    assert world.case(session, now=late).number.startswith("TS261124")


def _grading(case: Case) -> tuple[str | None, str | None]:
    (entry,) = [entry for entry in case.timeline if entry.what == "graded"]
    assert not entry.visible
    return entry.new, entry.note


def test_the_reasons_of_the_grade_are_on_record(session: Session, world: World) -> None:
    small = world.case(session, amount="39", remedy="refund")
    assert (small.priority, small.complexity) == ("normal", "simple")
    assert _grading(small) == ("normal/simple", "订单清楚、诉求明确、金额不超过 200 元")
    large = world.case(session, amount="20000", danger=True)
    assert (large.priority, large.complexity) == ("urgent", "complex")
    assert _grading(large) == ("urgent/complex", "有人身危险；金额不低于 10000 元")
    ordinary = world.case(session, amount="399.50")
    assert [entry for entry in ordinary.timeline if entry.what == "graded"] == []


def test_what_hits_many_people_within_a_day_goes_first(session: Session, world: World) -> None:
    told = {"merchant": "好再来食堂", "complaint_type": "service_shortfall", "amount": None}
    first = [world.case(session, now=NOON, **told) for _ in range(4)]
    assert {case.priority for case in first} == {"normal"}
    elsewhere = world.case(session, now=NOON, **{**told, "merchant": "小店"})
    fifth = world.case(session, now=NOON + timedelta(hours=20), **told)
    next_day = world.case(session, now=NOON + timedelta(hours=45), **told)
    assert (elsewhere.priority, fifth.priority, next_day.priority) == ("normal", "high", "normal")
    assert _grading(fifth)[1] == "一天内至少 5 人投诉同一商家的同类问题"


def test_filing_the_same_draft_again_returns_the_same_case(session: Session, world: World) -> None:
    conversation = world.person(session)
    draft = world.draft(session, conversation)
    first = service.file_case(session, draft, TOLD, "2026-01", NOON)
    again = service.file_case(session, draft, {**TOLD, "description": "别的"}, "2026-01", NOON)
    assert again.id == first.id
    assert again.description == TOLD["description"]
    assert session.scalar(select(func.count()).select_from(Case)) == 1


def test_two_that_file_one_draft_at_once_open_one_case(database: Database, world: World) -> None:
    with database.write() as session:
        draft_id = world.draft(session, world.person(session)).id
    filed: list[str] = []
    barrier = threading.Barrier(2)

    def file() -> None:
        with database.turn() as session:
            draft = session.get_one(Draft, draft_id)
            barrier.wait(10)
            filed.append(service.file_case(session, draft, TOLD, "2026-01", NOON).number)

    threads = [threading.Thread(target=file) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(filed) == 2
    assert len(set(filed)) == 1


def test_a_taken_number_is_never_given_twice(
    session: Session, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = iter([7, 7, 7, 8])
    monkeypatch.setattr(
        "cases.filing.numbers.new_number",
        lambda day, make=numbers.new_number: make(day, lambda _: next(given)),
    )
    first, second = world.case(session), world.case(session)
    assert first.number[8:14] == "000007"
    assert second.number[8:14] == "000008"


def test_numbers_that_run_out_are_an_error_and_not_a_duplicate(
    session: Session, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "cases.filing.numbers.new_number", lambda day, make=numbers.new_number: make(day, lambda _: 1)
    )
    world.case(session)
    with pytest.raises(NumbersExhausted):
        world.case(session)


def test_a_number_taken_between_the_look_and_the_insert_is_drawn_again(
    database: Database, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.write() as session:
        world.case(session)
        taken = session.scalars(select(Case.number)).one()
        draft_id = world.draft(session, world.person(session)).id
    drawn = iter([taken, numbers.new_number(NOON.date(), lambda _: 424242)])
    monkeypatch.setattr("cases.filing.numbers.new_number", lambda day: next(drawn))
    with database.turn() as session:
        draft = session.get_one(Draft, draft_id)
        real = session.scalar
        looks = []

        def blind(statement, *args, **kwargs):  # type: ignore[no-untyped-def]
            if "cases.number =" in str(statement) and not looks:
                looks.append(statement)
                return None
            return real(statement, *args, **kwargs)

        monkeypatch.setattr(session, "scalar", blind)
        case = service.file_case(session, draft, TOLD, "2026-01", NOON)
    assert looks
    assert case.number[8:14] == "424242"


def test_a_filed_case_is_accepted_and_says_so_in_its_timeline(session: Session, world: World) -> None:
    case = world.case(session)
    assert case.stage == "accepted"
    assert [(entry.what, entry.actor, entry.old, entry.new) for entry in case.timeline] == [
        ("filed", "user", None, "product_quality"),
        ("stage", "system", "submitted", "accepted"),
        ("handler", "system", None, "商品质量组"),
    ]


def test_filing_starts_the_clocks_and_meets_the_receipt(session: Session, world: World) -> None:
    case = world.case(session)
    due = {clock.name: clock.due_at - NOON for clock in case.clocks}
    assert due["receipt"] == timedelta(minutes=10)
    assert due["first_contact"] == timedelta(hours=24)
    assert due["progress"] == timedelta(hours=24)
    assert due["plan"] == timedelta(hours=72)
    assert due["resolution"] == timedelta(days=9)  # seven working days over one weekend
    assert [clock.name for clock in case.clocks if clock.met_at] == ["receipt"]


def test_the_team_s_member_with_the_fewest_open_cases_gets_it(session: Session, world: World) -> None:
    team = world.team(session, "商品质量")
    busy, free = world.agent(session, "忙", team), world.agent(session, "闲", team)
    world.agent(session, "休", team, on_duty=False)
    world.agent(session, "审", team, role="auditor")
    first = world.case(session)
    assert first.handler_id == busy.id
    assert world.case(session).handler_id == free.id
    assert world.case(session).handler_id == busy.id
    assert world.case(session).handler_id == free.id


def test_decided_cases_burden_nobody(session: Session, world: World) -> None:
    team = world.team(session, "商品质量")
    one, _other = world.agent(session, "一", team), world.agent(session, "二", team)
    first = world.case(session)
    service.withdraw(session, first.number, NOON)
    assert world.case(session).handler_id == one.id


def test_with_nobody_on_duty_the_team_has_the_case(session: Session, world: World) -> None:
    case = world.case(session, complaint_type="billing_refund")
    assert case.handler_id is None
    assert case.team is not None
    assert case.team.name == "财务合规"
    assert session.scalar(select(func.count()).select_from(Team).where(Team.name == "财务合规")) == 1


def test_a_rule_of_the_policy_sends_a_merchant_s_cases_elsewhere(session: Session, world: World) -> None:
    policy.install(policy.Policy(routing=(Rule("大客户", merchant="云上"),)))
    case = world.case(session, merchant="云上")
    assert case.team is not None
    assert case.team.name == "大客户"


@pytest.mark.parametrize(
    ("told", "priority"),
    [
        ({}, "normal"),
        ({"complaint_type": "safety"}, "high"),
        ({"complaint_type": "privacy"}, "high"),
        ({"amount": "10000"}, "high"),
        ({"complaint_type": "safety", "danger": True}, "urgent"),
        ({"priority": "urgent"}, "urgent"),
    ],
)
def test_danger_safety_privacy_and_large_sums_go_first(
    session: Session, world: World, told: dict[str, object], priority: str
) -> None:
    assert world.case(session, **told).priority == priority


def test_the_draft_s_files_become_the_case_s(session: Session, world: World) -> None:
    conversation = world.person(session)
    draft = world.draft(session, conversation)
    files = [world.file(session, conversation, b"a"), world.file(session, conversation, b"b")]
    service.attach_media(session, draft, files, NOON)
    case = service.file_case(session, draft, TOLD, "2026-01", NOON)
    assert [file.sha256 for file in case.evidence] == [file.sha256 for file in files]
    assert session.scalar(select(func.count()).select_from(Evidence)) == 2


def test_a_filed_draft_keeps_no_second_copy_of_what_was_told(session: Session, world: World) -> None:
    conversation = world.person(session)
    draft = world.draft(session, conversation)
    service.update_draft(session, draft, TOLD, NOON)
    service.file_case(session, draft, TOLD, "2026-01", NOON)
    assert (draft.state, draft.facts) == ("filed", {})
    assert service.current_draft(session, conversation.id, NOON) is None


def test_a_dropped_draft_cannot_be_filed(session: Session, world: World) -> None:
    draft = world.draft(session, world.person(session))
    service.drop_draft(session, draft, NOON)
    with pytest.raises(service.DraftClosed):
        service.file_case(session, draft, TOLD, "2026-01", NOON)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("complaint_type", None),
        ("complaint_type", "nonsense"),
        ("description", "  "),
        ("remedy", "money"),
        ("amount", "many"),
        ("amount", "-1"),
        ("amount", "NaN"),
        ("amount", "1e30"),
        ("purchase_date", "yesterday"),
    ],
)
def test_facts_that_a_case_cannot_hold_are_refused_by_name(
    session: Session, world: World, name: str, value: object
) -> None:
    with pytest.raises(service.InvalidFact) as refused:
        world.case(session, **{name: value})
    assert refused.value.name == name


def test_hostile_text_is_kept_as_text(session: Session, world: World) -> None:
    text = "'; DROP TABLE cases; --\x00 <script>alert(1)</script> 😀" + "长" * 12_000
    case = world.case(session, description=text, merchant="店" * 500)
    session.expire_all()
    assert session.get_one(Case, case.id).description == text.replace("\x00", "")[:10_000]
    assert session.get_one(Case, case.id).merchant == "店" * 120


def test_filing_says_nothing_by_itself_but_the_receipt_is_there_to_be_said(
    session: Session, world: World
) -> None:
    team = world.team(session, "商品质量")
    world.agent(session, "李敏", team)
    case = world.case(session)
    assert session.scalar(select(func.count()).select_from(OutboundMessage)) == 0
    assert notices.receipt(queries.status_of(case, NOON)) == (
        f"投诉已受理，编号 {case.number}（商品质量）。\n"
        "由商品质量组的李敏负责。\n"
        "下一步：11月24日 12:00前专员会联系您。\n"
        "办结时间：最晚12月2日 12:00。\n"
        "想看进度，随时发「我的投诉进度」；有事回复「人工」。"
    )
