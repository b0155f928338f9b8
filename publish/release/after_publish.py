"""What follows the pointer: the copies and pages under stable addresses, the list, the front page, the feed.

They are written after the pointer has moved, by the run that moved it. A run that is killed before it is done leaves
them one release behind; `repair_after_crash` puts that right.
"""

from __future__ import annotations

from dataclasses import asdict
from functools import partial

from infra.store import Store
from publish.bucket.immutable_folder import WrittenFolder
from publish.bucket.json_file import Record, merge
from publish.bucket.layout import (
    INDEX,
    MANIFEST,
    SUMS,
    file_key,
    latest_folder,
    pointer_key,
    release_folder,
    signature_file,
)
from publish.bucket.manifest import from_manifest
from publish.bucket.version import parse_version
from publish.portal.html.bundle import BUNDLE
from publish.release.atom_feed import write_feed
from publish.release.stable_copies import update_latest
from publish.release.store_pages import update_store_pages
from schemas.errors import StoreCorrupt
from schemas.release import Pointer, Release


def update_after_publish(store: Store, dataset: str, pointer: Pointer, written: WrittenFolder) -> None:
    """Copy the release and its pages under stable addresses, list it, and tell of it in the feed."""
    later = update_latest(store, dataset, pointer, written.files)
    release = from_manifest(written.files[MANIFEST]).release
    merge(store, INDEX, partial(_with_index_entry, dataset=dataset, pointer=pointer, release=release))
    if BUNDLE in written.files:
        update_store_pages(store, dataset, release.site)
    write_feed(store)
    if later:
        repair_after_crash(store, dataset, later)


def repair_after_crash(store: Store, dataset: str, pointer: Pointer) -> None:
    """Do what a run that was killed after its swap of the pointer left undone."""
    folder = release_folder(dataset, pointer.version)
    manifest = from_manifest(_bytes(store, file_key(folder, MANIFEST)))
    signatures = map(signature_file, manifest.release.signed_by)
    names = (MANIFEST, *(entry.name for entry in manifest.files), SUMS, *signatures)
    files = {name: _bytes(store, file_key(folder, name)) for name in names}
    update_after_publish(store, dataset, pointer, WrittenFolder(version=pointer.version, files=files))


def _with_index_entry(index: Record, *, dataset: str, pointer: Pointer, release: Release) -> Record:
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
    latest = releases[0]["version"]
    datasets[dataset] = {
        "latest": latest,
        "channels": _channels(dataset, latest),
        "announced": announced,
        "releases": [{**one, "folder": release_folder(dataset, one["version"])} for one in releases],
    }
    return {**index, "datasets": dict(sorted(datasets.items()))}


def _channels(dataset: str, latest: str) -> Record:
    """What a reader can follow: there is one channel, for a candidate is nobody's but the operator's."""
    return {"latest": {"version": latest, "pointer": pointer_key(dataset), "folder": latest_folder(dataset)}}


def _bytes(store: Store, key: str) -> bytes:
    stored = store.get(key)
    if stored is None:
        raise StoreCorrupt("a file of the latest release is missing", where=key, remedy="run `gongbao verify`")
    return stored.data
