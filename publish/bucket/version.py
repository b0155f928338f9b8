"""Versions of the data: `YYYY.MM.DD.N`, the day in China and a count from 1."""

from __future__ import annotations

import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

from schemas.errors import UsageError

CHINA = ZoneInfo("Asia/Shanghai")

_FORM = re.compile(r"(\d{4})\.(\d{2})\.(\d{2})\.([1-9]\d{0,3})", re.ASCII)


def day_of(now: datetime) -> date:
    """The day in China."""
    return now.astimezone(CHINA).date()


def parse_version(version: str) -> tuple[date, int]:
    """Day and count of a version; versions order by these, not by their letters."""
    found = _FORM.fullmatch(version)
    try:
        return (date(*(int(part) for part in found.groups()[:3])), int(found[4])) if found else _refuse(version)
    except ValueError:
        return _refuse(version)


def first_version(day: date, previous: str) -> str:
    """The first version to try after `previous` ("" for none): it is later even where the clock went back."""
    if not previous:
        return _spell(day, 1)
    last, _ = parse_version(previous)
    return _spell(day, 1) if day > last else next_version(previous)


def release_day(day: date, previous: str) -> date:
    """The day that a release is dated: never before the one that it follows, even where the clock went back."""
    return max(day, parse_version(previous)[0]) if previous else day


def next_version(version: str) -> str:
    """The next version of the same day."""
    day, count = parse_version(version)
    return _spell(day, count + 1)


def _spell(day: date, count: int) -> str:
    return f"{day:%Y.%m.%d}.{count}"


def _refuse(version: str) -> tuple[date, int]:
    raise UsageError(f"{version!r} is no version", remedy="versions are spelt YYYY.MM.DD.N, as 2026.11.23.1")
