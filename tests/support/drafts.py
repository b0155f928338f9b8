"""Releases made of the reports of `reports`, ready to be written."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache, partial

from support.reports import DAY, NOW, READER, REGISTRY, SOURCE, corrected, report_2023, report_2024, tables

from infra.store import Store
from publish.bucket.immutable_folder import Build
from publish.bucket.layout import SUMS
from publish.bucket.pointer import Destination, read_pointer
from publish.bucket.serialize import sha256
from publish.release.build_files import Draft, release_files
from publish.tables.hashes_tmp import inputs_sha256
from publish.tables.inputs import Tables
from schemas.reading import Reading

VERSION = "2026.11.23.1"


def draft(
    *readings: Reading, released_on: date = DAY, previous: str = "", former: Mapping[str, bytes] | None = None
) -> Draft:
    """A release of these reports, of both where none is named, after the one whose files are given."""
    chosen = readings or (report_2023(), report_2024())
    return Draft(
        source=SOURCE,
        documents={reading.document_id: reading.document for reading in chosen},
        tables=tables(*chosen, released_on=released_on),
        before=tables() if previous else {},
        quality={"findings": []},
        previous=previous,
        previous_sums_sha256=sha256(former[SUMS]) if former else "",
        released_on=released_on,
        reader_version=READER,
        registry_fingerprint=REGISTRY,
        inputs_sha256=inputs_sha256(chosen, READER, REGISTRY),
    )


@cache
def first() -> Build:
    """The build of a first release; each version is built once for all tests."""
    return cache(partial(release_files, draft()))


@cache
def second() -> Build:
    """The build of the release after one number changed."""
    changed = draft(report_2023(), corrected(), previous=VERSION, former=first()(VERSION))
    return cache(partial(release_files, changed))


def place(store: Store, days: int = 0) -> Destination:
    """Where a run goes that reads the pointer now."""
    return Destination(store=store, dataset="torch", since=read_pointer(store, "torch"), now=NOW + timedelta(days=days))


def observations(store_tables: Tables) -> list[float]:
    """The values of a release, in the order of their keys."""
    return store_tables["observations"]["value"].to_list()
