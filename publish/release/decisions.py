"""The decision of an operator on a held release: who, why, when and what, written once beside the candidate.

It is written before anything else is done: no candidate is published without the name of who accepted it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from infra.store import Store
from publish.alerts.status import RejectedCandidate
from publish.bucket.layout import DECISION, candidate_folder, file_key, headers
from publish.bucket.manifest import Record, from_json, to_json
from schemas.codelists import Decision, Severity
from schemas.errors import StoreCorrupt, UsageError
from schemas.finding import Finding, FindingCode

MOST_LETTERS = 2000
"""The most letters of a reason; it is part of the run record, too."""

_KINDS = MappingProxyType({kind.value: kind for kind in Decision})
_TEXTS = ("dataset", "version", "by", "why", "at", "against", "inputs_sha256", "manifest_sha256")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewDecision:
    """One decision; `against` is the release that the candidate was compared with, "" for a first one.

    `manifest_sha256` says which bytes were decided on, "" where they could not be read; `findings` why they were held.
    """

    decision: Decision
    dataset: str
    version: str
    by: str
    why: str
    at: str
    against: str
    inputs_sha256: str
    manifest_sha256: str
    findings: tuple[Record, ...] = ()

    def as_record(self) -> dict[str, Any]:
        """Return the decision as `decision.json` holds it."""
        texts = {name: getattr(self, name) for name in _TEXTS}
        return {"decision": self.decision.value, **texts, "findings": [dict(finding) for finding in self.findings]}


def validate_text(name: str, text: str) -> str:
    """Return what an operator gives as a name or a reason, stripped.

    Raises:
        UsageError: It is empty, too long or more than a line.
    """
    stripped = text.strip()
    if not stripped or not stripped.isprintable() or len(stripped) > MOST_LETTERS:
        what = f"{name} is not one line of at most {MOST_LETTERS} letters" if stripped else f"{name} is empty"
        raise UsageError(what, where=name, remedy="state who decides, and why, for those who read it later")
    return stripped


def record_decision(store: Store, decision: ReviewDecision) -> ReviewDecision:
    """Record a decision and return it, or the one that was recorded before."""
    key = _key(decision.dataset, decision.version)
    if store.put_new(key, to_json(decision.as_record()), headers(key)):
        return decision
    return read_decision(store, decision.dataset, decision.version) or decision


def read_decision(store: Store, dataset: str, version: str) -> ReviewDecision | None:
    """Return the decision on a candidate, None while there is none."""
    key = _key(dataset, version)
    stored = store.get(key)
    if stored is None:
        return None
    record = from_json(stored.data, key)
    try:
        texts = {name: str(record[name]) for name in _TEXTS}
        kind = _KINDS[record["decision"]]
        findings = tuple(dict(finding) for finding in record["findings"])
    except (KeyError, TypeError, ValueError) as error:
        raise StoreCorrupt(f"not a decision: {error!r}", where=key, remedy="restore it from a copy") from error
    return ReviewDecision(decision=kind, findings=findings, **texts)


def rejected_finding(dataset: str, rejected: RejectedCandidate) -> Finding:
    """Return the note of a run that read again what an operator rejected."""
    return Finding(
        code=FindingCode.CANDIDATE_REJECTED,
        severity=Severity.NOTE,
        where=dataset,
        message="An operator rejected this content; it is not held again until the source changes.",
        evidence=(f"candidate {rejected.version}, rejected {rejected.at}",),
    )


def is_rejected(findings: Iterable[Finding]) -> bool:
    """Return whether a run read again what an operator rejected."""
    return any(finding.code == FindingCode.CANDIDATE_REJECTED for finding in findings)


def _key(dataset: str, version: str) -> str:
    return file_key(candidate_folder(dataset, version), DECISION)
