"""Reading back what is published: the pointer's release and its tables, each file against its hash."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import polars as pl

from infra.store import Store
from publish.bucket.layout import INDEX, MANIFEST, file_key, release_folder
from publish.bucket.manifest import from_json, from_manifest, sums_of
from publish.bucket.serialize import from_parquet, sha256
from publish.bucket.version import parse_version
from schemas.errors import StoreCorrupt, UsageError
from schemas.release import Manifest, Pointer
from schemas.tables.columns import TABLES
from schemas.tables.frames import Tables


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseIndexEntry:
    """One release as `index.json` lists it; `signatures` names the keys, none where the release is unsigned."""

    version: str
    released_at: str
    manifest: str
    manifest_sha256: str
    schema_version: str
    previous: str
    signatures: tuple[str, ...] = ()


def load_manifest(store: Store, dataset: str, pointer: Pointer | ReleaseIndexEntry) -> Manifest:
    """The manifest that the pointer names, or a line of `index.json`."""
    key = file_key(release_folder(dataset, pointer.version), MANIFEST)
    return from_manifest(_read_verified(store, key, pointer.manifest_sha256), key)


def load_table(store: Store, manifest: Manifest, table: str) -> pl.DataFrame:
    """One table of a release."""
    name = f"{table}.parquet"
    try:
        return from_parquet(load_file(store, manifest, name))
    except pl.exceptions.PolarsError as error:  # its hash is that of the manifest, and yet it is no such file
        key = file_key(release_folder(manifest.release.dataset, manifest.release.version), name)
        raise StoreCorrupt(f"no Parquet file: {error}", where=key, remedy="run `gongbao verify --rebuild`") from error


def load_file(store: Store, manifest: Manifest, name: str) -> bytes:
    """One file of a release as it was published."""
    hashes = {entry.name: entry.sha256 for entry in manifest.files}
    key = file_key(release_folder(manifest.release.dataset, manifest.release.version), name)
    if name not in hashes:
        raise StoreCorrupt("the manifest lists no such file", where=key, remedy="run `gongbao verify` on the store")
    return _read_verified(store, key, hashes[name])


def load_tables(store: Store, manifest: Manifest) -> Tables:
    """All tables that a release has, in the order of the contract."""
    held = {entry.name for entry in manifest.release.tables}
    return MappingProxyType({table: load_table(store, manifest, table) for table in TABLES if table in held})


def sums_sha256(store: Store, manifest: Manifest) -> str:
    """The hash of a release's `SHA256SUMS`, which the release after it names."""
    key = file_key(release_folder(manifest.release.dataset, manifest.release.version), MANIFEST)
    stored = store.get(key)
    if stored is None or from_manifest(stored.data, key) != manifest:
        raise StoreCorrupt("the manifest is no longer what it was", where=key, remedy="run `gongbao verify`")
    return sha256(sums_of(manifest, sha256(stored.data)))


def load_index(store: Store) -> Mapping[str, tuple[ReleaseIndexEntry, ...]]:
    """`index.json`: by dataset every release, newest first; empty before the first."""
    stored = store.get(INDEX)
    datasets = from_json(stored.data, INDEX).get("datasets", {}) if stored else {}
    try:
        return MappingProxyType(
            {name: tuple(map(_parse_index_entry, entry["releases"])) for name, entry in datasets.items()}
        )
    except (AttributeError, KeyError, TypeError, UsageError) as error:
        raise StoreCorrupt(
            f"no list of releases: {error!r}", where=INDEX, remedy="restore it from the manifests of the releases"
        ) from error


def _parse_index_entry(record: Mapping[str, Any]) -> ReleaseIndexEntry:
    """A line of the list; fields that a later Gongbao has added are left aside."""
    parse_version(record["version"])
    plain = {name: str(record[name]) for name in ReleaseIndexEntry.__dataclass_fields__ if name != "signatures"}
    return ReleaseIndexEntry(**plain, signatures=tuple(map(str, record.get("signatures", ()))))


def _read_verified(store: Store, key: str, expected: str) -> bytes:
    stored = store.get(key)
    if stored is None:
        raise StoreCorrupt("the file is missing", where=key, remedy="run `gongbao verify` on the store")
    if sha256(stored.data) != expected:
        raise StoreCorrupt("the file is not the one that was published", where=key, remedy="run `gongbao verify`")
    return stored.data
