"""One run of one source: what it is given, what it found, how it ended."""

from __future__ import annotations

import os
import platform
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from time import monotonic
from types import MappingProxyType
from typing import Any

from infra.notifications import Delivery
from infra.settings import Settings
from infra.store import Store, open_store
from publish.alerts.lifecycle import AlertChanges, AlertEvent
from publish.alerts.status import HeldCandidate
from publish.bucket.pointer import iso_utc
from publish.signing.model import Signer
from publish.signing.schemes import load_signers
from raw.extract.version import reader_version
from schemas.codelists import NumberStatus, Outcome, RunKind
from schemas.errors import GongbaoError
from schemas.finding import Finding
from schemas.reading import Reading
from schemas.registry.sources import Source, load_sources, pick

EXIT_STATUS = MappingProxyType(
    {
        Outcome.PUBLISHED: 0,
        Outcome.UNCHANGED: 0,
        Outcome.YIELDED: 0,
        Outcome.FAILED: 1,
        Outcome.USAGE: 2,
        Outcome.HELD: 3,
        Outcome.REJECTED: 4,
        Outcome.SOURCE_FAILED: 5,
        Outcome.STORE_FAILED: 6,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunContext:
    """What a run is given; `clock` tells the time, and starts at `started`; `signers` sign what it publishes.

    `reviewed` is an operator's own folder of facts entered by hand, None where there is none.
    """

    id: str
    source: Source
    store: Store
    settings: Settings
    started: datetime
    clock: Callable[[], datetime]
    signers: tuple[Signer, ...] = ()
    kind: RunKind = RunKind.NIGHTLY
    reviewed: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunResult:
    """How a run ended: the version that is now the latest (or waits), what was found, what was counted, who was told.

    `rows_checked` is False where the inputs were those of the latest release, so that its rows were not looked at
    again.
    """

    outcome: Outcome
    version: str = ""
    findings: tuple[Finding, ...] = ()
    counts: tuple[tuple[str, int], ...] = ()
    held_candidate: HeldCandidate | None = None
    error: GongbaoError | None = None
    rows_checked: bool = True
    alert_changes: AlertChanges | None = None
    deliveries: tuple[Delivery, ...] = ()

    @property
    def exit_status(self) -> int:
        """What the command line exits with."""
        return EXIT_STATUS[self.outcome]

    def with_counts(self, counts: tuple[tuple[str, int], ...]) -> RunResult:
        """The same result with what was counted."""
        return replace(self, counts=counts)


def count_numbers(readings: tuple[Reading, ...]) -> tuple[tuple[str, int], ...]:
    """How much was read: documents, observations, numbers, and those of them unread."""
    fates = [number.fate for reading in readings for number in reading.numbers]
    observations = sum(len(reading.observations) for reading in readings)
    unread = fates.count(NumberStatus.UNREAD)
    return (
        ("documents", len(readings)),
        ("observations", observations),
        ("numbers", len(fates)),
        ("unread", unread),
    )


def create_context(source_id: str, store_url: str, sources_file: str, now: datetime | None) -> RunContext:
    """Read the settings and the registry once, and open the store; a `UsageError` where one of them is wrong."""
    settings = Settings.from_env(os.environ)
    started, since = now or datetime.now(UTC), monotonic()
    file = Path(sources_file) if sources_file else None
    (source,) = pick(load_sources(file), [source_id])
    return RunContext(
        id=uuid.uuid4().hex[:8],
        source=source,
        store=open_store(store_url or settings.store),
        settings=settings,
        started=started,
        clock=lambda: started + timedelta(seconds=monotonic() - since),
        signers=load_signers(settings),
        reviewed=_reviewed_folder(file),
    )


def _reviewed_folder(file: Path | None) -> Path | None:
    """The folder `reviewed` beside an operator's registry file, where there is one."""
    folder = file.parent / "reviewed" if file else None
    return folder if folder and folder.is_dir() else None


def run_record(run: RunContext, result: RunResult) -> dict[str, Any]:
    """The run as a JSON object: the same for the store, the artifact and `--json`."""
    error = result.error
    return {
        "run": run.id,
        "kind": run.kind.value,
        "source": run.source.id,
        "started": iso_utc(run.started),
        "finished": iso_utc(run.clock()),
        "outcome": result.outcome.value,
        "exit_status": result.exit_status,
        "version": result.version,
        "store": run.store.url,
        "counts": dict(result.counts),
        "findings": [finding.as_record() for finding in result.findings],
        "error": _error_record(error) if error else None,
        "alerts": _alerts(result.alert_changes or AlertChanges()),
        "deliveries": [delivery.as_record() for delivery in result.deliveries],
        **environment_record(run.settings),
    }


def environment_record(settings: Settings) -> dict[str, Any]:
    """What a run ran with, as its record tells it."""
    return {
        "versions": {
            "gongbao": version("gongbao"),
            "reader": reader_version(),
            "python": platform.python_version(),
            "prefect": version("prefect"),
            "polars": version("polars"),
        },
        "settings": {name: value for name, value in settings.as_record().items() if name != "store"},
    }


def _alerts(turn: AlertChanges) -> dict[str, Any]:
    """What became of alerts, and which are open."""
    told: dict[str, list[dict[str, Any]]] = {event.value: [] for event in AlertEvent}
    for event, alert in turn.events:
        told[event.value].append(alert.as_record())
    return {**told, "open": [alert.code for alert in turn.open]}


def _error_record(error: GongbaoError) -> dict[str, str]:
    """An error as a JSON object."""
    return {"code": error.code, "what": error.what, "where": error.where, "remedy": error.remedy}
