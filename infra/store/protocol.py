"""What an object store promises, and the values that pass through it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """An object as it was read: its bytes, and the tag that a later swap compares with."""

    data: bytes
    etag: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An object as it is listed: key, tag, size in bytes."""

    key: str
    etag: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Headers:
    """How the object is served to a browser; a folder serves nothing and keeps none of it."""

    content_type: str
    cache_control: str


class Store(Protocol):
    """Objects under keys: each is there whole or not at all, and none is overwritten unseen.

    A key is a relative path of `/`-joined segments. It names an object or stands before other keys, never both. Tags
    are opaque: they are compared with tags of the same store and with nothing else. Every method may be called from
    any thread.
    """

    @property
    def url(self) -> str:
        """The address that opens this store again."""

    def get(self, key: str) -> Stored | None:
        """The object, or None where there is none."""

    def put_new(self, key: str, data: bytes, headers: Headers) -> bool:
        """Write an object that must not exist yet; False, and nothing written, when it does.

        A caller that is told False compares bytes before it calls the key taken: a run that was killed, another run at
        the same moment, or a first try whose answer was lost may have written the very same object.
        """

    def swap(self, key: str, data: bytes, headers: Headers, *, expected: str | None) -> str | None:
        """Replace the object whose tag is `expected`; its new tag, or None when somebody else was first.

        `expected=None` asks that there be no object yet.
        """

    def list(self, prefix: str) -> tuple[Entry, ...]:
        """All objects whose key begins with the prefix, sorted by key."""
