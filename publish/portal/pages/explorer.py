"""The explorer: all observations, as columns for the browser that filters them and as pages of rows without scripts."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from publish.bucket.serialize import FORMULA, NUMERAL
from publish.portal.html.escape import shorten
from publish.portal.html.page import Page, SiteContext
from publish.portal.html.render import ENDINGS
from publish.portal.html.translations import translate, translations
from publish.portal.html.urls import EXPLORER, document_page, indicator_page, observation_anchor
from publish.portal.pages.explorer_data import columns
from publish.portal.text.amounts import amounts
from schemas.codelists import Measure, Status, Theme
from schemas.translations import LANGUAGES

Row = Mapping[str, Any]

DATA = "explore.json"
ROWS = 500
"""Of a page that is read without scripts."""

NO_THEME = "none"

_SAID = ("count", "place", "back", "on", "failed")


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplorerRow:
    """A row of the table as it is printed."""

    row: Row
    page: str
    value: Mapping[str, str]
    document: str
    anchor: str


def explorer_leaves(site: SiteContext) -> Iterator[Page]:
    """The pages of rows, the first of which is the explorer where scripts run."""
    rows = ordered(site)
    last = max(1, -(-rows.height // ROWS))
    titles = {row["document"]: shorten(row["title"]) for row in site.about.tables["documents"].iter_rows(named=True)}
    for place in range(last):
        lines = [_line(row) for row in rows[place * ROWS : (place + 1) * ROWS].iter_rows(named=True)]
        yield _leaf(site, rows, {"lines": lines, "titles": titles, "place": place + 1, "last": last})


def explorer_files(site: SiteContext) -> Mapping[str, bytes]:
    """The data that the explorer filters."""
    found = {
        "version": site.about.release.version,
        **columns(ordered(site), site.about.tables["documents"]),
    }
    return {DATA: json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode()}


def ordered(site: SiteContext) -> pl.DataFrame:
    """The observations as they stand where nothing is asked: by theme and indicator, the latest first."""
    codes = [theme.value for theme in Theme]
    place = pl.col("theme").replace_strict(codes, range(len(codes)), default=len(codes), return_dtype=pl.Int64)
    measures = [measure.value for measure in Measure]
    measure = pl.col("measure").replace_strict(measures, range(len(measures)), return_dtype=pl.Int64)
    plain = pl.col("indicator").str.split("~").list.first()
    year, theme = pl.col("period").str.slice(-4), pl.col("theme").fill_null(NO_THEME)
    found = site.about.tables["observations"].sort(
        place, plain, year, "period", measure, "status", "obs_id", descending=[False, False, True, True, *[False] * 3]
    )
    return found.with_columns(theme)


def explorer_page(place: int) -> str:
    """The page of rows with this number, from 1."""
    return EXPLORER if place == 1 else f"{EXPLORER}-{place}"


def _leaf(site: SiteContext, rows: pl.DataFrame, values: Mapping[str, Any]) -> Page:
    place, last = values["place"], values["last"]
    said = {"count": rows.height, "place": place, "last": last}
    key = "explore_title" if place == 1 else "explore_title_place"
    return Page(
        name=explorer_page(place),
        template="explore.html",
        title=translate(key, **said),
        description=translate("explore_lead", **said),
        values={
            **values,
            "rows": rows.height,
            "pages": [explorer_page(one + 1) for one in range(last)],
            "choices": _choices(rows, values["titles"]),
            "setup": {tongue: _setup(site, tongue) for tongue in LANGUAGES},
        },
    )


def _line(row: Row) -> ExplorerRow:
    return ExplorerRow(
        row=row,
        page=indicator_page(row["indicator"]),
        value=amounts(row),
        document=document_page(row["document"]),
        anchor=observation_anchor(row["obs_id"]),
    )


def _choices(rows: pl.DataFrame, titles: Mapping[str, str]) -> Mapping[str, Sequence[str]]:
    """What there is to choose from: codes that occur, in the order of their lists."""
    here = {name: set(rows[name].unique()) for name in ("theme", "measure", "status", "document")}
    years = rows["period"].str.extract_all(r"\d{4}").explode().drop_nulls().unique().sort(descending=True)
    return {
        "theme": [code for code in (*(one.value for one in Theme), NO_THEME) if code in here["theme"]],
        "measure": [one.value for one in Measure if one.value in here["measure"]],
        "status": [one.value for one in Status if one.value in here["status"]],
        "year": years.to_list(),
        "document": [document for document in titles if document in here["document"]],
    }


def _setup(site: SiteContext, tongue: str) -> Mapping[str, Any]:
    """What the script is told, so that it says and saves the same as the release."""
    t = translations(tongue)
    return {
        "tongue": tongue,
        "ending": ENDINGS[tongue],
        "data": DATA,
        "version": site.about.release.version,
        "file": f"{site.about.release.dataset}-{site.about.release.version}.csv",
        "formula": FORMULA.removeprefix("(?s)"),
        "numeral": NUMERAL,
        "measures": {one.value: t(f"measure_{one.value}") for one in Measure},
        "statuses": {one.value: t(f"status_{one.value}") for one in Status},
        "words": {name: t(f"explore_{name}") for name in _SAID},
    }
