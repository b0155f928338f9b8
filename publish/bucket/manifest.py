"""`manifest.json`: a release with the hashes of its files, and how any JSON of the store is written and read."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from infra.store import Store, Stored
from infra.store.update import update
from publish.bucket.layout import MANIFEST, check_key_name, headers
from publish.bucket.serialize import sha256
from schemas.contract.announcements import Announcement
from schemas.document import STRUCTURE_FIELDS, PageStructure
from schemas.errors import StoreCorrupt, UsageError
from schemas.release import DocumentEntry, FileEntry, FormEntry, Manifest, Release, TableEntry

LICENCE = "CC-BY-4.0"
LICENCE_URL = "https://creativecommons.org/licenses/by/4.0/"
_VERIFY = "run `gongbao verify` on the store"


def to_json(value: object) -> bytes:
    """Return JSON as it is published: UTF-8, indented, keys in the order given."""
    return (json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False) + "\n").encode()


def from_json(data: bytes, where: str) -> dict[str, Any]:
    """Parse a JSON object of the store.

    Raises:
        StoreCorrupt: It is not JSON, or not an object.
    """
    try:
        value = json.loads(data)
    except ValueError as error:
        raise StoreCorrupt("not JSON", where=where, remedy=_VERIFY) from error
    if not isinstance(value, dict):
        raise StoreCorrupt("not a JSON object", where=where, remedy=_VERIFY)
    return value


def file_entries(files: Mapping[str, bytes]) -> tuple[FileEntry, ...]:
    """Return name, size and hash of each file, sorted by name."""
    return tuple(FileEntry(name=name, size=len(data), sha256=sha256(data)) for name, data in sorted(files.items()))


def to_manifest(manifest: Manifest) -> bytes:
    """Return the bytes of `manifest.json`."""
    release = asdict(manifest.release) | {"released_on": manifest.release.released_on.isoformat(), "licence": LICENCE}
    return to_json({**release, "files": [asdict(entry) for entry in manifest.files]})


def from_manifest(data: bytes, where: str = MANIFEST) -> Manifest:
    """Parse a `manifest.json`.

    Raises:
        StoreCorrupt: It is not the manifest of a release, or of a schema before the first contract.
    """
    record = from_json(data, where)
    if str(record.get("schema_version", "")).startswith("0."):
        what = f"a release of schema {record['schema_version']}, from before the first contract"
        remedy = "publish into another, empty store; copy raw/ there first, and no capture is lost"
        raise StoreCorrupt(what, where=where, remedy=remedy)
    try:
        return _manifest(record)
    except (KeyError, TypeError, ValueError, UsageError) as error:
        raise StoreCorrupt(f"not the manifest of a release: {error!r}", where=where, remedy=_VERIFY) from error


def sums(files: Mapping[str, bytes]) -> bytes:
    """Return `SHA256SUMS`, the file that `sha256sum -c` reads."""
    return _sums({name: sha256(data) for name, data in files.items()})


def sums_of(manifest: Manifest, manifest_sha256: str) -> bytes:
    """Return the `SHA256SUMS` of a release, made of its manifest and the hash of that."""
    return _sums({entry.name: entry.sha256 for entry in manifest.files} | {MANIFEST: manifest_sha256})


def _sums(hashes: Mapping[str, str]) -> bytes:
    return "".join(f"{digest}  {name}\n" for name, digest in sorted(hashes.items())).encode()


def _manifest(record: dict[str, Any]) -> Manifest:
    plain = {name: record[name] for name in Release.__dataclass_fields__ if name != "forms"}
    release = Release(
        **plain
        | {
            "announced": tuple(Announcement(**announced) for announced in record["announced"]),
            "signed_by": tuple(map(check_key_name, record["signed_by"])),
            "released_on": date.fromisoformat(record["released_on"]),
            "tables": tuple(TableEntry(**entry) for entry in record["tables"]),
            "documents": tuple(DocumentEntry(**entry) for entry in record["documents"]),
            "forms": tuple(_form(entry) for entry in record.get("forms", ())),
        }
    )
    return Manifest(release=release, files=tuple(FileEntry(**entry) for entry in record["files"]))


def _form(entry: dict[str, Any]) -> FormEntry:
    facets = {name: tuple(entry["form"][name]) for name in STRUCTURE_FIELDS}
    return FormEntry(document=entry["document"], form=PageStructure(**facets))


Record = dict[str, Any]


def update_json(
    store: Store, key: str, change: Callable[[Record], Record], *, first_read: Stored | None = None
) -> None:
    """Update a JSON object by compare-and-swap; `first_read` is the object as the caller has read it already."""

    def changed(stored: Stored | None) -> bytes:
        return to_json(change(from_json(stored.data, key) if stored else {}))

    update(store, key, changed, headers(key), first_read=first_read)
