"""Accounts: the first administrator, adding, disabling, weak passwords."""

from __future__ import annotations

import pytest

from console import accounts
from console.accounts import AccountRefused
from conversations.database import Database
from tests.console.parts import MORNING


def test_the_first_start_makes_one_administrator_and_no_second(database: Database) -> None:
    with database.write() as session:
        made = accounts.ensure_first_admin(session, MORNING)
        assert made is not None
        login, password = made
        row = accounts.list_agents(session)[0]
        assert (row.login, row.role) == (login, "admin")
        assert accounts.password_matches(row, password)
        assert accounts.ensure_first_admin(session, MORNING) is None


def test_a_login_is_taken_once_whatever_its_case(database: Database) -> None:
    with database.write() as session:
        accounts.add_agent(session, "Lin", "林若溪", "agent", "a-long-password", now=MORNING)
        with pytest.raises(AccountRefused, match="lin already"):
            accounts.add_agent(session, " LIN", "另一位", "agent", "a-long-password", now=MORNING)


def test_short_passwords_and_empty_names_are_refused(database: Database) -> None:
    with database.write() as session:
        with pytest.raises(AccountRefused, match="at least 10"):
            accounts.add_agent(session, "lin", "林若溪", "agent", "short", now=MORNING)
        with pytest.raises(AccountRefused, match="empty"):
            accounts.add_agent(session, "lin", " ", "agent", "a-long-password", now=MORNING)
        with pytest.raises(AccountRefused, match="no account"):
            accounts.disable(session, "nobody", now=MORNING)


def test_a_hash_that_is_none_matches_nothing(database: Database) -> None:
    with database.write() as session:
        row = accounts.add_agent(session, "lin", "林若溪", "agent", "a-long-password", now=MORNING)
        row.password_hash = "-"
        assert not accounts.password_matches(row, "a-long-password")
