"""Reads `SUDA_POLICY_FILE`: what a company sets about its complaint handling, checked and named when wrong.

```yaml
hours: {opens: "09:00", closes: "18:00"}
clocks:                       # h, min, d, or w (working days); one span for all or one for each priority
  first_contact: {normal: 24h, high: 12h, urgent: 2h}
  progress: 24h
routing:                      # the first rule that matches; what is left out matches everything
  - {team: 门店组, merchant: 旗舰店}
elsewhere:                    # matters that others decide; words are regular expressions
  - {words: ["跨境|海外仓"], topic: 海外店铺的订单, where: 海外店铺的客服}
answers:                      # matters with a ready answer, said as soon as somebody tells of one
  - {words: ["激活码|兑换码"], answer: 兑换码在订单详情页最下面，点「查看卡密」就有。}
```
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError, field_validator

from cases import policy
from cases.clocks import DEFAULT_SPANS, ClockName, Span, WorkingDays
from cases.policy import Policy
from cases.ready_answers import ReadyAnswer
from cases.routing import Rule
from cases.screening import Elsewhere
from cases.types import ComplaintType, Priority
from cases.working_time import WorkingHours
from server.settings import Settings, SettingsError

_SPAN = re.compile(r"^(\d{1,4})(min|h|d|w)$")


class _Hours(BaseModel):
    model_config = ConfigDict(extra="forbid")
    opens: time = time(9)
    closes: time = time(18)


class _Rule(BaseModel):
    model_config = ConfigDict(extra="forbid")
    team: str
    type: ComplaintType | None = None
    merchant: str | None = None
    priority: Priority | None = None


class _Matter(BaseModel):
    model_config = ConfigDict(extra="forbid")
    words: list[str]

    @field_validator("words")
    @classmethod
    def _are_expressions(cls, words: list[str]) -> list[str]:
        for word in words:
            try:
                re.compile(word)
            except re.error as wrong:
                raise ValueError(f"{word!r} is no regular expression: {wrong}") from wrong
        return words


class _Elsewhere(_Matter):
    topic: str
    where: str


class _Answer(_Matter):
    answer: str


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")
    hours: _Hours = _Hours()
    clocks: dict[ClockName, str | dict[Priority, str]] = {}
    routing: list[_Rule] = []
    elsewhere: list[_Elsewhere] = []
    answers: list[_Answer] = []


def install_policy(settings: Settings) -> Policy:
    """Make the policy of the settings the one of this process; `SettingsError` names what is wrong with the file."""
    made = _read(settings)
    policy.install(made)
    return made


def _read(settings: Settings) -> Policy:
    zone = ZoneInfo(settings.timezone)
    base = Policy(
        hours=WorkingHours(zone=zone),
        evidence_max_files=settings.evidence_max_files,
        looks_up_orders=settings.order_lookup_url is not None,
    )
    if settings.policy_file is None:
        return base
    try:
        given = _File.model_validate(_load(settings.policy_file))
        spans = {**DEFAULT_SPANS, **{name: _by_priority(name, span) for name, span in given.clocks.items()}}
        hours = WorkingHours(zone=zone, opens=given.hours.opens, closes=given.hours.closes)
    except ValidationError as wrong:
        lines = [f"{'.'.join(map(str, error['loc']))}: {error['msg']}" for error in wrong.errors()]
        raise SettingsError("\n".join(f"SUDA_POLICY_FILE: {line}" for line in lines)) from wrong
    except (OSError, ValueError, yaml.YAMLError) as wrong:
        raise SettingsError(f"SUDA_POLICY_FILE: {wrong}") from wrong
    rules = tuple(Rule(rule.team, rule.type, rule.merchant, rule.priority) for rule in given.routing)
    elsewhere = tuple(Elsewhere(tuple(one.words), one.topic, one.where) for one in given.elsewhere)
    answers = tuple(ReadyAnswer(tuple(one.words), one.answer) for one in given.answers)
    return replace(
        base,
        hours=hours,
        spans=spans,
        routing=rules,
        decided_elsewhere=elsewhere,
        ready_answers=answers,
    )


def _load(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8")) or {}


def _by_priority(name: ClockName, given: str | dict[Priority, str]) -> dict[Priority, Span]:
    if isinstance(given, str):
        return dict.fromkeys(Priority, _span(given))
    return {**DEFAULT_SPANS[name], **{priority: _span(text) for priority, text in given.items()}}


def _span(text: str) -> Span:
    match = _SPAN.match(text.strip())
    if match is None:
        raise ValueError(f"{text!r} is no span: write 30min, 24h, 3d, or 7w for working days")
    count, unit = int(match.group(1)), match.group(2)
    if unit == "w":
        return WorkingDays(count)
    return {"min": timedelta(minutes=count), "h": timedelta(hours=count), "d": timedelta(days=count)}[unit]
