"""An operator's decision on a held release: publish it as it is stored, or do not hold the same again.

A decision is recorded before anything is done, and everything after it follows from that record: after a crash the same
command completes it, and the record of the run is the same, time and id included.
"""

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
    """A decision to be made: on which candidate of which store, by whom, why and when."""

    store: Store
    dataset: str
    version: str
    now: datetime
    settings: Settings
    by: str = ""
    why: str = ""
    signers: tuple[Signer, ...] = ()

    @property
    def status(self) -> SourceStatus:
        """The status of the source now."""
        return read_status(self.store).of(self.dataset)

    @property
    def name(self) -> str:
        """The name of the candidate in errors."""
        return f"candidate {self.dataset} {self.version}"


def accept(review: ReviewContext) -> dict[str, Any]:
    """Publish the candidate byte for byte and return the record of that run.

    Raises:
        UsageError: It does not wait, was rejected, or is no longer the next release.
    """
    pointer = read_pointer(review.store, review.dataset)
    earlier = read_decision(review.store, review.dataset, review.version)
    if pointer and earlier and _is_published_as_decided(pointer, earlier):
        return _complete(review, earlier, pointer)
    held = _require_held(review, earlier)
    candidate = load_candidate(review.store, review.dataset, review.version)
    check_acceptable(_target(review, pointer, review.now), candidate, review.signers)
    decision = _decision(review, Decision.ACCEPTED, held)
    findings = _holding_findings(candidate.findings)
    decision = replace(decision, manifest_sha256=candidate.manifest_sha256, findings=findings)
    decision = _require_decision(review, record_decision(review.store, decision), Decision.ACCEPTED)
    target = _target(review, pointer, _decided_at(decision))
    published = publish_candidate(target, candidate, review.signers) or _concurrent_decision(review, decision)
    if published is None:
        _write_record(review, decision, Outcome.YIELDED)
        raise UsageError("another release was published meanwhile", where=review.name, remedy=AGAIN)
    return _complete(review, decision, published)


def reject(review: ReviewContext) -> dict[str, Any]:
    """Record that the candidate is not to be held again and return the record of that run."""
    status = review.status
    earlier = read_decision(review.store, review.dataset, review.version)
    if not (earlier and status.rejected and status.rejected.version == review.version):
        held = _require_held(review, earlier)
        decision = _decision(review, Decision.REJECTED, held)
        try:
            candidate = load_candidate(review.store, review.dataset, review.version)
            findings = _holding_findings(candidate.findings)
            decision = replace(decision, manifest_sha256=candidate.manifest_sha256, findings=findings)
        except StoreCorrupt:  # a broken candidate can be rejected: its bytes are not needed
            pass
        earlier = record_decision(review.store, decision)
    decision = _require_decision(review, earlier, Decision.REJECTED)
    _update_status(review, partial(_mark_rejected, decision=decision))
    return _write_record(review, decision, Outcome.REJECTED)


def _complete(review: ReviewContext, decision: ReviewDecision, pointer: Pointer) -> dict[str, Any]:
    """Complete what follows the move of the pointer."""
    if review.status.published != pointer.version:
        repair_after_crash(review.store, review.dataset, pointer)
    _update_status(review, partial(_mark_published, decision=decision))
    return _write_record(review, decision, Outcome.PUBLISHED)


def _mark_published(status: SourceStatus, decision: ReviewDecision) -> SourceStatus:
    """Return the status once the candidate is the latest release."""
    held = None if status.held and status.held.version == decision.version else status.held
    if status.published == decision.version:
        return replace(status, held=held)
    outcome = Outcome.PUBLISHED.value
    return replace(
        status, held=held, rejected=None, published=decision.version, last_changed=decision.at, last_outcome=outcome
    )


def _mark_rejected(status: SourceStatus, decision: ReviewDecision) -> SourceStatus:
    """Return the status once the candidate is rejected."""
    if status.held is None or status.held.version != decision.version:
        return status
    inputs, since = decision.inputs_sha256, status.held.since
    rejected = RejectedCandidate(version=decision.version, inputs_sha256=inputs, at=decision.at, since=since)
    return replace(status, held=None, rejected=rejected, last_outcome=Outcome.REJECTED.value)


def _update_status(review: ReviewContext, change: Callable[[SourceStatus], SourceStatus]) -> None:
    seen = read_status(review.store)
    write_status(review.store, review.dataset, change(seen.of(review.dataset)), seen=seen)


def _require_held(review: ReviewContext, earlier: ReviewDecision | None) -> HeldCandidate:
    """Return the candidate as `status.json` has it, which must wait there."""
    parse_version(review.version)
    held = review.status.held
    if held and held.version == review.version:
        return held
    decided = f"it was {earlier.decision.value} by {earlier.by} on {earlier.at}" if earlier else ""
    waits = f"what waits is {held.version}" if held else "nothing of this dataset waits"
    raise UsageError(decided or "nothing waits under this version", where=review.name, remedy=waits)


def _require_decision(review: ReviewContext, decision: ReviewDecision, wanted: Decision) -> ReviewDecision:
    """Return the recorded decision, which must be the wanted one."""
    if decision.decision is not wanted:
        text = f"it was {decision.decision.value} by {decision.by} on {decision.at}: {decision.why}"
        raise UsageError(text, where=review.name, remedy="that decision stands; complete it, or run the source again")
    return decision


def _decision(review: ReviewContext, decision: Decision, held: HeldCandidate) -> ReviewDecision:
    return ReviewDecision(
        decision=decision,
        dataset=review.dataset,
        version=review.version,
        by=validate_text("--by", review.by),
        why=validate_text("--why", review.why),
        at=iso_utc(review.now),
        against=held.against,
        inputs_sha256=held.inputs_sha256,
        manifest_sha256="",
    )


def _holding_findings(findings: tuple[Any, ...]) -> tuple[dict[str, Any], ...]:
    """Return what held the candidate, without the evidence, which is stored beside the decision."""
    holding = [finding for finding in findings if finding.get("severity") in {"hold", "reject"}]
    return tuple({name: finding[name] for name in ("code", "severity", "where", "message")} for finding in holding)


def _concurrent_decision(review: ReviewContext, decision: ReviewDecision) -> Pointer | None:
    """Return the pointer if somebody else carried out the same decision at the same moment."""
    pointer = read_pointer(review.store, review.dataset)
    return pointer if pointer and _is_published_as_decided(pointer, decision) else None


def _is_published_as_decided(pointer: Pointer, decision: ReviewDecision) -> bool:
    """Return whether the decision was carried out as far as consumers see it."""
    published = (pointer.version, pointer.manifest_sha256)
    return decision.decision is Decision.ACCEPTED and published == (decision.version, decision.manifest_sha256)


def _target(review: ReviewContext, pointer: Pointer | None, now: datetime) -> PublishTarget:
    return PublishTarget(store=review.store, dataset=review.dataset, expected_pointer=pointer, now=now)


def _decided_at(decision: ReviewDecision) -> datetime:
    return datetime.fromisoformat(decision.at)


def _write_record(review: ReviewContext, decision: ReviewDecision, outcome: Outcome) -> dict[str, Any]:
    """Write the record of the run under `runs/`, the same each time, and return it."""
    record = {
        "run": hashlib.sha256(f"{decision.version} {decision.at}".encode()).hexdigest()[:8],
        "kind": RunKind.DECISION.value,
        "source": decision.dataset,
        "started": decision.at,
        "finished": iso_utc(review.now),
        "outcome": outcome.value,
        "exit_status": 2 if outcome is Outcome.YIELDED else 0,
        "version": decision.version,
        "store": review.store.url,
        "decision": decision.as_record(),
        "counts": {},
        "findings": [],
        "error": None,
        **environment_record(review.settings),
    }
    key = run_key(decision.dataset, _decided_at(decision), outcome, record["run"])
    write_run_record(review.store, key, record)
    return record
