"""A store that remembers what it was asked, to hold a run to its budget of requests."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from support.faults import WRITES, WrappedStore

NAMED = frozenset({"manifest.json", "SHA256SUMS", "latest.json", "seen.json", "decision.json"})


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
    def writes(self) -> int:
        return sum(method in WRITES for method, _ in self.calls)

    def moments(self) -> list[int]:
        """Return the number of writes before the first write of each kind: where to kill a run."""
        kinds = [_kind(key) for method, key in self.calls if method in WRITES]
        return sorted(map(kinds.index, set(kinds)))

    @property
    def total(self) -> int:
        return len(self.calls)


def _kind(key: str) -> str:
    """Return what the keys of a kind have in common: neither a version, a hash nor the name of one file of many."""
    folder, _, name = key.rpartition("/")
    common = "/".join(part for part in folder.split("/")[:3] if not part[:1].isdigit())
    return f"{common}/{name}" if name in NAMED or not folder else common
