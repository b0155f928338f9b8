"""The observations as dictionary-encoded columns: small, and quick to filter in a browser."""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from publish.portal.html.escape import shorten
from publish.portal.html.urls import document_page, indicator_page, observation_anchor
from publish.portal.text.amounts import amount

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
