"""Great Expectations, and nothing else: expectations in, results out.

The library takes seconds to import, so it is imported where it is used. Its context is in memory: no file, no progress
bar, no telemetry.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import polars as pl

from schemas.codelists import Severity
from schemas.finding import FindingCode

if TYPE_CHECKING:
    from great_expectations.data_context.data_context.ephemeral_data_context import EphemeralDataContext


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectationSpec:
    """One expectation of a table: `kind` is the library's class, `arguments` what it takes."""

    table: str
    code: FindingCode
    fault: str
    severity: Severity
    kind: str
    arguments: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectationResult:
    """The result of an expectation: the rows that break it, or the observed value."""

    expected: ExpectationSpec
    success: bool
    observed: float | None = None
    rows: tuple[int, ...] = field(default=())

    def as_record(self) -> dict[str, object]:
        """Return the result as a JSON object."""
        return {
            "table": self.expected.table,
            "code": str(self.expected.code),
            "expectation": self.expected.kind,
            "arguments": dict(self.expected.arguments),
            "success": self.success,
            "observed": self.observed,
            "unexpected": len(self.rows),
        }


def evaluate(frames: Mapping[str, pl.DataFrame], expected: Sequence[ExpectationSpec]) -> tuple[ExpectationResult, ...]:
    """Check each expectation against its table."""
    context = _context()
    suites = {table: [spec for spec in expected if spec.table == table] for table in frames}
    return tuple(result for table, frame in frames.items() for result in _table(context, table, frame, suites[table]))


def _context() -> EphemeralDataContext:
    import great_expectations as gx  # noqa: PLC0415 - seven seconds, which only a release has to spend
    from great_expectations.data_context.types.base import (  # noqa: PLC0415 - as above
        DataContextConfig,
        InMemoryStoreBackendDefaults,
        ProgressBarsConfig,
    )

    config = DataContextConfig(
        store_backend_defaults=InMemoryStoreBackendDefaults(init_temp_docs_sites=False),
        progress_bars=ProgressBarsConfig(globally=False, metric_calculations=False),
        analytics_enabled=False,
    )
    return gx.get_context(mode="ephemeral", project_config=config)


def _table(
    context: EphemeralDataContext, table: str, frame: pl.DataFrame, expected: Sequence[ExpectationSpec]
) -> list[ExpectationResult]:
    import great_expectations as gx  # noqa: PLC0415 - as in _context

    asset = context.data_sources.add_pandas(table).add_dataframe_asset(table)
    batch = asset.add_batch_definition_whole_dataframe("all").get_batch({"dataframe": frame.to_pandas()})
    expectations = [getattr(gx.expectations, spec.kind)(**spec.arguments) for spec in expected]
    outcomes = [batch.validate(expectation, result_format="COMPLETE") for expectation in expectations]
    return [_result(spec, outcome) for spec, outcome in zip(expected, outcomes, strict=True)]


def _result(expected: ExpectationSpec, outcome: Any) -> ExpectationResult:  # noqa: ANN401 - the library is not typed
    detail = outcome.result
    observed = detail.get("observed_value")
    return ExpectationResult(
        expected=expected,
        success=bool(outcome.success),
        observed=None if observed is None else round(float(observed), 6),
        rows=tuple(int(row) for row in detail.get("unexpected_index_list") or ()),
    )
