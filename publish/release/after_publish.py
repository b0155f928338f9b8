"""What follows the pointer: the copies and pages under stable addresses, the index, the pages of the store, the feed.

They are written after the pointer has moved, by the run that moved it. A run that is killed before it is done leaves
them one release behind; `repair_after_crash` writes what is missing.
"""

import posixpath
import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict

from infra.store import Store
from infra.store.update import retry_lost_races, swap_if_changed
from publish.bucket import layout
from publish.bucket.catalog import load_index, read_file
from publish.bucket.immutable_folder import WrittenFolder
from publish.bucket.layout import INDEX, MANIFEST, SUMS, file_key, headers, latest_folder, page_key, release_folder
from publish.bucket.manifest import Record, from_manifest, update_json
from publish.bucket.pointer import read_pointer
from publish.bucket.version import parse_version
from publish.portal.html.bundle import BUNDLE, unpack
from publish.portal.pages.headlines import HEADLINES
from publish.portal.pages.store_home import store_pages
from publish.release.atom_feed import write_feed
from schemas.release import Pointer, Release

AT_ONCE = 8
"""Swaps under way at the same time: a release has hundreds of pages, and a store answers in some milliseconds."""
Copies = Mapping[str, bytes]


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
    signatures = map(layout.signature_file, manifest.release.signed_by)
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
    announced = [asdict(item) for item in release.announced]
    datasets[dataset] = {
        "latest": latest,
        # Only published releases are channels: candidates are private to operators.
        "channels": {
            "latest": {"version": latest, "pointer": layout.pointer_key(dataset), "folder": latest_folder(dataset)}
        },
        "announced": announced if releases[0] is entry else datasets[dataset].get("announced", []),
        # Written anew in each entry: earlier versions wrote none, and nobody else may lead readers elsewhere.
        "releases": [{**listed, "folder": release_folder(dataset, listed["version"])} for listed in releases],
    }
    return {**index, "datasets": dict(sorted(datasets.items()))}


def update_latest(store: Store, dataset: str, pointer: Pointer, files: Copies) -> Pointer | None:
    """Write the files and the pages of a release under their stable addresses.

    Returns:
        The pointer of a later release that has been published meanwhile, if any.
    """
    copies = {file_key(latest_folder(dataset), name): data for name, data in files.items()}
    copies |= page_copies(dataset, files)
    prefixes = sorted({_prefix(key) for key in copies})
    later: Pointer | None = None

    def attempt() -> bool:
        nonlocal later
        tags = {entry.key: entry.etag for prefix in prefixes for entry in store.list(prefix)}
        later = _later_pointer(store, dataset, pointer)
        return later is not None or _swap_all(store, copies | _tombstones(dataset, copies, tags), tags)

    retry_lost_races(attempt, where=latest_folder(dataset))
    return later or _later_pointer(store, dataset, pointer)


def page_copies(dataset: str, files: Copies) -> dict[str, bytes]:
    """Return the pages of a release by their keys; none where it has no bundle of pages."""
    pages = unpack(files[BUNDLE]) if BUNDLE in files else {}
    return {page_key(dataset, name): data for name, data in pages.items()}


def _later_pointer(store: Store, dataset: str, pointer: Pointer) -> Pointer | None:
    current = read_pointer(store, dataset)
    return current if current and current.version != pointer.version else None


def _swap_all(store: Store, copies: Copies, tags: Mapping[str, str]) -> bool:
    def swap(key: str) -> bool:
        return store.swap(key, copies[key], headers(key), expected=tags.get(key)) is not None

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return all(pool.map(swap, copies))


def _prefix(key: str) -> str:
    """`torch/indicator/` for a key in a folder, `torch/explore` for `torch/explore-2.html`, which is in none."""
    dataset, folder, *rest = key.split("/")
    return f"{dataset}/{folder}/" if rest else f"{dataset}/{re.split('[-.]', folder)[0]}"


def _tombstones(dataset: str, copies: Copies, tags: Mapping[str, str]) -> dict[str, bytes]:
    """Copy the page `gone` of the folder and language to each page that the release no longer has."""
    tombstones = {}
    for key in tags:
        if key not in copies and not key.startswith(latest_folder(dataset)):
            folder, name = posixpath.split(key.removeprefix(layout.pages_folder(dataset)))
            gone = page_key(dataset, posixpath.join(folder, f"gone.{name.partition('.')[2]}"))
            if gone in copies:
                tombstones[key] = copies[gone]
    return tombstones


def update_store_pages(store: Store, dataset: str, site: str) -> None:
    """Write those pages of the store that a release of this dataset changes."""
    pages = _render_pages(store, dataset, site)

    def attempt() -> bool:
        nonlocal pages
        stored = {key: store.get(key) for key in pages}
        pages = _render_pages(store, dataset, site)
        return pages.keys() == stored.keys() and all(
            swap_if_changed(store, key, data, headers(key), stored[key]) for key, data in pages.items()
        )

    retry_lost_races(attempt, where="index.html")


def _render_pages(store: Store, dataset: str, site: str) -> Mapping[str, bytes]:
    index = load_index(store)
    headlines = {name: stored.data for name in index if (stored := store.get(page_key(name, HEADLINES)))}
    return store_pages(index, headlines, site, only=dataset)
