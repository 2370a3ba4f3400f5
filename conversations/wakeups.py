"""Telling another process "look now" instead of letting it find out at its next sweep.

A wake-up carries no data and may be lost: the database is the truth, and every loop also sweeps by itself. This is
the seam at which a broker can take the place of local sockets.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import time
from pathlib import Path
from typing import Protocol

BOT = "bot"
COURIER = "courier"
FETCHER = "fetcher"
WEB = "web"

LISTED_FOR_SECONDS = 0.5


class Wakeups(Protocol):
    """Sends and receives wake-ups by topic (the constants above)."""

    def notify(self, topic: str) -> None:
        """Wake whoever listens to the topic. Never blocks, never raises."""

    def listen(self, topic: str) -> Listener:
        """Start listening; close the listener when done."""


class Listener(Protocol):
    """One party's ear on a topic."""

    async def wait(self, seconds: float) -> bool:
        """Sleep until woken (True) or until `seconds` have passed (False). Several wake-ups count as one."""

    def close(self) -> None:
        """Stop listening."""


class LocalWakeups:
    """Wake-ups between processes of one machine: datagrams to Unix sockets in one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()
        self._folder.mkdir(parents=True, exist_ok=True)
        self._sender = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._sender.setblocking(False)
        self._listeners: dict[str, list[str]] = {}
        self._listed_at = 0.0

    def notify(self, topic: str) -> None:
        """Send one datagram to every socket of the topic; a dead process's socket is removed."""
        for path in self._listening(topic):
            try:
                self._sender.sendto(b"!", path)
            except (ConnectionRefusedError, FileNotFoundError):
                Path(path).unlink(missing_ok=True)
                self._listed_at = 0.0
            except OSError:
                continue  # a full buffer: the listener is about to look anyway

    def _listening(self, topic: str) -> list[str]:
        """The sockets of a topic; who began to listen within the last moment is found by his own sweep."""
        now = time.monotonic()
        if now - self._listed_at > LISTED_FOR_SECONDS:
            self._listed_at = now
            self._listeners = {}
            for entry in os.scandir(self._folder):
                self._listeners.setdefault(entry.name.split(".")[0], []).append(entry.path)
        return self._listeners.get(topic, [])

    def listen(self, topic: str) -> LocalListener:
        """Bind a socket of our own for the topic."""
        return LocalListener(self._folder / f"{topic}.{os.getpid()}.{os.urandom(3).hex()}")

    def close(self) -> None:
        """Give back the sending socket."""
        self._sender.close()


class LocalListener:
    """A bound Unix socket and its file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        self._socket.bind(str(path))

    async def wait(self, seconds: float) -> bool:
        """Sleep until woken or until `seconds` have passed."""
        if self._drain():
            return True
        if seconds <= 0:
            return False
        loop = asyncio.get_running_loop()
        try:
            await asyncio.wait_for(loop.sock_recv(self._socket, 16), seconds)
        except asyncio.TimeoutError:
            return False
        self._drain()
        return True

    def _drain(self) -> bool:
        woken = False
        with contextlib.suppress(BlockingIOError):
            while True:
                self._socket.recv(16)
                woken = True
        return woken

    def close(self) -> None:
        """Unbind and remove the socket's file."""
        self._socket.close()
        self._path.unlink(missing_ok=True)
