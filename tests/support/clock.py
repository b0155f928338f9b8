"""A clock that tests move by hand, and a sleep that moves it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

START = datetime(2026, 3, 2, 1, 0, 0, 250_000, tzinfo=UTC)


@dataclass(slots=True, kw_only=True)
class Clock:
    """Time stands still until something sleeps; `slept` holds for how long each time."""

    now: datetime = START
    slept: list[float] = field(default_factory=list)

    def __call__(self) -> datetime:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += timedelta(seconds=seconds)

    def pass_by(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)
