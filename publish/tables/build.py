"""The consumer's tables, built out of the readings of a source and the previous release.

A table is a name with its columns (`schemas.tables.columns.TABLES`) and a builder: what was read comes first, then what
is derived from it.
"""

from __future__ import annotations

from types import MappingProxyType

import polars as pl

from publish.compare.comparisons import comparisons
from publish.compare.diff import evidence, revisions
from publish.compare.silences import silences
from publish.compare.targets import targets
from publish.compare.vintages import vintages
from publish.tables.from_readings import read_tables
from publish.tables.inputs import TableInputs
from schemas.tables.columns import TABLES, frame_schema
from schemas.tables.frames import Tables


def build_tables(material: TableInputs) -> Tables:
    """Build all tables of a release in the order of the contract, each sorted by its key."""
    return derived_tables(read_tables(material), material)


def derived_tables(read: Tables, material: TableInputs) -> Tables:
    """Add the tables that are derived from what was read."""
    observations, documents, indicators = read["observations"], read["documents"], read["indicators"]
    corpus = material.documents_by_id()
    tables = {
        **read,
        "vintages": vintages(observations, material.previous_tables.get("vintages"), material.released_on),
        "comparisons": comparisons(observations, indicators),
        "targets": targets(observations, documents, corpus),
        "silences": silences(observations, documents, corpus),
        "revisions": _revisions(read, material),
    }
    return MappingProxyType({name: tables[name] for name in TABLES})


def _revisions(read: Tables, material: TableInputs) -> pl.DataFrame:
    if material.previous_release is None:
        return pl.DataFrame(schema=frame_schema("revisions"))
    before = material.previous_tables
    same_reader = material.previous_release.reader_version == material.reader_version
    seen = evidence(before, read, same_reader=same_reader, reread=material.reread_observations)
    return revisions(before["observations"], read["observations"], seen)
