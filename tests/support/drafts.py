"""Releases made of the reports of `reports`, ready to be written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import cache, partial

from support.reports import DAY, FORMER, NOW, corrected, material, report_2023, report_2024, tables

from infra.store import Store
from publish.bucket.immutable_folder import FileBuilder
from publish.bucket.layout import SUMS
from publish.bucket.pointer import PublishTarget, read_pointer
from publish.bucket.serialize import sha256
from publish.release.build_files import ReleaseCandidate, release_files
from schemas.reading import Reading
from schemas.tables.frames import Tables

VERSION = "2026.11.23.1"


def draft(
    *readings: Reading, released_on: date = DAY, previous: str = "", former: Mapping[str, bytes] | None = None
) -> ReleaseCandidate:
    """A release of these reports, of both where none is named, after the one whose files are given."""
    chosen = readings or (report_2023(), report_2024())
    inputs = material(
        *chosen,
        previous=tables() if previous else {},
        released_on=released_on,
        former=replace(FORMER, version=previous) if previous else None,
    )
    return ReleaseCandidate(
        inputs=replace(inputs, previous_sums_sha256=sha256(former[SUMS]) if former else ""),
        tables=tables(*chosen, released_on=released_on),
        quality={"findings": []},
    )


def renamed(candidate: ReleaseCandidate, dataset: str) -> ReleaseCandidate:
    """The same release of another dataset."""
    source = replace(candidate.inputs.source, id=dataset)
    return replace(candidate, inputs=replace(candidate.inputs, source=source))


@cache
def first(*, portal: bool = True) -> FileBuilder:
    """Return the builder of a first release; each version is built once for all tests."""
    return cache(partial(release_files, replace(draft(), portal=portal)))


@cache
def second(*, portal: bool = True) -> FileBuilder:
    """Return the builder of the release after one number changed."""
    changed = draft(report_2023(), corrected(), previous=VERSION, former=first(portal=portal)(VERSION))
    return cache(partial(release_files, replace(changed, portal=portal)))


def place(store: Store, days: int = 0) -> PublishTarget:
    """Where a run goes that reads the pointer now."""
    return PublishTarget(
        store=store, dataset="torch", expected_pointer=read_pointer(store, "torch"), now=NOW + timedelta(days=days)
    )


def observations(store_tables: Tables) -> list[float]:
    """The values of a release, in the order of their keys."""
    return store_tables["observations"]["value"].to_list()
