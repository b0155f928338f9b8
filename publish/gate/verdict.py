"""The gate: all findings on a candidate fold to one verdict.

Pandera checks each row, Great Expectations the release as a whole (`publish.gate.expectations`), and the readings bring
findings of their own. One cause is one finding, whichever check saw it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from math import ceil
from typing import Any

from infra.settings import LEAST_OF_PREVIOUS, MOST_UNLIKELY, UNREAD_LIMIT
from publish.drift.content import DriftLimits
from publish.gate.expectations import ExpectationResult, ExpectationSpec, evaluate
from publish.gate.measures import check_columns
from schemas.codelists import Severity, Verdict
from schemas.finding import Finding, FindingCode, examples, worst
from schemas.tables.columns import KEYS
from schemas.tables.frames import Tables


@dataclass(frozen=True, slots=True, kw_only=True)
class GateLimits:
    """Limits beyond which an operator decides; `infra.settings` gives the reason of each default.

    Attributes:
        least_of_previous: The share of the previous release's rows that must still be there.
        most_unread: The share of a document's numbers that may be unread.
        most_unlikely: The share of rows that may be outside the range of their indicator.
        drift: What may change since the previous release.
    """

    least_of_previous: float = LEAST_OF_PREVIOUS
    most_unread: float = UNREAD_LIMIT
    most_unlikely: float = MOST_UNLIKELY
    drift: DriftLimits = field(default_factory=DriftLimits)

    @classmethod
    def of_record(cls, record: Mapping[str, Any]) -> GateLimits:
        """Parse the limits of a `quality.json`."""
        return cls(**{**record, "drift": DriftLimits(**record.get("drift", {}))})


@dataclass(frozen=True, slots=True, kw_only=True)
class GateInput:
    """What the gate checks: the tables, the canonical text by document, the number of previous observations."""

    tables: Tables
    texts: Mapping[str, str]
    previous_rows: int
    findings: Sequence[Finding] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class GateReport:
    """The findings of the gate; `quality` is what `quality.json` holds of them."""

    findings: tuple[Finding, ...]
    quality: Mapping[str, Any]


def run_checks(submission: GateInput, limits: GateLimits) -> GateReport:
    """Run every check on a release."""
    from schemas.tables.pandera_models import checks_of, examine  # noqa: PLC0415 - Pandera takes a second to import

    rows = [finding for table, frame in submission.tables.items() for finding in examine(table, frame)]
    misshapen = any(finding.code.endswith("_form") for finding in rows)
    results = () if misshapen else _run_expectations(submission, limits)
    findings = deduplicate((*submission.findings, *rows, *_findings(submission.tables, results)))
    quality = {
        "limits": asdict(limits),
        "findings": [finding.as_record() for finding in findings],
        "pandera": {table: list(checks_of(table)) for table in submission.tables},
        "great_expectations": [result.as_record() for result in results],
    }
    return GateReport(findings=findings, quality=quality)


def decide_verdict(findings: Iterable[Finding], *, same_content: bool) -> Verdict:
    """Fold the findings to one verdict: unchanged content needs no decision unless it must be rejected."""
    heaviest = worst(findings)
    if heaviest is Severity.REJECT:
        return Verdict.REJECT
    if same_content:
        return Verdict.UNCHANGED
    return Verdict.HOLD if heaviest is Severity.HOLD else Verdict.PUBLISH


def deduplicate(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return one finding per cause, the most severe first: the first with the same code and place."""
    order = list(Severity)
    first: dict[tuple[str, str], Finding] = {}
    for finding in findings:
        first.setdefault((finding.code, finding.where), finding)
    return tuple(
        sorted(first.values(), key=lambda finding: (-order.index(finding.severity), finding.code, finding.where))
    )


def _run_expectations(submission: GateInput, limits: GateLimits) -> tuple[ExpectationResult, ...]:
    frames = check_columns(submission.tables, submission.texts)
    return evaluate(frames, _expected(submission.previous_rows, limits))


def _expected(previous_rows: int, limits: GateLimits) -> tuple[ExpectationSpec, ...]:
    least = ceil(previous_rows * limits.least_of_previous)
    observations, numbers, documents = "observations", "numbers", "documents"
    return (
        _rows(FindingCode.OBSERVATIONS_EMPTY, "no observation is left", Severity.REJECT, 1),
        _rows(
            FindingCode.OBSERVATIONS_VOLUME, "far fewer observations than in the release before", Severity.HOLD, least
        ),
        ExpectationSpec(
            table=observations,
            code=FindingCode.OBSERVATIONS_UNIQUE,
            fault="two rows have the same key",
            severity=Severity.REJECT,
            kind="ExpectColumnValuesToBeUnique",
            arguments={"column": "obs_id"},
        ),
        _must_be_true(
            observations, "spans", "a span does not cut obs_text out of the document's text", Severity.REJECT
        ),
        _must_be_true(
            observations, "stated", "an observation is not among the numbers of its document", Severity.REJECT
        ),
        _must_be_true(
            observations, "likely", "a level outside the range of its indicator", Severity.HOLD, limits.most_unlikely
        ),
        _must_be_true(numbers, "accounted", "a number is claimed by no published observation", Severity.REJECT),
        _must_be_true(documents, "complete", "a digit of the text belongs to no number of the account", Severity.HOLD),
        ExpectationSpec(
            table=documents,
            code=FindingCode.DOCUMENTS_UNREAD,
            fault="too many of a document's numbers are unread",
            severity=Severity.HOLD,
            kind="ExpectColumnValuesToBeBetween",
            arguments={"column": "unread_share", "max_value": limits.most_unread},
        ),
    )


def _rows(code: FindingCode, fault: str, severity: Severity, least: int) -> ExpectationSpec:
    return ExpectationSpec(
        table="observations",
        code=code,
        fault=fault,
        severity=severity,
        kind="ExpectTableRowCountToBeBetween",
        arguments={"min_value": least},
    )


def _must_be_true(table: str, column: str, fault: str, severity: Severity, tolerated: float = 0.0) -> ExpectationSpec:
    return ExpectationSpec(
        table=table,
        code=FindingCode(f"{table}_{column}"),
        fault=fault,
        severity=severity,
        kind="ExpectColumnValuesToBeInSet",
        arguments={"column": column, "value_set": [True], "mostly": 1 - tolerated},
    )


def _findings(tables: Tables, results: Iterable[ExpectationResult]) -> Iterable[Finding]:
    """Return a finding for each broken expectation; one within its tolerance only warns."""
    for result in results:
        if result.success and not result.rows:
            continue
        expected = result.expected
        yield Finding(
            code=expected.code,
            severity=Severity.WARN if result.success else expected.severity,
            where=expected.table,
            message=f"In {expected.table}, {expected.fault}.",
            count=max(1, len(result.rows)),
            evidence=_evidence(tables, result),
        )


def _evidence(tables: Tables, result: ExpectationResult) -> tuple[str, ...]:
    table = result.expected.table
    if not result.rows:
        return (f"{result.observed}",)
    keys = tables[table].select(KEYS[table])
    return examples(" ".join(map(str, keys.row(row))) for row in result.rows)
