"""The interface of an object store and its values."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """An object as read: its bytes, and the etag for a later swap."""

    data: bytes
    etag: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An object as listed: key, etag, size in bytes."""

    key: str
    etag: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Headers:
    """HTTP headers with which an object is served; a folder ignores them."""

    content_type: str
    cache_control: str


class Store(Protocol):
    """Objects under keys: writes are atomic, and no object is overwritten unnoticed.

    A key is a relative path of `/`-joined segments. It names an object or stands before other keys, never both. Tags
    are opaque: they are compared with tags of the same store and with nothing else. Every method may be called from
    any thread.
    """

    @property
    def url(self) -> str:
        """The address of this store."""

    def get(self, key: str) -> Stored | None:
        """Return an object, None if it does not exist."""

    def put_new(self, key: str, data: bytes, headers: Headers) -> bool:
        """Write an object that must not exist yet.

        On False the caller should compare the bytes: a killed run, a concurrent run, or a first attempt whose answer
        was lost may have written the same object.

        Returns:
            False, with nothing written, if the object exists.
        """

    def swap(self, key: str, data: bytes, headers: Headers, *, expected: str | None) -> str | None:
        """Replace an object by compare-and-swap.

        Args:
            key: The key of the object.
            data: The new bytes.
            headers: The new headers.
            expected: The etag of the object to replace; None if it must not exist yet.

        Returns:
            The new etag, None if the object was changed by somebody else.
        """

    def list(self, prefix: str) -> tuple[Entry, ...]:
        """Return all objects whose key starts with the prefix, sorted by key."""
