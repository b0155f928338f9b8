"""Stores with a fault, in which somebody else acts meanwhile, or which remember what they were asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

from infra.store import Entry, Headers, Store, Stored
from schemas.errors import StoreDenied

WRITES = frozenset({"put_new", "swap"})


class Killed(BaseException):
    """The run ends here: like a signal, it is no error that the run could handle."""


@dataclass(slots=True, kw_only=True)
class WrappedStore:
    """Passes every call on to the store within, after `before`."""

    within: Store

    def before(self, method: str, key: str) -> None:
        """Do what the subclass adds; what it raises is raised in the place of the call."""

    @property
    def url(self) -> str:
        return self.within.url

    def get(self, key: str) -> Stored | None:
        self.before("get", key)
        return self.within.get(key)

    def list(self, prefix: str) -> tuple[Entry, ...]:
        self.before("list", prefix)
        return self.within.list(prefix)

    def put_new(self, key: str, data: bytes, headers: Headers) -> bool:
        self.before("put_new", key)
        return self.within.put_new(key, data, headers)

    def swap(self, key: str, data: bytes, headers: Headers, *, expected: str | None) -> str | None:
        self.before("swap", key)
        return self.within.swap(key, data, headers, expected=expected)


@dataclass(slots=True, kw_only=True)
class KilledStore(WrappedStore):
    """Kills the run before its next write once `writes` took place."""

    writes: int
    done: int = 0
    lock: Lock = field(default_factory=Lock)

    def before(self, method: str, key: str) -> None:
        del key
        if method in WRITES:
            with self.lock:
                if self.done == self.writes:
                    raise Killed
                self.done += 1


@dataclass(slots=True, kw_only=True)
class InterruptedStore(WrappedStore):
    """Lets `interrupt` act on the store just before the first call of `method` on a key that ends in `suffix`."""

    method: str
    suffix: str
    interrupt: Callable[[], object]
    done: bool = False

    def before(self, method: str, key: str) -> None:
        if not self.done and method == self.method and key.endswith(self.suffix):
            self.done = True
            self.interrupt()


@dataclass(slots=True, kw_only=True)
class ReadOnlyStore(WrappedStore):
    """Takes what a source owns, and nothing that is common: no status, no feed, no records."""

    def before(self, method: str, key: str) -> None:
        if method in WRITES and not key.startswith(("raw/", "seed/")):
            raise StoreDenied("no right to write", where=key)


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
