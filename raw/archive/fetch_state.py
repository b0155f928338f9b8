"""The state of each page after its last visit: the validators for the next request, and the capture of its bytes.

It is a cache: without it every page is fetched in full once, and the captures of the archive remain.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Self

from raw.http.client import Validators
from schemas.errors import StoreCorrupt


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchState:
    """A page at its last successful visit; `captured_at` is the time of the first capture of these bytes."""

    etag: str
    last_modified: str
    sha256: str
    key: str
    captured_at: datetime
    content_type: str
    last_seen: datetime

    @property
    def validators(self) -> Validators:
        """The validators for the next request."""
        return Validators(etag=self.etag, last_modified=self.last_modified)

    def as_record(self) -> dict[str, str]:
        """Return the state as a JSON object."""
        return {**asdict(self), "captured_at": utc(self.captured_at), "last_seen": utc(self.last_seen)}

    @classmethod
    def from_record(cls, record: Mapping[str, str]) -> Self:
        """Return the state in a JSON object."""
        times = {name: datetime.fromisoformat(record[name]) for name in ("captured_at", "last_seen")}
        return cls(**{**record, **times})  # type: ignore[arg-type] # checked where the file is read


def utc(when: datetime) -> str:
    """Return a time in UTC and whole seconds, as text."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def dump(pages: Mapping[str, FetchState]) -> bytes:
    """Return the JSON file of pages and their states."""
    records = {url: state.as_record() for url, state in pages.items()}
    return (json.dumps(records, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def load(data: bytes, *, key: str) -> dict[str, FetchState]:
    """Return the pages of a JSON file.

    Raises:
        StoreCorrupt: If the file is not what `dump` writes.
    """
    try:
        return {url: FetchState.from_record(record) for url, record in json.loads(data).items()}
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        remedy = "remove it: the next run fetches every page in full and writes it anew"
        raise StoreCorrupt(f"it is not in the format of the archive ({error})", where=key, remedy=remedy) from error


def merge(theirs: Mapping[str, FetchState], ours: Mapping[str, FetchState]) -> dict[str, FetchState]:
    """Return the later visit of every page."""
    both = [*theirs.items(), *ours.items()]
    return dict(sorted(both, key=lambda page: page[1].last_seen))
