"""The table `comparisons`."""

from __future__ import annotations

import polars as pl

from schemas.columns import frame_schema


def comparisons(observations: pl.DataFrame, indicators: pl.DataFrame) -> pl.DataFrame:
    """The table."""
    return pl.DataFrame(schema=frame_schema("comparisons"))
