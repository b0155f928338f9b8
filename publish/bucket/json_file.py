"""JSON objects of the store that several runs update, as `index.json` and `status.json`."""

from collections.abc import Callable
from typing import Any

from infra.store import Store, Stored
from infra.store.update import update
from publish.bucket.layout import headers
from publish.bucket.manifest import from_json, to_json

Record = dict[str, Any]


def update_json(
    store: Store, key: str, change: Callable[[Record], Record], *, first_read: Stored | None = None
) -> None:
    """Update a JSON object by compare-and-swap; `first_read` is the object as the caller has read it already."""

    def changed(stored: Stored | None) -> bytes:
        return to_json(change(from_json(stored.data, key) if stored else {}))

    update(store, key, changed, headers(key), first_read=first_read)
