"""Signing in: who may, who must wait. Five failures lock a login for a while; an address has a limit too.

What is said is the same for a login that exists and for one that does not, and so is the time that it takes.
"""

from __future__ import annotations

import threading
from collections import OrderedDict, deque
from datetime import datetime, timedelta

from sqlalchemy import select

from console import accounts, sessions
from console.audit import record
from conversations.database import Database
from conversations.tables import Agent

FAILURES = 5
LOCKED_FOR = timedelta(minutes=15)
ADDRESS_FAILURES = 30
ADDRESS_WITHIN = timedelta(minutes=15)
MOST_KEYS = 10_000


class SignInRefused(Exception):
    """Not signed in; the message is for the one who tries. `status` is the HTTP status of the answer."""

    def __init__(self, message: str, status: int = 401) -> None:
        super().__init__(message)
        self.status = status


WRONG = f"账号或密码不对。连续错 {FAILURES} 次，账号会锁定 {LOCKED_FOR.seconds // 60} 分钟。"
LOCKED = f"错误次数太多，账号已锁定，请 {LOCKED_FOR.seconds // 60} 分钟后再试，或请管理员重设密码。"
SLOW_DOWN = "这个网络地址尝试登录的次数太多，请过一会儿再试。"


class Failures:
    """Counts what failed lately by key, in this process only. Bounded: the oldest keys are forgotten."""

    def __init__(self, limit: int, within: timedelta) -> None:
        self._limit = limit
        self._within = within
        self._times: OrderedDict[str, deque[datetime]] = OrderedDict()
        self._lock = threading.Lock()

    def too_many(self, key: str, now: datetime) -> bool:
        """Did the limit's number of failures happen lately?"""
        with self._lock:
            times = self._times.get(key)
            if times is None:
                return False
            while times and times[0] <= now - self._within:
                times.popleft()
            return len(times) >= self._limit

    def add(self, key: str, now: datetime) -> None:
        """One more."""
        with self._lock:
            self._times.setdefault(key, deque(maxlen=self._limit)).append(now)
            self._times.move_to_end(key)
            while len(self._times) > MOST_KEYS:
                self._times.popitem(last=False)


class Door:
    """Lets people in. One per web process: the counts by address are its own."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._addresses = Failures(ADDRESS_FAILURES, ADDRESS_WITHIN)
        self._strangers = Failures(FAILURES, LOCKED_FOR)

    def sign_in(self, login: str, password: str, address: str, now: datetime) -> str:
        """The token of a new session. Slow on purpose. Raises `SignInRefused`."""
        login = login.replace("\x00", "").strip().lower()[:64]
        if self._addresses.too_many(address, now):
            raise SignInRefused(SLOW_DOWN, 429)
        with self._database.read() as session:
            agent = session.scalars(select(Agent).where(Agent.login == login)).one_or_none()
        if agent is None:
            accounts.waste_time(password)
            self._addresses.add(address, now)
            if self._strangers.too_many(login, now):
                raise SignInRefused(LOCKED, 429)
            self._strangers.add(login, now)
            raise SignInRefused(WRONG)
        if agent.locked_until is not None and agent.locked_until > now:
            accounts.waste_time(password)
            self._addresses.add(address, now)
            raise SignInRefused(LOCKED, 429)
        matches = accounts.password_matches(agent, password)
        with self._database.write() as session:
            row = session.scalars(select(Agent).where(Agent.id == agent.id).with_for_update(of=Agent)).one()
            if not matches or row.disabled_at is not None:
                self._count_failure(row, now)
                record(session, row, "sign_in.failed", f"agent:{row.id}", now)
                token = None
            elif row.locked_until is not None and row.locked_until > now:
                raise SignInRefused(LOCKED, 429)
            else:
                row.failed_sign_ins, row.locked_until = 0, None
                row.last_seen_at = now
                accounts.renew_hash(row, password)
                token = sessions.begin(session, row, now)
                record(session, row, "sign_in", f"agent:{row.id}", now)
        if token is None:
            self._addresses.add(address, now)
            raise SignInRefused(WRONG)
        return token

    def _count_failure(self, row: Agent, now: datetime) -> None:
        row.failed_sign_ins = (row.failed_sign_ins or 0) + 1
        if row.failed_sign_ins >= FAILURES:
            row.failed_sign_ins, row.locked_until = 0, now + LOCKED_FOR
