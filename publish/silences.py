"""The table `silences`."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from schemas.columns import frame_schema
from schemas.document import Document


def silences(observations: pl.DataFrame, documents: pl.DataFrame, corpus: Mapping[str, Document]) -> pl.DataFrame:
    """The table."""
    return pl.DataFrame(schema=frame_schema("silences"))
