"""The pages of the whole store: its front page, the list of a dataset's releases, what both share.

They are made of `index.json` and of each dataset's headlines, which other runs change at the same time. So their tags
are taken before these are read for the last time: a page that was made of less than is there now is not written over
one that was made of more.
"""

from __future__ import annotations

from collections.abc import Mapping

from infra.store import Store, Stored
from publish.bucket.catalog import load_index
from publish.bucket.layout import headers, page_key
from publish.portal.pages.headlines import HEADLINES
from publish.portal.pages.store_home import store_pages
from schemas.errors import StoreUnavailable

MOST_TRIES = 10


def update_store_pages(store: Store, dataset: str, site: str) -> None:
    """Write those pages of the store that a release of this dataset changes."""
    pages = _render_pages(store, dataset, site)
    for _ in range(MOST_TRIES):
        lying = {key: store.get(key) for key in pages}
        made, pages = pages, _render_pages(store, dataset, site)
        if made == pages and all(_swap_page(store, key, data, lying[key]) for key, data in pages.items()):
            return
    raise StoreUnavailable("others keep writing there", where="index.html", remedy="run again")


def _render_pages(store: Store, dataset: str, site: str) -> Mapping[str, bytes]:
    """The pages as they would be now, but those of other datasets."""
    index = load_index(store)
    told = {name: stored.data for name in index if (stored := store.get(page_key(name, HEADLINES)))}
    return store_pages(index, told, site, only=dataset)


def _swap_page(store: Store, key: str, data: bytes, lying: Stored | None) -> bool:
    if lying and lying.data == data:
        return True
    return store.swap(key, data, headers(key), expected=lying.etag if lying else None) is not None
