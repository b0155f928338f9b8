"""The data of a release in memory: its tables as data frames."""

from collections.abc import Mapping
from typing import TypeAlias

import polars as pl

Tables: TypeAlias = Mapping[str, pl.DataFrame]
"""The tables of a release by name, each with the columns of `schemas.tables.columns.TABLES`; empty for no release."""
