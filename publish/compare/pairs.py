"""Two tables of numbers held against each other, key by key: differences and histories both stand on this."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import polars as pl

from schemas.columns import STATED

_STRETCH = 50_000


def paired(before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    """A row a key of either table, in their order: its row number in each, if any, and whether both state the `same`.

    The published tables are sorted by their keys, so that the two are laid into one another instead of joined, stretch
    by stretch: a row costs the same however many there are. What else the tables hold is fetched for the few rows that
    are asked for.
    """
    old, new = _keys(before, new=False), _keys(after, new=True)
    laid = (_laid(was, now) for was, now in _stretches(old, new))
    return pl.concat([found.with_columns(same=_same(found, before, after)) for found in laid])


def _stretches(old: pl.DataFrame, new: pl.DataFrame) -> Iterator[tuple[pl.DataFrame, pl.DataFrame]]:
    """Both tables cut at the same keys, into pieces that the processor's cache holds."""
    ends = old["obs_id"].gather_every(_STRETCH, _STRETCH)
    cuts = [(one["obs_id"].search_sorted(ends).to_list(), one.height) for one in (old, new)]
    bounds = ([0, *places, height] for places, height in cuts)
    for (low, high), (least, most) in zip(*(pairwise(places) for places in bounds), strict=True):
        yield old[low:high], new[least:most]


def _laid(old: pl.DataFrame, new: pl.DataFrame) -> pl.DataFrame:
    """A row a key of either piece, with its row number in each table."""
    merged = old.merge_sorted(new, key="obs_id")
    key, row, later = merged["obs_id"], pl.col("row"), pl.col("new")
    twin = (key == key.shift(-1)).fill_null(value=False)
    other = pl.when(twin).then(row.shift(-1))
    return merged.select(
        "obs_id",
        before_row=pl.when(later).then(other).otherwise(row),
        after_row=pl.when(later).then(row).otherwise(other),
    ).filter(~twin.shift(1, fill_value=False))


def _keys(frame: pl.DataFrame, *, new: bool) -> pl.DataFrame:
    numbered = frame.select("obs_id", row=pl.int_range(pl.len(), dtype=pl.UInt32), new=pl.lit(new))
    return numbered.sort("obs_id")


def _same(found: pl.DataFrame, before: pl.DataFrame, after: pl.DataFrame) -> pl.Series:
    """Whether both tables have the key and state the same of it."""
    old, new = found["before_row"], found["after_row"]
    sides = before.select(STATED)[old], after.select(pl.col(STATED).name.prefix("after:"))[new]
    equal = (pl.col(name).eq_missing(pl.col(f"after:{name}")) for name in STATED)
    stated = pl.concat(sides, how="horizontal").select(pl.all_horizontal(*equal)).to_series()
    return stated & old.is_not_null() & new.is_not_null()
