"""Great Expectations, and nothing else: expectations in, results and the library's own account of them out.

The library takes seconds to import, so it is imported where it is used. Its context is in memory: no file, no progress
bar, no telemetry.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import and_, eq, ge
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeAlias

import polars as pl

from schemas.codelists import Severity
from schemas.finding import FindingCode
from schemas.tables.columns import KEYS

if TYPE_CHECKING:
    from great_expectations.core import ExpectationSuiteValidationResult
    from great_expectations.data_context.data_context.ephemeral_data_context import EphemeralDataContext

Condition: TypeAlias = tuple[str, str, str | float]
"""What the rows of an expectation have in common: a column, `==` or `>=`, and a value."""

_OPERATORS = MappingProxyType({"==": eq, ">=": ge})
# What a broken expectation does to a release, in the terms of the library.
_SEVERITIES = MappingProxyType(
    {Severity.REJECT: "critical", Severity.HOLD: "warning", Severity.WARN: "info", Severity.NOTE: "info"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectationSpec:
    """One expectation of a table.

    Attributes:
        name: The code, with what tells it from others of the same code after a colon; unique in a release.
        fault: What is wrong with rows that break it.
        severity: What it does to a release if it is broken.
        kind: The class of the library.
        arguments: What the class takes.
        where: The conditions of the rows that it holds for, all of them; every row without any.
    """

    table: str
    code: FindingCode
    name: str
    fault: str
    severity: Severity
    kind: str
    arguments: Mapping[str, Any]
    where: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectationResult:
    """The result of an expectation: the keys of the rows that break it, or the observed value."""

    expected: ExpectationSpec
    success: bool
    observed: float | None = None
    rows: tuple[tuple[str | int, ...], ...] = field(default=())

    def as_record(self) -> dict[str, object]:
        """Return the result as a JSON object."""
        return {
            "table": self.expected.table,
            "code": str(self.expected.code),
            "name": self.expected.name,
            "expectation": self.expected.kind,
            "arguments": dict(self.expected.arguments),
            "where": [" ".join(map(str, condition)) for condition in self.expected.where],
            "success": self.success,
            "observed": self.observed,
            "unexpected": len(self.rows),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """The results of all expectations, and by table what the library publishes of them."""

    results: tuple[ExpectationResult, ...]
    validation: Mapping[str, Any]


def evaluate(frames: Mapping[str, pl.DataFrame], expected: Sequence[ExpectationSpec]) -> Evaluation:
    """Check the expectations of each table as one suite.

    Returns:
        The results in the order of the tables and of `expected`, and by table the library's validation result as its
        `to_json_dict` gives it, without what differs from run to run: the time and the trace of an error.
    """
    context = _context()
    results: list[ExpectationResult] = []
    validation: dict[str, Any] = {}
    for table, frame in frames.items():
        suite = [spec for spec in expected if spec.table == table]
        record = _as_record(_validate(context, table, frame, suite))
        by_name = {one["expectation_config"]["meta"]["name"]: one for one in record["results"]}
        validation[table] = {**record, "results": [by_name[spec.name] for spec in suite]}
        results += [_result(spec, by_name[spec.name]) for spec in suite]
    return Evaluation(results=tuple(results), validation=validation)


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


def _validate(
    context: EphemeralDataContext, table: str, frame: pl.DataFrame, expected: Sequence[ExpectationSpec]
) -> ExpectationSuiteValidationResult:
    import great_expectations as gx  # noqa: PLC0415 - as in _context

    asset = context.data_sources.add_pandas(table).add_dataframe_asset(table)
    batch = asset.add_batch_definition_whole_dataframe("all").get_batch({"dataframe": frame.to_pandas()})
    suite = gx.ExpectationSuite(name=table, expectations=[_expectation(spec) for spec in expected])
    complete = {"result_format": "COMPLETE", "unexpected_index_column_names": list(KEYS[table])}
    return batch.validate(suite, result_format=complete)


def _expectation(spec: ExpectationSpec) -> Any:  # noqa: ANN401 - the classes of the library share no useful type
    import great_expectations as gx  # noqa: PLC0415 - as in _context
    from great_expectations.expectations.row_conditions import Column  # noqa: PLC0415 - as in _context

    conditions = [_OPERATORS[operator](Column(column), value) for column, operator, value in spec.where]
    return getattr(gx.expectations, spec.kind)(
        **spec.arguments,
        **({"row_condition": reduce(and_, conditions)} if conditions else {}),
        severity=_SEVERITIES[spec.severity],
        meta={"code": str(spec.code), "name": spec.name, "fault": spec.fault},
    )


def _as_record(outcome: ExpectationSuiteValidationResult) -> dict[str, Any]:
    """Return a validation result as JSON, the same each time: keys in order, no time, no trace."""
    record = json.loads(json.dumps(outcome.to_json_dict(), sort_keys=True))  # type: ignore[no-untyped-call]
    record["meta"].pop("batch_markers", None)
    for raised in _objects(record, "exception_traceback"):
        raised["exception_traceback"] = None
    return dict(record)


def _objects(value: object, key: str) -> Iterator[dict[str, Any]]:
    """Yield the objects inside a JSON value that have a key."""
    if isinstance(value, dict):
        if key in value:
            yield value
        for inner in value.values():
            yield from _objects(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from _objects(inner, key)


def _result(expected: ExpectationSpec, outcome: Mapping[str, Any]) -> ExpectationResult:
    detail = outcome["result"]
    observed = detail.get("observed_value")
    keys = KEYS[expected.table]
    return ExpectationResult(
        expected=expected,
        success=outcome["success"],
        observed=None if observed is None else round(float(observed), 6),
        rows=tuple(tuple(row[key] for key in keys) for row in detail.get("unexpected_index_list") or ()),
    )
