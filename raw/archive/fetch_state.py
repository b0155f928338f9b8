"""What the last visit of each page left: the validators to ask with, and the capture that its bytes are kept under.

It is a shortcut and no record: lost, every page is fetched in full once, and the archive still knows its captures.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Self

from raw.http.client import Validators
from schemas.errors import StoreCorrupt


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchState:
    """One page at its last successful visit; `captured_at` is when these bytes were first kept."""

    etag: str
    last_modified: str
    sha256: str
    key: str
    captured_at: datetime
    content_type: str
    last_seen: datetime

    @property
    def validators(self) -> Validators:
        """What to ask with at the next visit."""
        return Validators(etag=self.etag, last_modified=self.last_modified)

    def as_record(self) -> dict[str, str]:
        """The entry as a JSON object."""
        return {**asdict(self), "captured_at": utc(self.captured_at), "last_seen": utc(self.last_seen)}

    @classmethod
    def from_record(cls, record: Mapping[str, str]) -> Self:
        """The entry from its JSON object."""
        times = {name: datetime.fromisoformat(record[name]) for name in ("captured_at", "last_seen")}
        return cls(**{**record, **times})  # type: ignore[arg-type] # checked where the file is read


def utc(when: datetime) -> str:
    """A time as the archive writes it: UTC, whole seconds."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def dump(pages: Mapping[str, FetchState]) -> bytes:
    """The file of these pages."""
    records = {url: seen.as_record() for url, seen in pages.items()}
    return (json.dumps(records, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def load(data: bytes, *, key: str) -> dict[str, FetchState]:
    """The pages of a file."""
    try:
        return {url: FetchState.from_record(record) for url, record in json.loads(data).items()}
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        remedy = "remove it: the next run fetches every page in full and writes it anew"
        raise StoreCorrupt(f"it is not what the archive writes ({error})", where=key, remedy=remedy) from error


def merge(theirs: Mapping[str, FetchState], ours: Mapping[str, FetchState]) -> dict[str, FetchState]:
    """Of every page the later visit."""
    both = [*theirs.items(), *ours.items()]
    return dict(sorted(both, key=lambda page: page[1].last_seen))
