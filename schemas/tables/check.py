"""Checks of the rows of a table, written as expressions that are true for valid rows."""

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from schemas.codelists import Severity
from schemas.finding import RowCode


@dataclass(frozen=True, slots=True, kw_only=True)
class RowCheck:
    """One check: a stable code, the fault that it reports, the expression, and the severity of a bad row.

    A row that violates the schema is rejected; one that is only implausible is published and reported.
    """

    code: str
    fault: str
    holds: pl.Expr
    severity: Severity = Severity.REJECT


def row_code(table: str, check: str) -> RowCode:
    """Return the code of the finding of a check of a table."""
    return RowCode(f"{table}_{check}")


def check(code: str, fault: str, holds: pl.Expr, severity: Severity = Severity.REJECT) -> RowCheck:
    """Return a check that empty cells pass."""
    return RowCheck(code=code, fault=fault, holds=holds.fill_null(value=True), severity=severity)


def coded(**columns: Iterable[str]) -> tuple[RowCheck, ...]:
    """Return the checks that the cells of these columns are codes of their lists."""
    return tuple(
        check(name, f"{name} is not a code of its list", pl.col(name).is_in([str(code) for code in codes]))
        for name, codes in columns.items()
    )


def like(column: str, pattern: str) -> pl.Expr:
    """Return whether the text of a column matches a pattern."""
    return pl.col(column).str.contains(pattern)
