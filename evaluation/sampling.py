"""A share of the training data, so that a slow learner can be taught what a quick one is taught."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import yaml

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def write_sample(data: Path, folder: Path, texts: int) -> int:
    """Write a copy of a folder of Rasa data that holds about `texts` NLU examples; returns how many it holds.

    Of each file every so manieth is taken, so that each intent and each complaint type keeps its share. Lookup tables, rules
    and stories are copied whole.
    """
    files = {path: _parsed(path) for path in sorted((data / "nlu").glob("*.yml"))}
    in_all = sum(
        len(_examples(part)) for parsed in files.values() for part in parsed["nlu"] if "intent" in part
    )
    step = max(1, round(in_all / texts))
    kept = 0
    shutil.copytree(data, folder, ignore=lambda path, names: names if Path(path).name == "nlu" else [])
    for path, parsed in files.items():
        for part in parsed["nlu"]:
            if "intent" in part:
                chosen = _examples(part)[::step]
                kept += len(chosen)
                part["examples"] = "".join(f"- {one}\n" for one in chosen) if _plain(part) else chosen
        written = yaml.safe_dump(parsed, allow_unicode=True, sort_keys=False)
        (folder / "nlu" / path.name).write_text(written, encoding="utf-8")
    return kept


def _parsed(path: Path) -> dict[str, Any]:
    parsed: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506 - both are safe
    return parsed


def _plain(part: dict[str, Any]) -> bool:
    return isinstance(part["examples"], str)


def _examples(part: dict[str, Any]) -> list[Any]:
    if _plain(part):
        return [line[2:] for line in part["examples"].splitlines() if line.startswith("- ")]
    return list(part["examples"])
