"""What was known when: each statement of a number with the days from which and to which the releases made it.

An interval opens on the day of the release that first makes a statement and ends on the day before the release that no
longer makes it, so that "as of a day" is one filter. A statement that another release of the same day replaced was
known on no whole day: it stands in that release and in the revisions of the next, not here. No release is dated before
the one that it follows (`publish.bucket.version.release_day`), so that the intervals of a key never overlap.
"""

from datetime import date, timedelta

import polars as pl

from publish.compare.pairs import paired
from schemas.tables.columns import names
from schemas.tables.comparison_columns import PLACE

FOREVER = date(9999, 12, 31)


def vintages(observations: pl.DataFrame, before: pl.DataFrame | None, released_on: date) -> pl.DataFrame:
    """Return the history after a release: `before` is that of the previous release, None where there is none.

    Both ends of an interval count; an interval that goes on ends on 9999-12-31.
    """
    opened = _open_intervals(observations)
    if before is None:
        return opened
    is_open = before["realtime_end"] == FOREVER
    open_before = before.filter(is_open)
    pairs = paired(open_before, opened)
    goes_on, ended = (_rows(open_before, pairs, "before_row", same=same) for same in (True, False))
    closed = ended.with_columns(realtime_end=pl.lit(released_on - timedelta(days=1)))
    closed_visible = closed.filter(pl.col("realtime_start") <= pl.col("realtime_end"))
    opened_now = _rows(opened, pairs, "after_row", same=False)
    past = before.filter(~is_open).sort("obs_id", "realtime_start")
    # In this order the intervals of a key follow each other, so that keys alone, which are cheaper, need sorting.
    return pl.concat([past, goes_on, closed_visible, opened_now]).sort("obs_id", maintain_order=True)


def as_of(history: pl.DataFrame, day: date) -> pl.DataFrame:
    """Return what was known on a day."""
    return history.filter(pl.col("realtime_start") <= day, pl.col("realtime_end") >= day)


def _open_intervals(observations: pl.DataFrame) -> pl.DataFrame:
    places = [pl.col(name).alias(f"first_{name}") for name in PLACE]
    return observations.with_columns(*places, realtime_end=pl.lit(FOREVER)).select(names("vintages")).sort("obs_id")


def _rows(frame: pl.DataFrame, pairs: pl.DataFrame, side: str, *, same: bool) -> pl.DataFrame:
    """Return the rows of a side that the other side states too, or those that it does not."""
    return frame[pairs.filter(pl.col("same") == same)[side].drop_nulls().sort()]
