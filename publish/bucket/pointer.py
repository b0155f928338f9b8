"""`latest.json`, the one pointer of a dataset: read with its etag, replaced by compare-and-swap."""

from dataclasses import dataclass
from datetime import UTC, datetime

from infra.store import Store
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

    @property
    def expected_version(self) -> str:
        """The version that the pointer named at the start of the run, "" before the first release."""
        return self.expected_pointer.version if self.expected_pointer else ""


def read_pointer(store: Store, dataset: str) -> Pointer | None:
    """Return the pointer, None before the first release."""
    key = pointer_key(dataset)
    stored = store.get(key)
    if stored is None:
        return None
    record = from_json(stored.data, key)
    try:
        fields = {name: str(record[name]) for name in _FIELDS}
        parse_version(fields["version"])
    except (KeyError, UsageError) as error:
        remedy = "restore it from the newest manifest"
        raise StoreCorrupt(f"not a pointer to a release: {error}", where=key, remedy=remedy) from error
    return Pointer(**fields, etag=stored.etag)


def compare_and_swap_pointer(target: PublishTarget, version: str, manifest_sha256: str) -> Pointer | None:
    """Compare-and-swap `latest.json`.

    Returns:
        The new pointer, or None where it changed since it was read.
    """
    key = pointer_key(target.dataset)
    record = {
        "version": version,
        "manifest": file_key(release_folder(target.dataset, version), MANIFEST),
        "manifest_sha256": manifest_sha256,
        "released_at": iso_utc(target.now),
        "previous": target.expected_version,
    }
    expected = target.expected_pointer.etag if target.expected_pointer else None
    etag = target.store.swap(key, to_json(record), headers(key), expected=expected)
    return None if etag is None else Pointer(**record, etag=etag)


def iso_utc(now: datetime) -> str:
    """Return a moment as it is published: ISO 8601, UTC, to the second."""
    return now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
