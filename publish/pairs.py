"""Two tables of numbers held against each other, key by key: differences and histories both stand on this."""

from __future__ import annotations

import polars as pl

from schemas.columns import STATED


def paired(before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    """A row a key of either table: its row number in each, empty where it has none, and whether both state the `same`.

    Only the keys are joined, and rows are told by number: what else the tables hold is fetched for the few rows that
    are asked for. The streaming engine keeps the cost of a row the same, however many there are; the order of its rows
    says nothing.
    """
    rows = _keys(before, "before").join(_keys(after, "after"), on="obs_id", how="full", coalesce=True)
    found = rows.collect(engine="streaming")
    sides = [
        frame.select(pl.col(STATED).name.prefix(f"{side}:"))[found[f"{side}_row"]]
        for side, frame in (("before", before), ("after", after))
    ]
    both = pl.col("before_row").is_not_null() & pl.col("after_row").is_not_null()
    equal = (pl.col(f"before:{name}").eq_missing(pl.col(f"after:{name}")) for name in STATED)
    whole = pl.concat([found, *sides], how="horizontal")
    return whole.select("obs_id", "before_row", "after_row", same=pl.all_horizontal(both, *equal))


def _keys(frame: pl.DataFrame, side: str) -> pl.LazyFrame:
    return frame.lazy().select("obs_id", pl.int_range(pl.len(), dtype=pl.UInt32).alias(f"{side}_row"))
