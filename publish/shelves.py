"""What follows the pointer: the copies under `latest/`, the list in `index.json`, the feed.

They are written after the pointer has moved, by the run that moved it. A run that is killed before it is done leaves
them one release behind; `restock` puts that right.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from functools import partial

from infra.store import Store
from publish.describe.feed import write_feed
from publish.folders import Written
from publish.layout import INDEX, MANIFEST, SUMS, file_key, headers, latest_folder, release_folder, signature_file
from publish.manifest import from_manifest
from publish.merging import Record, merge
from publish.pointer import read_pointer
from publish.version import parse_version
from schemas.errors import StoreCorrupt, StoreUnavailable
from schemas.release import Pointer, Release

MOST_TRIES = 5


def stock(store: Store, dataset: str, pointer: Pointer, written: Written) -> None:
    """Copy the release under its stable addresses, list it, and tell of it in the feed."""
    _copy(store, dataset, pointer, written.files)
    release = from_manifest(written.files[MANIFEST]).release
    merge(store, INDEX, partial(_listed, dataset=dataset, pointer=pointer, release=release))
    write_feed(store)


def restock(store: Store, dataset: str, pointer: Pointer) -> None:
    """Do what a run that was killed after its swap of the pointer left undone."""
    folder = release_folder(dataset, pointer.version)
    manifest = from_manifest(_bytes(store, file_key(folder, MANIFEST)))
    signatures = map(signature_file, manifest.release.signed_by)
    names = (MANIFEST, *(entry.name for entry in manifest.files), SUMS, *signatures)
    files = {name: _bytes(store, file_key(folder, name)) for name in names}
    stock(store, dataset, pointer, Written(version=pointer.version, files=files))


def _copy(store: Store, dataset: str, pointer: Pointer, files: Mapping[str, bytes]) -> None:
    """Swap each copy, as long as the pointer is ours.

    The list comes before the look at the pointer: whoever moves the pointer after that look writes copies whose tags
    are not those of this list, and no swap of an older release can hit them.
    """
    for _ in range(MOST_TRIES):
        tags = {entry.key: entry.etag for entry in store.list(latest_folder(dataset))}
        current = read_pointer(store, dataset)
        if current is None or current.version != pointer.version:
            return
        if all(_swap(store, file_key(latest_folder(dataset), name), data, tags) for name, data in files.items()):
            return
    raise StoreUnavailable("others keep writing there", where=latest_folder(dataset), remedy="run again")


def _swap(store: Store, key: str, data: bytes, tags: Mapping[str, str]) -> bool:
    return store.swap(key, data, headers(key), expected=tags.get(key)) is not None


def _listed(index: Record, *, dataset: str, pointer: Pointer, release: Release) -> Record:
    datasets = dict(index.get("datasets", {}))
    entry = {
        "version": pointer.version,
        "released_at": pointer.released_at,
        "manifest": pointer.manifest,
        "manifest_sha256": pointer.manifest_sha256,
        "schema_version": release.schema_version,
        "previous": pointer.previous,
        "signatures": list(release.signed_by),
    }
    others = [one for one in datasets.get(dataset, {}).get("releases", []) if one["version"] != pointer.version]
    releases = sorted([entry, *others], key=lambda one: parse_version(one["version"]), reverse=True)
    announced = [asdict(one) for one in release.announced]
    if releases[0] is not entry:
        announced = datasets[dataset].get("announced", [])
    datasets[dataset] = {"latest": releases[0]["version"], "announced": announced, "releases": releases}
    return {**index, "datasets": dict(sorted(datasets.items()))}


def _bytes(store: Store, key: str) -> bytes:
    stored = store.get(key)
    if stored is None:
        raise StoreCorrupt("a file of the latest release is missing", where=key, remedy="run `gongbao verify`")
    return stored.data
