"""Held releases that wait for an operator: what held each, and what it would change."""

from datetime import UTC, datetime
from typing import Any

from flows.operator.review import ReviewContext
from infra.settings import Settings
from infra.store import Store, open_store
from publish.alerts.status import HeldCandidate, StatusFile, read_status
from publish.bucket.pointer import read_pointer
from publish.bucket.serialize import from_parquet
from publish.release.candidates import load_candidate
from publish.release.decisions import read_decision
from publish.signing.schemes import load_signers
from schemas.codelists import Severity
from schemas.errors import StoreCorrupt, UsageError

_DOCUMENT = ("document", "title", "state", "url")


def pending_candidates(url: str, dataset: str = "") -> list[dict[str, Any]]:
    """Return the held release of each dataset: since when, held by what, compared with which release."""
    store = open_store(url)
    status = read_status(store)
    names = (_require_dataset(store, status, dataset),) if dataset else tuple(status.sources)
    held = ((name, status.of(name).held) for name in names)
    return [_candidate_record(store, name, candidate) for name, candidate in held if candidate]


def candidate_details(url: str, version: str, dataset: str = "") -> dict[str, Any]:
    """Return a candidate: findings with their evidence, documents, and what it would change, as text and as rows."""
    store = open_store(url)
    name = resolve_dataset(store, version, dataset)
    candidate = load_candidate(store, name, version)
    decision = read_decision(store, name, version)
    held = read_status(store).of(name).held
    documents = from_parquet(candidate.files["documents.parquet"]).select(_DOCUMENT)
    return {
        "dataset": name,
        "version": version,
        "since": held.since if held and held.version == version else "",
        "against": candidate.release.previous,
        "waits": bool(held and held.version == version),
        "decision": decision.as_record() if decision else None,
        "findings": [dict(finding) for finding in candidate.findings],
        "documents": documents.to_dicts(),
        "revisions": from_parquet(candidate.files["revisions.parquet"]).to_dicts(),
        "changes": candidate.files["CHANGES.md"].decode(),
    }


def open_review(url: str, dataset: str, version: str, settings: Settings) -> ReviewContext:
    """Return the context of a decision on a candidate, made now."""
    store = open_store(url)
    return ReviewContext(
        store=store,
        dataset=resolve_dataset(store, version, dataset),
        version=version,
        now=datetime.now(UTC),
        settings=settings,
        signers=load_signers(settings),
    )


def resolve_dataset(store: Store, version: str, dataset: str) -> str:
    """Return the dataset of a candidate: the named one, else the one in which this version waits or waited.

    Raises:
        UsageError: No dataset or several hold this version.
    """
    status = read_status(store)
    if dataset:
        return _require_dataset(store, status, dataset)
    datasets = [name for name, source in status.sources.items() if source.held and source.held.version == version]
    datasets = datasets or [name for name in status.sources if read_decision(store, name, version)]
    if len(datasets) == 1:
        return datasets[0]
    if datasets:
        remedy = f"add --source: {', '.join(datasets)}"
        raise UsageError(f"several datasets hold {version}", where=store.url, remedy=remedy)
    waiting = [f"{name} {source.held.version}" for name, source in status.sources.items() if source.held]
    remedy = f"what waits: {', '.join(waiting) or 'nothing'}"
    raise UsageError(f"nothing waits under {version}", where=store.url, remedy=remedy)


def _require_dataset(store: Store, status: StatusFile, dataset: str) -> str:
    if dataset not in status.sources:
        names = ", ".join(status.sources) or "none"
        raise UsageError(f"no dataset is called {dataset!r}", where=store.url, remedy=f"there are: {names}")
    return dataset


def _candidate_record(store: Store, dataset: str, held: HeldCandidate) -> dict[str, Any]:
    """Return a candidate as a record; `state` says whether it can be accepted."""
    pointer = read_pointer(store, dataset)
    latest = pointer.version if pointer else ""
    entry: dict[str, Any] = {"dataset": dataset, "version": held.version, "since": held.since, "against": held.against}
    try:
        candidate = load_candidate(store, dataset, held.version)
    except StoreCorrupt as error:
        return {**entry, "state": f"cannot be accepted: {error.where}: {error.what}", "findings": []}
    against = candidate.release.previous
    late = f"too late: the latest release is {latest or 'none'}"
    findings = [dict(finding) for finding in candidate.findings if finding["severity"] == Severity.HOLD.value]
    return {**entry, "against": against, "state": "waits" if against == latest else late, "findings": findings}
