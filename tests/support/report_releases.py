"""Releases made of the reports of `report_readings`, ready to be written."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import cache, partial
from pathlib import Path

from support.report_readings import DAY, FORMER, NOW, corrected, material, report_2023, report_2024, tables
from support.shared_session import built_once, folder_once

from infra.store import Store, open_store
from publish.bucket.immutable_folder import FileBuilder
from publish.bucket.layout import SUMS
from publish.bucket.pointer import PublishTarget, read_pointer
from publish.bucket.serialize import sha256
from publish.release.build_files import ReleaseCandidate, release_files
from publish.release.publish import publish_release
from schemas.reading import Reading
from schemas.release import Pointer
from schemas.tables.frames import Tables

VERSION = "2026.11.23.1"


def report_release(
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
    return cache(partial(_built, "first", report_release, portal))


@cache
def second(*, portal: bool = True) -> FileBuilder:
    """Return the builder of the release after one number changed."""

    def changed() -> ReleaseCandidate:
        return report_release(report_2023(), corrected(), previous=VERSION, former=first(portal=portal)(VERSION))

    return cache(partial(_built, "second", changed, portal))


def _built(name: str, candidate: Callable[[], ReleaseCandidate], portal: bool, version: str) -> Mapping[str, bytes]:  # noqa: FBT001
    def build() -> Mapping[str, bytes]:
        return release_files(replace(candidate(), portal=portal), version)

    return built_once(f"{name}-{portal}-{version}", build)


def place(store: Store, days: int = 0) -> PublishTarget:
    """Where a run goes that reads the pointer now."""
    return PublishTarget(
        store=store, dataset="torch", expected_pointer=read_pointer(store, "torch"), now=NOW + timedelta(days=days)
    )


def with_first_release(root: Path) -> Store:
    """A store in a new folder with the first release, which is published once for all tests."""

    def publish_first(folder: Path) -> None:
        publish_release(place(open_store(str(folder))), first())

    shutil.copytree(folder_once("first-release", publish_first), root)
    return open_store(str(root))


def pointed(store: Store) -> Pointer:
    """What the pointer says of a dataset that has a release."""
    pointer = read_pointer(store, "torch")
    assert pointer is not None
    return pointer


def observations(store_tables: Tables) -> list[float]:
    """The values of a release, in the order of their keys."""
    return store_tables["observations"]["value"].to_list()
