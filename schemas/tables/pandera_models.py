"""The Pandera models of the published tables: what is wrong with a frame, as findings.

Pandera looks at data only where its settings let it, and an environment variable can switch them off: the depth is
set here, at each call.
"""

from __future__ import annotations

from functools import cache, partial
from types import MappingProxyType

import pandera.polars as pa
import polars as pl
from pandera.config import ValidationDepth, config_context

from schemas.codelists import Severity
from schemas.finding import Finding, examples
from schemas.tables.check import RowCheck, row_code
from schemas.tables.columns import KEYS, TABLES
from schemas.tables.reading_checks import row_checks

_FORM = "does not have the published columns in their order and types"
_BUILT_IN = MappingProxyType(
    {
        "not_nullable": ("null", "a cell is empty in a column that must be filled"),
        "multiple_fields_uniqueness": ("unique", "two rows have the same key"),
    }
)


@cache
def model(table: str) -> pa.DataFrameSchema:
    """The Pandera schema of a table."""
    columns = {column.name: pa.Column(column.dtype, nullable=column.nullable) for column in TABLES[table]}
    checks = [pa.Check(partial(_apply, check.holds), name=check.code, error=check.code) for check in row_checks(table)]
    return pa.DataFrameSchema(columns, checks=checks, unique=list(KEYS[table]), strict=True, ordered=True)


def examine(table: str, frame: pl.DataFrame) -> tuple[Finding, ...]:
    """Everything that is wrong with a table; a frame of another form is not looked into further."""
    form = _failures(table, frame, ValidationDepth.SCHEMA_ONLY)
    if not form.is_empty():
        return (_misshapen(table, form),)
    failures = _failures(table, frame, ValidationDepth.SCHEMA_AND_DATA)
    groups = [] if failures.is_empty() else failures.partition_by("check", maintain_order=True)
    return tuple(_finding(table, group, frame) for group in groups)


def checks_of(table: str) -> tuple[str, ...]:
    """The codes of all checks of a table."""
    return ("form", *(code for code, _ in _BUILT_IN.values()), *(check.code for check in row_checks(table)))


def _apply(holds: pl.Expr, data: pa.PolarsData) -> pl.LazyFrame:
    return data.lazyframe.select(holds)


def _failures(table: str, frame: pl.DataFrame, depth: ValidationDepth) -> pl.DataFrame:
    try:
        with config_context(validation_enabled=True, validation_depth=depth):
            model(table).validate(frame, lazy=True)
    except pa.errors.SchemaErrors as errors:
        return pl.DataFrame(errors.failure_cases)
    return pl.DataFrame()


def _misshapen(table: str, failures: pl.DataFrame) -> Finding:
    seen = (f"{row['column'] or table}: {row['check']} {row['failure_case']}" for row in failures.iter_rows(named=True))
    return Finding(
        code=row_code(table, "form"),
        severity=Severity.REJECT,
        where=table,
        message=f"The table {table} {_FORM}.",
        count=failures.height,
        evidence=examples(seen),
    )


def _finding(table: str, failures: pl.DataFrame, frame: pl.DataFrame) -> Finding:
    code, fault, severity = _meaning(table, failures["check"][0])
    rows = failures["index"].to_list()
    return Finding(
        code=row_code(table, code),
        severity=severity,
        where=table,
        message=f"In {table}, {fault}.",
        count=failures.height,
        evidence=examples(_name(table, frame, row) for row in rows),
    )


def _meaning(table: str, check: str) -> tuple[str, str, Severity]:
    if check in _BUILT_IN:
        return (*_BUILT_IN[check], Severity.REJECT)
    found: RowCheck = next(row for row in row_checks(table) if row.code == check)
    return found.code, found.fault, found.severity


def _name(table: str, frame: pl.DataFrame, row: int) -> str:
    return " ".join(str(frame[row, column]) for column in KEYS[table])
