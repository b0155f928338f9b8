"""The explorer: all observations as columns that the browser filters, and as plain pages without scripts."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import polars as pl

from publish.bucket.serialize import FORMULA, NUMERAL
from publish.portal.html.escape import shorten
from publish.portal.html.page import Page, SiteContext
from publish.portal.html.render import ENDINGS
from publish.portal.html.translations import translate, translations
from publish.portal.html.urls import EXPLORER, document_page, indicator_page, observation_anchor
from publish.portal.text.amounts import amount, amounts
from schemas.codelists import Measure, Status, Theme
from schemas.translations import LANGUAGES

Row = Mapping[str, Any]

DATA = "explore.json"
ROWS = 500
"""The rows of a plain page."""

NO_THEME = "none"

_SCRIPT_TEXTS = ("count", "place", "back", "on", "failed")
CSV = (
    *("obs_id", "ref_area", "indicator", "measure", "scope", "period", "status", "value", "value_upper", "bound"),
    *("unit", "obs_text", "label_zh", "label_en", "theme", "document", "quote"),
)
"""The columns of the CSV file that the explorer exports."""
_LABEL = ("indicator", "label_zh", "label_en", "theme")
_LISTS = (
    *(("areas", "area", "ref_area"), ("scopes", "scope", "scope"), ("periods", "period", "period")),
    *(("units", "unit", "unit"), ("quotes", "quote", "quote"), ("measures", "measure", "measure")),
    *(("statuses", "status", "status"), ("bounds", "bound", "bound")),
)
"""The name of each list, that of the indices in it, and the column of both."""


def explorer_pages(site: SiteContext) -> Iterator[Page]:
    """Yield the plain pages; with scripts the first one is the explorer."""
    rows = ordered(site)
    last = max(1, -(-rows.height // ROWS))
    titles = {row["document"]: shorten(row["title"]) for row in site.about.tables["documents"].iter_rows(named=True)}
    for place in range(last):
        lines = [_line(row) for row in rows[place * ROWS : (place + 1) * ROWS].iter_rows(named=True)]
        yield _page(site, rows, {"lines": lines, "titles": titles, "place": place + 1, "last": last})


def explorer_files(site: SiteContext) -> Mapping[str, bytes]:
    """Return the data of the explorer by file name."""
    data = {"version": site.about.release.version, **columns(ordered(site), site.about.tables["documents"])}
    return {DATA: json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()}


def ordered(site: SiteContext) -> pl.DataFrame:
    """Return the observations in their default order: by theme and indicator, the latest first."""
    codes = [theme.value for theme in Theme]
    place = pl.col("theme").replace_strict(codes, range(len(codes)), default=len(codes), return_dtype=pl.Int64)
    measures = [measure.value for measure in Measure]
    measure = pl.col("measure").replace_strict(measures, range(len(measures)), return_dtype=pl.Int64)
    plain = pl.col("indicator").str.split("~").list.first()
    year, theme = pl.col("year"), pl.col("theme").fill_null(NO_THEME)
    keys, latest_first = (place, plain, year, "period", measure, "status", "obs_id"), [False, False, True, True]
    rows = site.about.tables["observations"].sort(keys, descending=[*latest_first, False, False, False])
    return rows.with_columns(theme)


def explorer_page(place: int) -> str:
    """Return the plain page of a number, from 1."""
    return EXPLORER if place == 1 else f"{EXPLORER}-{place}"


def _page(site: SiteContext, rows: pl.DataFrame, values: Mapping[str, Any]) -> Page:
    place, last = values["place"], values["last"]
    counts = {"count": rows.height, "place": place, "last": last}
    key = "explore_title" if place == 1 else "explore_title_place"
    return Page(
        name=explorer_page(place),
        template="explorer.html",
        title=translate(key, **counts),
        description=translate("explore_lead", **counts),
        values={
            **values,
            "rows": rows.height,
            "pages": [explorer_page(number) for number in range(1, last + 1)],
            "choices": _choices(rows, values["titles"]),
            "setup": {language: _setup(site, language) for language in LANGUAGES},
        },
    )


def _line(row: Row) -> Mapping[str, Any]:
    """Return a row of the table with its links and its amount by language."""
    links = {"page": indicator_page(row["indicator"]), "document": document_page(row["document"])}
    return {"row": row, "value": amounts(row), "anchor": observation_anchor(row["obs_id"]), **links}


def _choices(rows: pl.DataFrame, titles: Mapping[str, str]) -> Mapping[str, Sequence[str]]:
    # The codes that occur, in the order of their lists.
    occurring = {name: set(rows[name].unique()) for name in ("theme", "measure", "status", "document")}
    years = rows["period"].str.extract_all(r"\d{4}").explode().drop_nulls().unique().sort(descending=True)
    return {
        "theme": [code for code in (*(theme.value for theme in Theme), NO_THEME) if code in occurring["theme"]],
        "measure": [measure.value for measure in Measure if measure.value in occurring["measure"]],
        "status": [status.value for status in Status if status.value in occurring["status"]],
        "year": years.to_list(),
        "document": [document for document in titles if document in occurring["document"]],
    }


def _setup(site: SiteContext, language: str) -> Mapping[str, Any]:
    # With these the script prints and exports the same as the release.
    t = translations(language)
    return {
        "tongue": language,
        "ending": ENDINGS[language],
        "data": DATA,
        "version": site.about.release.version,
        "file": f"{site.about.release.dataset}-{site.about.release.version}.csv",
        "formula": FORMULA.removeprefix("(?s)"),
        "numeral": NUMERAL,
        "measures": {measure.value: t(f"measure_{measure.value}") for measure in Measure},
        "statuses": {status.value: t(f"status_{status.value}") for status in Status},
        "words": {name: t(f"explore_{name}") for name in _SCRIPT_TEXTS},
    }


def columns(rows: pl.DataFrame, documents: pl.DataFrame) -> Mapping[str, Any]:
    """Return the columns of rows, whose themes must not be null, with the lists that they are encoded in."""
    titles = dict(documents.select("document", "title").iter_rows())
    reports, document = _dictionary_encode(rows["document"])
    labels, label = _encode_labels(rows)
    data: dict[str, Any] = {
        "rows": rows.height,
        "csv": CSV,
        "labels": labels,
        "documents": [{"id": name, "title": shorten(titles[name]), "page": document_page(name)} for name in reports],
        "label": label,
        "document": document,
    }
    for listed, name, column in _LISTS:
        data[listed], data[name] = _dictionary_encode(rows[column])
    printed = rows.select("value", "value_upper", "bound", "unit", "decimals", "measure").to_dicts()
    return {
        **data,
        "value": rows["value"].to_list(),
        "base": rows["value_base"].to_list(),
        "upper": rows["value_upper"].to_list(),
        "obs_text": rows["obs_text"].to_list(),
        "zh": [amount(row, language="zh") for row in printed],
        "en": [amount(row, language="en") for row in printed],
        "anchor": [observation_anchor(obs_id) for obs_id in rows["obs_id"]],
    }


def _dictionary_encode(column: pl.Series) -> tuple[Sequence[str], Sequence[int]]:
    """Return the values of a column in the order of their first occurrence, and the index of each row's value."""
    values = column.unique(maintain_order=True)
    return values.to_list(), column.replace_strict(values, range(len(values)), return_dtype=pl.Int64).to_list()


def _encode_labels(rows: pl.DataFrame) -> tuple[Sequence[Mapping[str, str]], Sequence[int]]:
    """Return the indicators with their names, and the index of each row's indicator."""
    labels = rows.select(_LABEL).unique(maintain_order=True).with_row_index("index")
    indices = rows.select(_LABEL).join(labels, on=_LABEL, how="left", nulls_equal=True, maintain_order="left")["index"]
    records = [
        {"id": name, "zh": zh, "en": en or "", "page": indicator_page(name), "theme": theme}
        for name, zh, en, theme in labels.select(_LABEL).iter_rows()
    ]
    return records, indices.to_list()
