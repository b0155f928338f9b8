"""Rows of observations, promises and documents in a few arguments, and what is made of them: comparisons, drift."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

import polars as pl
from support.reader_output import document
from support.report_readings import tables

from publish.compare.comparisons import comparisons
from publish.compare.targets import targets
from publish.drift.content import DriftLimits, content_drift
from publish.tables.observation_keys import base_value
from schemas.codelists import Origin
from schemas.document import Document
from schemas.finding import Finding
from schemas.observation import DIMENSIONS
from schemas.registry.units import resolve
from schemas.tables.columns import frame_schema
from schemas.tables.frames import Tables
from schemas.tables.pandera_models import examine

AREA = "CN-442000-torch"
DAY = date(2026, 11, 23)
INDICATORS = tables()["indicators"]
USUAL = {"indicator": "gdp", "measure": "level", "scope": "", "period": "2024", "status": "actual", "unit": "亿元"}


# What is said of a row beside its value: any column, and `upper` and `area` for `value_upper` and `ref_area`.
Told: TypeAlias = dict[str, object]
Row: TypeAlias = dict[str, Any]


def row(value: float, **told: object) -> Row:
    """One row; the decimals are those that the value is written with."""
    words = {name: str(told.get(name, usual)) for name, usual in USUAL.items()}
    unit, document = resolve(words["unit"]), f"report-{words['period']}"
    plain = {
        "value": value,
        "value_upper": told.get("upper"),
        "bound": "=",
        "unit": unit.name,
        "unit_code": unit.code,
        "unit_mult": unit.mult,
        "value_base": base_value(value, unit.mult),
        "obs_text": f"{value:.10g}{unit.name}",
        "decimals": len(f"{value:.10g}".partition(".")[2]),
        "obs_status": "A",
        "price_basis": None,
        "subject": words["indicator"],
        "label_zh": words["indicator"],
        "document": document,
        "section": "",
        "char_start": 0,
        "char_end": 1,
        "sentence": "",
        "quote": f"{words['indicator']} {words['measure']}: {value:.10g}",
        "realtime_start": DAY,
        "origin": "report",
        "year": int(words["period"][-4:]),
    }
    key = {"ref_area": told.get("area", AREA), **{name: words[name] for name in DIMENSIONS if name in words}}
    said = {name: told[name] for name in plain.keys() & told.keys() - {"unit"}}
    return {**plain, **key, **said, "obs_id": "|".join(str(key[name]) for name in DIMENSIONS)}


def level(value: float, **told: object) -> Row:
    """An amount of 2024."""
    return row(value, **told)


def base(value: float, **told: object) -> Row:
    """An amount of 2023."""
    return row(value, **{"period": "2023", **told})


def growth(value: float, **told: object) -> Row:
    """A growth of 2024, in per cent."""
    return row(value, **{"measure": "growth", "unit": "%", **told})


def change(value: float, **told: object) -> Row:
    """A change of 2024 in the unit itself."""
    return row(value, **{"measure": "change", **told})


def frame(*rows: Row) -> pl.DataFrame:
    """The table of some rows."""
    return pl.DataFrame([*rows], schema=frame_schema("observations"), orient="row")


def compared(*rows: Row) -> pl.DataFrame:
    """The table that some rows give; every row of it passes the checks of a release."""
    table = comparisons(frame(*rows), INDICATORS)
    assert table.schema == pl.Schema(frame_schema("comparisons"))
    assert examine("comparisons", table) == ()
    return table


def only(*rows: Row) -> Row:
    """The one row that they give."""
    (found,) = compared(*rows).iter_rows(named=True)
    return found


def verdict(*rows: Row) -> str:
    return str(only(*rows)["verdict"])


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


LIMITS = DriftLimits()


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A document as a release counts it; `version` stands for the hash of its text."""

    document: str = "report-2024"
    version: str = "a"
    characters: int = 1000
    numbers: int = 100
    header: int = 10
    unread: int = 0
    title: str = "2024年工作总结"
    published_on: str = "2025-05-29"
    origin: str = "report"


def release(*rows: Row, texts: tuple[Text, ...] = ()) -> Tables:
    """The tables of a release; a document that no text is told of has text `a`."""
    told = {text.document: text for text in texts}
    named = sorted({str(row["document"]) for row in rows} | told.keys())
    chosen = [told.get(document, Text(document=document)) for document in named]
    return {
        "observations": frame(*rows),
        "indicators": INDICATORS,
        "documents": _table("documents", [_counted(text) for text in chosen]),
        "numbers": _table("numbers", [row for text in chosen for row in _numbers(text)]),
    }


def drifted(before: Tables, after: Tables, limits: DriftLimits = LIMITS, **more: pl.DataFrame) -> dict[str, Finding]:
    """The findings by code; none has a code twice, and each of them is told in full."""
    found = content_drift(before, after, limits, **more)
    by_code: dict[str, Finding] = {one.code: one for one in found}
    assert len(by_code) == len(found)
    for one in found:
        assert one.where
        assert 1 <= len(one.evidence) == min(one.count, 5)
        assert all("was " in line and " | is " in line for line in one.evidence)
    return by_code


def edited(before: tuple[Row, ...], after: tuple[Row, ...], **texts: Any) -> dict[str, Finding]:  # noqa: ANN401 - any field of a Text
    """What drifted where every document of the rows was edited in between."""
    named = sorted({str(row["document"]) for row in (*before, *after)})
    was, now = (tuple(Text(document=one, version=version) for one in named) for version in "ab")
    moved = tuple(Text(document=one, version="b", **texts) for one in named) if texts else now
    return drifted(release(*before, texts=was), release(*after, texts=moved))


def _counted(text: Text) -> dict[str, object]:
    return {
        "document": text.document,
        "text_sha256": text.version,
        "characters": text.characters,
        "claimed": text.numbers - text.unread,
        "ignored": text.header,
        "unread": text.unread,
        "title": text.title,
        "published_on": text.published_on,
        "origin": text.origin,
    }


def _numbers(text: Text) -> list[dict[str, object]]:
    body = [(place, "claimed", None) for place in range(text.numbers)]
    head = [(1000 + place, "ignored", "header") for place in range(text.header)]
    columns = ("char_start", "fate", "reason")
    return [{"document": text.document, **dict(zip(columns, one, strict=True))} for one in (*body, *head)]


def _table(name: str, rows: list[dict[str, object]]) -> pl.DataFrame:
    schema = frame_schema(name)
    known = {column: kind for column, kind in schema.items() if rows and column in rows[0]}
    return pl.DataFrame(rows, schema=known or schema, orient="row")
