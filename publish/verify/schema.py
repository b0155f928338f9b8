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


def check_schema_folders(store: Store, releases: tuple[VerifiedRelease, ...]) -> Iterator[Finding]:
    """Check that the folder of each schema version is whole and has the contract that the releases name."""
    contracts = {
        verified.manifest.release.schema_version: verified.manifest.release.contract_sha256 for verified in releases
    }
    for version, fingerprint in sorted(contracts.items()):
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


def _folder(folder: StoredFolder) -> Iterator[Finding]:
    data = folder.read(SUMS)
    if data is None:
        yield fault(FindingCode.VERIFY_SCHEMA, folder.folder + SUMS, "The hashes of the schema's files are missing.")
        return
    hashes = dict(_line(line) for line in data.decode(errors="replace").splitlines())
    stored = {entry.key.removeprefix(folder.folder) for entry in folder.store.list(folder.folder)} - {SUMS}
    for name in sorted(hashes.keys() | stored):
        file = folder.store.get(folder.folder + name)
        if name not in hashes:
            yield fault(
                FindingCode.VERIFY_SCHEMA,
                folder.folder + name,
                "The SHA256SUMS of the schema does not list this file.",
            )
        elif file is None or sha256(file.data) != hashes[name]:
            yield fault(
                FindingCode.VERIFY_SCHEMA,
                folder.folder + name,
                "A file of the schema is missing or not the one published.",
            )


def _line(line: str) -> tuple[str, str]:
    digest, _, name = line.partition("  ")
    return name, digest
