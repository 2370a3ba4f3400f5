"""Training the assistant when its data changed, and finding the model that belongs to the data.

The model's file name carries a digest of everything it was trained from, so "is it up to date" is a look at a name.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ("config.yml", "domain.yml", "bot/data", "bot/nlu")


class TrainingFailed(Exception):
    """Rasa could not train; its last words are the message."""


def model_name() -> str:
    """The name of the model that belongs to the data as it is now."""
    digest = hashlib.sha256()
    for source in SOURCES:
        path = ROOT / source
        files = sorted(p for p in path.rglob("*") if p.suffix in (".yml", ".py")) if path.is_dir() else [path]
        for file in files:
            digest.update(str(file.relative_to(ROOT)).encode())
            digest.update(file.read_bytes())
    return f"suda-{digest.hexdigest()[:12]}"


def trained_model(model_dir: Path) -> Path | None:
    """The model of today's data, if it is trained; a file in place of the folder is the model."""
    if model_dir.is_file():
        return model_dir
    path = model_dir / f"{model_name()}.tar.gz"
    return path if path.exists() else None


def train(model_dir: Path, *, quiet: bool = False) -> Path:
    """Train if today's data has no model yet; returns the model. Says every few seconds how long it has taken."""
    found = trained_model(model_dir)
    if found is not None:
        return found
    model_dir.mkdir(parents=True, exist_ok=True)
    with (model_dir / ".training").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # another process may be training the same
        found = trained_model(model_dir)
        return found if found is not None else _train(model_dir, quiet=quiet)


def _train(model_dir: Path, *, quiet: bool) -> Path:
    return train_on(ROOT / "bot" / "data", model_dir, model_name(), quiet=quiet)


def train_on(data: Path, model_dir: Path, name: str, *, quiet: bool) -> Path:
    """Train on a folder of data, whatever is there already; returns the model, called `name`."""
    started = time.monotonic()
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "bot.train", "--config", str(ROOT / "config.yml")),
            *("--domain", str(ROOT / "domain.yml"), "--data", str(data)),
            *("--out", str(model_dir), "--name", f".{name}"),
        ],
        cwd=ROOT,
        env={**os.environ, "RASA_TELEMETRY_ENABLED": "false", "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    lines: list[str] = []
    reader = threading.Thread(target=lambda: lines.extend(process.stdout or ()), daemon=True)
    reader.start()
    if not quiet:
        print("Training the assistant (some minutes, once) …", flush=True)
    while process.poll() is None:
        time.sleep(0.2)
        if not quiet and sys.stdout.isatty():
            print(f"\r{time.monotonic() - started:.0f} s ", end="", flush=True)
    reader.join(timeout=5)
    if not quiet:
        print(f"\rTrained in {time.monotonic() - started:.0f} s.")
    draft = model_dir / f".{name}.tar.gz"
    if process.returncode != 0 or not draft.exists():
        raise TrainingFailed("".join(lines[-30:]) or f"exit status {process.returncode}")
    return draft.rename(model_dir / f"{name}.tar.gz")
