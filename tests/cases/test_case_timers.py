"""What happens to a case by itself."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from cases import service, timers
from cases.tables import Case
from conversations.database import Database
from conversations.tables import OutboundMessage
from tests.cases.world import NOON, TOLD, World


def test_an_outcome_that_nobody_confirms_closes_when_its_span_is_over_and_says_so(database: Database) -> None:
    world = World()
    with database.write() as session:
        conversation = world.person(session)
        agent = world.agent(session, "小林", world.team(session, "商品质量"))
        draft = service.open_draft(session, conversation, conversation.contact, NOON)
        case = service.file_case(session, draft, TOLD, "1", NOON)
        for stage in ("verifying", "confirming"):
            service.move_case(
                session, case.number, stage, actor="agent", agent=agent, note="已退款 399.5 元", now=NOON
            )
    assert timers.close_unconfirmed(database, NOON + timedelta(days=6, hours=23)) == 0
    assert timers.close_unconfirmed(database, NOON + timedelta(days=7, minutes=1)) == 1
    assert timers.close_unconfirmed(database, NOON + timedelta(days=7, minutes=2)) == 0
    with database.read() as session:
        assert session.scalars(select(Case)).one().stage == "closed"
        last = session.scalars(select(OutboundMessage).order_by(OutboundMessage.id.desc()).limit(1)).one()
        assert (last.author, last.case_number) == ("notice", case.number)
