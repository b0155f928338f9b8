"""Two tables of numbers compared key by key; revisions and vintages are built on this."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

import polars as pl

from schemas.tables.columns import STATED

_STRETCH = 50_000
_AFTER: Final = pl.col(STATED).name.prefix("after:")
_SAME: Final = pl.all_horizontal(
    pl.col("before_row", "after_row").is_not_null(),
    *(pl.col(name).eq_missing(pl.col(f"after:{name}")) for name in STATED),
)


def paired(before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    """Pair two tables: a row per key of either, with its row number in each, and whether both state the `same`.

    The published tables are sorted by their keys, so that the two are merged chunk by chunk instead of joined: a row
    costs the same however many there are. Other columns are fetched for the few rows that are needed. A lookup by row
    number is slow in a table of many chunks.
    """
    sides = before.select(STATED).rechunk(), after.select(_AFTER).rechunk()
    old, new = _keys(before, new=False), _keys(after, new=True)
    return pl.concat([_with_equality(_merge_chunk(was, now), *sides) for was, now in _aligned_chunks(old, new)])


def _aligned_chunks(old: pl.DataFrame, new: pl.DataFrame) -> Iterator[tuple[pl.DataFrame, pl.DataFrame]]:
    """Both tables cut at the same keys, into pieces that the processor's cache holds."""
    ends = old["obs_id"].gather_every(_STRETCH, _STRETCH)
    cuts = [(one["obs_id"].search_sorted(ends).to_list(), one.height) for one in (old, new)]
    bounds = ([0, *places, height] for places, height in cuts)
    for (low, high), (least, most) in zip(*(pairwise(places) for places in bounds), strict=True):
        yield old[low:high], new[least:most]


def _merge_chunk(old: pl.DataFrame, new: pl.DataFrame) -> pl.DataFrame:
    """Return a row per key of either chunk, with its row number in each table."""
    key, row, later, twin = pl.col("obs_id"), pl.col("row"), pl.col("new"), pl.col("twin")
    merged = old.merge_sorted(new, key="obs_id").with_columns(
        twin=(key == key.shift(-1)).fill_null(value=False), following=row.shift(-1)
    )
    other = pl.when(twin).then("following")
    return merged.filter(~twin.shift(1, fill_value=False)).select(
        "obs_id",
        before_row=pl.when(later).then(other).otherwise(row),
        after_row=pl.when(later).then(row).otherwise(other),
    )


def _keys(frame: pl.DataFrame, *, new: bool) -> pl.DataFrame:
    numbered = frame.select("obs_id").rechunk().with_row_index("row").with_columns(new=pl.lit(new))
    return numbered if numbered["obs_id"].is_sorted() else numbered.sort("obs_id")


def _with_equality(found: pl.DataFrame, before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    """With whether both tables have the key and state the same of it."""
    sides = before[found["before_row"]], after[found["after_row"]]
    return pl.concat([found, *sides], how="horizontal").select(*found.columns, same=_SAME)
