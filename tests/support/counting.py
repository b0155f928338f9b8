"""A store that remembers what it was asked, to hold a run to its budget of requests."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from support.faults import WrappedStore


@dataclass(slots=True, kw_only=True)
class CountingStore(WrappedStore):
    """Keeps method and key of each call in the order they came."""

    calls: list[tuple[str, str]] = field(default_factory=list)

    def before(self, method: str, key: str) -> None:
        self.calls.append((method, key))

    @property
    def counts(self) -> Counter[str]:
        """Requests by method; a listing of at most a thousand keys is one request."""
        return Counter(method for method, _ in self.calls)

    @property
    def total(self) -> int:
        return len(self.calls)
