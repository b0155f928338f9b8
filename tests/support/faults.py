"""A store that a run is killed at: after so many writes every further call fails, as if the process were gone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

from infra.store import Entry, Headers, Store, Stored


class Killed(Exception):
    """The run ends here."""


@dataclass(slots=True, kw_only=True)
class KilledStore:
    """Passes on `writes` writes to the store within, then raises, before or after the last one took place."""

    within: Store
    writes: int
    done: int = 0
    alone: Lock = field(default_factory=Lock)

    @property
    def url(self) -> str:
        return self.within.url

    def get(self, key: str) -> Stored | None:
        return self.within.get(key)

    def list(self, prefix: str) -> tuple[Entry, ...]:
        return self.within.list(prefix)

    def put_new(self, key: str, data: bytes, headers: Headers) -> bool:
        self._breathe()
        return self.within.put_new(key, data, headers)

    def swap(self, key: str, data: bytes, headers: Headers, *, expected: str | None) -> str | None:
        self._breathe()
        return self.within.swap(key, data, headers, expected=expected)

    def _breathe(self) -> None:
        with self.alone:
            if self.done == self.writes:
                raise Killed
            self.done += 1


@dataclass(slots=True, kw_only=True)
class InterruptedStore:
    """Lets `interrupt` act on the store just before the first call of `method` on a key that ends in `suffix`."""

    within: Store
    method: str
    suffix: str
    interrupt: Callable[[], object]
    done: bool = False

    @property
    def url(self) -> str:
        return self.within.url

    def get(self, key: str) -> Stored | None:
        self._before("get", key)
        return self.within.get(key)

    def list(self, prefix: str) -> tuple[Entry, ...]:
        self._before("list", prefix)
        return self.within.list(prefix)

    def put_new(self, key: str, data: bytes, headers: Headers) -> bool:
        self._before("put_new", key)
        return self.within.put_new(key, data, headers)

    def swap(self, key: str, data: bytes, headers: Headers, *, expected: str | None) -> str | None:
        self._before("swap", key)
        return self.within.swap(key, data, headers, expected=expected)

    def _before(self, method: str, key: str) -> None:
        if not self.done and method == self.method and key.endswith(self.suffix):
            self.done = True
            self.interrupt()
