"""One command that runs everything: starts the web process and the bots, restarts what dies, ends all in order.

Imports nothing heavy: it must outlive everything else.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from types import FrameType

import structlog

from server.settings import Settings

log = structlog.get_logger(__name__)

GRACE_SECONDS = 15.0
STEADY_SECONDS = 10.0
MAX_PAUSE = 10.0
CANNOT_START = 2
"""Exit status of a process that says itself that starting again would not help (a wrong setting, no model)."""


@dataclass
class Child:
    """A supervised process."""

    name: str
    command: Sequence[str]
    keep_open: tuple[int, ...] = ()
    """File descriptors that it inherits."""
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    restart_at: float = 0.0
    failures: int = field(default=0)

    def start(self) -> None:
        """Start it, in our process group (Ctrl-C in the terminal reaches us; we tell the children)."""
        self.process = subprocess.Popen(self.command, start_new_session=True, pass_fds=self.keep_open)
        self.started_at = time.monotonic()

    def signal(self, number: signal.Signals) -> None:
        """Signal it if it lives."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(number)


class CannotListen(Exception):
    """The address of the settings cannot be bound; the message names the setting."""


def listen(settings: Settings) -> socket.socket:
    """The web role's listening socket. Whoever keeps it open keeps callers waiting instead of refused."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((settings.host, settings.port))
    except OSError as taken:
        listening.close()
        where = f"{settings.host}:{settings.port}"
        raise CannotListen(f"SUDA_PORT: {where} cannot be used: {taken.strerror}") from taken
    listening.listen(2048)
    return listening


def role_command(role: str) -> list[str]:
    """The command line of one role's process."""
    return [sys.executable, "-m", "server.cli", "role", role]


def supervise(children: Sequence[Child]) -> int:
    """Run until SIGINT or SIGTERM; returns the exit status."""
    stopping = False

    def stop(_signal: int, _frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    for child in children:
        child.start()
    status = 0
    while not stopping:
        time.sleep(0.1)
        for child in children:
            if not _keep_alive(child):
                status, stopping = 1, True
    _end(children)
    return status


def _keep_alive(child: Child) -> bool:
    """Restart the child if it died; False if it says that restarting would not help."""
    now = time.monotonic()
    if child.process is None:
        if now >= child.restart_at:
            child.start()
        return True
    status = child.process.poll()
    if status is None:
        return True
    if status == CANNOT_START:
        log.error("a role cannot start", role=child.name)
        return False
    child.failures = 0 if now - child.started_at > STEADY_SECONDS else child.failures + 1
    pause = 0.0 if child.failures == 0 else min(0.25 * 2**child.failures, MAX_PAUSE)
    log.warning("a role ended and is restarted", role=child.name, status=status, pause=pause)
    child.process = None
    child.restart_at = now + pause
    return True


def _end(children: Sequence[Child]) -> None:
    for child in children:
        child.signal(signal.SIGTERM)
    deadline = time.monotonic() + GRACE_SECONDS
    for child in children:
        if child.process is None:
            continue
        try:
            child.process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            log.warning("a role did not end in time", role=child.name)
            os.killpg(child.process.pid, signal.SIGKILL)
