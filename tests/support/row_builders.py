"""Rows of `observations` told in a few words, `level(573.72)`, `growth(3.5)`, and what is made of them."""

from __future__ import annotations

from datetime import date
from typing import Any, TypeAlias

import polars as pl
from support.reports import tables

from publish.compare.comparisons import comparisons
from publish.tables.observation_keys import base_value
from schemas.observation import DIMENSIONS
from schemas.registry.units import resolve
from schemas.tables.columns import frame_schema
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
        "quote": f"{words['indicator']} {words['measure']}: {value:.10g}",
        "realtime_start": DAY,
        "origin": "report",
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
