"""`schema/{semver}/` of each schema version in use: its files against its sums, its contract against the releases."""

from __future__ import annotations

from collections.abc import Iterator

from infra.store import Store
from publish.bucket.layout import CONTRACT, SUMS, schema_folder
from publish.bucket.serialize import sha256
from publish.metadata.schema_folder import read_contract
from publish.verify.context import StoredFolder, VerifiedRelease, fault
from schemas.errors import StoreCorrupt
from schemas.finding import Finding, FindingCode


def check_schema_folders(store: Store, sound: tuple[VerifiedRelease, ...]) -> Iterator[Finding]:
    """Check that the folder of each schema version is whole and has the contract that the releases name."""
    promised = {one.manifest.release.schema_version: one.manifest.release.contract_sha256 for one in sound}
    for version, fingerprint in sorted(promised.items()):
        try:
            read_contract(store, version, fingerprint)
        except StoreCorrupt as error:
            yield fault(
                FindingCode.VERIFY_SCHEMA,
                schema_folder(version) + CONTRACT,
                "The contract cannot be relied on.",
                str(error),
            )
        yield from _folder(StoredFolder(store=store, folder=schema_folder(version)))


def _folder(place: StoredFolder) -> Iterator[Finding]:
    data = place.read(SUMS)
    if data is None:
        yield fault(FindingCode.VERIFY_SCHEMA, place.folder + SUMS, "The hashes of the schema's files are missing.")
        return
    hashes = dict(_line(line) for line in data.decode(errors="replace").splitlines())
    lying = {entry.key.removeprefix(place.folder) for entry in place.store.list(place.folder)} - {SUMS}
    for name in sorted(hashes.keys() | lying):
        found = place.store.get(place.folder + name)
        if name not in hashes:
            yield fault(
                FindingCode.VERIFY_SCHEMA,
                place.folder + name,
                "A file lies beside the schema that its SHA256SUMS does not list.",
            )
        elif found is None or sha256(found.data) != hashes[name]:
            yield fault(
                FindingCode.VERIFY_SCHEMA,
                place.folder + name,
                "A file of the schema is missing or not the one published.",
            )


def _line(line: str) -> tuple[str, str]:
    digest, _, name = line.partition("  ")
    return name, digest
