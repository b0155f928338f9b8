"""The Pandera models of the published tables, and what is wrong with a frame as findings.

An environment variable can switch off Pandera's checks of data; the validation depth is therefore set at each call.
"""

from functools import cache, partial
from types import MappingProxyType

import pandera.polars as pa
import polars as pl
from pandera.config import ValidationDepth, config_context

from schemas.codelists import Severity
from schemas.finding import Finding, examples
from schemas.tables.check import row_code
from schemas.tables.columns import KEYS, TABLES
from schemas.tables.reading_checks import row_checks

_BUILT_IN = MappingProxyType(
    {
        "not_nullable": ("null", "a required cell is empty"),
        "multiple_fields_uniqueness": ("unique", "two rows have the same key"),
    }
)


@cache
def model(table: str) -> pa.DataFrameSchema:
    """Return the Pandera schema of a table."""
    columns = {column.name: pa.Column(column.dtype, nullable=column.nullable) for column in TABLES[table]}
    checks = [pa.Check(partial(_apply, check.holds), name=check.code, error=check.code) for check in row_checks(table)]
    return pa.DataFrameSchema(columns, checks=checks, unique=list(KEYS[table]), strict=True, ordered=True)


def examine(table: str, frame: pl.DataFrame) -> tuple[Finding, ...]:
    """Return a finding for each failed check; a frame with wrong columns or types is not checked further."""
    form = _failures(table, frame, ValidationDepth.SCHEMA_ONLY)
    if not form.is_empty():
        return (_form_finding(table, form),)
    failures = _failures(table, frame, ValidationDepth.SCHEMA_AND_DATA)
    groups = [] if failures.is_empty() else failures.partition_by("check", maintain_order=True)
    return tuple(_finding(table, group, frame) for group in groups)


def checks_of(table: str) -> tuple[str, ...]:
    """Return the codes of all checks of a table."""
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


def _form_finding(table: str, failures: pl.DataFrame) -> Finding:
    seen = (f"{row['column'] or table}: {row['check']} {row['failure_case']}" for row in failures.iter_rows(named=True))
    return Finding(
        code=row_code(table, "form"),
        severity=Severity.REJECT,
        where=table,
        message=f"The table {table} does not have the published columns in their order and types.",
        count=failures.height,
        evidence=examples(seen),
    )


def _finding(table: str, failures: pl.DataFrame, frame: pl.DataFrame) -> Finding:
    code, fault, severity = _check_details(table, failures["check"][0])
    rows = failures["index"].to_list()
    return Finding(
        code=row_code(table, code),
        severity=severity,
        where=table,
        message=f"In {table}, {fault}.",
        count=failures.height,
        evidence=examples(_name(table, frame, row) for row in rows),
    )


def _check_details(table: str, check: str) -> tuple[str, str, Severity]:
    if check in _BUILT_IN:
        return (*_BUILT_IN[check], Severity.REJECT)
    row_check = next(row_check for row_check in row_checks(table) if row_check.code == check)
    return row_check.code, row_check.fault, row_check.severity


def _name(table: str, frame: pl.DataFrame, row: int) -> str:
    return " ".join(str(frame[row, column]) for column in KEYS[table])
