"""The latest release under addresses that stay: its files in `latest/`, its pages in the dataset's folder.

They follow the pointer and are swapped by the run that moved it. Tags distinguish contents and not writers, so that a
slow run can still replace a copy of a later release: it reads the pointer again when it is done, and copies the later
release if there is one. A page that the release no longer has is replaced by one that says so, for its address may be
cited.
"""

import posixpath
import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

from infra.store import Store
from infra.store.update import retry_lost_races
from publish.bucket.layout import file_key, headers, latest_folder, page_key, pages_folder
from publish.bucket.pointer import read_pointer
from publish.portal.html.bundle import BUNDLE, unpack
from schemas.release import Pointer

AT_ONCE = 8
"""Swaps under way at the same time: a release has hundreds of pages, and a store answers in some milliseconds."""

Copies = Mapping[str, bytes]


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
            folder, name = posixpath.split(key.removeprefix(pages_folder(dataset)))
            gone = page_key(dataset, posixpath.join(folder, f"gone.{name.partition('.')[2]}"))
            if gone in copies:
                tombstones[key] = copies[gone]
    return tombstones
