"""The observations as columns of numbers that stand for values in lists: small, and quick to filter in a browser."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import polars as pl

from publish.portal.html.escape import shorten
from publish.portal.html.urls import document_page, indicator_page, observation_anchor
from publish.portal.text.amounts import amount

CSV = (
    *("obs_id", "ref_area", "indicator", "measure", "scope", "period", "status", "value", "value_upper", "bound"),
    *("unit", "obs_text", "label_zh", "label_en", "theme", "document", "quote"),
)
"""The columns of what the explorer saves, as the release names them."""

_LABEL = ("indicator", "label_zh", "label_en", "theme")
_LISTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "area": ("areas", "ref_area"),
        "scope": ("scopes", "scope"),
        "period": ("periods", "period"),
        "unit": ("units", "unit"),
        "quote": ("quotes", "quote"),
        "measure": ("measures", "measure"),
        "status": ("statuses", "status"),
        "bound": ("bounds", "bound"),
    }
)


def columns(rows: pl.DataFrame, documents: pl.DataFrame) -> Mapping[str, Any]:
    """The rows in their order, whose themes are never null, with the lists that their columns count in."""
    titles = dict(documents.select("document", "title").iter_rows())
    reports, document = _dictionary_encode(rows["document"])
    labels, label = _labelled(rows)
    found: dict[str, Any] = {
        "rows": rows.height,
        "csv": CSV,
        "labels": labels,
        "documents": [{"id": one, "title": shorten(titles[one]), "page": document_page(one)} for one in reports],
        "label": label,
        "document": document,
    }
    for name, (listed, column) in _LISTS.items():
        found[listed], found[name] = _dictionary_encode(rows[column])
    return {**found, **_own(rows)}


def _own(rows: pl.DataFrame) -> Mapping[str, Sequence[Any]]:
    """What every row has for itself."""
    printed = rows.select("value", "value_upper", "bound", "unit", "decimals", "measure").to_dicts()
    return {
        "value": rows["value"].to_list(),
        "base": rows["value_base"].to_list(),
        "upper": rows["value_upper"].to_list(),
        "obs_text": rows["obs_text"].to_list(),
        "zh": [amount(row, language="zh") for row in printed],
        "en": [amount(row, language="en") for row in printed],
        "anchor": [observation_anchor(key) for key in rows["obs_id"]],
    }


def _dictionary_encode(column: pl.Series) -> tuple[Sequence[str], Sequence[int]]:
    """The values of a column as they first occur, and for each row the place of its own."""
    values = column.unique(maintain_order=True)
    return values.to_list(), column.replace_strict(values, range(len(values)), return_dtype=pl.Int64).to_list()


def _labelled(rows: pl.DataFrame) -> tuple[Sequence[Mapping[str, str]], Sequence[int]]:
    """The indicators with their names, and for each row the place of its own."""
    found = rows.select(_LABEL).unique(maintain_order=True).with_row_index("place")
    places = rows.select(_LABEL).join(found, on=_LABEL, how="left", nulls_equal=True, maintain_order="left")["place"]
    return [_label(row) for row in found.iter_rows(named=True)], places.to_list()


def _label(row: Mapping[str, Any]) -> Mapping[str, str]:
    return {
        "id": row["indicator"],
        "zh": row["label_zh"],
        "en": row["label_en"] or "",
        "page": indicator_page(row["indicator"]),
        "theme": row["theme"],
    }
