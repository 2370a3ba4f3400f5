"""Stock Rasa under measurement: `rasa run` and `rasa run actions` in an environment of their own.

The REST channel answers after the tracker was saved, so its HTTP answer is "webhook → stored reply".
"""

from __future__ import annotations

import asyncio
import json
import os
import sqlite3
import subprocess
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from bench.dialogues import STATUS_QUESTION
from bench.http_client import CallFailed, JsonClient
from bench.processes import Server, free_port
from bench.side import REPLY_SECONDS, START_SECONDS, NoReply

PROJECT = Path(__file__).parent / "stock"
MODEL = PROJECT / "models" / "stock.tar.gz"
INSTALL_SECONDS = 1_800
TRAIN_SECONDS = 2_400
_PROBE_CHAT = 1


class StockSide:
    """Rasa as `rasa init` and its documentation lay it out."""

    name = "stock Rasa 3.6.21"

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._port = free_port()
        self._actions_port = free_port()
        self._servers: list[Server] = []
        self._client = JsonClient(REPLY_SECONDS)

    @property
    def servers(self) -> Sequence[Server]:
        return self._servers

    async def start(self) -> float:
        self._folder.mkdir(parents=True, exist_ok=True)
        started = time.monotonic()
        actions = ["run", "actions", "--port", str(self._actions_port)]
        run = ["run", "--interface", "127.0.0.1", "--port", str(self._port), "--model", str(MODEL)]
        for log, arguments in (("actions.log", actions), ("rasa.log", run)):
            self._servers.append(
                Server(
                    [str(PROJECT / ".venv/bin/rasa"), *arguments],
                    cwd=PROJECT,
                    env=self._environment(),
                    log=self._folder / log,
                )
            )
        while True:
            for server in self._servers:
                server.check_alive()
            try:
                await self.say(_PROBE_CHAT, STATUS_QUESTION)
                return time.monotonic() - started
            except NoReply:
                if time.monotonic() - started > START_SECONDS:
                    raise
                await asyncio.sleep(0.1)

    async def say(self, chat: int, text: str) -> float:
        started = time.perf_counter()
        try:
            answer = await self._client.post(
                f"http://127.0.0.1:{self._port}/webhooks/rest/webhook",
                {"sender": str(chat), "message": text},
            )
        except CallFailed as failure:
            raise NoReply(str(failure)) from failure
        seconds = time.perf_counter() - started
        if answer.status != 200 or not json.loads(answer.body):
            raise NoReply(f"HTTP {answer.status}, {len(answer.body)} bytes")
        return seconds

    def cases(self) -> int:
        with closing(sqlite3.connect(f"file:{self._folder / 'cases.db'}?mode=ro", uri=True)) as connection:
            number: int = connection.execute("SELECT count(*) FROM cases").fetchone()[0]
            return number

    async def stop(self) -> None:
        await self._client.close()
        for server in self._servers:
            await asyncio.to_thread(server.stop)

    def _environment(self) -> dict[str, str]:
        return {
            **stock_environment(),
            "STOCK_ACTIONS_URL": f"http://127.0.0.1:{self._actions_port}/webhook",
            "STOCK_TRACKER_DB": str(self._folder / "tracker.db"),
            "STOCK_CASES_DB": str(self._folder / "cases.db"),
        }


def stock_environment() -> dict[str, str]:
    """What Rasa's own commands run with: quiet, no telemetry, not in the product's virtual environment."""
    inherited = {
        name: value for name, value in os.environ.items() if name not in ("VIRTUAL_ENV", "PYTHONPATH")
    }
    return {
        **inherited,
        "RASA_TELEMETRY_ENABLED": "false",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "PYTHONWARNINGS": "ignore",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "CUDA_VISIBLE_DEVICES": "-1",
    }


def install_stock(log: Path) -> None:
    """Install the locked environment, unless it is there and up to date."""
    with log.open("ab") as output:
        subprocess.run(
            [os.environ.get("UV", "uv"), "sync", "--locked", "--project", str(PROJECT)],
            env=stock_environment(),
            check=True,
            timeout=INSTALL_SECONDS,
            stdout=output,
            stderr=subprocess.STDOUT,
        )


def prepare_stock(log: Path) -> None:
    """Install the environment and train the model, unless both are there and up to date."""
    install_stock(log)
    if _model_is_current():
        return
    with log.open("ab") as output:
        subprocess.run(
            [
                str(PROJECT / ".venv/bin/rasa"),
                "train",
                "--fixed-model-name",
                MODEL.name.removesuffix(".tar.gz"),
            ],
            cwd=PROJECT,
            env=stock_environment()
            | {"STOCK_ACTIONS_URL": "http://127.0.0.1:1", "STOCK_TRACKER_DB": "", "STOCK_CASES_DB": ""},
            check=True,
            timeout=TRAIN_SECONDS,
            stdout=output,
            stderr=subprocess.STDOUT,
        )


def _model_is_current() -> bool:
    sources = [
        PROJECT / "config.yml",
        PROJECT / "domain.yml",
        PROJECT / "uv.lock",
        *(PROJECT / "data").iterdir(),
    ]
    return MODEL.exists() and MODEL.stat().st_mtime >= max(source.stat().st_mtime for source in sources)
