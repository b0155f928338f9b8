"""One JSON file that many runs write: read, changed and swapped, again where somebody else was first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from infra.store import Store, Stored
from publish.bucket.layout import headers
from publish.bucket.manifest import from_json, to_json
from schemas.errors import StoreUnavailable

MOST_TRIES = 10

Record = dict[str, Any]


def merge(store: Store, key: str, change: Callable[[Record], Record], seen: Stored | None = None) -> None:
    """Change the file as it stands now; `seen` saves the first reading, and nothing is written without a change."""
    for _ in range(MOST_TRIES):
        stored = seen or store.get(key)
        before = from_json(stored.data, key) if stored else {}
        after = to_json(change(before))
        if stored and after == stored.data:
            return
        if store.swap(key, after, headers(key), expected=stored.etag if stored else None) is not None:
            return
        seen = None
    raise StoreUnavailable(
        f"others changed it {MOST_TRIES} times in a row", where=key, remedy="run again when fewer runs are under way"
    )
