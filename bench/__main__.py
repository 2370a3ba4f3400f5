"""`python -m bench`: prepare stock Rasa, measure both sides by turns, print the table, keep the figures.

    python -m bench             three runs, about half an hour
    python -m bench --quick     one short run, to see that everything works
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import shutil
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, timezone
from pathlib import Path

from bench.drive import QUICK, Driver, Plan
from bench.figures import Run, median_run
from bench.side import Side
from bench.stock_side import StockSide, prepare_stock
from bench.suda_side import ROOT, SudaSide
from bench.table import markdown, targets, verdict

RESULTS = Path(__file__).parent / "results"


def main() -> int:
    arguments = _arguments()
    plan = QUICK if arguments.quick else Plan()
    runs = 1 if arguments.quick else arguments.runs
    # Beside the checkout, not in /tmp: both sides must write to a real disk.
    folder = ROOT / "var" / f"bench-{os.getpid()}"
    folder.mkdir(parents=True)
    stock, ours = asyncio.run(_measure(folder, plan, runs, arguments.bots, arguments.only))
    shutil.rmtree(folder)
    _keep(stock, ours)
    if not (stock and ours):
        return 0
    judged = targets(median_run(stock), median_run(ours))
    print(f"{_machine()}; median of {len(ours)} run(s)\n")
    print(markdown(median_run(stock), median_run(ours)), verdict(judged), sep="\n\n")
    return 1 if arguments.check and not all(target.met for target in judged) else 0


async def _measure(
    folder: Path, plan: Plan, runs: int, bots: int, only: str | None
) -> tuple[list[Run], list[Run]]:
    found: dict[str, list[Run]] = {"stock": [], "ours": []}
    if only != "ours":
        _say("stock: environment and model (the first time takes minutes)")
        await asyncio.to_thread(prepare_stock, folder / "prepare.log")
    for number in range(runs):
        order = ["stock", "ours"] if number % 2 == 0 else ["ours", "stock"]
        for name in order:
            if only not in (None, name):
                continue
            place = folder / f"{name}-{number}"
            side: Side = StockSide(place) if name == "stock" else SudaSide(place, bots=bots)
            driver = Driver(side, _prefixed(f"run {number + 1}/{runs}, {name}"))
            last_mark = plan.stock_last_mark if name == "stock" else max(plan.marks)
            found[name].append(await driver.run(plan, last_mark))
    return found["stock"], found["ours"]


def _keep(stock: list[Run], ours: list[Run]) -> None:
    now = datetime.now(timezone.utc)
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{now:%Y-%m-%dT%H%M%SZ}.json"
    figures = {
        "at": now.isoformat(timespec="seconds"),
        "machine": _machine(),
        "stock": [asdict(run) for run in stock],
        "ours": [asdict(run) for run in ours],
    }
    path.write_text(json.dumps(figures, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    _say(f"figures kept in {path.relative_to(ROOT)}")


def _machine() -> str:
    return f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()}, Python {platform.python_version()}"


def _prefixed(prefix: str) -> Callable[[str], None]:
    return lambda line: _say(f"{prefix}: {line}")


def _say(line: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {line}", file=sys.stderr, flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=3, choices=range(1, 10), metavar="N", help="runs of each side")
    parser.add_argument("--bots", type=int, default=2, help="bot processes of the product")
    parser.add_argument("--quick", action="store_true", help="one short run")
    parser.add_argument("--only", choices=("stock", "ours"), help="measure one side, print no table")
    parser.add_argument("--check", action="store_true", help="exit with 1 if a target is missed")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
