"""`status.json`: how each source stands, read once at the start of a run and swapped once at its end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from types import MappingProxyType
from typing import Any

from infra.store import Store, Stored
from publish.layout import STATUS
from publish.manifest import from_json
from publish.merging import Record, merge
from schemas.codelists import SourceState
from schemas.errors import StoreCorrupt
from schemas.finding import Finding

MOST_CHANGES = 20

_STATES = MappingProxyType({state.value: state for state in SourceState})


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A candidate that waits for an operator, and the hash of what it is made of."""

    version: str
    inputs_sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """When a source came to stand otherwise than before."""

    at: str
    before: SourceState
    state: SourceState


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceStatus:
    """How one source stands; times are ISO 8601 in UTC, "" for never.

    `last_good` is the last run that could fetch and read everything, `last_changed` the last that published.
    `published` is the version that `latest/` and `index.json` show: where `latest.json` is ahead of it, a run was
    killed in between. `changes` are the last twenty changes of `state`, the newest last.
    """

    state: SourceState = SourceState.OK
    last_checked: str = ""
    last_changed: str = ""
    last_good: str = ""
    published: str = ""
    held: Held | None = None
    findings: tuple[Mapping[str, Any], ...] = ()
    changes: tuple[Change, ...] = ()

    def turned(self, state: SourceState, at: str) -> SourceStatus:
        """The status with this state, and with the change where it is one."""
        if state is self.state:
            return self
        change = Change(at=at, before=self.state, state=state)
        return replace(self, state=state, changes=(*self.changes, change)[-MOST_CHANGES:])


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusFile:
    """The whole file as it was read."""

    sources: Mapping[str, SourceStatus] = field(default_factory=lambda: MappingProxyType({}))
    stored: Stored | None = None

    def of(self, dataset: str) -> SourceStatus:
        """The entry of a source, an empty one before its first run."""
        return self.sources.get(dataset, SourceStatus())


def read_status(store: Store) -> StatusFile:
    """The file as it stands."""
    stored = store.get(STATUS)
    if stored is None:
        return StatusFile()
    entries = from_json(stored.data, STATUS).get("sources", {})
    return StatusFile(sources=MappingProxyType({name: _parse(entry) for name, entry in entries.items()}), stored=stored)


def write_status(store: Store, dataset: str, status: SourceStatus, *, seen: StatusFile) -> None:
    """Put what a run changed of a source's entry; what other runs changed since it was `seen` stays."""
    former, entry = _record(seen.of(dataset)), _record(status)
    news = {name: value for name, value in entry.items() if value != former[name]}
    merge(store, STATUS, partial(_with, dataset=dataset, entry=entry, news=news), seen.stored)


def open_findings(findings: tuple[Finding, ...]) -> tuple[Mapping[str, Any], ...]:
    """Findings as they stand in the file."""
    return tuple(finding.as_record() for finding in findings)


def _with(file: Record, *, dataset: str, entry: Record, news: Record) -> Record:
    sources = file.get("sources", {})
    theirs = sources.get(dataset, {})
    merged = {**entry, **theirs, **news, "changes": _joined(theirs.get("changes", []), entry["changes"])}
    return {**file, "sources": dict(sorted({**sources, dataset: merged}.items()))}


def _joined(theirs: list[Record], ours: list[Record]) -> list[Record]:
    """The changes that two runs at once have seen, each once."""
    single = {(change["at"], change["state"]): change for change in (*theirs, *ours)}
    return [single[key] for key in sorted(single)][-MOST_CHANGES:]


def _record(status: SourceStatus) -> Record:
    return {
        "state": status.state.value,
        "last_checked": status.last_checked,
        "last_changed": status.last_changed,
        "last_good": status.last_good,
        "published": status.published,
        "held": asdict(status.held) if status.held else None,
        "findings": [dict(finding) for finding in status.findings],
        "changes": [{"at": one.at, "before": one.before.value, "state": one.state.value} for one in status.changes],
    }


def _parse(entry: Record) -> SourceStatus:
    try:
        held = Held(**entry["held"]) if entry["held"] else None
        state = _STATES[entry["state"]]
        findings = tuple(entry["findings"])
        changes = tuple(map(_change, entry.get("changes", ())))
        times = {name: str(entry[name]) for name in ("last_checked", "last_changed", "last_good", "published")}
    except (KeyError, TypeError, ValueError) as error:
        raise StoreCorrupt(
            f"not the status of a source: {error!r}", where=STATUS, remedy="move the file away, then run again"
        ) from error
    return SourceStatus(state=state, held=held, findings=findings, changes=changes, **times)


def _change(record: Record) -> Change:
    return Change(at=str(record["at"]), before=_STATES[record["before"]], state=_STATES[record["state"]])
