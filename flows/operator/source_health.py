"""The health of each source of a store, out of `status.json`: how fresh it is, what is open, waits or is due."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from infra.store import open_store
from publish.alerts.status import SourceStatus, read_status
from schemas.errors import UsageError

GRACE = timedelta(hours=2)
"""A run takes minutes, with a slow site an hour, and a scheduler may spread its runs."""

OVERDUE, WAITING, ALERTING = 5, 3, 4
"""Exit statuses by precedence: no run took place; an operator has to decide; an operator has to look."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceHealth:
    """A source at a point in time."""

    source: str
    status: SourceStatus
    now: datetime

    @property
    def overdue(self) -> bool:
        """Whether a run should have taken place by now; never for a source that is not in the nightly run."""
        due = _moment(self.status.next_due)
        return due is not None and self.now > due + GRACE

    @property
    def age(self) -> timedelta | None:
        """How long ago the last good run was, None if there was none."""
        good = _moment(self.status.last_good)
        return None if good is None else max(self.now - good, timedelta())

    @property
    def exit_status(self) -> int:
        """The exit status of the command line for this source."""
        faults = {OVERDUE: self.overdue, WAITING: self.status.held is not None, ALERTING: bool(self.status.alerts)}
        return next((status for status, present in faults.items() if present), 0)

    def as_record(self) -> dict[str, Any]:
        """Return the health as a JSON object."""
        status, held = self.status, self.status.held
        return {
            "source": self.source,
            "state": status.state.value,
            **{name: getattr(status, name) for name in ("last_outcome", "last_checked", "last_good")},
            "hours_since_good": None if self.age is None else round(self.age.total_seconds() / 3600, 1),
            **{name: getattr(status, name) for name in ("last_changed", "published", "next_due")},
            "overdue": self.overdue,
            "held": {"version": held.version, "since": held.since, "against": held.against} if held else None,
            "alerts": [alert.as_record() for alert in status.alerts],
        }


def source_health(url: str, now: datetime) -> tuple[SourceHealth, ...]:
    """Return the health of every source of a store.

    Raises:
        UsageError: No run has written there.
    """
    store = open_store(url)
    sources = read_status(store).sources
    if not sources:
        raise UsageError("no run has been here yet", where=url, remedy="check the address of the store")
    return tuple(SourceHealth(source=name, status=status, now=now) for name, status in sources.items())


def overall_exit_status(sources: tuple[SourceHealth, ...]) -> int:
    """Return the exit status for all sources, by precedence."""
    statuses = {source.exit_status for source in sources}
    return next((status for status in (OVERDUE, WAITING, ALERTING) if status in statuses), 0)


def _moment(text: str) -> datetime | None:
    """Return a time of `status.json`, None if it is empty or malformed."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None
