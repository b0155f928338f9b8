"""An operator's decision on a held release: accepted, it is published as it lies there; rejected, it is not held again.

A decision is recorded before anything is done, and everything after it follows from that record: who is killed on the
way gives the same command again, and the record of the run is the same, time and id included.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from flows.run.context import environment_record
from infra.settings import Settings
from infra.store import Store
from publish.alerts.status import HeldCandidate, RejectedCandidate, SourceStatus, read_status, write_status
from publish.bucket.layout import run_key
from publish.bucket.pointer import PublishTarget, iso_utc, read_pointer
from publish.bucket.version import parse_version
from publish.release.after_publish import repair_after_crash
from publish.release.candidates import AGAIN, check_acceptable, load_candidate, publish_candidate
from publish.release.decisions import ReviewDecision, read_decision, record_decision, validate_text
from publish.release.publish import write_run_record
from publish.signing.model import Signer
from schemas.codelists import Decision, Outcome, RunKind
from schemas.errors import StoreCorrupt, UsageError
from schemas.release import Pointer


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewContext:
    """Where a decision is made, of which candidate, by whom and why, and when."""

    store: Store
    dataset: str
    version: str
    by: str
    why: str
    now: datetime
    settings: Settings
    signers: tuple[Signer, ...] = ()

    @property
    def status(self) -> SourceStatus:
        """How the source stands now."""
        return read_status(self.store).of(self.dataset)

    @property
    def name(self) -> str:
        """What errors call the candidate."""
        return f"candidate {self.dataset} {self.version}"


def accept(hearing: ReviewContext) -> dict[str, Any]:
    """Publish the candidate's very bytes; the record of that run."""
    pointer = read_pointer(hearing.store, hearing.dataset)
    standing = read_decision(hearing.store, hearing.dataset, hearing.version)
    if pointer and standing and _is_published_as_decided(pointer, standing):
        return _published(hearing, standing, pointer)
    held = _waiting(hearing, standing)
    candidate = load_candidate(hearing.store, hearing.dataset, hearing.version)
    check_acceptable(_destination(hearing, pointer, hearing.now), candidate, hearing.signers)
    made = _decision(hearing, Decision.ACCEPTED, held)
    made = replace(made, manifest_sha256=candidate.manifest_sha256, findings=_reasons(candidate.findings))
    decided = _require_decision(hearing, record_decision(hearing.store, made), Decision.ACCEPTED)
    place = _destination(hearing, pointer, _moment(decided))
    swung = publish_candidate(place, candidate, hearing.signers) or _concurrent_decision(hearing, decided)
    if swung is None:
        _keep(hearing, decided, Outcome.YIELDED)
        raise UsageError("another release was published meanwhile", where=hearing.name, remedy=AGAIN)
    return _published(hearing, decided, swung)


def reject(hearing: ReviewContext) -> dict[str, Any]:
    """See to it that the same is not held again; the record of that run."""
    status = hearing.status
    standing = read_decision(hearing.store, hearing.dataset, hearing.version)
    if not (standing and status.rejected and status.rejected.version == hearing.version):
        held = _waiting(hearing, standing)
        made = _decision(hearing, Decision.REJECTED, held)
        try:
            candidate = load_candidate(hearing.store, hearing.dataset, hearing.version)
            made = replace(made, manifest_sha256=candidate.manifest_sha256, findings=_reasons(candidate.findings))
        except StoreCorrupt:  # what is broken can be rejected: nobody will miss its bytes
            pass
        standing = record_decision(hearing.store, made)
    decided = _require_decision(hearing, standing, Decision.REJECTED)
    _change(hearing, partial(_mark_rejected, decided=decided))
    return _keep(hearing, decided, Outcome.REJECTED)


def _published(hearing: ReviewContext, decided: ReviewDecision, pointer: Pointer) -> dict[str, Any]:
    """What follows the swap of the pointer, as far as it is not there yet."""
    if hearing.status.published != pointer.version:
        repair_after_crash(hearing.store, hearing.dataset, pointer)
    _change(hearing, partial(_mark_published, decided=decided))
    return _keep(hearing, decided, Outcome.PUBLISHED)


def _mark_published(status: SourceStatus, decided: ReviewDecision) -> SourceStatus:
    """The entry of a source once its candidate is the latest release."""
    held = None if status.held and status.held.version == decided.version else status.held
    if status.published == decided.version:
        return replace(status, held=held)
    outcome = Outcome.PUBLISHED.value
    return replace(
        status, held=held, rejected=None, published=decided.version, last_changed=decided.at, last_outcome=outcome
    )


def _mark_rejected(status: SourceStatus, decided: ReviewDecision) -> SourceStatus:
    """The entry of a source once its candidate is rejected."""
    if status.held is None or status.held.version != decided.version:
        return status
    inputs, since = decided.inputs_sha256, status.held.since
    rejected = RejectedCandidate(version=decided.version, inputs_sha256=inputs, at=decided.at, since=since)
    return replace(status, held=None, rejected=rejected, last_outcome=Outcome.REJECTED.value)


def _change(hearing: ReviewContext, change: Callable[[SourceStatus], SourceStatus]) -> None:
    seen = read_status(hearing.store)
    write_status(hearing.store, hearing.dataset, change(seen.of(hearing.dataset)), seen=seen)


def _waiting(hearing: ReviewContext, standing: ReviewDecision | None) -> HeldCandidate:
    """The candidate as `status.json` knows it; an error where it does not wait."""
    parse_version(hearing.version)
    held = hearing.status.held
    if held and held.version == hearing.version:
        return held
    told = "nothing waits under this version"
    if standing:
        told = f"it was {standing.decision.value} by {standing.by} on {standing.at}"
    waits = f"what waits is {held.version}" if held else "nothing of this dataset waits"
    raise UsageError(told, where=hearing.name, remedy=waits)


def _require_decision(hearing: ReviewContext, decided: ReviewDecision, wanted: Decision) -> ReviewDecision:
    """The decision that stands, which has to be the one that is wanted."""
    if decided.decision is not wanted:
        told = f"it was {decided.decision.value} by {decided.by} on {decided.at}: {decided.why}"
        raise UsageError(told, where=hearing.name, remedy="that decision stands; complete it, or run the source again")
    return decided


def _decision(hearing: ReviewContext, decision: Decision, held: HeldCandidate) -> ReviewDecision:
    return ReviewDecision(
        decision=decision,
        dataset=hearing.dataset,
        version=hearing.version,
        by=validate_text("--by", hearing.by),
        why=validate_text("--why", hearing.why),
        at=iso_utc(hearing.now),
        against=held.against,
        inputs_sha256=held.inputs_sha256,
        manifest_sha256="",
    )


def _reasons(findings: tuple[Any, ...]) -> tuple[dict[str, Any], ...]:
    """What held the candidate: the findings without their evidence, which lies beside the decision."""
    heavy = [one for one in findings if one.get("severity") in {"hold", "reject"}]
    return tuple({name: one[name] for name in ("code", "severity", "where", "message")} for one in heavy)


def _concurrent_decision(hearing: ReviewContext, decided: ReviewDecision) -> Pointer | None:
    """The pointer, where somebody else carried out the same decision at the same moment."""
    pointer = read_pointer(hearing.store, hearing.dataset)
    return pointer if pointer and _is_published_as_decided(pointer, decided) else None


def _is_published_as_decided(pointer: Pointer, decided: ReviewDecision) -> bool:
    """Whether the decision was carried out as far as consumers see it."""
    found = (pointer.version, pointer.manifest_sha256)
    return decided.decision is Decision.ACCEPTED and found == (decided.version, decided.manifest_sha256)


def _destination(hearing: ReviewContext, pointer: Pointer | None, now: datetime) -> PublishTarget:
    return PublishTarget(store=hearing.store, dataset=hearing.dataset, expected_pointer=pointer, now=now)


def _moment(decided: ReviewDecision) -> datetime:
    return datetime.fromisoformat(decided.at)


def _keep(hearing: ReviewContext, decided: ReviewDecision, outcome: Outcome) -> dict[str, Any]:
    """Leave the record of the run under `runs/`, the same one each time."""
    told = {
        "run": hashlib.sha256(f"{decided.version} {decided.at}".encode()).hexdigest()[:8],
        "kind": RunKind.DECISION.value,
        "source": decided.dataset,
        "started": decided.at,
        "finished": iso_utc(hearing.now),
        "outcome": outcome.value,
        "exit_status": 2 if outcome is Outcome.YIELDED else 0,
        "version": decided.version,
        "store": hearing.store.url,
        "decision": decided.as_record(),
        "counts": {},
        "findings": [],
        "error": None,
        **environment_record(hearing.settings),
    }
    key = run_key(decided.dataset, _moment(decided), outcome, told["run"])
    write_run_record(hearing.store, key, told)
    return told
