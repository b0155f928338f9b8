"""Alert state in the spool, used while the store takes no status, so that no alert is sent twice.

There is a file for the runs of a source, one for runs that could not start and one for commands that named no valid
run: each kind knows only its own alerts and must not clear those of the others.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from infra.logs import LOGGER
from infra.settings import Settings
from infra.spool import delete as delete_file
from infra.spool import read, write
from publish.alerts.lifecycle import Alert, AlertChanges
from publish.bucket.manifest import to_json
from schemas.errors import SettingsError

RUNS: Final = "alerts"
STARTS: Final = "unbegun"
COMMANDS: Final = "uncalled"
_NOT_IN_NAMES = re.compile(r"[^a-z0-9-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class SpooledAlerts:
    """What the spool remembers of alerts.

    Attributes:
        alerts: The open alerts.
        unsent_clearings: Cleared alerts whose message no channel took, None if the spool remembers nothing.
        cleared: Code and `since` of the alerts that have cleared, whatever the status in the store says.
    """

    alerts: tuple[Alert, ...] = ()
    unsent_clearings: tuple[Alert, ...] | None = None
    cleared: frozenset[tuple[str, str]] = frozenset()

    def after(self, changes: AlertChanges) -> SpooledAlerts:
        """Return what to remember after these changes."""
        cleared = self.cleared | {(alert.code, alert.since) for alert in changes.cleared}
        return SpooledAlerts(alerts=changes.open, unsent_clearings=changes.unsent_clearings, cleared=cleared)

    def merge_into(self, alerts: Iterable[Alert]) -> tuple[Alert, ...]:
        """Return the open alerts, given those in the store, which are older."""
        by_code = {alert.code: alert for alert in alerts if (alert.code, alert.since) not in self.cleared}
        by_code |= {alert.code: alert for alert in self.alerts}
        return tuple(by_code.values())


def load(settings: Settings, kind: str, source: str) -> SpooledAlerts:
    """Load the alert state; a missing or malformed file holds none."""
    try:
        data = read(settings.spool, _name(kind, source))
        if not data:
            return SpooledAlerts()
        record = json.loads(data)
        return SpooledAlerts(
            alerts=tuple(map(Alert.of_record, record.get("alerts", ()))),
            unsent_clearings=tuple(map(Alert.of_record, record.get("owed", ()))),
            cleared=frozenset((str(code), str(since)) for code, since in record.get("over", ())),
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        return SpooledAlerts()


def save(settings: Settings, kind: str, source: str, state: SpooledAlerts) -> None:
    """Save the alert state. If the spool is not writable, log a warning: the next run may send a duplicate."""
    record = {
        "alerts": [alert.as_record() for alert in state.alerts],
        "owed": [alert.as_record() for alert in state.unsent_clearings or ()],
        "over": [list(cleared) for cleared in sorted(state.cleared)],
    }
    try:
        write(settings.spool, _name(kind, source), to_json(record))
    except SettingsError as error:
        LOGGER.warning("could not save the alert state (%s): the next run may send an alert again", error)


def delete(settings: Settings, kind: str, source: str) -> None:
    """Delete the alert state."""
    delete_file(settings.spool, _name(kind, source))


def _name(kind: str, source: str) -> str:
    return f"{kind}-{_NOT_IN_NAMES.sub('-', source)[:64]}.json"
