"""`status.json`: the state of each source, read once at the start of a run and swapped once at its end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from types import MappingProxyType
from typing import Any

from infra.store import Store, Stored
from publish.alerts.lifecycle import Alert, AlertChanges, AlertEvent
from publish.bucket.layout import STATUS
from publish.bucket.manifest import Record, from_json, update_json
from schemas.codelists import SourceState
from schemas.errors import StoreCorrupt
from schemas.finding import Finding

MOST_CHANGES = 20
MOST_NEWS = 20

_STATES = MappingProxyType({state.value: state for state in SourceState})
_REQUIRED_TEXTS = ("last_checked", "last_changed", "last_good", "published")
_LATER_TEXTS = ("last_outcome", "next_due")
_EVENTS = MappingProxyType({event.value: event for event in AlertEvent})


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldCandidate:
    """A candidate that waits for an operator, and the hash of its inputs.

    `since` is when it was stored, `against` the release that it was compared with, "" where there was none.
    """

    version: str
    inputs_sha256: str
    since: str = ""
    against: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectedCandidate:
    """A candidate that an operator rejected, the hash of the inputs that are not held again, and when it was held."""

    version: str
    inputs_sha256: str
    at: str
    since: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StateChange:
    """A change of the state of a source, and its time."""

    at: str
    before: SourceState
    state: SourceState


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertLogEntry:
    """An event of an alert, and its time."""

    at: str
    event: AlertEvent
    alert: Alert


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceStatus:
    """The status of one source; times are ISO 8601 in UTC, "" for never.

    Attributes:
        last_checked: The end of the last run.
        last_good: The last run that could fetch and read everything.
        last_changed: The last run that published.
        published: The version that `latest/` and `index.json` show; if `latest.json` is ahead, a run was killed.
        last_outcome: The outcome of the last run.
        next_due: When the next run is due.
        held: The candidate that waits for an operator.
        rejected: The candidate that is not held again until the source changes.
        changes: The last twenty changes of `state`, the newest last.
        alerts: The open alerts.
        unsent_clearings: The alerts that cleared while no channel took the message.
        news: The last twenty events of alerts, the newest last.
    """

    state: SourceState = SourceState.OK
    last_checked: str = ""
    last_changed: str = ""
    last_good: str = ""
    published: str = ""
    last_outcome: str = ""
    next_due: str = ""
    held: HeldCandidate | None = None
    rejected: RejectedCandidate | None = None
    findings: tuple[Mapping[str, Any], ...] = ()
    changes: tuple[StateChange, ...] = ()
    alerts: tuple[Alert, ...] = ()
    unsent_clearings: tuple[Alert, ...] = ()
    news: tuple[AlertLogEntry, ...] = ()

    def with_alert_changes(self, changes: AlertChanges | None, at: str) -> SourceStatus:
        """Return the status after these changes of alerts; None leaves it as it is."""
        if changes is None:
            return self
        events = tuple(AlertLogEntry(at=at, event=event, alert=alert) for event, alert in changes.events)
        return replace(
            self,
            alerts=changes.open,
            unsent_clearings=changes.unsent_clearings,
            news=(*self.news, *events)[-MOST_NEWS:],
        )

    def with_state(self, state: SourceState, at: str) -> SourceStatus:
        """Return the status with this state, and with the change if it is one."""
        if state is self.state:
            return self
        change = StateChange(at=at, before=self.state, state=state)
        return replace(self, state=state, changes=(*self.changes, change)[-MOST_CHANGES:])


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusFile:
    """The whole file as it was read."""

    sources: Mapping[str, SourceStatus] = field(default_factory=lambda: MappingProxyType({}))
    stored: Stored | None = None

    def of(self, dataset: str) -> SourceStatus:
        """Return the entry of a source, an empty one before its first run."""
        return self.sources.get(dataset, SourceStatus())


def read_status(store: Store) -> StatusFile:
    """Read the file."""
    stored = store.get(STATUS)
    if stored is None:
        return StatusFile()
    entries = from_json(stored.data, STATUS).get("sources", {})
    return StatusFile(sources=MappingProxyType({name: _parse(entry) for name, entry in entries.items()}), stored=stored)


def write_status(store: Store, dataset: str, status: SourceStatus, *, seen: StatusFile) -> None:
    """Write what a run changed in a source's entry; what other runs have changed since it was `seen` stays."""
    previous, entry = _record(seen.of(dataset)), _record(status)
    changed = {name: value for name, value in entry.items() if value != previous[name]}
    update_json(store, STATUS, partial(_with, dataset=dataset, entry=entry, changed=changed), first_read=seen.stored)


def open_findings(findings: tuple[Finding, ...]) -> tuple[Mapping[str, Any], ...]:
    """Return findings as they are written to the file."""
    return tuple(finding.as_record() for finding in findings)


def _with(file: Record, *, dataset: str, entry: Record, changed: Record) -> Record:
    sources = file.get("sources", {})
    theirs = sources.get(dataset, {})
    merged = {**entry, **theirs, **changed, "changes": _merge_changes(theirs.get("changes", []), entry["changes"])}
    merged["news"] = _merge_news(theirs.get("news", []), entry["news"])
    return {**file, "sources": dict(sorted({**sources, dataset: merged}.items()))}


def _merge_changes(stored: list[Record], own: list[Record]) -> list[Record]:
    """Return the changes of two runs at the same time, each once."""
    single = {(change["at"], change["state"]): change for change in (*stored, *own)}
    return [single[key] for key in sorted(single)][-MOST_CHANGES:]


def _merge_news(stored: list[Record], own: list[Record]) -> list[Record]:
    single = {(entry["at"], entry["event"], entry["alert"]["code"]): entry for entry in (*stored, *own)}
    return sorted(single.values(), key=lambda entry: str(entry["at"]))[-MOST_NEWS:]


def _record(status: SourceStatus) -> Record:
    return {
        "state": status.state.value,
        **{name: getattr(status, name) for name in (*_REQUIRED_TEXTS, *_LATER_TEXTS)},
        "held": asdict(status.held) if status.held else None,
        "rejected": asdict(status.rejected) if status.rejected else None,
        "findings": [dict(finding) for finding in status.findings],
        "changes": [{"at": one.at, "before": one.before.value, "state": one.state.value} for one in status.changes],
        "alerts": [alert.as_record() for alert in status.alerts],
        "owed": [alert.as_record() for alert in status.unsent_clearings],
        "news": [{"at": one.at, "event": one.event.value, "alert": one.alert.as_record()} for one in status.news],
    }


def _parse(entry: Record) -> SourceStatus:
    try:
        return SourceStatus(
            held=HeldCandidate(**_known_fields(HeldCandidate, entry["held"])) if entry["held"] else None,
            rejected=_parse_rejected(entry.get("rejected")),
            state=_STATES[entry["state"]],
            findings=tuple(entry["findings"]),
            changes=tuple(map(_change, entry.get("changes", ()))),
            alerts=tuple(map(Alert.of_record, entry.get("alerts", ()))),
            unsent_clearings=tuple(map(Alert.of_record, entry.get("owed", ()))),
            news=tuple(map(_news, entry.get("news", ()))),
            **{name: str(entry[name]) for name in _REQUIRED_TEXTS},
            **{name: str(entry.get(name, "")) for name in _LATER_TEXTS},
        )
    except (KeyError, TypeError, ValueError) as error:
        what, remedy = f"not the status of a source: {error!r}", "move the file away, then run again"
        raise StoreCorrupt(what, where=STATUS, remedy=remedy) from error


def _parse_rejected(record: Record | None) -> RejectedCandidate | None:
    return RejectedCandidate(**_known_fields(RejectedCandidate, record)) if record else None


def _known_fields(kind: type[HeldCandidate | RejectedCandidate], record: Record) -> dict[str, str]:
    """Return the fields of an entry, without those that a later Gongbao has added."""
    return {name: str(value) for name, value in dict(record).items() if name in kind.__dataclass_fields__}


def _change(record: Record) -> StateChange:
    return StateChange(at=str(record["at"]), before=_STATES[record["before"]], state=_STATES[record["state"]])


def _news(record: Record) -> AlertLogEntry:
    return AlertLogEntry(at=str(record["at"]), event=_EVENTS[record["event"]], alert=Alert.of_record(record["alert"]))
