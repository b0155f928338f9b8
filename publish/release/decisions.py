"""What an operator decided of a held release: who, why, when and what, written once beside it and never over.

It is written before anything is done: no release lies among the published ones without the name of who let it through.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from infra.store import Store
from publish.alerts.status import RejectedCandidate
from publish.bucket.json_file import Record
from publish.bucket.layout import DECISION, candidate_folder, file_key, headers
from publish.bucket.manifest import from_json, to_json
from schemas.codelists import Decision, Severity
from schemas.errors import StoreCorrupt, UsageError
from schemas.finding import Finding, FindingCode

MOST_LETTERS = 2000
"""Of a reason; it stands in the record of the run too."""

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
        """The decision as `decision.json` holds it."""
        texts = {name: getattr(self, name) for name in _TEXTS}
        return {"decision": self.decision.value, **texts, "findings": [dict(one) for one in self.findings]}


def validate_text(name: str, text: str) -> str:
    """What an operator gives as a name or a reason: one line that says something."""
    said = text.strip()
    if not said or not said.isprintable() or len(said) > MOST_LETTERS:
        what = f"{name} is empty" if not said else f"{name} is no single line of at most {MOST_LETTERS} letters"
        raise UsageError(what, where=name, remedy="say who decides, and why, for those who read it later")
    return said


def record_decision(store: Store, decided: ReviewDecision) -> ReviewDecision:
    """Record a decision; the one that was recorded first stands, and is returned."""
    key = _key(decided.dataset, decided.version)
    if store.put_new(key, to_json(decided.as_record()), headers(key)):
        return decided
    return read_decision(store, decided.dataset, decided.version) or decided


def read_decision(store: Store, dataset: str, version: str) -> ReviewDecision | None:
    """What was decided of a candidate, None while nothing was."""
    key = _key(dataset, version)
    stored = store.get(key)
    return None if stored is None else _parse(from_json(stored.data, key), key)


def rejected_finding(dataset: str, rejected: RejectedCandidate) -> Finding:
    """The note that a run leaves that has found again what was rejected."""
    return Finding(
        code=FindingCode.CANDIDATE_REJECTED,
        severity=Severity.NOTE,
        where=dataset,
        message="The source says what an operator has rejected; it waits for nobody until the source changes.",
        evidence=(f"candidate {rejected.version}, rejected {rejected.at}",),
    )


def is_rejected(findings: Iterable[Finding]) -> bool:
    """Whether a run has found again what was rejected."""
    return any(finding.code == FindingCode.CANDIDATE_REJECTED for finding in findings)


def _key(dataset: str, version: str) -> str:
    return file_key(candidate_folder(dataset, version), DECISION)


def _parse(record: dict[str, Any], key: str) -> ReviewDecision:
    try:
        texts = {name: str(record[name]) for name in _TEXTS}
        kind = _KINDS[record["decision"]]
        findings = tuple(dict(finding) for finding in record["findings"])
    except (KeyError, TypeError, ValueError) as error:
        raise StoreCorrupt(f"no decision: {error!r}", where=key, remedy="restore it from a copy") from error
    return ReviewDecision(decision=kind, findings=findings, **texts)
