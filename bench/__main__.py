"""`python -m bench`: prepare stock Rasa, measure both sides by turns, print the table, keep the figures.

Three runs take about half an hour, most of it stock Rasa's; `--quick` sees in minutes that all works.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import shutil
import signal
import subprocess
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
from bench.suda_side import ROOT, SudaSide, prepare_suda
from bench.table import markdown, targets, verdict

RESULTS = Path(__file__).parent / "results"


def main() -> int:
    arguments = _arguments()
    # Asked to end, it ends its servers first, as on Ctrl-C.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    plan = QUICK if arguments.quick else Plan(stock_long_runs=arguments.stock_long_runs)
    runs = 1 if arguments.quick else arguments.runs
    # Beside the checkout, not in /tmp: both sides must write to a real disk.
    folder = ROOT / "var" / f"bench-{os.getpid()}"
    folder.mkdir(parents=True)
    try:
        stock, ours = asyncio.run(_measure(folder, plan, runs, arguments.bots, arguments.only))
    except KeyboardInterrupt:
        _say(f"ended early; the servers' logs are in {folder}")
        return 130
    shutil.rmtree(folder)
    if not (stock and ours):
        return 0
    judged = targets(median_run(stock), median_run(ours))
    print(f"{_machine()}; {_how_often(len(ours), plan.stock_long_runs)}\n")
    print(markdown(median_run(stock), median_run(ours)), verdict(judged), sep="\n\n")
    return 1 if arguments.check and not all(target.met for target in judged) else 0


async def _measure(
    folder: Path, plan: Plan, runs: int, bots: int, only: str | None
) -> tuple[list[Run], list[Run]]:
    found: dict[str, list[Run]] = {"stock": [], "ours": []}
    results = RESULTS / f"{datetime.now(timezone.utc):%Y-%m-%dT%H%M%SZ}.json"
    busy = os.getloadavg()[0]
    if busy > 0.5:
        _say(f"the machine is already busy (load {busy:.1f}): the figures will not be worth quoting")
    _say("environments and models (the first time takes minutes)")
    log = folder / "prepare.log"
    try:
        if only != "ours":
            await asyncio.to_thread(prepare_stock, log)
        if only != "stock":
            await asyncio.to_thread(prepare_suda, log)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as failure:
        raise SystemExit(f"{failure}\nsee {log}") from failure
    for number in range(runs):
        order = ["stock", "ours"] if number % 2 == 0 else ["ours", "stock"]
        for name in order:
            if only not in (None, name):
                continue
            place = folder / f"{name}-{number}"
            side: Side = StockSide(place) if name == "stock" else SudaSide(place, bots=bots)
            driver = Driver(side, _prefixed(f"run {number + 1}/{runs}, {name}"))
            found[name].append(await driver.run(plan, _last_mark(plan, name, number)))
            _keep(results, found)
    _say(f"figures kept in {results.relative_to(ROOT)}")
    return found["stock"], found["ours"]


def _last_mark(plan: Plan, name: str, run: int) -> int | None:
    if name == "ours":
        return max(plan.marks)
    return plan.stock_last_mark if run < plan.stock_long_runs else None


def _keep(path: Path, found: dict[str, list[Run]]) -> None:
    path.parent.mkdir(exist_ok=True)
    sides = {name: [asdict(run) for run in runs] for name, runs in found.items()}
    figures = {"machine": _machine(), "load": os.getloadavg(), **sides}
    path.write_text(json.dumps(figures, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _how_often(runs: int, stock_long_runs: int) -> str:
    if runs == 1:
        return "one run"
    return f"median of {runs} runs (stock Rasa's long chats: of {min(runs, stock_long_runs)})"


def _machine() -> str:
    system = f"{platform.system()} {platform.machine()}"
    return f"{os.cpu_count()} cores, {system}, Python {platform.python_version()}"


def _prefixed(prefix: str) -> Callable[[str], None]:
    return lambda line: _say(f"{prefix}: {line}")


def _say(line: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {line}", file=sys.stderr, flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__.splitlines()[0])
    parser.add_argument(
        "--runs", type=int, default=3, choices=range(1, 10), metavar="N", help="runs of each side"
    )
    parser.add_argument("--bots", type=int, default=2, help="bot processes of the product")
    parser.add_argument(
        "--stock-long-runs", type=int, default=1, choices=range(1, 10), metavar="N",
        help="in how many of the runs stock Rasa's long chats are measured, a quarter of an hour each",
    )  # fmt: skip
    parser.add_argument("--quick", action="store_true", help="one short run")
    parser.add_argument("--only", choices=("stock", "ours"), help="measure one side, print no table")
    parser.add_argument("--check", action="store_true", help="exit with 1 if a target is missed")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
