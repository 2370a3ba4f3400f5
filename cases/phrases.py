"""How times, spans and teams are said in Chinese. Pure."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from cases.clocks import Span, WorkingDays


def moment(at: datetime, now: datetime, zone: ZoneInfo) -> str:
    """An instant as people say it: 11月25日 18:00, with the year only where it is another one."""
    local = at.astimezone(zone)
    year = f"{local.year}年" if local.year != now.astimezone(zone).year else ""
    return f"{year}{local.month}月{local.day}日 {local:%H:%M}"


def before(at: datetime, now: datetime, zone: ZoneInfo) -> str:
    """A deadline as people say it: 11月25日 18:00前."""
    return moment(at, now, zone) + "前"


def span_in_words(span: Span) -> str:
    """A length of time: 2个工作日, 24小时, 7天."""
    if isinstance(span, WorkingDays):
        return f"{span.count}个工作日"
    hours = span.total_seconds() / 3600
    if hours < 1:
        return f"{round(hours * 60)}分钟"
    return f"{round(hours / 24)}天" if hours >= 48 and hours % 24 == 0 else f"{round(hours)}小时"


def team_in_words(name: str) -> str:
    """A team's name as it is spoken of: 商品质量组."""
    return name if name.endswith(("组", "部", "队", "中心", "团队", "科", "处")) else f"{name}组"
