"""`latest.json`, the one pointer of a dataset: read with its etag, swung by comparison."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from infra.store import Store, Stored
from publish.bucket.layout import MANIFEST, file_key, headers, pointer_key, release_folder
from publish.bucket.manifest import from_json, to_json
from publish.bucket.version import parse_version
from schemas.errors import StoreCorrupt, UsageError
from schemas.release import Pointer

_FIELDS = ("version", "manifest", "manifest_sha256", "released_at", "previous")


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishTarget:
    """Where a run's release goes: `expected_pointer` is the pointer that the run read at its start, `now` its time."""

    store: Store
    dataset: str
    expected_pointer: Pointer | None
    now: datetime


def read_pointer(store: Store, dataset: str) -> Pointer | None:
    """The pointer as it stands, None before the first release."""
    key = pointer_key(dataset)
    stored = store.get(key)
    return _parse(stored, key) if stored else None


def compare_and_swap_pointer(place: PublishTarget, version: str, manifest_sha256: str) -> Pointer | None:
    """Point to another release; None, and nothing changed, where somebody else did so since the pointer was read."""
    since, key = place.expected_pointer, pointer_key(place.dataset)
    record = {
        "version": version,
        "manifest": file_key(release_folder(place.dataset, version), MANIFEST),
        "manifest_sha256": manifest_sha256,
        "released_at": iso_utc(place.now),
        "previous": since.version if since else "",
    }
    etag = place.store.swap(key, to_json(record), headers(key), expected=since.etag if since else None)
    return None if etag is None else Pointer(**record, etag=etag)


def iso_utc(now: datetime) -> str:
    """A moment as it is published: ISO 8601, UTC, to the second."""
    return now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _parse(stored: Stored, key: str) -> Pointer:
    record = from_json(stored.data, key)
    try:
        fields = {name: str(record[name]) for name in _FIELDS}
        parse_version(fields["version"])
    except (KeyError, UsageError) as error:
        raise StoreCorrupt(
            f"no pointer to a release: {error}", where=key, remedy="restore it from the newest manifest"
        ) from error
    return Pointer(**fields, etag=stored.etag)
