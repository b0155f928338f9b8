"""The pages of the whole store: its front page, the list of a dataset's releases, what both share.

They are made of `index.json` and of each dataset's headlines, which other runs change at the same time. So their tags
are read before these: a page that was made of less never replaces one that was made of more.
"""

from collections.abc import Mapping

from infra.store import Store
from infra.store.update import retry_lost_races, swap_if_changed
from publish.bucket.catalog import load_index
from publish.bucket.layout import headers, page_key
from publish.portal.pages.headlines import HEADLINES
from publish.portal.pages.store_home import store_pages


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
