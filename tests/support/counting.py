"""A store that remembers what it was asked, to hold a run to its budget of requests."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from infra.store import Entry, Headers, Store, Stored


@dataclass(frozen=True, slots=True, kw_only=True)
class CountingStore:
    """Passes everything on to the store within; `calls` holds method and key in the order they came."""

    within: Store
    calls: list[tuple[str, str]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return self.within.url

    @property
    def counts(self) -> Counter[str]:
        """Requests by method; a listing of at most a thousand keys is one request."""
        return Counter(method for method, _ in self.calls)

    @property
    def total(self) -> int:
        return len(self.calls)

    def get(self, key: str) -> Stored | None:
        self.calls.append(("get", key))
        return self.within.get(key)

    def put_new(self, key: str, data: bytes, headers: Headers) -> bool:
        self.calls.append(("put_new", key))
        return self.within.put_new(key, data, headers)

    def swap(self, key: str, data: bytes, headers: Headers, *, expected: str | None) -> str | None:
        self.calls.append(("swap", key))
        return self.within.swap(key, data, headers, expected=expected)

    def list(self, prefix: str) -> tuple[Entry, ...]:
        self.calls.append(("list", prefix))
        return self.within.list(prefix)
