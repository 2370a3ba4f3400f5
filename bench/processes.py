"""Server processes under measurement: start, memory, CPU time, end. Linux only (it reads /proc).

It ends only what it started, by process id.
"""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

STOP_SECONDS = 25.0
"""How long a server may take to end by itself; a supervisor in turn waits for its own children."""
_PR_SET_PDEATHSIG = 1  # linux/prctl.h
_LIBC = ctypes.CDLL(None)
_TICKS = os.sysconf("SC_CLK_TCK")


class ServerDied(Exception):
    """A server ended by itself; the message holds the end of its log."""


@dataclass(frozen=True)
class Memory:
    """Megabytes of a process tree. `pss` counts a page shared by n processes as 1/n in each."""

    pss: float
    rss: float


def free_port() -> int:
    """A loopback port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Server:
    """One started command and everything it forked."""

    def __init__(self, argv: Sequence[str], *, cwd: Path, env: Mapping[str, str], log: Path) -> None:
        self._log = log
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                list(argv),
                cwd=cwd,
                env=dict(env),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_end_with_parent,
            )

    def check_alive(self) -> None:
        """Raise `ServerDied` if the command has ended."""
        code = self._process.poll()
        if code is not None:
            tail = self._log.read_text(errors="replace")[-2000:]
            raise ServerDied(f"{self._process.args!r} ended with {code}; the end of {self._log}:\n{tail}")

    def tree(self) -> list[int]:
        """The process ids of the command and of all its living descendants."""
        stats = {pid: stat for pid in _all_pids() if (stat := _stat(pid))}
        found = {pid for pid, stat in stats.items() if int(stat[3]) == self._process.pid}  # same session
        found.add(self._process.pid)
        while grown := {pid for pid, stat in stats.items() if int(stat[1]) in found} - found:
            found |= grown
        return sorted(found & stats.keys())

    def stop(self) -> None:
        """End the command, politely first, then whatever of its tree is left."""
        born = {pid: _started_at(pid) for pid in self.tree()}
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait(STOP_SECONDS)
        for pid, moment in born.items():
            if moment is not None and _started_at(pid) == moment:  # not another process with its number
                _kill(pid)


def memory(servers: Sequence[Server]) -> Memory:
    """What the servers' trees hold now."""
    pss = rss = 0
    for server in servers:
        for pid in server.tree():
            fields = _smaps(pid)
            pss += fields.get("Pss", 0)
            rss += fields.get("Rss", 0)
    return Memory(pss=pss / 1024, rss=rss / 1024)


def cpu_seconds(servers: Sequence[Server]) -> float:
    """Processor time used so far by the servers' trees, user and system, ended children included."""
    ticks = 0
    for server in servers:
        for pid in server.tree():
            stat = _stat(pid)
            if stat:
                ticks += sum(int(stat[field]) for field in (11, 12, 13, 14))
    return ticks / _TICKS


def _end_with_parent() -> None:
    """However the benchmark ends, killed included, the command is told to end too."""
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _all_pids() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]


def _stat(pid: int) -> list[str]:
    """The fields of /proc/PID/stat after the command's name (state first); empty if the process is gone."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return []
    return text[text.rindex(")") + 2 :].split()


def _smaps(pid: int) -> dict[str, int]:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    except (FileNotFoundError, ProcessLookupError):
        return {}
    return {name: int(rest.split()[0]) for name, _, rest in (line.partition(":") for line in lines)}


def _started_at(pid: int) -> str | None:
    """When the process began, in ticks since boot; None if it is gone."""
    stat = _stat(pid)
    return stat[19] if stat else None


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return  # it ended by itself meanwhile
