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


def like(column: str, pattern: str) -> pl.Expr:
    """Return whether the text of a column matches a pattern."""
    return pl.col(column).str.contains(pattern)


def among(column: str, codes: Iterable[str]) -> pl.Expr:
    """Return whether the text of a column is one of the codes."""
    return pl.col(column).is_in([str(code) for code in codes])
