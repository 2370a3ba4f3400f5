"""The whole product as real processes, with the platforms' stand-ins in a process of their own beside it."""

from __future__ import annotations

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from server import training

ROOT = Path(__file__).resolve().parent.parent
READY_SECONDS = 120.0


def free_port() -> int:
    """A port that nothing listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(what: str, condition: Any, seconds: float, *, every: float = 0.1) -> Any:
    """Look until the condition holds; its value. Fails with `what` when the time is over."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = condition()
        if found:
            return found
        time.sleep(every)
    raise AssertionError(f"{what}: not within {seconds:.0f} s")


def children_of(pid: int) -> list[int]:
    """The living child processes of a process."""
    try:
        text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return []
    return [int(child) for child in text.split()]


def command_of(pid: int) -> str:
    """The command line of a process; empty if it is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except (FileNotFoundError, ProcessLookupError):
        return ""


@dataclass
class StandIns:
    """The stand-ins of both platforms, as a process that outlives kills of the product."""

    process: subprocess.Popen[bytes]
    url: str
    environment: dict[str, str]
    http: httpx.Client

    def get(self, path: str, **params: Any) -> Any:
        answer = self.http.get(f"{self.url}/playground/api/{path}", params=params)
        answer.raise_for_status()
        return answer.json()

    def post(self, path: str, body: Any = None, **params: Any) -> Any:
        answer = self.http.post(f"{self.url}/playground/api/{path}", json=body or {}, params=params)
        answer.raise_for_status()
        return answer.json()


def platforms_client() -> httpx.Client:
    """A client that gives up an idle connection before the server does."""
    return httpx.Client(timeout=30, limits=httpx.Limits(keepalive_expiry=2.0))


@dataclass
class Product:
    """The running product."""

    process: subprocess.Popen[bytes]
    url: str
    log: Path
    data: Path
    environment: dict[str, str] = field(repr=False)

    @property
    def loaders(self) -> dict[str, int]:
        """The loader process of each role."""
        found = {}
        for pid in children_of(self.process.pid):
            command = command_of(pid)
            for role in ("web", "bot"):
                if f"role {role}" in command:
                    found[role] = pid
        return found

    def workers(self, role: str) -> list[int]:
        """The worker processes of a role."""
        loader = self.loaders.get(role)
        return children_of(loader) if loader else []

    def ready(self) -> bool:
        try:
            return httpx.get(f"{self.url}/readyz", timeout=5).status_code == 200
        except httpx.HTTPError:
            return False


def trained_model() -> Path:
    """The model of today's data, trained at the first need; `SUDA_TEST_MODEL` names another one to save the time."""
    chosen = os.environ.get("SUDA_TEST_MODEL")
    return Path(chosen) if chosen else training.train(ROOT / "models")


@contextmanager
def stand_ins(
    folder: Path, product_port: int, *options: str, wechat_account: str = "service"
) -> Iterator[StandIns]:
    """Run the stand-ins, aimed at a product on `product_port`."""
    port = free_port()
    token, secret = f"100200300:{secrets.token_hex(16)}", secrets.token_hex(16)
    app_secret, wechat_token = secrets.token_hex(16), secrets.token_hex(8)
    product = f"http://127.0.0.1:{product_port}"
    process = subprocess.Popen(
        [
            *(
                sys.executable,
                "-m",
                "simulator",
                "--port",
                str(port),
                "--state",
                str(folder / "platforms.db"),
            ),
            *("--telegram-token", token, "--telegram-secret", secret),
            *(
                "--telegram-webhook",
                f"{product}/webhooks/telegram",
                "--telegram-backoff-max",
                "3",
                "--wechat-retry",
                "3",
            ),
            *("--wechat-webhook", f"{product}/webhooks/wechat", "--wechat-token", wechat_token),
            *(
                "--wechat-app-id",
                "wxtest",
                "--wechat-app-secret",
                app_secret,
                "--wechat-account",
                wechat_account,
            ),
            *options,
        ],
        cwd=ROOT,
    )
    url = f"http://127.0.0.1:{port}"
    environment = {
        "SUDA_TELEGRAM_TOKEN": token,
        "SUDA_TELEGRAM_MODE": "webhook",
        "SUDA_TELEGRAM_WEBHOOK_SECRET": secret,
        "SUDA_TELEGRAM_API_URL": f"{url}/telegram",
        "SUDA_WECHAT_APP_ID": "wxtest",
        "SUDA_WECHAT_APP_SECRET": app_secret,
        "SUDA_WECHAT_TOKEN": wechat_token,
        "SUDA_WECHAT_API_URL": f"{url}/wechat",
        "SUDA_WECHAT_ACCOUNT": wechat_account,
    }
    with platforms_client() as http:
        running = StandIns(process, url, environment, http)
        try:
            wait_for("the stand-ins answer", lambda: _answers(f"{url}/playground/api/faults"), 60)
            yield running
        finally:
            _end(process)


@contextmanager
def product(
    folder: Path,
    port: int,
    database_url: str,
    environment: dict[str, str],
    *,
    bots: int = 1,
    arguments: tuple[str, ...] = (),
) -> Iterator[Product]:
    """Run the product on a migrated database, with the trained model; ready when entered."""
    model = trained_model()
    data = folder / "var"
    settings = {
        "SUDA_DATABASE_URL": database_url,
        "SUDA_DATA_DIR": str(data),
        "SUDA_EVIDENCE_URL": f"file://{data}/evidence",
        "SUDA_MODEL_DIR": str(model),
        "SUDA_PORT": str(port),
        "SUDA_BOTS": str(bots),
        "SUDA_LOG_LEVEL": "warning",
        **environment,
    }
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SUDA_")}
    log = folder / "product.log"
    with log.open("ab") as target:
        process = subprocess.Popen(
            [sys.executable, "-m", "server.cli", "serve", *arguments],
            cwd=ROOT,
            env={**kept, **settings},
            stdout=target,
            stderr=subprocess.STDOUT,
        )
    running = Product(process, f"http://127.0.0.1:{port}", log, data, settings)
    try:
        wait_for("the product is ready", lambda: running.ready() or process.poll() is not None, READY_SECONDS)
        assert process.poll() is None, log.read_text()[-3000:]
        yield running
    finally:
        _end(process)


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=2).status_code == 200
    except httpx.HTTPError:
        return False


def _end(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(10)
