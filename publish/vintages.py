"""What was known when: each statement of a number with the days from which and to which the releases made it.

An interval opens on the day of the release that first makes a statement and ends on the day before the release that no
longer makes it, so that "as of a day" is one filter. A statement that another release of the same day replaced was
known on no whole day: it stands in that release and in the revisions of the next, not here.
"""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from schemas.columns import STATED, names
from schemas.compared_columns import PLACE

FOREVER = date(9999, 12, 31)
_SAME = ("obs_id", *STATED)


def vintages(observations: pl.DataFrame, before: pl.DataFrame | None, released_on: date) -> pl.DataFrame:
    """The history after a release: `before` is the table of the release before, None where there is none.

    Both ends of an interval count; an interval that goes on ends on 9999-12-31.
    """
    opened = _opened(observations)
    if before is None:
        return opened
    still = before["realtime_end"] == FOREVER
    kept = before.filter(still).join(observations, on=_SAME, how="semi", nulls_equal=True)
    ended = before.filter(still).join(observations, on=_SAME, how="anti", nulls_equal=True)
    closed = ended.with_columns(realtime_end=pl.lit(released_on - timedelta(days=1)))
    history = [before.filter(~still), closed.filter(pl.col("realtime_start") <= pl.col("realtime_end")), kept]
    fresh = opened.join(kept, on=_SAME, how="anti", nulls_equal=True)
    return pl.concat([*history, fresh]).sort("obs_id", "realtime_start")


def as_of(history: pl.DataFrame, day: date) -> pl.DataFrame:
    """What was known on a day."""
    return history.filter(pl.col("realtime_start") <= day, pl.col("realtime_end") >= day)


def _opened(observations: pl.DataFrame) -> pl.DataFrame:
    places = [pl.col(name).alias(f"first_{name}") for name in PLACE]
    return observations.with_columns(*places, realtime_end=pl.lit(FOREVER)).select(names("vintages")).sort("obs_id")
