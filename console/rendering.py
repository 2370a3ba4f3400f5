"""Pages from templates: one environment, everything escaped, times in the console's zone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import jinja2
from fastapi import Request
from fastapi.responses import HTMLResponse

from console import assets, words

_FOLDER = Path(__file__).resolve().parent
_PHONE = re.compile(r"(?<!\d)(1[3-9]\d)\d{4}(\d{4})(?!\d)")


def page(
    request: Request, template: str, values: Mapping[str, Any] | None = None, *, status: int = 200
) -> HTMLResponse:
    """The template as an answer."""
    return HTMLResponse(render(request, template, values), status)


def render(request: Request, template: str, values: Mapping[str, Any] | None = None) -> str:
    """The template as text. Every template knows `now`, `zone` and `asset`; times are shown in the zone."""
    context = request.state.console
    return (
        _environment()
        .get_template(template)
        .render(
            {
                "now": context.clock(),
                "zone": context.zone,
                "asset": assets.address,
                "words": words,
                **(values or {}),
            }
        )
    )


def masked(text: str) -> str:
    """Mobile numbers as lists show them: 138****8000."""
    return _PHONE.sub(r"\1****\2", text)


def moment(at: datetime, now: datetime, zone: ZoneInfo) -> str:
    """An instant as short as it can be read: 14:05, 昨天 14:05, 11月3日 14:05, 2025-11-03 14:05."""
    local, today = at.astimezone(zone), now.astimezone(zone).date()
    if local.date() == today:
        return f"{local:%H:%M}"
    if local.date() == today - timedelta(days=1):
        return f"昨天 {local:%H:%M}"
    if local.year == today.year:
        return f"{local.month}月{local.day}日 {local:%H:%M}"
    return f"{local:%Y-%m-%d %H:%M}"


def full_moment(at: datetime, zone: ZoneInfo) -> str:
    """An instant in full."""
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M:%S}"


def span(length: timedelta) -> str:
    """A length of time in its largest fitting unit: 不到1分钟, 12分钟, 3小时, 2天."""
    minutes = max(0, int(length.total_seconds() // 60))
    if minutes < 1:
        return "不到1分钟"
    if minutes < 60:
        return f"{minutes}分钟"
    if minutes < 48 * 60:
        return f"{minutes // 60}小时"
    return f"{minutes // (24 * 60)}天"


def size(count: int | None) -> str:
    """Bytes as people read them."""
    if not count:
        return ""
    if count < 1024:
        return f"{count} B"
    if count < 1024 * 1024:
        return f"{count / 1024:.0f} KB"
    return f"{count / 1024 / 1024:.1f} MB"


def money(amount: Decimal | None) -> str:
    """Yuan with the two places."""
    return "" if amount is None else f"¥{amount:,.2f}"


def day(value: date | None) -> str:
    """A date in full."""
    return "" if value is None else value.isoformat()


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_FOLDER / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        masked=masked, moment=moment, full_moment=full_moment, span=span, size=size, money=money, day=day
    )
    return environment
