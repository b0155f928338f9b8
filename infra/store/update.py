"""Updates of objects that several runs write, by compare-and-swap."""

from collections.abc import Callable

from infra.store.protocol import Headers, Store, Stored
from schemas.errors import StoreUnavailable

MOST_TRIES = 10


def update(
    store: Store,
    key: str,
    change: Callable[[Stored | None], bytes | None],
    headers: Headers,
    *,
    first_read: Stored | None = None,
) -> None:
    """Change an object by compare-and-swap.

    Args:
        store: Where the object is stored.
        key: Its key.
        change: Returns the new bytes for the object as read (None if it does not exist); the same bytes or None
            leave it unchanged. It is called again after each lost race.
        headers: What the object is served with.
        first_read: The object, if the caller has read it already.

    Raises:
        StoreUnavailable: The object was changed by others at every attempt.
    """
    unread = first_read

    def attempt() -> bool:
        nonlocal unread
        stored, unread = unread or store.get(key), None
        return swap_if_changed(store, key, change(stored), headers, stored)

    retry_lost_races(attempt, where=key)


def swap_if_changed(store: Store, key: str, data: bytes | None, headers: Headers, stored: Stored | None) -> bool:
    """Replace an object as read by new bytes, if any; return False if somebody else was first."""
    if data is None or (stored and stored.data == data):
        return True
    return store.swap(key, data, headers, expected=stored.etag if stored else None) is not None


def retry_lost_races(attempt: Callable[[], bool], *, where: str) -> None:
    """Repeat an attempt to read and swap until it returns True.

    Raises:
        StoreUnavailable: Others were first at every attempt.
    """
    if not any(attempt() for _ in range(MOST_TRIES)):
        what = f"others changed it {MOST_TRIES} times in a row"
        raise StoreUnavailable(what, where=where, remedy="run again when fewer runs write")
