"""What the tables of a release are built of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

import polars as pl

from schemas.document import Document
from schemas.reading import Reading
from schemas.registry.indicators import Indicator
from schemas.registry.sources import Source
from schemas.release import Release

Tables: TypeAlias = Mapping[str, pl.DataFrame]


@dataclass(frozen=True, slots=True, kw_only=True)
class TableInputs:
    """What the tables are built of.

    `previous_release` and `previous_tables` are those of the previous release, none for a first one.

    `reread_observations` holds the observations that today's reader takes out of the pages of the former release: where
    both the reader and a page changed, it tells which of the two moved a number.
    """

    source: Source
    readings: Sequence[Reading]
    indicators: Sequence[Indicator]
    released_on: date
    reader_version: str
    registry_fingerprint: str
    previous_release: Release | None
    previous_tables: Tables
    reread_observations: pl.DataFrame | None = None

    def documents_by_id(self) -> Mapping[str, Document]:
        """The documents by id."""
        return {reading.document_id: reading.document for reading in self.readings}
