"""The gate: all findings on a candidate fold to one verdict.

Pandera checks each row, Great Expectations the release as a whole (`publish.gate.release_expectations`), and the
readings bring findings of their own. One cause is one finding, whichever check saw it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import groupby
from types import MappingProxyType
from typing import Any

import polars as pl

from publish.drift.content import DriftLimits
from publish.gate.expectations import Evaluation, ExpectationResult, evaluate
from publish.gate.limits import GateLimits
from publish.gate.measures import check_columns
from publish.gate.release_expectations import release_expectations
from schemas.codelists import Severity, Verdict
from schemas.finding import Finding, examples, worst
from schemas.tables.columns import KEYS
from schemas.tables.frames import Tables

__all__ = ["DriftLimits", "GateLimits", "GateReport", "decide_verdict", "deduplicate", "run_checks"]

_NO_TABLES: Tables = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class GateReport:
    """The findings of the gate; `quality` and `validation` are what the files of these names hold of them."""

    findings: tuple[Finding, ...]
    quality: Mapping[str, Any]
    validation: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))


def run_checks(  # noqa: PLR0913 - the candidate, the release before it, and what is known of both
    tables: Tables,
    texts: Mapping[str, str],
    limits: GateLimits,
    *,
    previous: Tables = _NO_TABLES,
    same_reader: bool = False,
    brought: Sequence[Finding] = (),
) -> GateReport:
    """Run every check on a release.

    Args:
        tables: The tables.
        texts: The canonical text by document.
        limits: The limits beyond which an operator decides.
        previous: The tables of the previous release, empty before the first one.
        same_reader: Whether the reader and the registry of the previous release are those of this one.
        brought: Findings that other parts bring along.
    """
    from schemas.tables.pandera_models import checks_of, examine  # noqa: PLC0415 - Pandera takes a second to import

    rows = [finding for table, frame in tables.items() for finding in examine(table, frame)]
    misshapen = any(finding.code.endswith("_form") for finding in rows)
    evaluation = Evaluation(results=(), validation={})
    if not misshapen:
        frames = check_columns(tables, texts)
        expected = release_expectations(frames, limits, previous=previous, same_reader=same_reader)
        evaluation = evaluate(frames, expected)
    settled = _settled(tables, previous) if same_reader else frozenset()
    findings = deduplicate((*brought, *rows, *_findings(tables, evaluation.results, settled)))
    quality = {
        "limits": asdict(limits),
        "findings": [finding.as_record() for finding in findings],
        "pandera": {table: list(checks_of(table)) for table in tables},
        "great_expectations": [result.as_record() for result in evaluation.results],
    }
    return GateReport(findings=findings, quality=quality, validation=evaluation.validation)


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


def _settled(tables: Tables, previous: Tables) -> frozenset[str]:
    """Return the documents that the previous release has with the same text: whatever holds them was decided then."""
    if "documents" not in previous:
        return frozenset()
    same = ["document", "text_sha256"]
    return frozenset(tables["documents"].join(previous["documents"].select(same), on=same)["document"])


def _findings(tables: Tables, results: Iterable[ExpectationResult], settled: frozenset[str]) -> Iterable[Finding]:
    """Return a finding for each code with broken expectations.

    An expectation that may be broken by a share of the rows and is broken by fewer only warns. So does one that only
    documents break on which an operator has decided.
    """
    for code, group in groupby(results, key=lambda result: result.expected.code):
        broken = [result for result in group if result.rows or not result.success]
        if not broken:
            continue
        table, keys = broken[0].expected.table, tuple(dict.fromkeys(key for result in broken for key in result.rows))
        decided = bool(keys) and _documents_of(tables, table, keys) <= settled
        severity = max((_severity(result, decided=decided) for result in broken), key=list(Severity).index)
        yield Finding(
            code=code,
            severity=severity,
            where=table,
            message=f"In {table}, {broken[0].expected.fault}.",
            count=max(1, len(keys)),
            evidence=examples(" ".join(map(str, key)) for key in keys) or (f"{broken[0].observed}",),
        )


def _severity(result: ExpectationResult, *, decided: bool) -> Severity:
    severity = result.expected.severity
    return Severity.WARN if severity is Severity.HOLD and (result.success or decided) else severity


def _documents_of(tables: Tables, table: str, keys: Sequence[tuple[str | int, ...]]) -> set[str]:
    """Return the documents of some rows of a table."""
    first = pl.Series([key[0] for key in keys], dtype=pl.String)
    return set(tables[table].filter(pl.col(KEYS[table][0]).is_in(first.implode()))["document"])
