"""One run of one source: what it is given, how it ended, and the record of it."""

import os
import platform
import uuid
from collections.abc import Callable
from dataclasses import dataclass
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
    """What a run is given.

    Attributes:
        clock: The time, which begins at `started`.
        signers: What signs its release.
        reviewed: An operator's folder of facts entered by hand, None if there is none.
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
    """How a run ended.

    Attributes:
        version: The latest version, or that of the held candidate.
        counts: Names and numbers of what was read, in the order of the record.
        rows_checked: False if the inputs were those of the previous release, so that its rows were not checked again.
        alert_changes: What the run changed of the alerts of the source, None if it did not look at them.
        deliveries: The messages sent, one for each channel.
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
        """The exit status of the command line."""
        return EXIT_STATUS[self.outcome]


def count_numbers(readings: tuple[Reading, ...]) -> tuple[tuple[str, int], ...]:
    """Return how many documents, observations and numbers were read, and how many numbers were not."""
    numbers = [number.fate for reading in readings for number in reading.numbers]
    return (
        ("documents", len(readings)),
        ("observations", sum(len(reading.observations) for reading in readings)),
        ("numbers", len(numbers)),
        ("unread", numbers.count(NumberStatus.UNREAD)),
    )


def create_context(source_id: str, store_url: str, sources_file: str, now: datetime | None) -> RunContext:
    """Read the settings and the registry once, and open the store.

    Raises:
        UsageError: A setting, the registry or the address of the store is wrong.
        StoreError: The store cannot be opened.
    """
    settings = Settings.from_env(os.environ)
    started, monotonic_start = now or datetime.now(UTC), monotonic()
    file = Path(sources_file) if sources_file else None
    reviewed = file.parent / "reviewed" if file else None
    (source,) = pick(load_sources(file), [source_id])
    return RunContext(
        id=uuid.uuid4().hex[:8],
        source=source,
        store=open_store(store_url or settings.store),
        settings=settings,
        started=started,
        clock=lambda: started + timedelta(seconds=monotonic() - monotonic_start),
        signers=load_signers(settings),
        reviewed=reviewed if reviewed and reviewed.is_dir() else None,
    )


def run_record(run: RunContext, result: RunResult) -> dict[str, Any]:
    """Return the run as a JSON object: the same for the store, the artifact and `--json`."""
    changes = result.alert_changes or AlertChanges()
    alerts: dict[str, list[Any]] = {event.value: [] for event in AlertEvent}
    for event, alert in changes.events:
        alerts[event.value].append(alert.as_record())
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
        "error": error_record(result.error) if result.error else None,
        "alerts": {**alerts, "open": [alert.code for alert in changes.open]},
        "deliveries": [delivery.as_record() for delivery in result.deliveries],
        **environment_record(run.settings),
    }


def environment_record(settings: Settings) -> dict[str, Any]:
    """Return the versions and settings of a run, as its record has them."""
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


def error_record(error: GongbaoError) -> dict[str, str]:
    """Return an error as a JSON object."""
    return {"code": error.code, "what": error.what, "where": error.where, "remedy": error.remedy}
