"""Every code that the program can raise: the members of `FindingCode`, the row checks, the tree of errors."""

from __future__ import annotations

from collections.abc import Iterator

from schemas.codelists import Severity
from schemas.errors import ErrorCode, GongbaoError
from schemas.finding import AnyCode, FindingCode, RowCode
from schemas.tables.check import row_code
from schemas.tables.columns import TABLES
from schemas.tables.pandera_models import checks_of
from schemas.tables.reading_checks import row_checks

PACKAGES = ("raw", "publish", "flows", "schemas", "infra")
ROW_CODES = frozenset(row_code(table, check) for table in TABLES for check in checks_of(table))
WARNING_ROW_CODES = frozenset(
    row_code(table, check.code) for table in TABLES for check in row_checks(table) if check.severity is Severity.WARN
)


def finding_code(text: str) -> AnyCode:
    """A code for a finding made up in a test, which need not be one that the program raises."""
    return RowCode(text)


def error_codes(error: type[GongbaoError] = GongbaoError) -> Iterator[ErrorCode]:
    yield error.code
    for subclass in error.__subclasses__():
        if subclass.__module__.split(".")[0] in PACKAGES:
            yield from error_codes(subclass)


def every_code() -> frozenset[str]:
    return frozenset({*error_codes(), *ROW_CODES, *FindingCode})
