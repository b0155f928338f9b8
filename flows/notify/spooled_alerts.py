"""What the spool remembers of alerts while the store takes nothing: who was told what, so that nobody is told twice.

One file for the nights of a source, one for runs that could not begin and one for calls of the command that named no
run: who can read the settings knows nothing yet of keys and store, and must not clear what others have told of them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from infra.logs import LOGGER
from infra.settings import Settings
from infra.spool import delete as remove
from infra.spool import read, write
from publish.alerts.lifecycle import Alert, AlertChanges
from publish.bucket.manifest import to_json
from schemas.errors import SettingsError

NIGHTS: Final = "alerts"
BEGINS: Final = "unbegun"
CALLS: Final = "uncalled"
_NO_SLUG = re.compile(r"[^a-z0-9-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class SpooledAlerts:
    """The alerts that are open, those whose clearing no channel took, and those that are over whatever the store says.

    `unsent_clearings` is None where nothing is remembered; `cleared` has the code of an alert and since when it was
    open.
    """

    alerts: tuple[Alert, ...] = ()
    unsent_clearings: tuple[Alert, ...] | None = None
    cleared: frozenset[tuple[str, str]] = frozenset()

    def after(self, turn: AlertChanges) -> SpooledAlerts:
        """What is to be remembered after a turn."""
        over = self.cleared | {(one.code, one.since) for one in turn.cleared}
        return SpooledAlerts(alerts=turn.open, unsent_clearings=turn.unsent_clearings, cleared=over)

    def merge_into(self, alerts: Iterable[Alert]) -> tuple[Alert, ...]:
        """The alerts that are open, where the store knows these: what is remembered came later."""
        known = {one.code: one for one in alerts if (one.code, one.since) not in self.cleared}
        known |= {one.code: one for one in self.alerts}
        return tuple(known.values())


def load(settings: Settings, kind: str, source: str) -> SpooledAlerts:
    """What the spool remembers; a file that is none remembers nothing."""
    try:
        data = read(settings.spool, _name(kind, source))
        if not data:
            return SpooledAlerts()
        found = json.loads(data)
        return SpooledAlerts(
            alerts=tuple(map(Alert.of_record, found.get("alerts", ()))),
            unsent_clearings=tuple(map(Alert.of_record, found.get("owed", ()))),
            cleared=frozenset((str(code), str(since)) for code, since in found.get("over", ())),
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        return SpooledAlerts()


def save(settings: Settings, kind: str, source: str, known: SpooledAlerts) -> None:
    """Write it down; a spool that takes nothing costs a second message, and no run."""
    told = {
        "alerts": [one.as_record() for one in known.alerts],
        "owed": [one.as_record() for one in known.unsent_clearings or ()],
        "over": [list(one) for one in sorted(known.cleared)],
    }
    try:
        write(settings.spool, _name(kind, source), to_json(told))
    except SettingsError as error:
        LOGGER.warning("what was told is not remembered (%s)", error)


def delete(settings: Settings, kind: str, source: str) -> None:
    """Forget it."""
    remove(settings.spool, _name(kind, source))


def _name(kind: str, source: str) -> str:
    return f"{kind}-{_NO_SLUG.sub('-', source)[:64]}.json"
