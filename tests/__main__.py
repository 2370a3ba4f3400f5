"""`make test`: runs every test that this machine can run, in parallel where that helps, and says what it skipped."""

from __future__ import annotations

import subprocess
import sys

from tests.product import trained_model


def main() -> int:
    """Run pytest twice: what starts processes or a browser runs alone, the rest on both cores."""
    print(f"model: {trained_model().name}", flush=True)
    if "--long" in sys.argv:
        return subprocess.call([sys.executable, "-m", "pytest", "-m", "long", "--timeout", "5400", "-s"])
    quick = [sys.executable, "-m", "pytest", "-n", "2", "--dist", "loadfile", "-m", "not long and not alone"]
    alone = [sys.executable, "-m", "pytest", "-m", "alone and not long", "--timeout", "900"]
    first = subprocess.call(quick)
    second = subprocess.call(alone)
    return first or second


if __name__ == "__main__":
    sys.exit(main())
