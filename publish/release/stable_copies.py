"""Copies of the latest release under addresses that stay: its files in `latest/`, its pages in the dataset's folder.

They follow the pointer and are swapped by the run that moved it. Tags tell contents apart and not writers, so that a
slow run can still lay something of its release over that of a later one: it looks at the pointer once more when it is
done, and whoever finds that it has moved on lays that release. A page that the release no longer has says so, for its
address may be cited.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from infra.store import Store
from publish.bucket.layout import file_key, headers, latest_folder, page_key, pages_folder
from publish.bucket.pointer import read_pointer
from publish.portal.html.bundle import BUNDLE, unpack
from schemas.errors import StoreUnavailable
from schemas.release import Pointer

MOST_TRIES = 5
AT_ONCE = 8
"""Swaps under way at the same time: a release has hundreds of pages, and a store answers in some milliseconds."""

Copies = Mapping[str, bytes]


def update_latest(store: Store, dataset: str, pointer: Pointer, files: Copies) -> Pointer | None:
    """Put the files and the pages of a release where they are looked for; the pointer, if it is another's by now."""
    wanted = {file_key(latest_folder(dataset), name): data for name, data in files.items()}
    wanted |= page_copies(dataset, files)
    for _ in range(MOST_TRIES):
        tags = _tags(store, wanted)
        if later := _newer_pointer(store, dataset, pointer):
            return later
        if _swap_all(store, wanted | _tombstone_pages(dataset, wanted, tags), tags):
            return _newer_pointer(store, dataset, pointer)
    raise StoreUnavailable("others keep writing there", where=latest_folder(dataset), remedy="run again")


def _newer_pointer(store: Store, dataset: str, pointer: Pointer) -> Pointer | None:
    current = read_pointer(store, dataset)
    return current if current and current.version != pointer.version else None


def page_copies(dataset: str, files: Copies) -> dict[str, bytes]:
    """The pages by their keys, out of the bundle of a release; none where it has no bundle."""
    pages = unpack(files[BUNDLE]) if BUNDLE in files else {}
    return {page_key(dataset, name): data for name, data in pages.items()}


def _swap_all(store: Store, wanted: Copies, tags: Mapping[str, str]) -> bool:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return all(pool.map(partial(_swap, store, tags), wanted.items()))


def _swap(store: Store, tags: Mapping[str, str], copy: tuple[str, bytes]) -> bool:
    key, data = copy
    return store.swap(key, data, headers(key), expected=tags.get(key)) is not None


def _tags(store: Store, wanted: Copies) -> dict[str, str]:
    """The tags of all that lies in the folders of the copies, and beside those that lie in none."""
    prefixes = {_prefix(key) for key in wanted}
    return {entry.key: entry.etag for prefix in sorted(prefixes) for entry in store.list(prefix)}


def _prefix(key: str) -> str:
    """`torch/indicator/` for what lies in a folder, `torch/explore` for `explore-2.html`, which lies in none."""
    dataset, folder, *rest = key.split("/")
    return f"{dataset}/{folder}/" if rest else f"{dataset}/{re.split('[-.]', folder)[0]}"


def _tombstone_pages(dataset: str, wanted: Copies, tags: Mapping[str, str]) -> dict[str, bytes]:
    """What stands at the addresses of pages that are no more."""
    stale = (key for key in tags if key not in wanted and not key.startswith(latest_folder(dataset)))
    stones = ((key, wanted.get(_tombstone_for(dataset, key))) for key in stale)
    return {key: stone for key, stone in stones if stone is not None}


def _tombstone_for(dataset: str, key: str) -> str:
    """The page of the same folder and tongue that says that a page is gone."""
    folder, name = posixpath.split(key.removeprefix(pages_folder(dataset)))
    return page_key(dataset, posixpath.join(folder, f"gone.{name.partition('.')[2]}"))
