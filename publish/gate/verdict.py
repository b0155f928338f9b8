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
class GateReport:
    """The findings of the gate; `quality` is what `quality.json` holds of them."""

    findings: tuple[Finding, ...]
    quality: Mapping[str, Any]


def run_checks(
    tables: Tables, texts: Mapping[str, str], limits: GateLimits, *, previous_rows: int, brought: Sequence[Finding] = ()
) -> GateReport:
    """Run every check on a release.

    Args:
        tables: The tables.
        texts: The canonical text by document.
        limits: The limits beyond which an operator decides.
        previous_rows: The number of observations of the previous release.
        brought: Findings that other parts bring along.
    """
    from schemas.tables.pandera_models import checks_of, examine  # noqa: PLC0415 - Pandera takes a second to import

    rows = [finding for table, frame in tables.items() for finding in examine(table, frame)]
    misshapen = any(finding.code.endswith("_form") for finding in rows)
    results: tuple[ExpectationResult, ...] = ()
    if not misshapen:
        results = evaluate(check_columns(tables, texts), _expected(previous_rows, limits))
    findings = deduplicate((*brought, *rows, *_findings(tables, results)))
    quality = {
        "limits": asdict(limits),
        "findings": [finding.as_record() for finding in findings],
        "pandera": {table: list(checks_of(table)) for table in tables},
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
    ordered = sorted(first.values(), key=lambda one: (-order.index(one.severity), one.code, one.where))
    return tuple(ordered)


def _expected(previous_rows: int, limits: GateLimits) -> tuple[ExpectationSpec, ...]:
    least, reject, hold = ceil(previous_rows * limits.least_of_previous), Severity.REJECT, Severity.HOLD
    rows, between = "ExpectTableRowCountToBeBetween", "ExpectColumnValuesToBeBetween"
    unread = {"column": "unread_share", "max_value": limits.most_unread}
    return (
        _spec("observations_empty", "no observation is left", reject, rows, min_value=1),
        _spec("observations_volume", "far fewer observations than in the release before", hold, rows, min_value=least),
        _spec(
            "observations_unique", "two rows have the same key", reject, "ExpectColumnValuesToBeUnique", column="obs_id"
        ),
        _must_be_true("observations_spans", "a span does not cut obs_text out of the document's text", reject),
        _must_be_true("observations_stated", "an observation is not among the numbers of its document", reject),
        _must_be_true("observations_likely", "a level outside the range of its indicator", hold, limits.most_unlikely),
        _must_be_true("numbers_accounted", "a number is claimed by no published observation", reject),
        _must_be_true("documents_complete", "a digit of the text belongs to no number of the account", hold),
        _spec("documents_unread", "too many of a document's numbers are unread", hold, between, **unread),
    )


def _must_be_true(code: str, fault: str, severity: Severity, tolerated: float = 0.0) -> ExpectationSpec:
    column = code.partition("_")[2]
    arguments = {"column": column, "value_set": [True], "mostly": 1 - tolerated}
    return _spec(code, fault, severity, "ExpectColumnValuesToBeInSet", **arguments)


def _spec(code: str, fault: str, severity: Severity, kind: str, **arguments: object) -> ExpectationSpec:
    """Return an expectation; its code begins with the name of the table."""
    table = code.partition("_")[0]
    return ExpectationSpec(
        table=table, code=FindingCode(code), fault=fault, severity=severity, kind=kind, arguments=arguments
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
