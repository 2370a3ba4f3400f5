"""`suda shell`: `rasa shell` with `rasa run actions` beside it, as a Rasa developer knows them."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time

from conversations.database import Database
from server import migrate, training
from server.settings import Settings

ACTIONS_PORT = 5055
"""The port that endpoints.yml names."""
START_SECONDS = 60.0


def run(settings: Settings) -> int:
    """Start the action server, talk until the shell is left, stop the action server."""
    migrate.upgrade(Database(settings.database_url))
    model = training.train(settings.model_dir)
    environment = {
        **os.environ,
        "RASA_TELEMETRY_ENABLED": "false",
        "SUDA_DATABASE_URL": settings.database_url,
        "PYTHONPATH": str(training.ROOT),
    }
    rasa = [sys.executable, "-m", "rasa"]
    actions = subprocess.Popen([*rasa, "run", "actions"], cwd=training.ROOT, env=environment)
    try:
        if not _listens(ACTIONS_PORT, actions):
            print("the action server did not start", file=sys.stderr)
            return 1
        return subprocess.call(
            [*rasa, "shell", "--model", str(model), "--endpoints", "endpoints.yml"],
            cwd=training.ROOT,
            env=environment,
        )
    finally:
        actions.terminate()
        actions.wait(timeout=10)


def _listens(port: int, process: subprocess.Popen[bytes]) -> bool:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as probe:
            probe.settimeout(0.2)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return True
        time.sleep(0.2)
    return False
