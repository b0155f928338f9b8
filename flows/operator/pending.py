"""What waits for an operator: each held release with what held it, and what it would change."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """What an operator says: on which candidate, who decides, and why."""

    version: str
    by: str
    why: str


def pending_candidates(url: str, dataset: str = "") -> list[dict[str, Any]]:
    """What waits in a store, one entry a dataset: since when, held by what, compared with which release."""
    store = open_store(url)
    status = read_status(store)
    names = (_require_dataset(store, status, dataset),) if dataset else tuple(status.sources)
    held = ((name, status.of(name).held) for name in names)
    return [_candidate_record(store, name, one) for name, one in held if one]


def candidate_details(url: str, version: str, dataset: str = "") -> dict[str, Any]:
    """One candidate: its findings with their evidence, its documents, and what it would change, told and as rows."""
    store = open_store(url)
    name = resolve_dataset(store, version, dataset)
    candidate = load_candidate(store, name, version)
    decided = read_decision(store, name, version)
    held = read_status(store).of(name).held
    documents = from_parquet(candidate.files["documents.parquet"]).select(_DOCUMENT)
    return {
        "dataset": name,
        "version": version,
        "since": held.since if held and held.version == version else "",
        "against": candidate.release.previous,
        "waits": bool(held and held.version == version),
        "decision": decided.as_record() if decided else None,
        "findings": [dict(finding) for finding in candidate.findings],
        "documents": documents.to_dicts(),
        "revisions": from_parquet(candidate.files["revisions.parquet"]).to_dicts(),
        "changes": candidate.files["CHANGES.md"].decode(),
    }


def open_review(url: str, dataset: str, ruling: Ruling, settings: Settings) -> ReviewContext:
    """The place where a decision is carried out, at this moment."""
    store = open_store(url)
    return ReviewContext(
        store=store,
        dataset=resolve_dataset(store, ruling.version, dataset),
        version=ruling.version,
        by=ruling.by,
        why=ruling.why,
        now=datetime.now(UTC),
        settings=settings,
        signers=load_signers(settings),
    )


def resolve_dataset(store: Store, version: str, dataset: str) -> str:
    """The dataset that a candidate is of: the one that is named, else the one in which this version waits or waited."""
    status = read_status(store)
    if dataset:
        return _require_dataset(store, status, dataset)
    found = [name for name, one in status.sources.items() if one.held and one.held.version == version]
    found = found or [name for name in status.sources if read_decision(store, name, version)]
    if len(found) == 1:
        return found[0]
    if found:
        raise UsageError(f"several datasets hold {version}", where=store.url, remedy=f"add --source: {_list(found)}")
    waits = [f"{name} {one.held.version}" for name, one in status.sources.items() if one.held]
    raise UsageError(
        f"nothing waits under {version}", where=store.url, remedy=f"what waits: {_list(waits) or 'nothing'}"
    )


def _require_dataset(store: Store, status: StatusFile, dataset: str) -> str:
    if dataset not in status.sources:
        known = _list(status.sources) or "none"
        raise UsageError(f"no dataset is called {dataset!r}", where=store.url, remedy=f"there are: {known}")
    return dataset


def _candidate_record(store: Store, dataset: str, held: HeldCandidate) -> dict[str, Any]:
    """A line of the list; a candidate of which nothing is left, or that came too late, says so."""
    pointer = read_pointer(store, dataset)
    latest = pointer.version if pointer else ""
    entry: dict[str, Any] = {"dataset": dataset, "version": held.version, "since": held.since, "against": held.against}
    try:
        candidate = load_candidate(store, dataset, held.version)
    except StoreCorrupt as error:
        return {**entry, "state": f"cannot be accepted: {error.where}: {error.what}", "findings": []}
    against = candidate.release.previous
    late = f"too late: the latest release is {latest or 'none'}"
    findings = [dict(one) for one in candidate.findings if one["severity"] == Severity.HOLD.value]
    return {**entry, "against": against, "state": "waits" if against == latest else late, "findings": findings}


def _list(names: Iterable[str]) -> str:
    return ", ".join(names)
