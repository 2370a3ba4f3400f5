"""The product under measurement: `suda serve` with a database of its own, spoken to as Telegram would.

A turn lasts from the webhook call until its reply's row is visible to another reader of the database: the
poller below. It looks every `POLL_SECONDS`, so a figure holds up to that much too much, never too little.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from itertools import count
from pathlib import Path

from bench.dialogues import STATUS_QUESTION
from bench.http_client import CallFailed, JsonClient
from bench.processes import Server, free_port
from bench.side import REPLY_SECONDS, START_SECONDS, NoReply
from bench.telegram_sink import TelegramSink

ROOT = Path(__file__).parent.parent
POLL_SECONDS = 0.002
TRAIN_SECONDS = 900
_SUDA = str(Path(sys.executable).with_name("suda"))
_TOKEN = "1:bench"
_SECRET = "bench"
_PROBE_CHAT = 1
_NO_LIMIT = 1_000_000


class SudaSide:
    """The product as `suda serve` runs it: web with the courier inside, and bots of their own."""

    def __init__(self, folder: Path, *, bots: int) -> None:
        self.name = f"诉达, {bots} bots" if bots != 1 else "诉达, 1 bot"
        self._folder = folder
        self._bots = bots
        self._port = free_port()
        self._servers: list[Server] = []
        self._client = JsonClient(REPLY_SECONDS)
        self._sink = TelegramSink()
        self._update_ids = count(1)
        self._waiting: dict[str, asyncio.Future[float]] = {}
        self._poller: asyncio.Task[None] | None = None

    @property
    def servers(self) -> Sequence[Server]:
        return self._servers

    async def start(self) -> float:
        self._folder.mkdir(parents=True, exist_ok=True)
        environment = self._environment(await self._sink.start())
        await asyncio.to_thread(_run, ["db", "upgrade"], self._folder / "migrate.log", environment)
        started = time.monotonic()
        server = Server(
            [_SUDA, "serve"],
            cwd=ROOT,
            env=environment,
            log=self._folder / "serve.log",
        )
        self._servers.append(server)
        update = next(self._update_ids)
        while not await self._accepted(update, _PROBE_CHAT, STATUS_QUESTION):
            server.check_alive()
            if time.monotonic() - started > START_SECONDS:
                raise NoReply("the web role takes no webhook")
            await asyncio.sleep(0.1)
        answered = self._expect(update)
        self._poller = asyncio.create_task(self._poll())
        while not answered.done():
            server.check_alive()
            if time.monotonic() - started > START_SECONDS:
                raise NoReply("no bot answers")
            await asyncio.wait([answered], timeout=0.1)
        return time.monotonic() - started

    async def say(self, chat: int, text: str) -> float:
        update = next(self._update_ids)
        answered = self._expect(update)
        started = time.perf_counter()
        try:
            if not await self._accepted(update, chat, text):
                raise NoReply("the webhook was refused")
            return await asyncio.wait_for(answered, REPLY_SECONDS) - started
        except asyncio.TimeoutError as late:
            self._check_poller()
            raise NoReply(f"no reply within {REPLY_SECONDS:.0f} s") from late
        finally:
            self._waiting.pop(str(update), None)

    def cases(self) -> int:
        with closing(self._connect()) as connection:
            number: int = connection.execute("SELECT count(*) FROM cases").fetchone()[0]
            return number

    async def stop(self) -> None:
        if self._poller is not None:
            self._poller.cancel()
            await asyncio.wait([self._poller])
        await self._client.close()
        for server in self._servers:
            await asyncio.to_thread(server.stop)
        self._sink.stop()

    def _environment(self, api_url: str) -> dict[str, str]:
        inherited = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith("SUDA_") or name == "SUDA_MODEL_DIR"
        }
        return {
            **inherited,
            "SUDA_DATABASE_URL": f"sqlite:///{self._folder / 'suda.db'}",
            "SUDA_DATA_DIR": str(self._folder),
            "SUDA_EVIDENCE_URL": f"file://{self._folder / 'evidence'}",
            "SUDA_PORT": str(self._port),
            "SUDA_BOTS": str(self._bots),
            "SUDA_TELEGRAM_TOKEN": _TOKEN,
            "SUDA_TELEGRAM_WEBHOOK_SECRET": _SECRET,
            "SUDA_TELEGRAM_MODE": "webhook",
            "SUDA_TELEGRAM_API_URL": api_url,
            # One simulated person writes faster than a person may: stock Rasa has no such limit either.
            "SUDA_RATE_LIMIT_MESSAGES": str(_NO_LIMIT),
            "SUDA_LOG_LEVEL": "warning",
        }

    async def _accepted(self, update: int, chat: int, text: str) -> bool:
        person = {"id": chat, "is_bot": False, "first_name": "顾客", "language_code": "zh-hans"}
        message = {
            "message_id": update,
            "date": int(time.time()),
            "chat": {"id": chat, "type": "private", "first_name": "顾客"},
            "from": person,
            "text": text,
        }
        try:
            answer = await self._client.post(
                f"http://127.0.0.1:{self._port}/webhooks/telegram",
                {"update_id": update, "message": message},
                headers={"X-Telegram-Bot-Api-Secret-Token": _SECRET},
            )
        except CallFailed:
            return False
        return answer.status == 200

    def _expect(self, update: int) -> asyncio.Future[float]:
        answered: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        self._waiting[str(update)] = answered
        return answered

    async def _poll(self) -> None:
        """Tell the waiting chats when the replies to their messages became visible.

        A turn commits at once, and SQLite has one writer, so rows appear in the order of their ids.
        """
        seen = 0
        version = -1
        with closing(self._connect()) as connection:
            while True:
                newest = connection.execute("PRAGMA data_version").fetchone()[0]
                if newest != version:
                    version = newest
                    rows = connection.execute(
                        "SELECT o.id, i.external_id FROM outbound o JOIN inbound i ON i.id = o.inbound_id"
                        " WHERE o.id > ? ORDER BY o.id",
                        (seen,),
                    ).fetchall()
                    now = time.perf_counter()
                    for row, external_id in rows:
                        seen = row
                        answered = self._waiting.get(external_id)
                        if answered is not None and not answered.done():
                            answered.set_result(now)
                await asyncio.sleep(POLL_SECONDS)

    def _check_poller(self) -> None:
        if self._poller is not None and self._poller.done():
            self._poller.result()  # raises what ended it

    def _connect(self) -> sqlite3.Connection:
        return sqlite3.connect(
            f"file:{self._folder / 'suda.db'}?mode=ro", uri=True, isolation_level=None, timeout=10
        )


def prepare_suda(log: Path) -> None:
    """Train the product's model unless it is up to date."""
    _run(["train"], log, os.environ)


def _run(command: Sequence[str], log: Path, environment: Mapping[str, str]) -> None:
    with log.open("ab") as output:
        subprocess.run(
            [_SUDA, *command],
            cwd=ROOT,
            env=dict(environment),
            check=True,
            timeout=TRAIN_SECONDS,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
