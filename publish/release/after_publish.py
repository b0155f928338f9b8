"""What follows the pointer: the copies and pages under stable addresses, the index, the pages of the store, the feed.

They are written after the pointer has moved, by the run that moved it. A run that is killed before it is done leaves
them one release behind; `repair_after_crash` writes what is missing.
"""

from dataclasses import asdict

from infra.store import Store
from publish.bucket.catalog import read_file
from publish.bucket.immutable_folder import WrittenFolder
from publish.bucket.json_file import Record, update_json
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
from schemas.release import Pointer, Release


def update_after_publish(store: Store, dataset: str, pointer: Pointer, written: WrittenFolder) -> None:
    """Copy the release and its pages under stable addresses, and add it to the index, the store's pages and the feed.

    Where a later release was published meanwhile, the same is done for that.
    """
    later = update_latest(store, dataset, pointer, written.files)
    release = from_manifest(written.files[MANIFEST]).release
    update_json(store, INDEX, lambda index: _with_index_entry(index, dataset, pointer, release))
    if BUNDLE in written.files:
        update_store_pages(store, dataset, release.site)
    write_feed(store)
    if later:
        repair_after_crash(store, dataset, later)


def repair_after_crash(store: Store, dataset: str, pointer: Pointer) -> None:
    """Do what a run that was killed after moving the pointer left undone."""
    folder = release_folder(dataset, pointer.version)
    manifest = from_manifest(read_file(store, file_key(folder, MANIFEST)))
    signatures = map(signature_file, manifest.release.signed_by)
    names = (MANIFEST, *(entry.name for entry in manifest.files), SUMS, *signatures)
    files = {name: read_file(store, file_key(folder, name)) for name in names}
    update_after_publish(store, dataset, pointer, WrittenFolder(version=pointer.version, files=files))


def _with_index_entry(index: Record, dataset: str, pointer: Pointer, release: Release) -> Record:
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
    others = [other for other in datasets.get(dataset, {}).get("releases", []) if other["version"] != pointer.version]
    releases = sorted([entry, *others], key=lambda listed: parse_version(listed["version"]), reverse=True)
    latest = releases[0]["version"]
    is_latest = releases[0] is entry
    datasets[dataset] = {
        "latest": latest,
        # Only published releases are channels: candidates are private to operators.
        "channels": {"latest": {"version": latest, "pointer": pointer_key(dataset), "folder": latest_folder(dataset)}},
        "announced": [asdict(item) for item in release.announced]
        if is_latest
        else datasets[dataset].get("announced", []),
        # Written anew in each entry: earlier versions wrote none, and nobody else may lead readers elsewhere.
        "releases": [{**listed, "folder": release_folder(dataset, listed["version"])} for listed in releases],
    }
    return {**index, "datasets": dict(sorted(datasets.items()))}
