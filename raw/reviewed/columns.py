"""The columns of a file of reviewed facts, and the checks on a cell and on a row."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from schemas.codelists import Bound, Measure, Status
from schemas.registry.units import resolve

REVIEWED_TYPE = "application/vnd.gongbao.reviewed+csv"
PREFIX = "reviewed-"
YEARS = range(1800, 2101)
DIGITS = 15
RANK_UNIT = "位"

_PERIOD = re.compile(r"([0-9]{4})(?:/([0-9]{4}))?")
_VALUE = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]{1,12})?")
_DATE = re.compile(r"[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?")
_PARTS = re.compile(r":[0-9]{1,6}(?:\.[0-9]{1,6})?")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\x80-\x9f\u2028\u2029]")
_LONGEST = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class FactColumn:
    """A column: its name, a description of what it allows, and its check, which returns what is wrong or ""."""

    name: str
    allowed: str
    check: Callable[[str], str]
    required: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """An error in a row: its column, what is wrong, and what is allowed."""

    column: str
    what: str
    allowed: str


def is_reviewed(document_id: str) -> bool:
    """Return whether a document is a citation of reviewed facts and not a page."""
    return document_id.startswith(PREFIX)


def fault(cells: Mapping[str, str]) -> Fault | None:
    """Return the first error in a row, None where it is valid; an absent cell counts as empty."""
    for column in COLUMNS:
        if what := _cell(column, cells.get(column.name, "")):
            return Fault(column=column.name, what=what, allowed=column.allowed)
    return _check_row(cells)


def published(cell: str) -> date | None:
    """Return the day of a date, None where it is only a year or a month."""
    return date.fromisoformat(cell) if len(cell) == len("2024-01-30") else None


def _cell(column: FactColumn, cell: str) -> str:
    if not cell:
        return "it is empty" if column.required else ""
    if _CONTROL.search(cell):
        return "it holds a line break or another control character"
    if cell != cell.strip():
        return "it begins or ends with a blank"
    return f"it is longer than {_LONGEST} characters" if len(cell) > _LONGEST else column.check(cell)


def _check_row(cells: Mapping[str, str]) -> Fault | None:
    """Check the cells of a rank together: it has a unit, may have a group, and is a whole number."""
    ranked = cells["measure"] == Measure.RANK
    if cells.get("scope") and not ranked:
        return Fault(column="scope", what="the number is not a rank", allowed="empty, but for a rank")
    if ranked and cells.get("unit") != RANK_UNIT:
        return Fault(column="unit", what="it is not the unit of a rank", allowed=RANK_UNIT)
    if ranked and not re.fullmatch("[1-9][0-9]*", cells["value"]):
        return Fault(column="value", what=f"{cells['value']} is not a rank", allowed="a whole number from 1")
    return None


def _period(cell: str) -> str:
    match = _PERIOD.fullmatch(cell)
    years = [int(year) for year in match.groups() if year] if match else []
    fits = bool(years) and all(year in YEARS for year in years) and sorted(set(years)) == years
    return "" if fits else f"{cell!r} is not a year"


def _value(cell: str) -> str:
    if not _VALUE.fullmatch(cell):
        return f"{cell!r} is not a number"
    digits = sum(character.isdigit() for character in cell)
    return "" if digits <= DIGITS else f"it has {digits} digits, more than a table can hold"


def _unit(cell: str) -> str:
    return "" if resolve(cell).code != "other" or _PARTS.fullmatch(cell) else f"{cell!r} is not a unit"


def _address(cell: str) -> str:
    try:
        parts = urlsplit(cell)
        plain = parts.scheme in {"http", "https"} and bool(parts.hostname) and not parts.username
    except ValueError:
        plain = False
    return "" if plain and not re.search(r"[\s\\]", cell) else f"{cell!r} is not an http(s) address"


def _any_date(cell: str) -> str:
    whole = cell + "-01-01"[len(cell) - len("2024") :]
    return "" if _DATE.fullmatch(cell) and _is_day(whole) else f"{cell!r} is not a date"


def _day(cell: str) -> str:
    return "" if len(cell) == len("2024-01-30") and not _any_date(cell) else f"{cell!r} is not a day"


def _is_day(cell: str) -> bool:
    try:
        return date.fromisoformat(cell).year in YEARS
    except ValueError:
        return False


def _no_constraint(_cell: str) -> str:
    return ""


def _coded(name: str, *codes: str, required: bool = True) -> FactColumn:
    def check(cell: str) -> str:
        return "" if cell in codes else f"{cell!r} is not a code"

    allowed = ", ".join(codes) + ("" if required else " or empty")
    return FactColumn(name=name, allowed=allowed, check=check, required=required)


# The first columns describe the number and make its quote; the citation follows.
COLUMNS = (
    FactColumn(name="period", allowed="a year, 2023, or two, 2021/2025", check=_period),
    FactColumn(name="subject", allowed="what is measured, in the source's words", check=_no_constraint),
    FactColumn(name="value", allowed=f"digits, at most {DIGITS}: 531.48, -5.6", check=_value),
    FactColumn(name="unit", allowed="a unit of schemas/registry/units.py, or empty", check=_unit, required=False),
    _coded("measure", *Measure),
    _coded("status", *Status),
    FactColumn(name="scope", allowed="the group of a rank, 全市, or empty", check=_no_constraint, required=False),
    _coded("bound", *Bound),
    _coded("price_basis", "current", "constant", required=False),
    _coded("stage", "provisional", "final", required=False),
    FactColumn(name="source_title", allowed="the source's title, or empty", check=_no_constraint, required=False),
    FactColumn(name="source_url", allowed="an address that begins with http:// or https://", check=_address),
    FactColumn(name="source_date", allowed="2024-01-30, or 2024-01 or 2024 where no more is known", check=_any_date),
    FactColumn(name="entered_on", allowed="a day, 2026-11-23", check=_day),
    FactColumn(name="note", allowed="any words, or empty", check=_no_constraint, required=False),
)
NAMES = tuple(column.name for column in COLUMNS)
CITATION = ("source_title", "source_url", "source_date")
