"""`suda parse`: a text a line in, Rasa's parse result as a JSON line each out."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from typing import TextIO
from zoneinfo import ZoneInfo

from bot.parse import ModelNotFound, load_parser
from server import training
from server.settings import Settings


def parse_lines(settings: Settings, source: TextIO, target: TextIO, *, at: str | None) -> int:
    """Parse every line of `source`; relative dates refer to `at` (ISO 8601, the product's time zone if it has none)."""
    moment = None
    if at is not None:
        try:
            moment = datetime.fromisoformat(at.replace("Z", "+00:00"))
        except ValueError:
            print(f"--at: {at!r} is not an ISO 8601 time", file=sys.stderr)
            return 2
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=ZoneInfo(settings.timezone))
    try:
        parser = load_parser(training.trained_model(settings.model_dir) or settings.model_dir)
    except ModelNotFound as missing:
        print(missing, file=sys.stderr)
        return 1
    for parsed in parser.parse_lines(source, moment):
        target.write(json.dumps(parsed, ensure_ascii=False, default=str) + "\n")
        target.flush()
    return 0
