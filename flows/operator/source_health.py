"""How each source of a store stands, out of `status.json` alone: how fresh, what is open, what waits, what is due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from infra.store import open_store
from publish.alerts.status import SourceStatus, read_status
from schemas.errors import UsageError

GRACE = timedelta(hours=2)
"""A run that is due takes its minutes, a slow site an hour, and a scheduler may spread its runs."""

OVERDUE, WAITING, ALERTING = 5, 3, 4
"""Exit statuses, in the order in which they count: nobody looks; somebody has to decide; somebody has to look."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceHealth:
    """One source at a moment."""

    source: str
    status: SourceStatus
    now: datetime

    @property
    def overdue(self) -> bool:
        """Whether a run should long have been there; of a source that no run looks at by itself none is due."""
        due = _moment(self.status.next_due)
        return due is not None and self.now > due + GRACE

    @property
    def age(self) -> timedelta | None:
        """How long ago everything of the source could last be fetched and read, None where it never could."""
        good = _moment(self.status.last_good)
        return None if good is None else max(self.now - good, timedelta())

    @property
    def exit_status(self) -> int:
        """What the command line exits with for it."""
        faults = {OVERDUE: self.overdue, WAITING: self.status.held is not None, ALERTING: bool(self.status.alerts)}
        return next((status for status, found in faults.items() if found), 0)

    def as_record(self) -> dict[str, Any]:
        """The standing as a JSON object."""
        status, held = self.status, self.status.held
        return {
            "source": self.source,
            "state": status.state.value,
            "last_outcome": status.last_outcome,
            "last_checked": status.last_checked,
            "last_good": status.last_good,
            "hours_since_good": None if self.age is None else round(self.age.total_seconds() / 3600, 1),
            "last_changed": status.last_changed,
            "published": status.published,
            "next_due": status.next_due,
            "overdue": self.overdue,
            "held": {"version": held.version, "since": held.since, "against": held.against} if held else None,
            "alerts": [alert.as_record() for alert in status.alerts],
        }


def source_health(url: str, now: datetime) -> tuple[SourceHealth, ...]:
    """Every source that a run has looked at."""
    store = open_store(url)
    sources = read_status(store).sources
    if not sources:
        raise UsageError("no run has been here yet", where=url, remedy="check the address of the store")
    return tuple(SourceHealth(source=name, status=status, now=now) for name, status in sources.items())


def overall_exit_status(found: tuple[SourceHealth, ...]) -> int:
    """The exit status of all of them: the first that one of them has, in the order in which they count."""
    seen = {one.exit_status for one in found}
    return next((status for status in (OVERDUE, WAITING, ALERTING) if status in seen), 0)


def _moment(text: str) -> datetime | None:
    """A moment as `status.json` has it; None for never, and for what no run of ours has written."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else None
