"""Writing a folder that nobody can overwrite: each file once and only if absent, then read back.

`manifest.json` comes first: it differs between any two releases, so that it claims the version for one writer. A file
that exists with the same bytes was written by a run that was killed, or by another that does the same; with other bytes
the version belongs to somebody else, and the next one is tried. Signatures come last: a signed folder is whole.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from infra.store import Store
from publish.bucket.layout import file_key, headers
from publish.bucket.version import next_version
from schemas.errors import StoreCorrupt, StoreUnavailable

MOST_VERSIONS = 20
"""More taken versions in a row than runs can be killed on one day between two writes."""

FileBuilder = Callable[[str], Mapping[str, bytes]]
"""Builds the files of a version."""

SignFiles = Callable[[Mapping[str, bytes]], Mapping[str, bytes]]
"""Makes the signatures of the files of a folder, by the names of their own files."""


def no_signatures(_files: Mapping[str, bytes]) -> Mapping[str, bytes]:
    """Sign nothing."""
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenFolder:
    """A whole folder: its version and its files, the signatures last."""

    version: str
    files: Mapping[str, bytes]


def write_new_version(
    store: Store, folder_of: Callable[[str], str], first: str, build: FileBuilder, sign: SignFiles = no_signatures
) -> WrittenFolder:
    """Write the files under the first version that is free or holds exactly the same.

    Raises:
        StoreUnavailable: `MOST_VERSIONS` versions in a row hold other files.
    """
    version = first
    for _ in range(MOST_VERSIONS):
        files = write_files(store, folder_of(version), build(version), sign)
        if files is not None:
            return WrittenFolder(version=version, files=files)
        version = next_version(version)
    what = f"{MOST_VERSIONS} versions in a row are taken by other content"
    raise StoreUnavailable(what, where=folder_of(first), remedy="check what these folders hold")


def write_files(
    store: Store, folder: str, files: Mapping[str, bytes], sign: SignFiles = no_signatures
) -> Mapping[str, bytes] | None:
    """Write files and their signatures and read them back.

    Returns:
        Everything that was written, or None where the folder holds other content.

    Raises:
        StoreCorrupt: The store returned other bytes than were written.
    """
    if not all(_put(store, file_key(folder, name), data) for name, data in files.items()):
        return None
    _read_back(store, folder, files)
    signatures = sign(files)
    for name, data in signatures.items():
        _put(store, file_key(folder, name), data)
    _read_back(store, folder, signatures)
    return {**files, **signatures}


def _put(store: Store, key: str, data: bytes) -> bool:
    if store.put_new(key, data, headers(key)):
        return True
    existing = store.get(key)
    return existing is not None and existing.data == data


def _read_back(store: Store, folder: str, files: Mapping[str, bytes]) -> None:
    for name, data in files.items():
        key, remedy = file_key(folder, name), "the pointer was not moved; check the store's disks, then run again"
        stored = store.get(key)
        if stored is None or stored.data != data:
            raise StoreCorrupt("what was read back is not what was written", where=key, remedy=remedy)
