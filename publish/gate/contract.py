"""The gate before a change of columns or codes: nobody who downloads is surprised.

From 1.0.0 on what is added needs a higher minor version and what is broken a higher major one, and either needs that
the release before announced the version. Without that an addition waits for an operator, and a break is refused.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from infra.store import Store
from publish.bucket.layout import schema_folder
from publish.metadata.schema_files import REMEDY, read_contract, schema_differs
from schemas.codelists import ContractChange, Severity
from schemas.contract.announcements import parse_semver
from schemas.contract.change import Change, compare
from schemas.contract.model import Contract, contract
from schemas.finding import Finding, FindingCode, examples
from schemas.release import Release
from schemas.tables.columns import SCHEMA_VERSION

_UNANNOUNCED = (
    "which the release before did not announce: publish a release first whose schemas/contract/announced.toml names it"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemaVersionChange:
    """The schema version of the previous release and now, and the versions that were announced."""

    before: str
    now: str
    announced: tuple[str, ...] = ()

    def raised(self, digits: int) -> bool:
        """Return whether the version is higher in its first one, two or three numbers."""
        return parse_semver(self.now)[:digits] > parse_semver(self.before)[:digits]


def contract_findings(store: Store, previous: Release | None) -> tuple[Finding, ...]:
    """Return what speaks against the columns and codes of this code after the `former` release."""
    description_findings = _changed_description_finding() if schema_differs(store) else ()
    if previous is None or previous.schema_version.startswith("0."):
        return description_findings
    announced = tuple(announcement.schema_version for announcement in previous.announced)
    step = SchemaVersionChange(before=previous.schema_version, now=SCHEMA_VERSION, announced=announced)
    now = contract()
    same = previous.contract_sha256 == now.fingerprint()
    before = now if same else read_contract(store, previous.schema_version, previous.contract_sha256)
    return (*check_version_bump(before, now, step), *description_findings)


def check_version_bump(before: Contract, now: Contract, step: SchemaVersionChange) -> Iterator[Finding]:
    """Check that the schema version changed as the columns and codes did."""
    change = compare(before, now)
    if parse_semver(step.now) < parse_semver(step.before):
        yield _version(step, change, f"The schema version went back from {step.before} to {step.now}.")
    elif change.kind is not ContractChange.SAME and not step.raised(3):
        message = f"Columns or codes are no longer those published as schema {step.before}: {REMEDY}."
        yield _version(step, change, message)
    elif change.kind is ContractChange.BREAKING:
        yield _version_bump_finding(step, change, 1, Severity.REJECT)
    elif change.kind is ContractChange.ADDITIVE:
        yield _version_bump_finding(step, change, 2, Severity.HOLD)


def _version_bump_finding(step: SchemaVersionChange, change: Change, digits: int, severity: Severity) -> Finding:
    """Return the finding on a change that needs a raise in the first `digits` numbers , announced before."""
    kind = change.kind.value
    if not step.raised(digits):
        needed = "minor" if digits > 1 else "major"
        message = f"The change from schema {step.before} to {step.now} is {kind} and needs a higher {needed} version."
        return _finding(FindingCode(f"contract_{kind}"), severity, step, change, message)
    if step.now not in step.announced:
        message = f"Schema {step.now} brings {kind} changes, {_UNANNOUNCED}."
        return _finding(FindingCode.CONTRACT_UNANNOUNCED, severity, step, change, message)
    message = f"Schema {step.now} brings {kind} changes, as the release before announced."
    return _finding(FindingCode(f"contract_{kind}"), Severity.NOTE, step, change, message)


def _version(step: SchemaVersionChange, change: Change, message: str) -> Finding:
    return _finding(FindingCode.CONTRACT_VERSION, Severity.REJECT, step, change, message)


def _finding(code: FindingCode, severity: Severity, step: SchemaVersionChange, change: Change, message: str) -> Finding:
    kinds = (ContractChange.BREAKING, ContractChange.ADDITIVE)
    differences = [words for kind in kinds for words in change.words(kind)]
    return Finding(
        code=code,
        severity=severity,
        where=schema_folder(step.now),
        message=message,
        count=max(1, len(differences)),
        evidence=examples(differences),
    )


def _changed_description_finding() -> tuple[Finding, ...]:
    return (
        Finding(
            code=FindingCode.CONTRACT_WORDS,
            severity=Severity.REJECT,
            where=schema_folder(SCHEMA_VERSION),
            message=f"Schema {SCHEMA_VERSION} is published with other words than those of this code: {REMEDY}.",
        ),
    )
