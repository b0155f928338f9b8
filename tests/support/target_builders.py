"""Promises and outcomes told in a few words, and reports made of a few lines."""

from __future__ import annotations

from typing import Any

import polars as pl
from support.readings import document
from support.row_builders import Row, frame, row

from publish.compare.targets import targets
from schemas.codelists import Origin
from schemas.document import Document
from schemas.tables.columns import frame_schema

PLANNED, REPORTED = "report-2024", "report-2025"
TITLE_2025 = "某市2025年工作总结和2026年工作安排"


def promise(value: float, **told: object) -> Row:
    """A promise for 2025, growth in per cent where nothing else is said."""
    planned = {"measure": "growth", "unit": "%", "period": "2025", "status": "target", "document": PLANNED}
    return row(value, **{**planned, **told})


def outcome(value: float, **told: object) -> Row:
    """What came of it."""
    reached = {"measure": "growth", "unit": "%", "period": "2025", "document": REPORTED}
    return row(value, **{**reached, **told})


def at(cells: Row, text: str, printed: str) -> Row:
    """A row that stands at its place in a text."""
    start = text.index(printed)
    return cells | {"char_start": start, "char_end": start + len(printed), "obs_text": printed}


def documents(*said: tuple[str, str | None], origin: Origin = Origin.REPORT) -> pl.DataFrame:
    """The table of documents, as far as promises and silences look at it."""
    rows = [{"document": name, "reference_period": year, "origin": origin.value, "state": "ok"} for name, year in said]
    return pl.DataFrame(rows, schema=frame_schema("documents"))


BOTH = documents((PLANNED, "2024"), (REPORTED, "2025"))


def report(text: str) -> Document:
    """A report on 2025 that looks back first and ahead under its second heading."""
    return document(text, title=TITLE_2025)


def ledger(*rows: Row, text: str = "", on: pl.DataFrame = BOTH) -> dict[str, Any]:
    """The one promise of some rows with its verdict, the report on 2025 saying `text`."""
    corpus = {PLANNED: report(""), REPORTED: report(text)}
    return targets(frame(*rows), on, corpus).row(0, named=True)
