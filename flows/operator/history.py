"""The releases of a dataset as a history: find one, read its tables, compare two."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import polars as pl

from infra.store import Store, open_store
from publish.bucket.catalog import ReleaseIndexEntry, load_file, load_index, load_manifest, load_table, load_tables
from publish.bucket.pointer import read_pointer
from publish.bucket.version import parse_version
from publish.changelog.markdown import changes
from publish.compare.diff import evidence, revisions
from schemas.errors import UsageError
from schemas.release import Manifest


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseHistory:
    """The releases of a dataset, newest first."""

    store: Store
    dataset: str
    releases: tuple[ReleaseIndexEntry, ...]

    def latest(self) -> Manifest:
        """Return the release that the pointer names."""
        pointer = read_pointer(self.store, self.dataset)
        return load_manifest(self.store, self.dataset, pointer or self.releases[0])

    def version(self, version: str) -> Manifest:
        """Return the release of this version."""
        for listed in self.releases:
            if listed.version == version:
                return load_manifest(self.store, self.dataset, listed)
        parse_version(version)
        remedy = f"it has {', '.join(listed.version for listed in self.releases)}"
        raise UsageError(f"{self.dataset} has no release {version}", where=self.store.url, remedy=remedy)

    def as_of(self, day: date) -> Manifest:
        """Return the release that was the latest when a day ended in China."""
        for listed in self.releases:
            if parse_version(listed.version)[0] <= day:
                return load_manifest(self.store, self.dataset, listed)
        remedy = f"its first release is {self.releases[-1].version}"
        raise UsageError(f"nothing was known of {self.dataset} on {day}", where=self.store.url, remedy=remedy)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseDiff:
    """What changed from one release to another: every revision, the first of them as text, and whether anything did."""

    revisions: pl.DataFrame
    notes: str
    is_empty: bool


def open_history(url: str, dataset: str = "") -> ReleaseHistory:
    """Return the history of a dataset, of the only one if none is named."""
    chosen, *others = datasets(url, [dataset] if dataset else [])
    if others:
        named = ", ".join((chosen, *others))
        raise UsageError("it holds several datasets", where=url, remedy=f"name one by --source: {named}")
    store = open_store(url)
    return ReleaseHistory(store=store, dataset=chosen, releases=load_index(store)[chosen])


def datasets(url: str, wanted: Iterable[str]) -> tuple[str, ...]:
    """Return the wanted datasets of a store, all if none is named.

    Raises:
        UsageError: Nothing is published, or not that dataset.
    """
    index = load_index(open_store(url))
    if not index:
        raise UsageError("nothing is published there", where=url, remedy="check the address of the store")
    chosen = tuple(dict.fromkeys(wanted)) or tuple(index)
    if unknown := [name for name in chosen if name not in index]:
        raise UsageError(f"no dataset is called {unknown[0]!r}", where=url, remedy=f"published are: {', '.join(index)}")
    return chosen


def table_file(history: ReleaseHistory, manifest: Manifest, table: str, form: str) -> bytes:
    """Return the file of a table as it was published."""
    _check_table(manifest, table)
    return load_file(history.store, manifest, f"{table}.{form}")


def table_frame(history: ReleaseHistory, manifest: Manifest, table: str) -> pl.DataFrame:
    """Return a table of a release."""
    _check_table(manifest, table)
    return load_table(history.store, manifest, table)


def difference(history: ReleaseHistory, before: Manifest, after: Manifest) -> ReleaseDiff:
    """Return what changed from one release to another; the second may be the earlier one."""
    was, now = load_tables(history.store, before), load_tables(history.store, after)
    same_reader = before.release.reader_version == after.release.reader_version
    found = revisions(was["observations"], now["observations"], evidence(was, now, same_reader=same_reader))
    told = _with_recorded_causes(history, found, before.release.version, after.release.version)
    heading = f"{history.dataset} {before.release.version} → {after.release.version}"
    forth = parse_version(before.release.version) < parse_version(after.release.version)
    notes = changes(heading, {**(now if forth else was), "revisions": told}, was)  # the way back is no other news
    is_empty = before.release.content_sha256 == after.release.content_sha256
    return ReleaseDiff(revisions=told, notes=notes, is_empty=is_empty)


def _with_recorded_causes(history: ReleaseHistory, found: pl.DataFrame, *ends: str) -> pl.DataFrame:
    """Replace each cause by the one that the last release on the way recorded, which had more evidence.

    A release can read the former page again with the reader of its day; who looks back at two releases cannot.
    """
    first, last = sorted(map(parse_version, ends))
    way = [one for one in history.releases if first < parse_version(one.version) <= last]
    if found.is_empty():
        return found
    manifests = (load_manifest(history.store, history.dataset, listed) for listed in way)
    causes = [load_table(history.store, one, "revisions").select("obs_id", recorded="cause") for one in manifests]
    recorded = pl.concat(causes).unique("obs_id", keep="first", maintain_order=True)
    cause = pl.coalesce("recorded", "cause").alias("cause")
    return found.join(recorded, on="obs_id", how="left", maintain_order="left").with_columns(cause).drop("recorded")


def _check_table(manifest: Manifest, table: str) -> None:
    names = [entry.name for entry in manifest.release.tables]
    if table not in names:
        where = f"{manifest.release.dataset} {manifest.release.version}"
        raise UsageError(f"no table is called {table!r}", where=where, remedy=f"it has {', '.join(names)}")
