"""One check of the rows of a table, and how checks are written: expressions that are true where all is well."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from schemas.codelists import Severity
from schemas.finding import RowCode


@dataclass(frozen=True, slots=True, kw_only=True)
class RowCheck:
    """One check: a stable code, the sentence that names the fault, the expression, and how much a bad row weighs.

    A row that breaks the form of the table is rejected; one that is only hard to believe is published and reported.
    """

    code: str
    fault: str
    holds: pl.Expr
    severity: Severity = Severity.REJECT


def row_code(table: str, check: str) -> RowCode:
    """Return the code of the finding of a check of a table."""
    return RowCode(f"{table}_{check}")


def check(code: str, fault: str, holds: pl.Expr, severity: Severity = Severity.REJECT) -> RowCheck:
    """A check that an empty cell passes."""
    return RowCheck(code=code, fault=fault, holds=holds.fill_null(value=True), severity=severity)


def like(column: str, pattern: str) -> pl.Expr:
    """The text matches a pattern."""
    return pl.col(column).str.contains(pattern)


def among(column: str, codes: Iterable[str]) -> pl.Expr:
    """The text is one of some codes."""
    return pl.col(column).is_in([str(code) for code in codes])
