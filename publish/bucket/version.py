"""Versions of the data: `YYYY.MM.DD.N`, the day in China and a count from 1."""

import re
from contextlib import suppress
from datetime import date, datetime
from zoneinfo import ZoneInfo

from schemas.errors import UsageError

CHINA = ZoneInfo("Asia/Shanghai")

_FORM = re.compile(r"(\d{4})\.(\d{2})\.(\d{2})\.([1-9]\d{0,3})", re.ASCII)


def day_of(now: datetime) -> date:
    """Return the day in China."""
    return now.astimezone(CHINA).date()


def parse_version(version: str) -> tuple[date, int]:
    """Return day and count of a version; versions are ordered by these, not as strings.

    Raises:
        UsageError: It is not a version.
    """
    if match := _FORM.fullmatch(version):
        year, month, day, count = map(int, match.groups())
        with suppress(ValueError):  # no such day
            return date(year, month, day), count
    raise UsageError(f"invalid version {version!r}", remedy="expected YYYY.MM.DD.N, as 2026.11.23.1")


def first_version(day: date, previous: str) -> str:
    """Return the first version to try after `previous` ("" for none): it is later even where the clock went back."""
    if not previous:
        return _format(day, 1)
    last, _ = parse_version(previous)
    return _format(day, 1) if day > last else next_version(previous)


def release_day(day: date, previous: str) -> date:
    """Return the date of a release: never before that of the previous release, even where the clock went back."""
    return max(day, parse_version(previous)[0]) if previous else day


def next_version(version: str) -> str:
    """Return the next version of the same day."""
    day, count = parse_version(version)
    return _format(day, count + 1)


def _format(day: date, count: int) -> str:
    return f"{day:%Y.%m.%d}.{count}"
