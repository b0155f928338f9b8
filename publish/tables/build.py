"""The consumer's tables, built out of the readings of a source and the previous release.

A table is a name with its columns (`schemas.tables.columns.TABLES`) and a builder: what was read comes first, then what
is derived from it.
"""

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


def build_tables(inputs: TableInputs) -> Tables:
    """Build all tables of a release in the order of the contract, each sorted by its key."""
    return derived_tables(read_tables(inputs), inputs)


def derived_tables(read: Tables, inputs: TableInputs) -> Tables:
    """Add the tables that are derived from what was read."""
    observations, documents, indicators = read["observations"], read["documents"], read["indicators"]
    corpus = inputs.documents_by_id()
    tables = {
        **read,
        "vintages": vintages(observations, inputs.previous_tables.get("vintages"), inputs.released_on),
        "comparisons": comparisons(observations, indicators),
        "targets": targets(observations, documents, corpus),
        "silences": silences(observations, documents, corpus),
        "revisions": _revisions(read, inputs),
    }
    return MappingProxyType({name: tables[name] for name in TABLES})


def _revisions(read: Tables, inputs: TableInputs) -> pl.DataFrame:
    if inputs.previous_release is None:
        return pl.DataFrame(schema=frame_schema("revisions"))
    previous = inputs.previous_tables
    same_reader = inputs.previous_release.reader_version == inputs.reader_version
    cause_evidence = evidence(previous, read, same_reader=same_reader, reread=inputs.reread_observations)
    return revisions(previous["observations"], read["observations"], cause_evidence)
