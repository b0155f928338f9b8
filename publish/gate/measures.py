"""What the gate checks: the published tables with a column for each question of the gate.

Each is measured here from the texts and the tables alone, not taken from the reader that made them.
"""

import re
from collections.abc import Iterable, Mapping

import polars as pl

from schemas.codelists import Measure, NumberStatus
from schemas.registry.units import resolve
from schemas.tables.frames import Tables

_DIGIT = re.compile(r"\d")


def check_columns(tables: Tables, texts: Mapping[str, str]) -> Mapping[str, pl.DataFrame]:
    """Return the frames that the expectations are checked against, rows in the order of the tables."""
    return {
        "observations": _observations(tables, texts),
        "numbers": tables["numbers"].select("document", accounted=_accounted(tables)),
        "documents": _documents(tables, texts),
    }


def _observations(tables: Tables, texts: Mapping[str, str]) -> pl.DataFrame:
    rows = tables["observations"]
    stated = tables["numbers"]["obs_id"].drop_nulls().str.split(" ").explode()
    return rows.select(
        "obs_id",
        spans=cut_spans(rows, texts).eq_missing(rows["obs_text"]),
        stated=rows["obs_id"].is_in(stated.implode()),
        likely=_likely(rows, tables["indicators"]),
    )


def _accounted(tables: Tables) -> pl.Expr:
    """Whether every observation that a number states is published."""
    published = tables["observations"]["obs_id"].to_list()
    return pl.col("obs_id").str.split(" ").list.eval(pl.element().is_in(published)).list.all().fill_null(value=True)


def _likely(rows: pl.DataFrame, indicators: pl.DataFrame) -> pl.Series:
    """Whether a level lies within the range of its indicator, where it is stated in that unit."""
    ranges = {row["id"]: _range(row) for row in indicators.iter_rows(named=True)}
    likely = []
    for row in rows.select("indicator", "measure", "unit_code", "value_base").iter_rows(named=True):
        code, low, high = ranges.get(row["indicator"].partition("~")[0], ("", 0.0, 0.0))
        bounded = row["measure"] == Measure.LEVEL.value and row["unit_code"] == code
        likely.append(not bounded or low <= row["value_base"] <= high)
    return pl.Series("likely", likely, dtype=pl.Boolean)


def _range(indicator: Mapping[str, object]) -> tuple[str, float, float]:
    unit = resolve(str(indicator["unit"]))
    low, high = indicator["range_min"], indicator["range_max"]
    scale = 10.0**unit.mult
    return (
        unit.code,
        low * scale if isinstance(low, float) else float("-inf"),
        high * scale if isinstance(high, float) else float("inf"),
    )


def _documents(tables: Tables, texts: Mapping[str, str]) -> pl.DataFrame:
    numbers = tables["numbers"]
    spans = {
        str(document): rows.select("char_start", "char_end").rows()
        for (document,), rows in numbers.group_by("document")
    }
    names = tables["documents"]["document"].to_list()
    counted = pl.sum_horizontal(*(fate.value for fate in NumberStatus))
    return tables["documents"].select(
        "document",
        complete=pl.Series([_complete(texts.get(name, ""), spans.get(name, ())) for name in names], dtype=pl.Boolean),
        unread_share=pl.col("unread") / pl.max_horizontal(counted, 1),
    )


def _complete(text: str, spans: Iterable[tuple[int, int]]) -> bool:
    """Whether every digit of a text is inside a number of the account."""
    counted = {position for start, end in spans for position in range(start, end)}
    return all(digit.start() in counted for digit in _DIGIT.finditer(text))


def cut_spans(rows: pl.DataFrame, texts: Mapping[str, str]) -> pl.Series:
    """Cut `char_start` to `char_end` of each row out of its document; null where there is no text."""
    spans = rows.select("document", "char_start", "char_end").iter_rows()
    cuts = [texts[document][start:end] if document in texts else None for document, start, end in spans]
    return pl.Series("cut", cuts, dtype=pl.String)


def mismatched_spans(observations: pl.DataFrame, texts: Mapping[str, str]) -> list[str]:
    """Return the keys of the rows whose span cuts something else than `obs_text`."""
    cut = cut_spans(observations, texts)
    return observations.filter(~cut.eq_missing(observations["obs_text"]))["obs_id"].to_list()
