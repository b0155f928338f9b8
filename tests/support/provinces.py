"""Real reports as a run reads them: two years of fourteen provinces."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

from support.report_readings import reading
from support.requires import shared
from support.shared_session import built_once

from raw.extract.observations import read
from raw.page.parse import parse_text
from raw.reading import document_of
from schemas.reading import Reading


def read_report(file: Path, published_on: date | None, reference_year: int | None = None) -> Reading:
    """A text file as a report of this day on this year."""
    document = replace(document_of(parse_text(file.read_text("utf-8"))), published_on=published_on)
    observations, numbers = read(document)
    plain = reading(file.stem, document.text, ())
    return replace(plain, document=document, observations=observations, numbers=numbers, reference_year=reference_year)


@cache
def provinces() -> dict[str, tuple[Reading, ...]]:
    """The reports of each province, the older first, which are read once for all tests."""
    return built_once("provinces", _read_provinces)


def _read_provinces() -> dict[str, tuple[Reading, ...]]:
    found: dict[str, tuple[Reading, ...]] = {}
    for file in sorted(shared("reports", "provincial").glob("*.txt")):
        year, _, province = file.stem.partition("-")
        report = read_report(file, date(int(year), 1, 20), int(year) - 1)
        found[province] = (*found.get(province, ()), report)
    return found
