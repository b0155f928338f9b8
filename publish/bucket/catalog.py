"""Reading what is published: the index, manifests, tables and files, each checked against its hash."""

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

VERIFY = "run `gongbao verify` on the store"


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
    """Return the manifest that the pointer or an entry of `index.json` names."""
    key = file_key(release_folder(dataset, pointer.version), MANIFEST)
    return from_manifest(read_file(store, key, pointer.manifest_sha256), key)


def load_table(store: Store, manifest: Manifest, table: str) -> pl.DataFrame:
    """Return one table of a release."""
    name = f"{table}.parquet"
    try:
        return from_parquet(load_file(store, manifest, name))
    except pl.exceptions.PolarsError as error:  # the hash is right: it was written so
        key = file_key(release_folder(manifest.release.dataset, manifest.release.version), name)
        raise StoreCorrupt(f"not Parquet: {error}", where=key, remedy="run `gongbao verify --rebuild`") from error


def load_file(store: Store, manifest: Manifest, name: str) -> bytes:
    """Return one file of a release as it was published.

    Raises:
        StoreCorrupt: It is missing, has other bytes, or is not listed in the manifest.
    """
    hashes = {entry.name: entry.sha256 for entry in manifest.files}
    key = file_key(release_folder(manifest.release.dataset, manifest.release.version), name)
    if name not in hashes:
        raise StoreCorrupt("the manifest lists no such file", where=key, remedy=VERIFY)
    return read_file(store, key, hashes[name])


def load_tables(store: Store, manifest: Manifest) -> Tables:
    """Return the tables that a release has, in the order of the contract."""
    names = {entry.name for entry in manifest.release.tables}
    return MappingProxyType({table: load_table(store, manifest, table) for table in TABLES if table in names})


def sums_sha256(store: Store, manifest: Manifest) -> str:
    """Return the hash of a release's `SHA256SUMS`, which the next release names."""
    key = file_key(release_folder(manifest.release.dataset, manifest.release.version), MANIFEST)
    stored = store.get(key)
    if stored is None or from_manifest(stored.data, key) != manifest:
        raise StoreCorrupt("the manifest changed after it was read", where=key, remedy=VERIFY)
    return sha256(sums_of(manifest, sha256(stored.data)))


def load_index(store: Store) -> Mapping[str, tuple[ReleaseIndexEntry, ...]]:
    """Return every release of `index.json` by dataset, newest first; empty before the first."""
    stored = store.get(INDEX)
    datasets = from_json(stored.data, INDEX).get("datasets", {}) if stored else {}
    try:
        releases = {name: tuple(map(_parse_index_entry, entry["releases"])) for name, entry in datasets.items()}
    except (AttributeError, KeyError, TypeError, UsageError) as error:
        remedy = "restore it from the manifests of the releases"
        raise StoreCorrupt(f"not a list of releases: {error!r}", where=INDEX, remedy=remedy) from error
    return MappingProxyType(releases)


def _parse_index_entry(record: Mapping[str, Any]) -> ReleaseIndexEntry:
    """Parse an entry; fields that a later Gongbao has added are ignored."""
    parse_version(record["version"])
    texts = {name: str(record[name]) for name in ReleaseIndexEntry.__dataclass_fields__ if name != "signatures"}
    return ReleaseIndexEntry(**texts, signatures=tuple(map(str, record.get("signatures", ()))))


def read_file(store: Store, key: str, expected_sha256: str = "", *, remedy: str = VERIFY) -> bytes:
    """Return the bytes of a file that must exist, and must have this hash if one is given.

    Raises:
        StoreCorrupt: It is missing or has another hash.
    """
    stored = store.get(key)
    if stored is None:
        raise StoreCorrupt("the file is missing", where=key, remedy=remedy)
    if expected_sha256 and sha256(stored.data) != expected_sha256:
        raise StoreCorrupt("the file is not the one that was written", where=key, remedy=remedy)
    return stored.data
